"""Slides at the end: conclusions left to the speaker, methods, and what is kept for questions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..analysis.proportions import Proportion
from ..analysis.results import VisitStrip
from ..charts.visit_matrix import figure_visit_matrix
from .deck_content import Sensitivity
from .deck_efficacy import rate_said
from .deck_teller import Teller, Told
from .slides.slide import Points, Rows, Slide

_ASKED = 3  # conclusions to be filled in


def conclusions(teller: Teller) -> Slide:
    """Return conclusions to be filled in."""
    say = teller.say
    lines = tuple(say("deck.conclusions.line", n=number) for number in range(1, _ASKED + 1))
    return teller.slide(
        say("deck.conclusions.title"), [Points(lines, asked=True)], Told(sentence=say("deck.conclusions.sentence"))
    )


def methods(teller: Teller) -> Slide:
    """Return how everything was counted."""
    say, content = teller.say, teller.content
    found = content.provenance
    lines = [
        say("deck.methods.rule", rule=teller.rule) if teller.rule else say("deck.methods.no_rule"),
        say("deck.methods.denominator") if not content.gap else "",
        say("deck.methods.rates", method=teller.interval),
        say("deck.methods.curves", conf_type=say(f"method.conf_type.{content.settings.conf_type}")),
        say("deck.methods.grades", version=content.laboratory.version),
        say("deck.methods.codes"),
        say("deck.methods.comparator") if content.protocol else say("safety.no_protocol", study=content.cut.study),
        say(
            "deck.methods.hashes", content=found.content_hash[:12], settings=found.settings_hash[:12],
            cut=found.cut_id,
        ),
    ]  # fmt: skip
    told = Told(rule=True, sentence=say("deck.methods.sentence"))
    return teller.slide(say("deck.methods.title"), [Points(tuple(line for line in lines if line))], told)


def visits(teller: Teller) -> list[Slide]:
    """Return which visits were done, for the back-up."""
    content = teller.content
    if not content.planned:
        return []
    view = figure_visit_matrix(content.visits, content.planned, None, teller.look, method=teller.interval)
    done = sum(visit.done.events for visit in content.visits)
    due = sum(visit.done.total for visit in content.visits)
    told = Told(sentence=teller.say("deck.visits.sentence", x=done, n=due))
    return [teller.figure(view, told, title=teller.say("deck.backup", title=view.title))]


def denominators(teller: Teller) -> list[Slide]:
    """Return every denominator of the response, for the back-up."""
    say, found = teller.say, teller.content.responses
    if found is None or found.rows.empty:
        return []
    records = [
        {
            say("column.visit"): say("chart.week", n=strip.week),
            say("ui.response.fas"): strip.counts.full_analysis_set,
            say("ui.response.not_due"): strip.counts.not_yet_due,
            say("ui.response.due"): strip.counts.due,
            "CR/PR/NR/NE": "/".join(str(n) for n in _states(strip)),
            "ORR": _short(teller, strip.orr, printable=strip.counts.rate_printable),
            "CRR": _short(teller, strip.crr),
        }
        for strip in found.strips
    ]
    title = say("deck.backup", title=say("ui.response.denominators"))
    last = found.strips[-1]
    sentence = say(
        "deck.denominators.sentence", week=last.week, due=last.counts.due, n=last.counts.full_analysis_set,
        orr=rate_said(teller, last.orr, printable=last.counts.rate_printable),
    )  # fmt: skip
    told = Told(
        footnote=say("deck.denominators.note"), method=teller.interval, rule=True, sentence=sentence,
        of=last.counts.full_analysis_set,
    )  # fmt: skip
    return [teller.slide(title, [Rows(pd.DataFrame(records), title)], told)]


def _short(teller: Teller, rate: Proportion, *, printable: bool = True) -> str:
    """Return x/n and its limits, as few letters as a table of many columns needs."""
    if not printable or not rate.total:
        return teller.limits(rate, printable=printable)
    lower, upper = (f"{100 * share:.0f}" for share in (rate.lower, rate.upper))
    return teller.say("deck.denominators.rate", x=rate.events, n=rate.total, lower=lower, upper=upper)


def _states(strip: VisitStrip) -> tuple[int, ...]:
    return strip.counts.cr, strip.counts.pr, strip.counts.nr, strip.counts.ne


def _range_said(teller: Teller, cells: Sequence[Sensitivity]) -> str:
    """Return the primary rate, and between which it lies under the other settings."""
    known = sorted((cell.orr for cell in cells if cell.printable and cell.orr.total), key=lambda rate: rate.estimate)
    primary = next((cell.orr for cell in cells if cell.primary and cell.printable and cell.orr.total), None)
    week = teller.content.sensitivity_week
    if primary is None or len(known) < 2:
        return ""
    low, high, mid = (f"{rate.events}/{rate.total}" for rate in (known[0], known[-1], primary))
    return teller.say("deck.sensitivity_sentence", week=week, orr=mid, low=low, high=high)


def sensitivity(teller: Teller) -> list[Slide]:
    """Return the rates under other rule sets and origins, for the back-up."""
    say, cells = teller.say, teller.content.sensitivity
    if not cells:
        return []
    rows = [
        (
            f"{cell.criteria[teller.lang]}{say('deck.sensitivity_primary') if cell.primary else ''}",
            say(f"ui.origin.{cell.origin}"),
            teller.limits(cell.orr, printable=cell.printable),
            teller.limits(cell.crr),
        )
        for cell in cells
    ]
    columns = [say("deck.column.criteria"), say("ui.response.origin"), "ORR", "CRR"]
    week = teller.content.sensitivity_week
    title = say("deck.backup", title=say("deck.sensitivity_title", week=week))
    frame = pd.DataFrame(rows, columns=columns)
    told = Told(
        footnote=say("deck.sensitivity_note"), method=teller.interval, rules=say("deck.sensitivity_rules"),
        sentence=_range_said(teller, cells),
    )  # fmt: skip
    heads = frozenset(at for at, cell in enumerate(cells) if cell.primary)
    return [teller.slide(title, [Rows(frame, title, heads)], told)]
