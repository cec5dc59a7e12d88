"""Tables for a paper, as journals set them: baseline, response at the visits, adverse events by class, term and grade.

Decisions
---------
- Numbers are those of the analysis, with a presenter's sight: counts and ranges of the treated, nobody singled out.
- Numbers that are measured stand as median (range), counts as n (%); who has no value is counted under the table.
- Response stands as x/n with its exact limits, of everybody whose visit is due; where it cannot be assessed the reason
  stands in its place. A patient counts once in each row of events, under the worst grade.

Source: CONSORT 2010, items 15-17 and 19; ICH E3, sections 11.2 and 12.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..analysis.ae_levels import LEVELS_OF, Scale
from ..analysis.ae_terms import BY_PATIENT, TermTable
from ..analysis.proportions import Proportion
from ..analysis.results import VisitStrip
from ..i18n import label
from .cells import cell_text, texts_of
from .content import Ground
from .document import Table
from .exhibit import FIGURE, Exhibit
from .names import soc_names, test_name, unit_name
from .speaker import Voice, spread
from .takeaway_words import heading_of, origin_line, stamps_of

_INDENT = "\u2003"
_NONE = "–"
_MANY = 100  # patients from which on a per cent has a decimal


@dataclass(frozen=True)
class PaperContent(Ground):
    """What the tables tell.

    Parameters
    ----------
    baseline, units : of `services.report_parts.baseline_of`. treated : patients.
    strips : one per visit; empty where response cannot be assessed. terms : treatment-emergent, of the safety set.
    """

    baseline: pd.DataFrame
    units: Mapping[str, str]
    treated: int
    strips: tuple[VisitStrip, ...]
    terms: TermTable
    events: bool


def paper_tables(content: PaperContent, lang: str, exhibits: Sequence[Exhibit] = ()) -> list[Table]:
    """Return the tables of a cut, then those that were collected.

    Parameters
    ----------
    exhibits : of which the tables are taken, in their own language.
    """
    voice = Voice(lang, content)
    tables = [_baseline(voice, content), _response(voice, content), _events(voice, content)]
    return tables + [_collected(one) for one in exhibits if one.kind != FIGURE]


def _table(
    voice: Voice, name: str, frame: pd.DataFrame, notes: Sequence[str], heads: Sequence[int] = (), **params: object
) -> Table:
    """Return a table under its words; notes that are empty are left out."""
    say, stamps = voice.say, stamps_of(voice.lang, voice.content.provenance)
    source = origin_line(voice.lang, voice.content.provenance)
    return Table(
        say(f"takeaway.{name}.title", **params), frame, " · ".join([*stamps, source]),
        tuple(note for note in notes if note), frozenset(heads), sheet=say(f"takeaway.{name}.sheet"),
    )  # fmt: skip


def share(events: int, total: int) -> str:
    """Return n (%), the per cent whole below a hundred patients."""
    if not total:
        return _NONE
    return f"{events} ({100 * events / total:.{0 if total < _MANY else 1}f})"


def limits_of(rate: Proportion, voice: Voice) -> str:
    """Return x/n; per cent and limits, a decimal each."""
    if not rate.total:
        return _NONE
    numbers = [f"{100 * part:.1f}" for part in (rate.estimate, rate.lower, rate.upper)]
    return voice.say(
        "takeaway.response.rate", x=rate.events, n=rate.total, percent=numbers[0], lower=numbers[1], upper=numbers[2]
    )


def _missing(voice: Voice, name: str, why: str) -> Table:
    return _table(voice, name, pd.DataFrame({voice.say("takeaway.missing"): [why]}), ())


def _baseline(voice: Voice, content: PaperContent) -> Table:
    say, lang, total = voice.say, voice.lang, content.treated
    if not total:
        return _missing(voice, "baseline", say("lab.nobody_treated"))
    rows: list[tuple[str, str]] = []
    heads: list[int] = []
    short: list[str] = []
    for code, level, n, _total, median, low, high in content.baseline.itertuples(index=False):
        if level:
            name = say("takeaway.baseline.counted", name=say(f"column.{code.lower()}"))
            if not heads or rows[heads[-1]][0] != name:
                heads.append(len(rows))
                rows.append((name, ""))
            word = say("pack.baseline.not_entered") if level == "MISSING" else label(lang, code.lower(), level)
            rows.append((_INDENT + word, share(n, total)))
            continue
        name = _measure(voice, content, code)
        rows.append((say("takeaway.baseline.measured", name=name), median_range(median, low, high)))
        if n < total:
            short.append(say("takeaway.baseline.short", name=name, n=n))
    columns = [say("pack.column.characteristic"), say("takeaway.baseline.column", n=total)]
    lacking = say("takeaway.baseline.lacking", list=voice.joined(short)) if short else ""
    notes = (say("takeaway.baseline.note"), lacking, say("takeaway.baseline.abbreviations"))
    return _table(voice, "baseline", pd.DataFrame(rows, columns=columns), notes, heads)


def median_range(median: float, low: float, high: float) -> str:
    """Return a median with its range, "–" without values."""
    return _NONE if median != median else spread(median, low, high)


def _measure(voice: Voice, content: PaperContent, code: str) -> str:
    if code == "AGE":
        return voice.say("column.age")
    unit = unit_name(content.units.get(code, ""), voice.lang)
    return f"{test_name(code, '', voice.lang)} ({unit})"


def _response(voice: Voice, content: PaperContent) -> Table:
    say = voice.say
    if not content.strips:
        reasons = " ".join(voice.value(reason) for reason in content.gap)
        return _missing(voice, "response", f"{say('gap.response')}{say('pack.because')}{reasons}")

    def row(name: str, told: Callable[[VisitStrip], str], indent: str = "") -> tuple[str, ...]:
        return (indent + say(f"takeaway.response.{name}"), *(told(strip) for strip in content.strips))

    def overall(strip: VisitStrip) -> str:
        printable = strip.counts.rate_printable
        return limits_of(strip.orr, voice) if printable else say("chart.rate.not_assessable")

    rows = [
        row("due", lambda strip: str(strip.counts.due)),
        row("orr", overall),
        row("crr", lambda strip: limits_of(strip.crr, voice)),
        row("category", lambda strip: ""),
        row("cr", lambda strip: share(strip.counts.cr, strip.counts.due), _INDENT),
        row("pr", lambda strip: share(strip.counts.pr, strip.counts.due), _INDENT),
        row("nr", lambda strip: share(strip.counts.nr, strip.counts.due), _INDENT),
        row("ne", lambda strip: share(strip.counts.ne, strip.counts.due), _INDENT),
        row("not_due", lambda strip: str(strip.counts.not_yet_due)),
    ]
    columns = [say("takeaway.response.column"), *(say("pack.time.week", week=strip.week) for strip in content.strips)]
    notes = [
        say("takeaway.response.note", method=voice.interval, rule=voice.rule),
        say("takeaway.response.at_least") if any(strip.counts.at_least_pr for strip in content.strips) else "",
        say("takeaway.response.abbreviations"),
    ]
    return _table(voice, "response", pd.DataFrame(rows, columns=columns), notes, [3])


def _events(voice: Voice, content: PaperContent) -> Table:
    say, table = voice.say, content.terms
    if not content.events:
        return _missing(voice, "events", say("ae.no_events"))
    rows = table.rows[table.rows["PATIENTS"] > 0]
    if rows.empty:
        upper = f"{100 * table.rows['UPPER'].iloc[0]:.1f}"
        why = say("ae.nothing" if table.total else "ae.nobody", total=table.total, upper=upper)
        return _missing(voice, "events", why)
    total, names = table.total, soc_names(rows["SOC"].unique(), voice.lang)
    columns: dict[str, list[str]] = {
        say("pack.column.term"): _event_names(voice, rows, names),
        say("takeaway.events.any"): [share(n, total) for n in rows["PATIENTS"]],
    }
    for level in (*range(1, LEVELS_OF[table.scale]), 0):
        if rows[BY_PATIENT[level]].any():
            word = say(f"ae.level.{table.scale}.{level}")
            columns[word[:1].upper() + word[1:]] = [share(n, total) for n in rows[BY_PATIENT[level]]]
    heads = [place for place, kind in enumerate(rows["KIND"]) if kind != "PT"]
    worst = say(f"takeaway.events.worst_{table.scale}")
    notes = (
        say("takeaway.events.note", worst=worst),
        say("ae.note.typed", n=table.typed) if table.typed else "",
        say("takeaway.events.abbreviations") if table.scale is Scale.GRADE else "",
    )
    return _table(voice, "events", pd.DataFrame(columns), notes, heads, n=total, worst=worst)


def _event_names(voice: Voice, rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    out = []
    for kind, soc, term in zip(rows["KIND"], rows["SOC"], rows["PT"], strict=True):
        if kind == "ALL":
            out.append(voice.say("ae.chart.any"))
        else:
            known = names.get(soc) or soc
            out.append(known if kind == "SOC" else _INDENT + (term or voice.say("ae.chart.no_term")))
    return out


def _collected(one: Exhibit) -> Table:
    frame = pd.DataFrame(texts_of(one.table), columns=[cell_text(name) for name in one.table.columns])
    notes = tuple(note for note in (one.title if one.caption else "", one.subtitle, one.footnote) if note)
    source = " · ".join([*stamps_of(one.lang, one.provenance), origin_line(one.lang, one.provenance)])
    return Table(heading_of(one), frame, source, notes, sheet=one.title)
