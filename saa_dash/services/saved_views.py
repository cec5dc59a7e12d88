"""Views saved under a name by and for one person; every change is in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..access.policy import Permission, check_permission
from ..model.errors import UserError
from ..model.principal import Principal
from ..store import saved_views
from ..store.saved_views import SavedView
from ..store.state import StateDb
from .settings_in_force import SETTING

MAX_NAME = 60  # characters
MAX_VIEWS = 200  # of one person
_CODES = re.compile(r"[A-Za-z0-9_.-]{1,2000}")  # an address holds codes, and no words


def list_views(principal: Principal, data_dir: Path) -> list[SavedView]:
    """Return the views of a principal, by name.

    Raises
    ------
    Refused : without the right to save views.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    with StateDb(data_dir).reading() as con:
        return saved_views.read_views(con, principal.user_id)


def save_view(principal: Principal, data_dir: Path, name: str, page: str, params: Mapping[str, str]) -> SavedView:
    """Keep a view under a name, and return it.

    Parameters
    ----------
    page : name of the page. params : of its address.

    Raises
    ------
    Refused : without the right to save views. UserError : no name, too long a one, one that is taken, or too many.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    view = SavedView(_checked(name), page, {key: value for key, value in params.items() if _CODES.fullmatch(value)})
    db = StateDb(data_dir)
    with db.audited(principal.user_id, SETTING, {"what": "view_saved", "view": view.name, "page": page}) as con:
        if len(saved_views.read_views(con, principal.user_id)) >= MAX_VIEWS:
            raise UserError("error.saved_views_full", n=MAX_VIEWS)
        if not saved_views.add_view(con, principal.user_id, view, db.now()):
            raise UserError("error.saved_view_exists", name=view.name)
    return view


def rename_view(principal: Principal, data_dir: Path, old: str, new: str) -> None:
    """Give a view another name.

    Raises
    ------
    Refused : without the right to save views. UserError : no such view, or a name that cannot be given.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    name, db = _checked(new), StateDb(data_dir)
    with db.audited(principal.user_id, SETTING, {"what": "view_renamed", "view": old, "to": name}) as con:
        known = {view.name for view in saved_views.read_views(con, principal.user_id)}
        if old not in known:
            raise UserError("error.saved_view_gone", name=old)
        if name != old and not saved_views.rename_view(con, principal.user_id, old, name, db.now()):
            raise UserError("error.saved_view_exists", name=name)


def delete_view(principal: Principal, data_dir: Path, name: str) -> None:
    """Forget a view.

    Raises
    ------
    Refused : without the right to save views. UserError : no such view.
    """
    check_permission(principal, Permission.SAVE_VIEWS)
    with StateDb(data_dir).audited(principal.user_id, SETTING, {"what": "view_deleted", "view": name}) as con:
        if not saved_views.delete_view(con, principal.user_id, name):
            raise UserError("error.saved_view_gone", name=name)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise UserError("error.saved_view_unnamed")
    if len(name) > MAX_NAME:
        raise UserError("error.saved_view_long", n=MAX_NAME)
    return name
