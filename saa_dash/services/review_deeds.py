"""Marking rows as reviewed, commenting, raising, closing and reopening queries; each with its row in the audit trail.

The trail names rows by table, cut and their number in it (`CutReader.row_refs`), patients by P-code, and holds nothing
of what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import check_sight
from ..model.errors import UserError
from ..model.principal import Principal
from ..store import reviews
from ..store.reviews import COMMENT, REVIEW, RowRef
from ..store.state import StateDb
from .context import View
from .review_detail import chosen_refs
from .review_marks import REVIEWED, read_notes, row_states
from .review_queries import one_query

MAX_TEXT = 1000  # characters of a comment, a question, an answer
ACTION_REVIEW, ACTION_QUERY = "review", "query"  # of the audit rows


def mark_reviewed(principal: Principal, view: View, domain: str, numbers: Sequence[int], comment: str = "") -> int:
    """Mark rows as reviewed, and return how many were not so by this person already.

    Parameters
    ----------
    numbers : ROW of each. comment : on each of them, "" for none.

    Raises
    ------
    Refused : without the right. UserError : no such rows, or too long a comment.
    EnvironmentProblem : the audit trail cannot tell of it; nothing is marked then.
    """
    check_permission(principal, Permission.REVIEW)
    refs = _rows(principal, view, domain, numbers)
    words = checked_text(comment, owed=False)
    if not words:
        states = _states(view, domain)
        done = states[((states["STATE"] == REVIEWED) & (states["BY"] == principal.user_id)).to_numpy(bool)]
        refs = refs[~refs["ROW"].isin(done["ROW"])]
    if refs.empty:
        return 0
    return _note(principal, view, (domain, refs), REVIEW, words)


def comment_rows(principal: Principal, view: View, domain: str, numbers: Sequence[int], comment: str) -> int:
    """Comment on rows without marking them, and return on how many.

    Raises
    ------
    Refused : without the right. UserError : no such rows, no comment, or too long a one.
    """
    check_permission(principal, Permission.REVIEW)
    refs = _rows(principal, view, domain, numbers)
    return _note(principal, view, (domain, refs), COMMENT, checked_text(comment))


def undo_review(principal: Principal, view: View, domain: str, numbers: Sequence[int]) -> int:
    """Take back this person's latest mark on each of some rows, and return how many.

    Raises
    ------
    Refused : without the right. UserError : no such rows, or none of them is marked by this person.
    """
    check_permission(principal, Permission.REVIEW)
    refs = _rows(principal, view, domain, numbers)
    states = _states(view, domain)
    states = states[states["ROW"].isin(refs["ROW"])]
    row = {key: number for name in ("KEY", "ROWKEY") for key, number in zip(states[name], states["ROW"], strict=True)}
    mine = {  # the latest of each row
        row[note.row.rowkey]: note.review_id
        for note in read_notes(view, domain).reviews
        if note.row.rowkey in row and note.actor == principal.user_id and note.kind == REVIEW and note.undone_at is None
    }
    if not mine:
        raise UserError("error.review_none_of_yours")
    db = StateDb(view.data_dir)
    with db.audited(principal.user_id, ACTION_REVIEW, _detail(view, "unreviewed", domain, refs)) as con:
        now = db.now()
        return sum(reviews.undo_review(con, number, now) for number in mine.values())


def raise_query(
    principal: Principal, view: View, domain: str, numbers: Sequence[int], variable: str, text: str
) -> tuple[int, ...]:
    """Raise a query on each of some rows, and return their numbers.

    Parameters
    ----------
    variable : column that it is about, "" for the row as a whole.

    Raises
    ------
    Refused : without the right. UserError : no such rows or column, no text, or too long a one.
    """
    check_permission(principal, Permission.QUERY)
    refs, words = _rows(principal, view, domain, numbers), checked_text(text)
    if variable and variable not in view.reader().rows(domain, []).columns:
        raise UserError("error.review_variable", variable=variable)
    detail, db = _detail(view, "query_raised", domain, refs) | {"variable": variable}, StateDb(view.data_dir)
    with db.audited(principal.user_id, ACTION_QUERY, detail) as con:
        now = db.now()
        return tuple(
            reviews.raise_query(con, row, variable, words, principal.user_id, now) for row in _refs(view, domain, refs)
        )


def close_query(principal: Principal, view: View, number: int, answer: str) -> None:
    """Answer a query and close it.

    Raises
    ------
    Refused : without the right. UserError : no such query, no answer, or somebody else has closed it meanwhile; then
        nothing of theirs is lost, and nothing of this is kept.
    """
    check_permission(principal, Permission.QUERY)
    check_sight(principal, view.sight)
    words, query, db = checked_text(answer), one_query(view, number), StateDb(view.data_dir)
    detail = {"what": "query_closed", "query": number, "domain": query.row.domain, "cut": view.cut.cut_id}
    with db.audited(principal.user_id, ACTION_QUERY, detail) as con:
        if not reviews.close_query(con, number, words, principal.user_id, db.now()):
            now = next(held for held in reviews.read_queries(con, view.cut.study) if held.query_id == number)
            at = str(now.closed_at).replace("T", " ").rstrip("Z")
            raise UserError("error.review_query_closed", number=number, who=str(now.closed_by), at=at)


def reopen_query(principal: Principal, view: View, number: int, reason: str) -> None:
    """Open a closed query again; its answer stays in the history.

    Raises
    ------
    Refused : without the right. UserError : no such query, no reason, or it is open.
    """
    check_permission(principal, Permission.QUERY)
    check_sight(principal, view.sight)
    words, query, db = checked_text(reason), one_query(view, number), StateDb(view.data_dir)
    detail = {"what": "query_reopened", "query": number, "domain": query.row.domain, "cut": view.cut.cut_id}
    with db.audited(principal.user_id, ACTION_QUERY, detail) as con:
        if not reviews.reopen_query(con, number, words, principal.user_id, db.now()):
            raise UserError("error.review_query_open", number=number)


def checked_text(text: str, *, owed: bool = True) -> str:
    """Return what was typed without space around it.

    Raises
    ------
    UserError : it is empty although owed, or longer than `MAX_TEXT`.
    """
    words = text.strip()
    if owed and not words:
        raise UserError("error.review_text_empty")
    if len(words) > MAX_TEXT:
        raise UserError("error.review_text_long", n=len(words), most=MAX_TEXT)
    return words


def _rows(principal: Principal, view: View, domain: str, numbers: Sequence[int]) -> pd.DataFrame:
    check_sight(principal, view.sight)
    return chosen_refs(view, domain, numbers)


def _states(view: View, domain: str) -> pd.DataFrame:
    return row_states(view, domain, view.reader().row_refs(domain), read_notes(view, domain)).rows


def _note(principal: Principal, view: View, rows: tuple[str, pd.DataFrame], kind: str, words: str) -> int:
    domain, refs = rows
    db, what = StateDb(view.data_dir), "reviewed" if kind == REVIEW else "commented"
    with db.audited(principal.user_id, ACTION_REVIEW, _detail(view, what, domain, refs)) as con:
        now = db.now()
        for row in _refs(view, domain, refs):
            reviews.add_review(con, row, principal.user_id, now, words, kind)
    return len(refs)


def _refs(view: View, domain: str, refs: pd.DataFrame) -> list[RowRef]:
    pairs = zip(refs["ROWKEY"], refs["ROWHASH"], strict=True)
    return [RowRef(view.cut.study, domain, key, digest, view.cut.cut_id) for key, digest in pairs]


def _detail(view: View, what: str, domain: str, refs: pd.DataFrame) -> dict[str, object]:
    return {
        "what": what,
        "cut": view.cut.cut_id,
        "patients": sorted(set(refs["PCODE"]), key=lambda code: int(code[1:])),
        "domain": domain,
        "rows": [int(number) for number in refs["ROW"]],
    }
