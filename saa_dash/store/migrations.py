"""The tables of state.sqlite, version by version; a version once released is never changed, the next one follows it."""

from __future__ import annotations

import sqlite3

from ..model.errors import EnvironmentProblem

_APPEND_ONLY = """CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit
                  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE audit (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
           detail TEXT NOT NULL, reason TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL)""",
        "CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), rows INTEGER NOT NULL, hash TEXT NOT NULL)",
        _APPEND_ONLY.format(verb="UPDATE"),
        _APPEND_ONLY.format(verb="DELETE"),
        # REPLACE deletes without asking the trigger above
        """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq >= NEW.seq)
           BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
        # what the team taught the import: a laboratory's item name → test code, and the like
        """CREATE TABLE mappings (kind TEXT NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL, actor TEXT NOT NULL,
           at TEXT NOT NULL, PRIMARY KEY (kind, name))""",
        # a review belongs to a row as it was: another ROWHASH later means "reviewed, but changed since"
        """CREATE TABLE reviews (id INTEGER PRIMARY KEY, study TEXT NOT NULL, domain TEXT NOT NULL,
           rowkey TEXT NOT NULL, rowhash TEXT NOT NULL, cut_id TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL,
           comment TEXT NOT NULL)""",
        "CREATE INDEX reviews_by_row ON reviews (study, domain, rowkey)",
        """CREATE TABLE queries (id INTEGER PRIMARY KEY, study TEXT NOT NULL, domain TEXT NOT NULL,
           rowkey TEXT NOT NULL, rowhash TEXT NOT NULL, cut_id TEXT NOT NULL, variable TEXT NOT NULL,
           text TEXT NOT NULL, raised_by TEXT NOT NULL, raised_at TEXT NOT NULL,
           answer TEXT, closed_by TEXT, closed_at TEXT)""",
        "CREATE INDEX queries_by_row ON queries (study, domain, rowkey)",
        """CREATE TABLE trays (owner TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, updated TEXT NOT NULL,
           PRIMARY KEY (owner, name))""",
        """CREATE TABLE saved_views (owner TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL,
           updated TEXT NOT NULL, PRIMARY KEY (owner, name))""",
        """CREATE TABLE roles (user_id TEXT NOT NULL, role TEXT NOT NULL, granted_by TEXT NOT NULL,
           granted_at TEXT NOT NULL, PRIMARY KEY (user_id, role))""",
    ),
    (
        # 'review' or 'comment'; what is taken back stays, with who took it back
        "ALTER TABLE reviews ADD COLUMN kind TEXT NOT NULL DEFAULT 'review'",
        "ALTER TABLE reviews ADD COLUMN undone_at TEXT",
        # what became of a query, step by step: 'closed' with the answer, 'reopened' with the reason
        """CREATE TABLE query_steps (id INTEGER PRIMARY KEY, query_id INTEGER NOT NULL, kind TEXT NOT NULL,
           text TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL)""",
        """INSERT INTO query_steps (query_id, kind, text, actor, at)
           SELECT id, 'closed', coalesce(answer, ''), closed_by, closed_at FROM queries WHERE closed_at IS NOT NULL""",
    ),
)


def _version(con: sqlite3.Connection) -> int:
    return int(con.execute("PRAGMA user_version").fetchone()[0])


def migrate(con: sqlite3.Connection) -> None:
    """Bring a database to the newest version, in one transaction.

    Raises
    ------
    EnvironmentProblem : a newer version of the program has written it.
    """
    if _version(con) == len(MIGRATIONS):
        return
    con.execute("BEGIN IMMEDIATE")
    try:
        version = _version(con)  # another process may have migrated while this one waited
        if version > len(MIGRATIONS):
            raise EnvironmentProblem("error.state_newer", version=version, known=len(MIGRATIONS))
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                con.execute(statement)
        con.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
