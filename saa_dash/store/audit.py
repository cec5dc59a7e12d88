"""The audit trail: append-only rows, each bound to the one before it by a hash.

The hash of a row is the SHA-256 of the previous row's hash, a newline, and the JSON array
``[seq, at, actor, action, detail, reason]`` (no spaces, UTF-8 as it is). The first row follows 64 zeros. How many rows
there are and the last hash stand in a table of one row and in a file beside the database, so that rows cut off at the
end are missed too. The file is written after the row: it may lag after a crash, never lead.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..model.message import Message
from .files import write_bytes

GENESIS = "0" * 64

_COLUMNS = "seq, at, actor, action, detail, reason, prev_hash, hash"


@dataclass(frozen=True)
class AuditRow:
    """One thing that was done.

    Parameters
    ----------
    seq : 1, 2, 3 … at : UTC, ISO 8601. actor : `Principal.user_id`. action : code, e.g. ``import``.
    detail : JSON object as stored. reason : where one is owed, else "".
    """

    seq: int
    at: str
    actor: str
    action: str
    detail: str
    reason: str
    prev_hash: str
    hash: str

    @property
    def details(self) -> dict[str, Any]:
        """What exactly, by name."""
        parsed = json.loads(self.detail)
        return parsed if isinstance(parsed, dict) else {}


@dataclass(frozen=True)
class AuditCheck:
    """Whether the trail is whole: rows seen, and what is wrong with it (nothing where it is whole)."""

    rows: int
    findings: tuple[Message, ...]

    @property
    def ok(self) -> bool:
        """True where nothing is wrong."""
        return not self.findings


@dataclass(frozen=True)
class Head:
    """How many rows there are, and the hash of the last one."""

    rows: int
    hash: str


def row_hash(prev: str, seq: int, at: str, actor: str, action: str, detail: str, reason: str) -> str:
    """Return the hash of a row that follows the one with hash `prev`."""
    text = json.dumps([seq, at, actor, action, detail, reason], ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(f"{prev}\n{text}".encode()).hexdigest()


def append(
    con: sqlite3.Connection, at: str, actor: str, action: str, detail: Mapping[str, object], reason: str
) -> AuditRow:
    """Add a row inside the running transaction."""
    head = read_head(con)
    seq = head.rows + 1
    text = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    digest = row_hash(head.hash, seq, at, actor, action, text, reason)
    row = AuditRow(seq, at, actor, action, text, reason, head.hash, digest)
    values = (row.seq, row.at, row.actor, row.action, row.detail, row.reason, row.prev_hash, row.hash)
    con.execute(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    con.execute(
        "INSERT INTO audit_head (id, rows, hash) VALUES (1, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET rows = excluded.rows, hash = excluded.hash",
        (seq, digest),
    )
    return row


def read_head(con: sqlite3.Connection) -> Head:
    """Return the head as the database has it."""
    row = con.execute("SELECT rows, hash FROM audit_head").fetchone()
    return Head(int(row[0]), str(row[1])) if row else Head(0, GENESIS)


def read_rows(con: sqlite3.Connection, last: int | None = None) -> list[AuditRow]:
    """Return the rows in order; `last` keeps only so many from the end."""
    if last is None:
        found = con.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq").fetchall()
    else:
        found = con.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq DESC LIMIT ?", (last,)).fetchall()[::-1]
    return [AuditRow(*row) for row in found]


@dataclass(frozen=True)
class AuditFilter:
    """Which rows to look at; "" does not restrict.

    Parameters
    ----------
    actor, action : exactly. since, until : dates ``YYYY-MM-DD`` (UTC), both included. words : in detail or reason.
    """

    actor: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    words: str = ""


def find_rows(con: sqlite3.Connection, wanted: AuditFilter, limit: int) -> list[AuditRow]:
    """Return the newest rows that match, newest first."""
    conditions = {
        "actor = ?": wanted.actor,
        "action = ?": wanted.action,
        "substr(at, 1, 10) >= ?": wanted.since,
        "substr(at, 1, 10) <= ?": wanted.until,
        "instr(lower(detail || ' ' || reason), lower(?)) > 0": wanted.words,
    }
    used = {text: value for text, value in conditions.items() if value}
    where = f"WHERE {' AND '.join(used)}" if used else ""
    query = f"SELECT {_COLUMNS} FROM audit {where} ORDER BY seq DESC LIMIT ?"
    return [AuditRow(*row) for row in con.execute(query, (*used.values(), limit)).fetchall()]


def read_names(con: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """Return every actor and every action that occurs, in order."""
    actors, actions = (
        [str(row[0]) for row in con.execute(f"SELECT DISTINCT {column} FROM audit ORDER BY 1").fetchall()]
        for column in ("actor", "action")
    )
    return actors, actions


def write_head_file(path: Path, head: Head) -> None:
    """Write the head beside the database."""
    write_bytes(path, (json.dumps({"rows": head.rows, "hash": head.hash}) + "\n").encode())


def read_head_file(path: Path) -> Head | None:
    """Return the head beside the database; None where there is none that can be read."""
    try:
        doc = json.loads(path.read_bytes())
        return Head(int(doc["rows"]), str(doc["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def verify(rows: list[AuditRow], head: Head, kept: Head | None) -> AuditCheck:
    """Compare rows with their hashes and both heads.

    Parameters
    ----------
    head : of the database. kept : of the file beside it, None where it is missing.
    """
    findings = [*_broken_links(rows), *_wrong_heads(rows, head, kept)]
    return AuditCheck(len(rows), tuple(findings))


def _broken_links(rows: list[AuditRow]) -> Iterable[Message]:
    prev = GENESIS
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected:
            yield Message("audit.finding.gap", {"seq": str(expected)})
            return
        content = (row.seq, row.at, row.actor, row.action, row.detail, row.reason)
        if row.prev_hash != prev or row.hash != row_hash(prev, *content):
            yield Message("audit.finding.changed", {"seq": str(row.seq)})
            return
        prev = row.hash


def _wrong_heads(rows: list[AuditRow], head: Head, kept: Head | None) -> Iterable[Message]:
    hashes = [GENESIS, *(row.hash for row in rows)]
    if (head.rows, head.hash) != (len(rows), hashes[-1]):
        yield Message("audit.finding.head", {"found": str(len(rows)), "expected": str(head.rows)})
    if kept is None:
        if rows:
            yield Message("audit.finding.head_file_missing")
    elif kept.rows >= len(hashes):
        yield Message("audit.finding.truncated", {"found": str(len(rows)), "expected": str(kept.rows)})
    elif hashes[kept.rows] != kept.hash:
        yield Message("audit.finding.head_file", {"seq": str(kept.rows)})
