"""Slides on safety: adverse events in numbers, complications, laboratory."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..analysis.ae_summary import ComplicationPanel
from ..analysis.complications import OVERALL
from ..charts.ae_complications import class_name, figure_complications
from ..charts.ae_terms import figure_terms
from .complication_table import complication_table
from .deck_teller import Teller, Told
from .names import soc_names
from .pack_laboratory import course_view, tests_table
from .pack_safety import most_frequent
from .slides.slide import Points, Rows, Slide

_RATES = 7  # columns of the table of complications before the times of onset
_TERMS = 12  # rows of classes and terms that can be read from the last row


def events(teller: Teller) -> list[Slide]:
    """Return adverse events in numbers, then the complications."""
    say, found = teller.say, teller.content.events
    if not found.recorded.events:
        return [teller.slide(say("deck.events.none"), [Points((say("ae.no_events"),))], Told())]
    everybody = say("ae.population.SAFETY", total=found.total)
    told = Told(
        subtitle=everybody,
        footnote=say("ae.answer.of", population=everybody, method=teller.interval),
        method=teller.interval,
        conditions=(everybody, say("ae.filter.emergent")),
    )
    frame, title = _answers(teller)
    return [teller.slide(title, [Rows(frame, title)], told), _complications(teller, everybody, told)]


def _answers(teller: Teller) -> tuple[pd.DataFrame, str]:
    """Return the answers as a table, and the first of them as a finding."""
    say, found = teller.say, teller.content.events
    rows, title = [], say("deck.events.title_plain", n=found.total)
    for answer in found.answers:
        code = f"SEVERE_{found.recorded.scale}" if answer.code == "SEVERE" else answer.code
        count, limits = teller.rate(answer.patients)
        rows.append((say(f"ae.answer.{code}"), count, limits, answer.events if answer.events else ""))
        if answer.code == "SERIOUS" and answer.patients is not None:
            title = say("deck.events.title", x=answer.patients.events, n=answer.patients.total)
    columns = [say("pack.column.what"), say("ae.column.patients"), say("pack.column.share"), say("ae.column.events")]
    return pd.DataFrame(rows, columns=columns, dtype="object"), title


def _complications(teller: Teller, everybody: str, told: Told) -> Slide:
    say, found = teller.say, teller.content.events
    if found.panel is None:
        return teller.slide(say("ae.panel.name"), [Points((say("ae.panel.not_coded"),))], told)
    view = figure_complications(
        found.panel, teller.look, subtitle=say("ae.panel.subtitle", population=everybody), method=teller.interval
    )
    sentence = _complications_said(teller, found.panel)
    return teller.figure(view, Told(method=teller.interval, conditions=told.conditions, sentence=sentence))


def _complications_said(teller: Teller, panel: ComplicationPanel) -> str:
    """Return how many had any complication, and which class most of them."""
    overall = next(row for row in panel.table.rows if row.code == OVERALL)
    classes = [row for row in panel.table.rows if row.code != OVERALL and row.patients.events]
    if not classes:
        return ""
    most = max(classes, key=lambda row: row.patients.events)
    return teller.say(
        "deck.complications.sentence", x=overall.patients.events, n=overall.patients.total,
        name=class_name(most.code, teller.look), y=most.patients.events,
    )  # fmt: skip


def terms(teller: Teller) -> list[Slide]:
    """Return the most frequent classes and terms, for the back-up."""
    say, found = teller.say, teller.content.events
    rows = found.terms.rows[found.terms.rows["PATIENTS"] > 0]
    if rows.empty:
        return []
    everybody = say("ae.population.SAFETY", total=found.total)
    names = soc_names(found.terms.rows["SOC"].unique(), teller.lang)
    shown = most_frequent(rows, _TERMS)
    view = figure_terms(
        found.terms, shown, found.marks, teller.look, unit="patients", names=names,
        subtitle=f"{everybody} · {say('ae.filter.emergent')}", method=teller.interval,
    )  # fmt: skip
    note = view.footnote
    if len(rows) > len(shown):
        note = f"{note} {say('deck.events.not_drawn', n=len(rows) - len(shown))}"
    title = _most_frequent(teller, shown, names)
    told = Told(
        footnote=note, method=teller.interval, sentence=title, conditions=(everybody, say("ae.filter.emergent"))
    )
    return [teller.figure(view, told, title=say("deck.backup", title=title))]


def _most_frequent(teller: Teller, shown: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Return the first class with its patients; its limits are in the figure, and too long for a title."""
    first = shown[shown["KIND"] == "SOC"].head(1)
    if first.empty:
        return teller.say("ae.chart.title_none")
    rate = f"{first['PATIENTS'].iloc[0]}/{teller.content.events.total}"
    return teller.say("ae.chart.title_one", name=names[str(first["SOC"].iloc[0])], rate=rate)


def complications_table(teller: Teller) -> list[Slide]:
    """Return the complications as a table, for the back-up."""
    say, found = teller.say, teller.content.events
    if not found.recorded.events or found.panel is None:
        return []
    title = say("deck.backup", title=say("deck.complications.title"))
    frame = complication_table(found.panel, teller.lang).iloc[:, :_RATES]
    told = Told(
        method=say("deck.method.rates", method=teller.interval),
        sentence=_complications_said(teller, found.panel),
        conditions=(say("ae.population.SAFETY", total=found.total), say("ae.filter.emergent")),
    )
    return [teller.slide(title, [Rows(frame, title)], told)]


def laboratory(teller: Teller) -> list[Slide]:
    """Return who worsened in which test, then courses of liver and kidney."""
    say, lab = teller.say, teller.content.laboratory
    if lab.tests.empty or not lab.treated:
        words = say("lab.nothing" if lab.tests.empty else "lab.nobody_treated")
        return [teller.slide(say("deck.laboratory.none"), [Points((words,))], Told())]
    everybody = say("ae.population.SAFETY", total=lab.treated)
    graded = lab.tests[lab.tests["GRADED"].astype(bool) & lab.tests["KNOWN"].astype(bool)]
    worse = int((graded["WORSENED"] > 0).sum())
    title = say("deck.laboratory.title", n=lab.treated, worse=worse, tests=len(graded))
    told = Told(
        footnote=say("pack.laboratory.note", version=lab.version),
        method=say("deck.method.grades", version=lab.version),
        conditions=(everybody,),
        provenance=lab.provenance,
    )
    frame = tests_table(teller, lab)
    out = [teller.slide(title, [Rows(frame, title)], told)]
    for item in lab.drawn:
        view = course_view(teller, lab, item)
        out.append(teller.figure(view, Told(method=told.method, conditions=(everybody,), provenance=lab.provenance)))
    return out
