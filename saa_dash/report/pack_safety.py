"""Chapter on adverse events: answers, complications, classes and terms, grades."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ..analysis.ae_levels import LEVELS_OF
from ..analysis.ae_terms import BY_PATIENT
from ..analysis.dsmb_answers import EARLY_DAYS
from ..charts.ae_complications import figure_complications
from ..charts.ae_terms import figure_terms
from .complication_table import complication_table
from .document import Block, Chapter, Figure, Table, Text
from .names import soc_names
from .speaker import Speaker

DRAWN = 25  # rows of a figure that can be read on a page
TERMS = 150  # rows of classes and terms on paper; the workbook has all


def adverse_events(speaker: Speaker) -> Chapter:
    """Return answers, complications, classes and terms, and grades."""
    say, events = speaker.say, speaker.content.events
    if not events.recorded.events:
        return Chapter(say("pack.chapter.events"), (Text(say("ae.no_events"), "missing"),), opens=True)
    everybody = say("ae.population.SAFETY", total=events.total)
    source = speaker.source(everybody, say("ae.filter.emergent"))
    figures, tables = _terms(speaker, everybody, source)
    blocks: list[Block] = [_board(speaker, everybody), _answers(speaker, everybody)]
    if events.panel is None:
        blocks.append(Text(say("ae.panel.not_coded"), "missing"))
    else:
        subtitle = say("ae.panel.subtitle", population=everybody)
        view = figure_complications(events.panel, speaker.look, subtitle=subtitle, method=speaker.interval)
        figures.insert(0, Figure(view, source))
        notes = (say("safety.attribution"), say("pack.events.limits", method=speaker.interval))
        tables.insert(0, Table(say("ae.panel.table"), complication_table(events.panel, speaker.lang), source, notes))
    return Chapter(say("pack.chapter.events"), (*blocks, *figures, *tables), opens=True)


def _board(speaker: Speaker, everybody: str) -> Table:
    """Return what a board asks first: early deaths apart, non-haematological before haematological."""
    say, events = speaker.say, speaker.content.events
    safety, scale = events.safety, events.recorded.scale
    rows: list[tuple[str, str, str, object]] = [(say("dsmb.answer.deaths"), *speaker.rate(safety.deaths), "")]
    rows += [(say("pack.events.early", n=day), *speaker.rate(safety.early[day]), "") for day in EARLY_DAYS]
    counted = (
        ("dsmb.answer.serious", safety.serious),
        ("dsmb.answer.special", safety.special),
        (f"dsmb.answer.severe_{scale}", safety.severe_other),
        (f"pack.events.blood_{scale}", safety.severe_blood),
        ("dsmb.answer.infusion", safety.infusion_ucb),
        ("pack.events.infusion_atg", safety.infusion_atg),
    )
    rows += [
        (say(key), *speaker.rate(found.patients), found.events if found.patients else "") for key, found in counted
    ]
    columns = [say("pack.column.what"), say("ae.column.patients"), say("pack.column.share"), say("ae.column.events")]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    reached = [say("pack.events.reached", day=day, n=safety.reached[day]) for day in EARLY_DAYS]
    notes = [say("dsmb.denominator", method=speaker.interval), say("dsmb.haematological"), say("dsmb.infusion")]
    if safety.late:
        notes.append(say("dsmb.answer.late", n=safety.late))
    source = speaker.source(everybody, provenance=speaker.content.laboratory.provenance)
    return Table(say("pack.events.board"), frame, source, (speaker.say("pack.list.semicolon").join(reached), *notes))


def _answers(speaker: Speaker, everybody: str) -> Table:
    say, events = speaker.say, speaker.content.events
    rows = []
    for answer in events.answers:
        code = f"SEVERE_{events.recorded.scale}" if answer.code == "SEVERE" else answer.code
        count, limits = speaker.rate(answer.patients)
        rows.append((say(f"ae.answer.{code}"), count, limits, answer.events if answer.events else ""))
    columns = [say("pack.column.what"), say("ae.column.patients"), say("pack.column.share"), say("ae.column.events")]
    note = say("ae.answer.of", population=everybody, method=speaker.interval)
    return Table(say("pack.events.answers"), pd.DataFrame(rows, columns=columns), speaker.source(everybody), (note,))


def _terms(speaker: Speaker, everybody: str, source: str) -> tuple[list[Block], list[Block]]:
    """Return the figure and the tables of classes and terms, or what was not found."""
    say, events, table = speaker.say, speaker.content.events, speaker.content.events.terms
    rows = table.rows[table.rows["PATIENTS"] > 0]
    if rows.empty:
        upper = f"{100 * table.rows['UPPER'].iloc[0]:.1f}"
        words = say("ae.nothing" if table.total else "ae.nobody", total=table.total, upper=upper)
        return [], [Text(words, "missing")]
    names = soc_names(table.rows["SOC"].unique(), speaker.lang)
    shown = most_frequent(rows)
    drawn = figure_terms(
        table, shown, events.marks, speaker.look, unit="patients", names=names,
        subtitle=f"{everybody} · {say('ae.filter.emergent')}", method=speaker.interval,
    )  # fmt: skip
    if len(rows) > len(shown):
        note = f"{drawn.footnote} {say('pack.events.not_drawn', n=len(rows) - len(shown))}"
        drawn = replace(drawn, footnote=note)
    notes = [say("pack.events.limits", method=speaker.interval), say("pack.events.worst")]
    if table.typed:
        notes.append(say("ae.note.typed", n=table.typed))
    printed = most_frequent(rows, TERMS, every_class=True)
    if len(printed) < len(rows):
        notes.append(say("pack.events.capped", shown=len(printed), total=len(rows)))
    heads = frozenset(place for place, kind in enumerate(printed["KIND"]) if kind != "PT")

    def table_of(name: str, told: Callable[[pd.DataFrame], pd.DataFrame], under: list[str]) -> Table:
        title, sheet = say(f"pack.events.{name}"), say(f"pack.sheet.{name}")
        return Table(title, told(printed), source, tuple(under), heads, sheet=sheet, whole=told(rows))

    return [Figure(drawn, source)], [
        table_of("terms", lambda part: _by_term(speaker, part, table.total, names), notes),
        table_of("grades", lambda part: _by_grade(speaker, part, names), notes[1:]),
    ]


def most_frequent(rows: pd.DataFrame, most: int = DRAWN, *, every_class: bool = False) -> pd.DataFrame:
    """Return the rows of classes and terms that fit a page: the terms with most patients and their classes.

    Parameters
    ----------
    rows : of `TermTable`, those with patients. every_class : keep all classes, whether their terms fit or not.
    """
    if len(rows) <= most:
        return rows
    terms = rows[rows["KIND"] == "PT"].sort_values(["PATIENTS", "EVENTS"], ascending=False, kind="stable")
    kept: list[object] = []
    classes: set[str] = set(rows["SOC"]) if every_class else set()
    for index, soc in zip(terms.index, terms["SOC"], strict=True):
        if 1 + len(kept) + len(classes | {soc}) + 1 > most:
            break
        kept.append(index)
        classes.add(soc)
    whole = (rows["KIND"] == "ALL") | ((rows["KIND"] == "SOC") & rows["SOC"].isin(classes))
    return rows[whole | rows.index.isin(kept)]


def _names(speaker: Speaker, rows: pd.DataFrame, names: object) -> list[str]:
    """Return classes as they are named, terms indented under them."""
    say = speaker.say
    assert isinstance(names, dict)
    out = []
    for kind, soc, term in zip(rows["KIND"], rows["SOC"], rows["PT"], strict=True):
        if kind == "ALL":
            out.append(say("ae.chart.any"))
        elif kind == "SOC":
            out.append(str(names.get(soc) or soc))
        else:
            out.append("\u2003" + (term or say("ae.chart.no_term")))
    return out


def _by_term(speaker: Speaker, rows: pd.DataFrame, total: int, names: object) -> pd.DataFrame:
    say = speaker.say
    shares = (100 * rows[["ESTIMATE", "LOWER", "UPPER"]]).round(1).to_numpy().tolist()
    limits = [say("ae.rate.limits", percent=f"{e:.1f}", lower=f"{a:.1f}", upper=f"{b:.1f}") for e, a, b in shares]
    return pd.DataFrame(
        {
            say("pack.column.term"): _names(speaker, rows, names),
            say("ae.column.patients"): (rows["PATIENTS"].astype("str") + f"/{total}").tolist(),
            say("pack.column.share"): limits,
            say("ae.column.events"): rows["EVENTS"].tolist(),
            say("ae.column.serious"): rows["SERIOUS"].tolist(),
        }
    )


def _by_grade(speaker: Speaker, rows: pd.DataFrame, names: object) -> pd.DataFrame:
    say, scale = speaker.say, speaker.content.events.terms.scale
    columns: dict[str, list[object]] = {say("pack.column.term"): list(_names(speaker, rows, names))}
    for level in (*range(1, LEVELS_OF[scale]), 0):
        if level or rows[BY_PATIENT[0]].any():
            columns[say(f"ae.level.{scale}.{level}")] = rows[BY_PATIENT[level]].tolist()
    columns[say("ae.column.patients")] = rows["PATIENTS"].tolist()
    return pd.DataFrame(columns)
