"""Slides at the end: conclusions left to the speaker, methods, and what is kept for questions."""

from __future__ import annotations

import pandas as pd

from ..analysis.proportions import Proportion
from ..analysis.results import VisitStrip
from ..charts.visit_matrix import figure_visit_matrix
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
    return teller.slide(say("deck.methods.title"), [Points(tuple(line for line in lines if line))], Told(rule=True))


def visits(teller: Teller) -> list[Slide]:
    """Return which visits were done, for the back-up."""
    content = teller.content
    if not content.planned:
        return []
    view = figure_visit_matrix(content.visits, content.planned, None, teller.look, method=teller.interval)
    told = Told(method=teller.interval)
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
    told = Told(footnote=say("deck.denominators.note"), method=teller.interval, rule=True)
    return [teller.slide(title, [Rows(pd.DataFrame(records), title)], told)]


def _short(teller: Teller, rate: Proportion, *, printable: bool = True) -> str:
    """Return x/n and its limits, as few letters as a table of many columns needs."""
    if not printable or not rate.total:
        return teller.limits(rate, printable=printable)
    lower, upper = (f"{100 * share:.0f}" for share in (rate.lower, rate.upper))
    return teller.say("deck.denominators.rate", x=rate.events, n=rate.total, lower=lower, upper=upper)


def _states(strip: VisitStrip) -> tuple[int, ...]:
    return strip.counts.cr, strip.counts.pr, strip.counts.nr, strip.counts.ne


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
    told = Told(footnote=say("deck.sensitivity_note"), method=teller.interval)
    heads = frozenset(at for at, cell in enumerate(cells) if cell.primary)
    return [teller.slide(title, [Rows(frame, title, heads)], told)]
