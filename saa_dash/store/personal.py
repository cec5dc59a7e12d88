"""What a person keeps for herself: trays of figures for a deck, and saved views. Content is JSON."""

from __future__ import annotations

import json
import sqlite3
from enum import StrEnum
from typing import Any


class Shelf(StrEnum):
    """Kinds of things kept; each is a table."""

    TRAY = "trays"
    SAVED_VIEW = "saved_views"


def keep(con: sqlite3.Connection, shelf: Shelf, owner: str, name: str, content: Any, at: str) -> None:
    """Keep something under a name of its owner; the same name again replaces it."""
    con.execute(
        f"INSERT INTO {shelf} (owner, name, content, updated) VALUES (?, ?, ?, ?) ON CONFLICT (owner, name) "
        "DO UPDATE SET content = excluded.content, updated = excluded.updated",
        (owner, name, json.dumps(content, ensure_ascii=False), at),
    )


def kept(con: sqlite3.Connection, shelf: Shelf, owner: str) -> dict[str, Any]:
    """Return what an owner keeps: name → content, by name."""
    query = f"SELECT name, content FROM {shelf} WHERE owner = ? ORDER BY name"
    return {name: json.loads(content) for name, content in con.execute(query, (owner,)).fetchall()}


def drop(con: sqlite3.Connection, shelf: Shelf, owner: str, name: str) -> bool:
    """Remove something; False where there was nothing of that name."""
    return con.execute(f"DELETE FROM {shelf} WHERE owner = ? AND name = ?", (owner, name)).rowcount == 1
