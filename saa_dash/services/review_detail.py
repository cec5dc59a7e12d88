"""Single rows for review: their values, what they were when reviewed and in an earlier cut, and all that was noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..analysis.differences import text_of
from ..analysis.pcode_order import patient_order
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.schema import TABLES
from ..store.reader import open_cut
from ..store.reviews import REVIEW
from .context import View
from .review_marks import CHANGED, Notes, check_reviewer, read_notes, row_states, told_words
from .review_queries import SeenQuery, seen_queries
from .review_rows import day_one, domain_changes, readable, study_days
from .views import record_view

MOST_ROWS = 500  # marked, or asked about, at once
SHOWN_VALUES = 4  # rows whose values are shown side by side
_UNITS = {"LBORRES": "LBORRESU", "VSORRES": "VSORRESU", "LBSTRESN": "LBSTRESU", "VSSTRESN": "VSSTRESU"}
_NO_VALUES = ("STUDYID", *_UNITS.values())


@dataclass(frozen=True)
class Value:
    """A value of a row.

    Parameters
    ----------
    text : as stored, "" for none; a study day where `day`. unit : of a result, "" for none.
    """

    text: str
    unit: str = ""
    day: bool = False


@dataclass(frozen=True)
class SeenRow:
    """A row.

    Parameters
    ----------
    values : by variable. reviewed : what differed when it was reviewed, by variable; empty where nothing did.
    since : what differed in the earlier cut, likewise; None where it was not there. place : file, sheet and row of the
        source, () where it may not be seen.
    """

    row: int
    pcode: str
    state: str
    values: Mapping[str, Value]
    reviewed: Mapping[str, Value]
    since: Mapping[str, Value] | None
    place: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """Something that was noted about a row: ``reviewed``, ``unreviewed``, ``commented``, ``raised``, ``closed`` or
    ``reopened``; `number` of the query, 0 else.
    """

    at: str
    actor: str
    kind: str
    row: int
    text: str
    number: int = 0


@dataclass(frozen=True)
class RowDetail:
    """Chosen rows of a table.

    Parameters
    ----------
    rows : the first `SHOWN_VALUES` with their values. numbers, pcodes : of all. variables : of the table that the
        reader may see, in its order. queries : on these rows. history : newest first. own : reviewed by whoever asks.
    """

    domain: str
    rows: tuple[SeenRow, ...]
    numbers: tuple[int, ...]
    pcodes: tuple[str, ...]
    variables: tuple[str, ...]
    queries: tuple[SeenQuery, ...]
    history: tuple[Event, ...]
    own: int


def chosen_refs(view: View, domain: str, numbers: Sequence[int]) -> pd.DataFrame:
    """Return `CutReader.row_refs` of chosen rows with PCODE.

    Raises
    ------
    UserError : none, too many, or a row that the selection does not hold.
    """
    if domain not in TABLES:
        raise UserError("error.review_no_table", table=str(domain))
    if not numbers:
        raise UserError("error.review_no_rows")
    if len(numbers) > MOST_ROWS:
        raise UserError("error.review_too_many", n=len(numbers), most=MOST_ROWS)
    refs = view.reader().row_refs(domain)
    found = refs[refs["ROW"].isin(numbers) & refs["USUBJID"].isin(view.chosen)]
    if len(found) != len(set(numbers)):
        raise UserError("error.review_row_gone", domain=domain)
    return found.assign(PCODE=found["USUBJID"].map(view.patients.set_index("USUBJID")["PCODE"]))


def review_detail(principal: Principal, view: View, domain: str, numbers: Sequence[int], since: str = "") -> RowDetail:
    """Return chosen rows; the audit trail tells whose were looked at.

    Parameters
    ----------
    numbers : ROW of each. since : id of an earlier cut to compare with, "" for none.

    Raises
    ------
    Refused : without the right to review or to query. UserError : no such rows, or no such cut.
    """
    check_reviewer(principal)
    refs = chosen_refs(view, domain, numbers)
    record_view(principal, view, sorted(set(refs["PCODE"])))
    notes = read_notes(view, domain)
    states = row_states(view, domain, view.reader().row_refs(domain), notes).rows
    mine = states[states["ROW"].isin(refs["ROW"])].assign(PCODE=refs["PCODE"])
    mine = mine.sort_values(["PCODE", "ROW"], key=patient_order)
    rows, variables = _seen_rows(principal, view, domain, mine.head(SHOWN_VALUES), since)
    wanted = set(refs["ROW"])
    queries = tuple(query for query in seen_queries(view, notes) if query.row in wanted)
    history = _history(view, notes, mine, queries)
    return RowDetail(
        domain=domain,
        rows=rows,
        numbers=tuple(int(number) for number in mine["ROW"]),
        pcodes=tuple(mine["PCODE"].drop_duplicates()),
        variables=variables,
        queries=queries,
        history=history,
        own=int((mine["BY"] == principal.user_id).sum()),
    )


def _seen_rows(
    principal: Principal, view: View, domain: str, states: pd.DataFrame, since: str
) -> tuple[tuple[SeenRow, ...], tuple[str, ...]]:
    table = view.reader().rows(domain, states["ROWKEY"].tolist())
    first = day_one(principal, view)
    shown = readable(view, table, first)
    variables = tuple(str(name) for name in shown if name not in _NO_VALUES)
    changed = domain_changes(principal, view, domain, since) if since else None
    out = []
    place_of = {str(key): place for place, key in enumerate(table["ROWKEY"])}
    for _, state in states.iterrows():
        key = str(state["ROWKEY"])
        place = place_of[key]
        values = _values(shown, place, variables)
        out.append(
            SeenRow(
                row=int(state["ROW"]),
                pcode=str(state["PCODE"]),
                state=str(state["STATE"]),
                values=values,
                reviewed=_as_reviewed(view, domain, state, values, first),
                since={} if changed is None else _since(view, changed, key, values, first),
                place=tuple(str(table[name].iloc[place]) for name in ("SRCFILE", "SRCSHEET", "SRCROW"))
                if view.sight.subject_ids
                else (),
            )
        )
    return tuple(out), variables


def _values(shown: pd.DataFrame, place: int, variables: Sequence[str]) -> dict[str, Value]:
    row = shown.iloc[[place]]
    texts = {name: str(text_of(row[name]).iloc[0]) for name in row}
    return {
        name: Value(texts[name], texts.get(_UNITS.get(name, ""), ""), _is_day(name, row[name])) for name in variables
    }


def _is_day(name: str, column: pd.Series) -> bool:
    return name.endswith("DTC") and pd.api.types.is_numeric_dtype(column)


def _as_reviewed(
    view: View, domain: str, state: pd.Series, now: Mapping[str, Value], first: pd.Series
) -> dict[str, Value]:
    """Return what differs from the row as it was reviewed."""
    if state["STATE"] != CHANGED:
        return {}
    then = open_cut(view.data_dir, str(state["CUT"])).rows(domain, [str(state["KEY"])])
    if then.empty:
        return {}
    old = _values(readable(view, then, first), 0, list(now))
    return {name: value for name, value in old.items() if value != now[name]}


def _since(
    view: View, changed: pd.DataFrame, key: str, now: Mapping[str, Value], first: pd.Series
) -> dict[str, Value] | None:
    """Return what differs from the earlier cut; None for a row that is new since."""
    mine = changed[changed["ROWKEY"] == key]
    if (mine["KIND"] == "new").any():
        return None
    mine = mine[mine["VARIABLE"].isin(now)]
    dated = mine["VARIABLE"].str.endswith("DTC") & (not view.sight.dates)
    days = text_of(study_days(first, mine["USUBJID"], mine["OLD"]))
    texts = mine["OLD"].where(~dated, days)
    return {
        str(name): Value(told_words(view, str(text)), now[str(name)].unit, bool(day))
        for name, text, day in zip(mine["VARIABLE"], texts, dated, strict=True)
    }


def _history(view: View, notes: Notes, rows: pd.DataFrame, queries: Sequence[SeenQuery]) -> tuple[Event, ...]:
    """Return everything noted about rows, newest first; of a row that was renamed, since it bears its name."""
    number = dict(zip(rows["ROWKEY"], rows["ROW"].astype("int64"), strict=True))
    number |= {key: number[now] for key, now in zip(rows["KEY"], rows["ROWKEY"], strict=True) if isinstance(key, str)}
    events = []
    for note in notes.reviews:
        row = number.get(note.row.rowkey)
        if row is None:
            continue
        kind = "reviewed" if note.kind == REVIEW else "commented"
        events.append(Event(note.at, note.actor, kind, row, told_words(view, note.comment)))
        if note.undone_at is not None:
            events.append(Event(note.undone_at, note.actor, "unreviewed", row, ""))
    for query in queries:
        events.append(Event(query.raised_at, query.raised_by, "raised", query.row, query.text, query.number))
        events += [Event(s.at, s.actor, s.kind, query.row, s.text, query.number) for s in query.steps]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))
