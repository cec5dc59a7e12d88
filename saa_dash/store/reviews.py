"""Rows marked as reviewed, comments and queries about rows: per person, with time. Nothing is deleted."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

REVIEW, COMMENT = "review", "comment"  # kinds of notes
CLOSED, REOPENED = "closed", "reopened"  # kinds of steps


@dataclass(frozen=True)
class RowRef:
    """A row as it was in a cut: domain, ROWKEY and ROWHASH; another hash in a later cut means it changed since."""

    study: str
    domain: str
    rowkey: str
    rowhash: str
    cut_id: str


@dataclass(frozen=True)
class Review:
    """A row somebody looked at, or said something about.

    Parameters
    ----------
    kind : `REVIEW` or `COMMENT`. undone_at : when the person took it back, None where it holds.
    """

    review_id: int
    row: RowRef
    actor: str
    at: str
    comment: str
    kind: str = REVIEW
    undone_at: str | None = None


@dataclass(frozen=True)
class Query:
    """A question about a row, or about one `variable` of it; open until `closed_at` is set."""

    query_id: int
    row: RowRef
    variable: str
    text: str
    raised_by: str
    raised_at: str
    answer: str | None = None
    closed_by: str | None = None
    closed_at: str | None = None

    @property
    def is_open(self) -> bool:
        """True until somebody closes it, and again once it is reopened."""
        return self.closed_at is None


@dataclass(frozen=True)
class Step:
    """What became of a query: `CLOSED` with the answer, `REOPENED` with the reason."""

    query_id: int
    kind: str
    text: str
    actor: str
    at: str


_ROW = "study, domain, rowkey, rowhash, cut_id"


def _place(row: RowRef) -> tuple[str, ...]:
    return row.study, row.domain, row.rowkey, row.rowhash, row.cut_id


def add_review(con: sqlite3.Connection, row: RowRef, actor: str, at: str, comment: str = "", kind: str = REVIEW) -> int:
    """Mark a row as reviewed, or comment on it, and return the number of the note."""
    query = f"INSERT INTO reviews ({_ROW}, actor, at, comment, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    return int(con.execute(query, (*_place(row), actor, at, comment, kind)).lastrowid or 0)


def undo_review(con: sqlite3.Connection, review_id: int, at: str) -> bool:
    """Take a note back; False where it was taken back already, or there is none of that number."""
    query = "UPDATE reviews SET undone_at = ? WHERE id = ? AND undone_at IS NULL"
    return con.execute(query, (at, review_id)).rowcount == 1


def read_reviews(con: sqlite3.Connection, study: str, domain: str = "") -> list[Review]:
    """Return reviews and comments of a study, those taken back included, oldest first; `domain` "" for all."""
    query = f"""SELECT id, {_ROW}, actor, at, comment, kind, undone_at FROM reviews
                WHERE study = ? AND (? = '' OR domain = ?) ORDER BY id"""
    return [Review(r[0], RowRef(*r[1:6]), *r[6:]) for r in con.execute(query, (study, domain, domain)).fetchall()]


def raise_query(con: sqlite3.Connection, row: RowRef, variable: str, text: str, actor: str, at: str) -> int:
    """Ask about a row and return the number of the query."""
    query = f"INSERT INTO queries ({_ROW}, variable, text, raised_by, raised_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    return int(con.execute(query, (*_place(row), variable, text, actor, at)).lastrowid or 0)


def close_query(con: sqlite3.Connection, query_id: int, answer: str, actor: str, at: str) -> bool:
    """Close an open query; False where there is none of that number."""
    query = "UPDATE queries SET answer = ?, closed_by = ?, closed_at = ? WHERE id = ? AND closed_at IS NULL"
    closed = con.execute(query, (answer, actor, at, query_id)).rowcount == 1
    if closed:
        _add_step(con, Step(query_id, CLOSED, answer, actor, at))
    return closed


def reopen_query(con: sqlite3.Connection, query_id: int, reason: str, actor: str, at: str) -> bool:
    """Open a closed query again; False where there is none of that number. Its answer stays among the steps."""
    query = """UPDATE queries SET answer = NULL, closed_by = NULL, closed_at = NULL
               WHERE id = ? AND closed_at IS NOT NULL"""
    opened = con.execute(query, (query_id,)).rowcount == 1
    if opened:
        _add_step(con, Step(query_id, REOPENED, reason, actor, at))
    return opened


def _add_step(con: sqlite3.Connection, step: Step) -> None:
    query = "INSERT INTO query_steps (query_id, kind, text, actor, at) VALUES (?, ?, ?, ?, ?)"
    con.execute(query, (step.query_id, step.kind, step.text, step.actor, step.at))


def read_queries(con: sqlite3.Connection, study: str) -> list[Query]:
    """Return the queries of a study, oldest first."""
    query = f"""SELECT id, {_ROW}, variable, text, raised_by, raised_at, answer, closed_by, closed_at
                FROM queries WHERE study = ? ORDER BY id"""
    return [Query(r[0], RowRef(*r[1:6]), *r[6:]) for r in con.execute(query, (study,)).fetchall()]


def read_steps(con: sqlite3.Connection, study: str) -> list[Step]:
    """Return what became of the queries of a study, oldest first."""
    query = """SELECT s.query_id, s.kind, s.text, s.actor, s.at FROM query_steps s JOIN queries q ON q.id = s.query_id
               WHERE q.study = ? ORDER BY s.id"""
    return [Step(*row) for row in con.execute(query, (study,)).fetchall()]
