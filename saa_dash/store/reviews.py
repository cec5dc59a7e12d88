"""Rows marked as reviewed, and queries about rows: per person, with time."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


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
    """A row somebody looked at."""

    review_id: int
    row: RowRef
    actor: str
    at: str
    comment: str


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
        """True until somebody closes it."""
        return self.closed_at is None


_ROW = "study, domain, rowkey, rowhash, cut_id"


def _place(row: RowRef) -> tuple[str, ...]:
    return row.study, row.domain, row.rowkey, row.rowhash, row.cut_id


def add_review(con: sqlite3.Connection, row: RowRef, actor: str, at: str, comment: str = "") -> int:
    """Mark a row as reviewed and return the number of the review."""
    query = f"INSERT INTO reviews ({_ROW}, actor, at, comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    return int(con.execute(query, (*_place(row), actor, at, comment)).lastrowid or 0)


def read_reviews(con: sqlite3.Connection, study: str) -> list[Review]:
    """Return the reviews of a study, oldest first."""
    query = f"SELECT id, {_ROW}, actor, at, comment FROM reviews WHERE study = ? ORDER BY id"
    return [Review(r[0], RowRef(*r[1:6]), *r[6:]) for r in con.execute(query, (study,)).fetchall()]


def raise_query(con: sqlite3.Connection, row: RowRef, variable: str, text: str, actor: str, at: str) -> int:
    """Ask about a row and return the number of the query."""
    query = f"INSERT INTO queries ({_ROW}, variable, text, raised_by, raised_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    return int(con.execute(query, (*_place(row), variable, text, actor, at)).lastrowid or 0)


def close_query(con: sqlite3.Connection, query_id: int, answer: str, actor: str, at: str) -> bool:
    """Close an open query; False where there is none of that number."""
    query = "UPDATE queries SET answer = ?, closed_by = ?, closed_at = ? WHERE id = ? AND closed_at IS NULL"
    return con.execute(query, (answer, actor, at, query_id)).rowcount == 1


def read_queries(con: sqlite3.Connection, study: str) -> list[Query]:
    """Return the queries of a study, oldest first."""
    query = f"""SELECT id, {_ROW}, variable, text, raised_by, raised_at, answer, closed_by, closed_at
                FROM queries WHERE study = ? ORDER BY id"""
    return [Query(r[0], RowRef(*r[1:6]), *r[6:]) for r in con.execute(query, (study,)).fetchall()]
