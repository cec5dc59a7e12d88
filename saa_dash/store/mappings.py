"""Names the team has taught the import, by kind, e.g. ``lis``: a laboratory's item name → test code."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple


class KeptMapping(NamedTuple):
    """One remembered target: its name, the target, who remembered it and when (UTC, ISO 8601)."""

    name: str
    target: str
    actor: str
    at: str


def read_mappings(con: sqlite3.Connection, kind: str) -> dict[str, str]:
    """Return what is known of a kind: name → target."""
    query = "SELECT name, target FROM mappings WHERE kind = ? ORDER BY name"
    return dict(con.execute(query, (kind,)).fetchall())


def mapping_rows(con: sqlite3.Connection, kind: str) -> list[KeptMapping]:
    """Return what is known of a kind, with who remembered it and when."""
    query = "SELECT name, target, actor, at FROM mappings WHERE kind = ? ORDER BY name"
    return [KeptMapping(*row) for row in con.execute(query, (kind,)).fetchall()]


def keep_mappings(con: sqlite3.Connection, kind: str, names: Mapping[str, str], actor: str, at: str) -> None:
    """Remember names; a name known already gets the new target, an empty target forgets it."""
    con.executemany(
        "INSERT INTO mappings (kind, name, target, actor, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, name) "
        "DO UPDATE SET target = excluded.target, actor = excluded.actor, at = excluded.at",
        [(kind, name, target, actor, at) for name, target in names.items() if target],
    )
    con.executemany(
        "DELETE FROM mappings WHERE kind = ? AND name = ?",
        [(kind, name) for name, target in names.items() if not target],
    )
