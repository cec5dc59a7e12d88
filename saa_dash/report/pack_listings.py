"""Chapters of rows: events, severe laboratory results, boundary, what changed, how recent the data are."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from ..charts.boundary import BoundaryDrawn, figure_boundary
from ..i18n.change_words import change_words
from ..model.change import GROUPS, MARKS
from .document import Block, Chapter, Figure, Table, Text
from .event_listing import paper_events
from .event_tables import deaths_table, event_table, leaving_table, stopped_table
from .names import test_name, unit_name
from .narrative_words import Teller
from .pack_conduct import LISTED
from .pack_trial import NARROW
from .speaker import Speaker

STOPS = 15  # lines of the boundary on paper


def listings(speaker: Speaker) -> Chapter:
    """Return what is to be read one by one; nothing found is said."""
    say, events, lang = speaker.say, speaker.content.events, speaker.lang
    recorded = events.recorded
    blocks: list[Block] = []
    if not recorded.serious:
        blocks.append(Text(say("ae.list.serious_not_recorded"), "missing"))
    else:
        blocks.append(_serious(speaker))
        if len(events.doubtful):
            blocks.append(_events(speaker, "doubtful", events.doubtful))
    blocks += _narratives(speaker)
    blocks.append(_listing(speaker, "deaths", deaths_table(events.deaths, lang), events.deaths))
    if recorded.action:
        blocks.append(_listing(speaker, "stopped", stopped_table(events.stopped, lang), events.stopped))
    else:
        blocks.append(Text(say("ae.list.action_not_recorded"), "missing"))
    blocks.append(_listing(speaker, "leaving", leaving_table(events.leaving, lang), events.leaving))
    blocks.append(_events(speaker, "events", events.listed))
    notable = speaker.content.laboratory.notable
    blocks.append(_listing(speaker, "notable", _notable(speaker, notable), notable))
    return Chapter(say("pack.chapter.listings"), tuple(blocks), opens=True)


def _narratives(speaker: Speaker) -> list[Block]:
    """Return a paragraph per serious event and death; none is said."""
    say, events = speaker.say, speaker.content.events
    rows = events.narratives
    title = Text(say("pack.list.narratives", n=len(rows)), "answer")
    if rows.empty:
        return [title, Text(say("pack.list.zero"), "note")]
    teller = Teller(speaker.lang, events.recorded, protocol=speaker.content.protocol is not None)
    shown = rows.head(LISTED).to_dict("records")
    told: list[Block] = [part for row in shown for part in (Text(teller.head(row), "head"), Text(teller.text(row)))]
    if len(rows) > LISTED:
        told.append(Text(say("pack.list_note.narratives_capped", shown=LISTED, total=len(rows)), "note"))
    return [title, *told, Text(f"{say('pack.list_note.narratives')} {speaker.source()}", "note")]


def _listing(
    speaker: Speaker, name: str, frame: pd.DataFrame, rows: pd.DataFrame, whole: pd.DataFrame | None = None
) -> Table:
    say = speaker.say
    title = say(f"pack.list.{name}", n=len(frame), patients=rows["PCODE"].nunique())
    zero = (say("pack.list.zero"),) if frame.empty else ()
    own = (say(f"pack.list_note.{name}"),) if name in _NOTED else ()
    return Table(
        title, frame, speaker.source(), (*zero, *own), listing=True, sheet=say(f"pack.sheet.{name}"), limit=LISTED,
        whole=whole,
    )  # fmt: skip


_NOTED = ("doubtful", "notable", "events")


def _serious(speaker: Speaker) -> Table:
    """Return the serious events; compared with an earlier cut, those that are new, changed and gone bear their mark."""
    events, news, lang = speaker.content.events, speaker.content.news, speaker.lang
    if news is None:
        return _events(speaker, "serious", events.serious)
    rows = news.serious
    words = {mark: f"{speaker.say(f'changes.sign.{mark}')} {speaker.say(f'changes.mark.{mark}')}" for mark in MARKS}
    mark = rows["MARK"].map(words).fillna("").tolist()
    tables = [paper_events(rows, events.recorded, lang), event_table(rows, events.recorded, lang, why=True)]
    for table in tables:
        table.insert(1, speaker.say("dsmb.serious.change"), mark)
    found = _listing(speaker, "serious", tables[0], rows, tables[1])
    here = events.serious
    title = speaker.say("pack.list.serious", n=len(here), patients=here["PCODE"].nunique())
    return replace(found, title=title)


def _events(speaker: Speaker, name: str, rows: pd.DataFrame) -> Table:
    """Return events on paper, and in the workbook with a column per component."""
    recorded, lang = speaker.content.events.recorded, speaker.lang
    whole = event_table(rows, recorded, lang, why=True)
    return _listing(speaker, name, paper_events(rows, recorded, lang), rows, whole)


def _notable(speaker: Speaker, rows: pd.DataFrame) -> pd.DataFrame:
    say, lang, tests = speaker.say, speaker.lang, speaker.content.laboratory.tests
    known = tests.drop_duplicates("TEST").set_index("TEST")
    names = {test: test_name(test, str(known["NAME"].get(test, "")), lang) for test in rows["TEST"].unique()}
    units = {test: unit_name(str(known["UNIT"].get(test, "")), lang) for test in rows["TEST"].unique()}
    return pd.DataFrame(
        {
            say("column.patient"): rows["PCODE"],
            say("column.test"): rows["TEST"].map(names),
            say("column.unit"): rows["TEST"].map(units),
            say("pack.column.base"): _value(rows["BASECENS"], rows["BASE"]),
            say("pack.column.base_grade"): [say(f"lab.level.{level}") for level in rows["BEFORE"]],
            say("pack.column.worst"): _value(rows["WORSTCENS"], rows["WORST"]),
            say("pack.column.worst_day"): rows["WORSTDY"].astype("Int64"),
            say("pack.column.worst_grade"): [say(f"lab.level.{level}") for level in rows["AFTER"]],
        }
    )


def _value(signs: pd.Series, values: pd.Series) -> list[str]:
    shown = (
        ("" if sign != sign or sign is None else str(sign), value) for sign, value in zip(signs, values, strict=True)
    )
    return ["–" if value != value else f"{sign}{value:.4g}" for sign, value in shown]


def boundary(speaker: Speaker) -> Chapter:
    """Return where the trial stands under its stopping rule; of an exploratory one that none is specified."""
    say, content = speaker.say, speaker.content
    state, exploratory = content.stopping.state, content.stopping.exploratory
    blocks: list[Block] = []
    if exploratory:
        key = "boundary.block.not_specified" if content.protocol else "boundary.block.no_protocol"
        blocks.append(Text(say(key, study=content.cut.study), "missing"))
    mark = [say("boundary.exploratory")] if exploratory else []
    source = speaker.source(*mark)
    blocks.append(Figure(figure_boundary(BoundaryDrawn(state, exploratory), speaker.look), source, NARROW))
    stops = [(x, f"{first}–{last}" if last > first else str(first)) for x, first, last in state.boundary.runs()]
    frame = pd.DataFrame(stops, columns=[say("pack.boundary.events"), say("pack.boundary.among")])
    chances = pd.DataFrame(
        [(f"{c.true_p:g}", f"{c.stop:.3f}", f"{c.early:.3f}", f"{c.expected_n:.1f}") for c in state.characteristics],
        columns=[say(f"boundary.column.{name}") for name in ("true", "stop", "early", "expected")],
    )
    notes = (*mark, say("methods.boundary.evaluable"), say("methods.boundary.recruitment"))
    sheet = say("pack.sheet.boundary")
    blocks.append(Table(say("pack.boundary.title"), frame, source, notes, sheet=sheet, limit=STOPS))
    note = say("boundary.block.characteristics_note", n=state.size)
    blocks.append(Table(say("boundary.block.characteristics"), chances, source, (*mark, note)))
    return Chapter(say("pack.chapter.boundary"), tuple(blocks), opens=True)


def changes(speaker: Speaker) -> Chapter:
    """Return what changed since the earlier report, said clinically; zero is said for each kind."""
    say, content, lang = speaker.say, speaker.content, speaker.lang
    title = say("pack.chapter.changes")
    if content.since is None or content.news is None:
        return Chapter(title, (Text(say("pack.changes.no_since"), "missing"),))
    news = content.news
    told = [
        (say(f"changes.group.{one.group}"), one.who, one.day, change_words(one, lang), _mark(speaker, one.mark))
        for one in news.told
    ]  # fmt: skip
    columns = [say(f"pack.column.{name}") for name in ("kind", "patient", "day", "change", "mark")]
    frame = pd.DataFrame(told, columns=columns).astype({columns[2]: "Int64"})
    counts = pd.DataFrame(
        [(say(f"changes.group.{group}"), sum(change.group == group for change in news.told)) for group in GROUPS],
        columns=[say("pack.column.kind"), say("pack.column.count")],
    )
    since = say("pack.changes.since", cut=content.since.cut_id, date=content.since.cutoff)
    source = speaker.source(since)
    blocks: list[Block] = [
        Text(say("pack.changes.answer", n=len(news.told), date=content.since.cutoff), "answer"),
        Table(say("pack.changes.counts"), counts, source),
        Table(
            say("pack.changes.told", n=len(frame)), frame, source, () if len(frame) else (say("pack.list.zero"),),
            listing=True, sheet=say("pack.sheet.changes"), limit=LISTED * 2,
        ),
        Table(say("pack.changes.rows"), _rows(speaker), source, (say("pack.changes.rows_note"),)),
    ]  # fmt: skip
    return Chapter(title, tuple(blocks))


def _mark(speaker: Speaker, mark: str) -> str:
    return speaker.say(f"changes.mark.{mark}") if mark else ""


def _rows(speaker: Speaker) -> pd.DataFrame:
    """Return rows that came, went and changed by table; 0 where there are none."""
    say, news = speaker.say, speaker.content.news
    assert news is not None
    kinds = ("new", "modified", "removed")
    wide = news.counts.pivot_table(index="DOMAIN", columns="KIND", values="ROWS", aggfunc="sum", fill_value=0)
    wide = wide.reindex(index=list(speaker.content.cut.table_rows), columns=list(kinds), fill_value=0).fillna(0)
    rows = [(say(f"changes.word.table.{name}"), *map(int, counts)) for name, *counts in wide.itertuples()]
    return pd.DataFrame(rows, columns=[say("pack.column.table"), *(say(f"changes.kind.{kind}") for kind in kinds)])


def currency(speaker: Speaker) -> Chapter:
    """Return how long before the cut-off the latest record of each kind lies, patient by patient."""
    say, held = speaker.say, speaker.content.currency
    kinds = [name for name in held.kinds if held.rows[name].notna().any()]
    frame = pd.DataFrame(
        {
            say("column.patient"): held.rows["PCODE"],
            say("column.status"): [say(f"ui.status.{code}") for code in held.rows["STATUS"]],
            say("column.last_day"): held.rows["LASTDY"].astype("Int64"),
            **{say(f"ui.domain.{name}"): [_age(speaker, days) for days in held.rows[name]] for name in kinds},
        }
    )
    notes = [say("ui.currency.subtitle", n=held.queries)]
    notes.append(say("pack.currency.rounded", limits=speaker.joined([str(days) for days in held.limits])))
    if lacking := [say(f"ui.domain.{name}") for name in held.kinds if name not in kinds]:
        notes.append(say("gap.no_kinds", kinds=speaker.joined(lacking)))
    notes.append(_forms(speaker))
    table = Table(
        say("pack.currency.title"), frame, speaker.source(), tuple(notes), listing=True,
        sheet=say("pack.sheet.currency"), limit=LISTED,
    )  # fmt: skip
    return Chapter(say("pack.chapter.currency"), (table,))


def _forms(speaker: Speaker) -> str:
    """Return which forms are missing at visits that are due."""
    say, missing = speaker.say, speaker.content.currency.missing
    if missing is None or not any(form.due for form in missing):
        return say("dsmb.currency.forms_none")
    told = [say(f"dsmb.currency.form_{form.domain}", missing=form.missing, due=form.due) for form in missing]
    return say("dsmb.currency.forms", forms=speaker.joined(told))


def _age(speaker: Speaker, days: float) -> str:
    if days != days:
        return ""
    if math.isinf(days):
        return speaker.say("redaction.beyond", n=speaker.content.currency.limits[-1])
    return speaker.say("redaction.up_to", n=int(days))
