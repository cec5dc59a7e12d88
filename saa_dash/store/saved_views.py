"""Views saved under a name: one list per person, content as JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SavedView:
    """A view with a name.

    Parameters
    ----------
    page : its name. params : the parameters of its address, codes only. updated : UTC, ISO 8601.
    """

    name: str
    page: str
    params: Mapping[str, str]
    updated: str = ""


def read_views(con: sqlite3.Connection, owner: str) -> list[SavedView]:
    """Return the views of a person, by name."""
    query = "SELECT name, content, updated FROM saved_views WHERE owner = ? ORDER BY name COLLATE NOCASE, name"
    return [_view(*row) for row in con.execute(query, (owner,)).fetchall()]


def _view(name: str, content: str, updated: str) -> SavedView:
    held = json.loads(content)
    return SavedView(name, str(held["page"]), dict(held["params"]), updated)


def add_view(con: sqlite3.Connection, owner: str, view: SavedView, at: str) -> bool:
    """Keep a view; False where the person has one of that name."""
    content = json.dumps({"page": view.page, "params": dict(view.params)}, sort_keys=True)
    query = "INSERT INTO saved_views (owner, name, content, updated) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    return con.execute(query, (owner, view.name, content, at)).rowcount == 1


def rename_view(con: sqlite3.Connection, owner: str, old: str, new: str, at: str) -> bool:
    """Give a view another name; False where there is none of the old name, or one of the new name."""
    query = "UPDATE OR IGNORE saved_views SET name = ?, updated = ? WHERE owner = ? AND name = ?"
    return con.execute(query, (new, at, owner, old)).rowcount == 1


def delete_view(con: sqlite3.Connection, owner: str, name: str) -> bool:
    """Forget a view; False where there is none of that name."""
    return con.execute("DELETE FROM saved_views WHERE owner = ? AND name = ?", (owner, name)).rowcount == 1
