"""Trays of figures and tables to present: each person's own, every change in the audit trail.

A change reads the tray anew and writes it within one transaction: what another tab did meanwhile stays. The last deed
can be undone, once; a check keeps what a newer cut makes of the items aside until it is taken over.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..access.policy import Permission, check_permission
from ..model.errors import UserError
from ..model.principal import Principal
from ..report.exhibit import Exhibit, from_json, to_json, with_caption
from ..report.exhibit_changes import changed_rows
from ..store import trays
from ..store.state import StateDb
from ..store.trays import Before, Check, Found, Item, Tray, TrayName
from .settings_in_force import SETTING

MAX_NAME = 60  # characters
MAX_TRAYS = 30  # of one person
MAX_ITEMS = 60  # of one tray
MAX_CAPTION = 300  # characters
MAX_EXHIBIT = 4_000_000  # characters of one exhibit
MAX_TRAY = 40_000_000  # characters of a tray with what is kept aside


@dataclass(frozen=True)
class Place:
    """Where an exhibit was collected, enough to make it again.

    Parameters
    ----------
    page : its name. kind, key : of the figure or table. address : parameters of the exact link, codes only.
    controls : settings of the page that no link carries, by widget.
    """

    page: str
    kind: str
    key: str
    address: Mapping[str, str]
    controls: Mapping[str, object]


def list_trays(principal: Principal, data_dir: Path) -> list[TrayName]:
    """Return the trays of a principal, the one changed last first.

    Raises
    ------
    Refused : without the right to save views.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    with StateDb(data_dir).reading() as con:
        return trays.read_names(con, principal.user_id)


def read_tray(principal: Principal, data_dir: Path, name: str) -> Tray:
    """Return a tray of a principal. Raises as `list_trays`; UserError : no such tray."""
    check_permission(principal, Permission.SAVE_VIEWS)
    with StateDb(data_dir).reading() as con:
        return _found(trays.read_tray(con, principal.user_id, name), name)


def exhibit_of_item(item: Item) -> Exhibit:
    """Return what an item shows, under the presenter's own words."""
    return with_caption(from_json(item.exhibit), item.caption)


def exhibits(tray: Tray) -> list[Exhibit]:
    """Return what a tray shows, in order."""
    return [exhibit_of_item(item) for item in tray.items]


def make_tray(principal: Principal, data_dir: Path, name: str, *, like: Tray | None = None) -> Tray:
    """Make a tray and return it.

    Parameters
    ----------
    like : content of the new tray, for one that comes back after it was deleted.

    Raises
    ------
    Refused : without the right to save views. UserError : no name, too long a one, one that is taken, or too many.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    tray, db = replace(like or Tray(""), name=_checked(name)), StateDb(data_dir)
    with db.audited(principal.user_id, SETTING, {"what": "tray_made", "tray": tray.name}) as con:
        if len(trays.read_names(con, principal.user_id)) >= MAX_TRAYS:
            raise UserError("error.trays_many", n=MAX_TRAYS)
        if not trays.add_tray(con, principal.user_id, tray, db.now()):
            raise UserError("error.tray_exists", name=tray.name)
    return tray


def rename_tray(principal: Principal, data_dir: Path, old: str, new: str) -> None:
    """Give a tray another name. Raises as `read_tray`, and where the name cannot be given."""
    check_permission(principal, Permission.SAVE_VIEWS)
    name, db = _checked(new), StateDb(data_dir)
    with db.audited(principal.user_id, SETTING, {"what": "tray_renamed", "tray": old, "to": name}) as con:
        _found(trays.read_tray(con, principal.user_id, old), old)
        if name != old and not trays.rename_tray(con, principal.user_id, old, name, db.now()):
            raise UserError("error.tray_exists", name=name)


def delete_tray(principal: Principal, data_dir: Path, name: str) -> Tray:
    """Forget a tray, and return it: `make_tray` brings it back. Raises as `read_tray`."""
    check_permission(principal, Permission.SAVE_VIEWS)
    with StateDb(data_dir).audited(principal.user_id, SETTING, {"what": "tray_deleted", "tray": name}) as con:
        tray = _found(trays.read_tray(con, principal.user_id, name), name)
        trays.delete_tray(con, principal.user_id, name)
    return tray


def add_item(principal: Principal, data_dir: Path, name: str, exhibit: Exhibit, place: Place) -> Tray:
    """Put an exhibit at the end of a tray, which is made where it is missing; return the tray.

    Parameters
    ----------
    exhibit : made with the sight of a presenter.

    Raises
    ------
    Refused : without the right to save views. UserError : the tray is full, or the exhibit too large.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    text = _text(exhibit)
    item = Item(
        uuid.uuid4().hex[:12], place.page, place.kind, place.key, dict(place.address), text, dict(place.controls)
    )
    if name not in {tray.name for tray in list_trays(principal, data_dir)}:
        make_tray(principal, data_dir, name)
    detail = {"page": item.page, "key": item.key, "cut": exhibit.provenance.cut_id}

    def added(tray: Tray) -> Tray:
        if len(tray.items) >= MAX_ITEMS:
            raise UserError("error.tray_full", n=MAX_ITEMS)
        return _after("added", tray, (*tray.items, item))

    return _change(principal, data_dir, name, {"what": "tray_added", **detail}, added)


def remove_item(principal: Principal, data_dir: Path, name: str, item_id: str) -> Tray:
    """Take an item out of a tray; return the tray. Raises as `read_tray`; UserError : the item is gone."""

    def removed(tray: Tray) -> Tray:
        gone = _item(tray, item_id)
        return _after("removed", tray, tuple(item for item in tray.items if item is not gone))

    return _change(principal, data_dir, name, {"what": "tray_removed", "item": item_id}, removed)


def move_item(principal: Principal, data_dir: Path, name: str, item_id: str, by: int) -> Tray:
    """Move an item by so many places, towards the end where `by` is positive; return the tray. Raises as above."""

    def moved(tray: Tray) -> Tray:
        item, rest = _item(tray, item_id), [one for one in tray.items if one.id != item_id]
        place = max(0, min(tray.items.index(item) + by, len(rest)))
        return _after("moved", tray, (*rest[:place], item, *rest[place:]))

    return _change(principal, data_dir, name, {"what": "tray_moved", "item": item_id, "by": by}, moved)


def caption_item(principal: Principal, data_dir: Path, name: str, item_id: str, caption: str) -> Tray:
    """Put the presenter's own words over an item; return the tray. Raises as above; UserError : they are too long."""
    check_permission(principal, Permission.SAVE_VIEWS)
    caption = " ".join(caption.split())
    if len(caption) > MAX_CAPTION:
        raise UserError("error.tray_caption", n=MAX_CAPTION)

    def captioned(tray: Tray) -> Tray:
        old = _item(tray, item_id)
        new = replace(old, caption=caption)
        return _after("captioned", tray, tuple(new if item is old else item for item in tray.items))

    return _change(principal, data_dir, name, {"what": "tray_captioned", "item": item_id}, captioned)


def undo(principal: Principal, data_dir: Path, name: str, token: str) -> Tray:
    """Undo the last deed; return the tray.

    Parameters
    ----------
    token : of that deed.

    Raises
    ------
    UserError : another deed came after it, in another tab perhaps.
    """

    def undone(tray: Tray) -> Tray:
        if tray.before is None or tray.before.token != token:
            raise UserError("error.tray_changed", name=tray.name)
        return replace(tray, items=tray.before.items, before=None)

    return _change(principal, data_dir, name, {"what": "tray_undone"}, undone)


def keep_check(
    principal: Principal,
    data_dir: Path,
    name: str,
    cut_id: str,
    lang: str,
    found: Mapping[str, Exhibit | UserError],
    under_old_codes: Mapping[str, Exhibit] | None = None,
) -> Tray:
    """Keep what a check made of the items aside, in place of an earlier check; return the tray.

    Parameters
    ----------
    cut_id : which cut they were made of, "" for each item's own. lang : of their words, "" for each item's own.
    found : by item the exhibit, or why there is none.
    under_old_codes : the same with the codes of patients that the item has, for items that tell of single patients:
        to be compared only, it is not kept.
    """
    check_permission(principal, Permission.SAVE_VIEWS)

    def checked(tray: Tray) -> Tray:
        were = {item.id: from_json(item.exhibit) for item in tray.items}
        like = under_old_codes or {}
        kept = {id_: _kept(one, were.get(id_), like.get(id_)) for id_, one in found.items()}
        return replace(tray, check=Check(cut_id, lang, kept))

    return _change(principal, data_dir, name, {"what": "tray_checked", "cut": cut_id}, checked)


def take_over(principal: Principal, data_dir: Path, name: str) -> Tray:
    """Put what was kept aside in the place of the items; one that could not be made again stays. Raises as `undo`."""

    def taken(tray: Tray) -> Tray:
        check = tray.check
        if check is None:
            raise UserError("error.tray_changed", name=tray.name)
        new = tuple(_renewed(item, check) for item in tray.items)
        return replace(_after("taken_over", tray, new), check=None)

    return _change(principal, data_dir, name, {"what": "tray_taken_over"}, taken)


def drop_check(principal: Principal, data_dir: Path, name: str) -> Tray:
    """Leave the items as they are and forget what was kept aside; return the tray."""
    return _change(principal, data_dir, name, {"what": "tray_check_dropped"}, lambda tray: replace(tray, check=None))


def _renewed(item: Item, check: Check) -> Item:
    found = check.found.get(item.id)
    if found is None or not found.exhibit:
        return item
    address = {**item.address, **({"cut": check.cut_id} if check.cut_id else {})}
    return replace(item, exhibit=found.exhibit, address=address)


def _kept(one: Exhibit | UserError, was: Exhibit | None, like: Exhibit | None) -> Found:
    if isinstance(one, UserError):
        return Found(problem=one.message.code, params=dict(one.message.params))
    if was is None:
        return Found(_text(one))
    same = (like or one).digest == was.digest
    if same or not was.patients:
        return Found(_text(one), same=same)
    return Found(_text(one), rows=None if like is None else changed_rows(was.table, like.table))


def _text(exhibit: Exhibit) -> str:
    text = to_json(with_caption(exhibit, ""))
    if len(text) > MAX_EXHIBIT:
        raise UserError("error.exhibit_large")
    return text


def _after(deed: str, tray: Tray, items: tuple[Item, ...]) -> Tray:
    return replace(tray, items=items, before=Before(deed, uuid.uuid4().hex[:12], tray.items))


def _change(
    principal: Principal, data_dir: Path, name: str, detail: Mapping[str, object], change: Callable[[Tray], Tray]
) -> Tray:
    check_permission(principal, Permission.SAVE_VIEWS)
    db = StateDb(data_dir)
    with db.audited(principal.user_id, SETTING, {**detail, "tray": name}) as con:
        tray = change(_found(trays.read_tray(con, principal.user_id, name), name))
        content = trays.encode(tray)
        if len(content) > MAX_TRAY:
            raise UserError("error.tray_large")
        trays.write_content(con, principal.user_id, name, content, db.now())
    return tray


def _found(tray: Tray | None, name: str) -> Tray:
    if tray is None:
        raise UserError("error.tray_gone", name=name)
    return tray


def _item(tray: Tray, item_id: str) -> Item:
    found = next((item for item in tray.items if item.id == item_id), None)
    if found is None:
        raise UserError("error.tray_item_gone", name=tray.name)
    return found


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise UserError("error.tray_unnamed")
    if len(name) > MAX_NAME:
        raise UserError("error.tray_name_long", n=MAX_NAME)
    return name
