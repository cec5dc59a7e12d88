"""Queries that people raised: which are open, how old they are, and what became of their row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from ..access.policy import Permission, check_permission
from ..model.errors import UserError
from ..model.principal import Principal
from ..store.reader import open_cut
from ..store.reviews import Query, Step
from ..store.state import StateDb
from .context import View
from .review_marks import Notes, asked_images, check_reviewer, read_notes, told_words, trace

SAME, CHANGED, GONE = "SAME", "CHANGED", "GONE"  # the row since the query was raised


@dataclass(frozen=True)
class SeenQuery:
    """A query as the owner of a view may read it.

    Parameters
    ----------
    row : number of its row in the cut, 0 where the cut does not hold it. pcode : "" for a patient not in the cut.
    became : of the row since then. days : open so long, or was, whole days. steps : what became of it.
    """

    number: int
    domain: str
    row: int
    pcode: str
    became: str
    variable: str
    text: str
    raised_by: str
    raised_at: str
    days: int
    is_open: bool
    steps: tuple[Step, ...]


def review_queries(principal: Principal, view: View) -> tuple[SeenQuery, ...]:
    """Return the queries on rows of the selected patients, and on rows that are gone; open ones first, oldest first.

    Raises
    ------
    Refused : without the right to review or to query.
    """
    check_reviewer(principal)
    return seen_queries(view, read_notes(view))


def patient_queries(principal: Principal, view: View, pcode: str) -> tuple[SeenQuery, ...]:
    """Return the open queries that people have raised on rows of a patient.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    notes = read_notes(view)
    if not any(query.is_open for query in notes.queries):
        return ()
    return tuple(query for query in seen_queries(view, notes) if query.is_open and query.pcode == pcode)


def open_count(view: View) -> int:
    """Return how many queries about a view's study are open, whoever is selected."""
    return sum(query.is_open for query in read_notes(view).queries)


def one_query(view: View, number: int) -> Query:
    """Return a query of a view's study.

    Raises
    ------
    UserError : there is none of that number.
    """
    found = next((query for query in read_notes(view).queries if query.query_id == number), None)
    if found is None:
        raise UserError("error.review_query_gone", number=number)
    return found


def seen_queries(view: View, notes: Notes) -> tuple[SeenQuery, ...]:
    """Return queries of the selected patients, and of patients that the cut does not hold, as they may be read."""
    places = [_places(view, domain, notes) for domain in sorted({query.row.domain for query in notes.queries})]
    if not places:
        return ()
    place = {row["KEY"]: row for _, row in pd.concat(places).iterrows()}
    codes = view.reader().pcodes(retired=True).set_index("USUBJID")["PCODE"]
    here, chosen, now = set(view.patients["USUBJID"]), set(view.chosen), StateDb(view.data_dir).now()
    out = []
    for query in notes.queries:
        row = place[query.row.rowkey]
        subject = str(row["USUBJID"]) if isinstance(row["USUBJID"], str) else ""
        if subject in chosen or (subject not in here and not view.filters.active):
            steps = tuple(step for step in notes.steps if step.query_id == query.query_id)
            out.append(_seen(view, query, steps, row, str(codes.get(subject, "")), now))
    return tuple(sorted(out, key=lambda query: (not query.is_open, query.number)))


def _places(view: View, domain: str, notes: Notes) -> pd.DataFrame:
    """Return KEY, ROW (0 gone), NOWHASH and USUBJID of the rows that queries are about."""
    refs = view.reader().row_refs(domain)
    placed = trace(view, domain, asked_images(notes, domain), refs)
    known = refs.set_index("ROWKEY")
    out = placed.assign(
        ROW=placed["ROWKEY"].map(known["ROW"]).fillna(0).astype("int64"),
        NOWHASH=placed["ROWKEY"].map(known["ROWHASH"]),
        USUBJID=placed["ROWKEY"].map(known["USUBJID"]),
    )
    gone = out["ROWKEY"].isna()
    owners = {key: _owner(view, domain, key, cut) for key, cut in zip(out["KEY"][gone], out["CUT"][gone], strict=True)}
    return out.assign(USUBJID=out["USUBJID"].astype("object").where(~gone, out["KEY"].map(owners)))


def _owner(view: View, domain: str, key: str, cut_id: str) -> str:
    """Return whose row it was in the cut that it was asked about in; "" where that cut is not at hand."""
    try:
        rows = open_cut(view.data_dir, cut_id).rows(domain, [key])
    except UserError:
        return ""
    return str(rows["USUBJID"].iloc[0]) if len(rows) else ""


def _seen(view: View, query: Query, steps: Sequence[Step], row: pd.Series, pcode: str, now: str) -> SeenQuery:
    became = GONE if not row["ROW"] else SAME if row["NOWHASH"] == query.row.rowhash else CHANGED
    return SeenQuery(
        number=query.query_id,
        domain=query.row.domain,
        row=int(row["ROW"]),
        pcode=pcode,
        became=became,
        variable=query.variable,
        text=told_words(view, query.text),
        raised_by=query.raised_by,
        raised_at=query.raised_at,
        days=_days(query.raised_at, query.closed_at or now),
        is_open=query.is_open,
        steps=tuple(Step(step.query_id, step.kind, told_words(view, step.text), step.actor, step.at) for step in steps),
    )


def _days(start: str, end: str) -> int:
    return max(0, (datetime.fromisoformat(end) - datetime.fromisoformat(start)).days)
