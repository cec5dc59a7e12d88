"""Trays: what a person collected to present, in order; one row each, content as JSON.

Exhibits stand once in a tray, by their content, however many of its lists name them: the items, what the last deed
undid, and what a newer cut makes of them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    """One thing collected.

    Parameters
    ----------
    id : its own, for good. page : where it was collected. kind, key : what was collected there.
    address, controls : settings of that page, codes only: those of a link, and those that no link carries.
    exhibit : text of `report.exhibit.to_json`. caption : the presenter's words.
    """

    id: str
    page: str
    kind: str
    key: str
    address: Mapping[str, str]
    exhibit: str
    controls: Mapping[str, object] = field(default_factory=dict)
    caption: str = ""


@dataclass(frozen=True)
class Found:
    """What a check brought for one item: another exhibit, or why there is none.

    Parameters
    ----------
    problem, params : code of a message and its parameters; "" where there is an exhibit.
    same : it shows what the item shows, but for codes of patients that every cut makes anew.
    rows : of single patients that differ, whatever their codes; None where that cannot be told.
    """

    exhibit: str = ""
    problem: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    same: bool = False
    rows: int | None = 0


@dataclass(frozen=True)
class Check:
    """The items made anew and kept aside until they are accepted.

    Parameters
    ----------
    cut_id : of which cut; "" for each item's own. lang : of the words. found : by item.
    """

    cut_id: str
    lang: str
    found: Mapping[str, Found]


@dataclass(frozen=True)
class Before:
    """The items before the last deed.

    Parameters
    ----------
    deed : its code. token : its own, so that no other deed is undone in its place.
    """

    deed: str
    token: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Tray:
    """A tray. updated : UTC, ISO 8601."""

    name: str
    items: tuple[Item, ...] = ()
    before: Before | None = None
    check: Check | None = None
    updated: str = ""


@dataclass(frozen=True)
class TrayName:
    """A tray in a list. items : how many."""

    name: str
    items: int
    updated: str


def read_names(con: sqlite3.Connection, owner: str) -> list[TrayName]:
    """Return the trays of a person, the one changed last first."""
    query = """SELECT name, json_array_length(content, '$.items'), updated FROM trays WHERE owner = ?
               ORDER BY updated DESC, name COLLATE NOCASE, name"""
    return [TrayName(*row) for row in con.execute(query, (owner,)).fetchall()]


def read_tray(con: sqlite3.Connection, owner: str, name: str) -> Tray | None:
    """Return a tray, None where the person has none of that name."""
    query = "SELECT content, updated FROM trays WHERE owner = ? AND name = ?"
    row = con.execute(query, (owner, name)).fetchone()
    return None if row is None else decode(name, *row)


def add_tray(con: sqlite3.Connection, owner: str, tray: Tray, at: str) -> bool:
    """Keep a new tray; False where the person has one of that name."""
    query = "INSERT INTO trays (owner, name, content, updated) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    return con.execute(query, (owner, tray.name, encode(tray), at)).rowcount == 1


def write_content(con: sqlite3.Connection, owner: str, name: str, content: str, at: str) -> None:
    """Replace the content of a tray that is there by what `encode` returned."""
    query = "UPDATE trays SET content = ?, updated = ? WHERE owner = ? AND name = ?"
    con.execute(query, (content, at, owner, name))


def rename_tray(con: sqlite3.Connection, owner: str, old: str, new: str, at: str) -> bool:
    """Give a tray another name; False where there is none of the old name, or one of the new name."""
    query = "UPDATE OR IGNORE trays SET name = ?, updated = ? WHERE owner = ? AND name = ?"
    return con.execute(query, (new, at, owner, old)).rowcount == 1


def delete_tray(con: sqlite3.Connection, owner: str, name: str) -> bool:
    """Forget a tray; False where there is none of that name."""
    return con.execute("DELETE FROM trays WHERE owner = ? AND name = ?", (owner, name)).rowcount == 1


def encode(tray: Tray) -> str:
    """Return the content of a tray as text."""
    pool: dict[str, str] = {}

    def kept(text: str) -> str:
        name = hashlib.blake2b(text.encode(), digest_size=10).hexdigest() if text else ""
        if name:
            pool[name] = text
        return name

    def rows(items: tuple[Item, ...]) -> list[dict[str, object]]:
        return [{**_fields(item), "exhibit": kept(item.exhibit)} for item in items]

    held: dict[str, object] = {"items": rows(tray.items)}
    if tray.before:
        held["before"] = {"deed": tray.before.deed, "token": tray.before.token, "items": rows(tray.before.items)}
    if tray.check:
        found = {id_: {**_fields(one), "exhibit": kept(one.exhibit)} for id_, one in tray.check.found.items()}
        held["check"] = {"cut_id": tray.check.cut_id, "lang": tray.check.lang, "found": found}
    return json.dumps({**held, "exhibits": pool}, ensure_ascii=False)


def _fields(one: Item | Found) -> dict[str, object]:
    held = {name: getattr(one, name) for name in one.__dataclass_fields__}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in held.items()}


def decode(name: str, content: str, updated: str) -> Tray:
    """Return the tray of a text that `encode` wrote."""
    held = json.loads(content)
    pool: dict[str, str] = {"": "", **held["exhibits"]}

    def items(rows: list[dict[str, object]]) -> Iterator[Item]:
        return (Item(**{**row, "exhibit": pool[str(row["exhibit"])]}) for row in rows)  # type: ignore[arg-type]

    before, check = held.get("before"), held.get("check")
    return Tray(
        name,
        tuple(items(held["items"])),
        Before(before["deed"], before["token"], tuple(items(before["items"]))) if before else None,
        Check(
            check["cut_id"],
            check["lang"],
            {id_: Found(**{**one, "exhibit": pool[one["exhibit"]]}) for id_, one in check["found"].items()},
        )
        if check
        else None,
        updated,
    )
