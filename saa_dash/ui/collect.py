"""The button that puts a figure or table into the tray: beside the pictures of a figure and the files of a table.

What is put there is not what stands on the screen but the same once more, drawn light and seen with a presenter's eyes,
by a run of the page aside. Nothing on the screen changes but a few words that tell of it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

import streamlit as st

from ..access.pages import can_page
from ..access.presenting import can_present
from ..model.errors import UserError
from ..model.principal import Principal, Role
from ..report.exhibit import FIGURE, TABLE
from ..services import trays
from ..services.location import data_dir
from ..services.trays import Place
from . import address, capture, places, session, state
from .identity import current_principal
from .words import language, say, t

# Settings of pages that no link carries.
CONTROLS = ("panel_page", "recovery_page", "ae_socs")
_NOT_KEPT = ("lang", "p", "pt", "day", "span", "ty", "mt")  # of an address: whoever reads it, and single patients
_SAID, _TOKENS = "_collect_said", "_collected"
_PRESENTER = Principal("", frozenset({Role.PRESENTER}))


def offered() -> bool:
    """Tell whether what stands on this page can be collected, by the person in front of it."""
    return can_page(_PRESENTER, places.here()) and can_present(state.get().principal)


def token(key: str) -> str:
    """Return what changes each time somebody tried to collect a figure."""
    return str(st.session_state.get(_TOKENS, {}).get(key, ""))


def button(kind: str, key: str) -> None:
    """Draw the button of a figure that Streamlit draws, or of a table."""
    tell()
    if offered():
        st.button(
            t("figure.collect"), key=f"collect_{kind}_{key}", help=t("figure.collect_help"),
            on_click=ask, args=(kind, key),
        )  # fmt: skip


def table_button(key: str) -> None:
    """Draw the button of a table of a page, where it can be collected."""
    if capture.is_titled(key):
        button(TABLE, key)


def ask_figure(key: str) -> None:
    """Take up a click on the button of a figure, before the run that it starts."""
    held = st.session_state.get(key)
    if isinstance(held, Mapping) and held.get("collect"):
        st.session_state[_TOKENS] = {**st.session_state.get(_TOKENS, {}), key: uuid.uuid4().hex}
        ask(FIGURE, key)


def ask(kind: str, key: str) -> None:
    """Put a figure or table of this page into the tray; what came of it is told by the run that follows."""
    try:
        principal, data = current_principal(), data_dir()
        place = _place(kind, key)
        name = current(principal)
        exhibit = capture.capture(place, lang=language())
        tray = trays.add_item(principal, data, name, exhibit, place)
    except UserError as error:
        st.session_state[_SAID] = (f"{say(error.message)} {say(error.remedy)}", ":material/info:")
    else:
        n = len(tray.items)
        st.session_state[session.TRAY] = code_of(name)
        st.session_state[_SAID] = (t("present.added", name=name, n=n), ":material/playlist_add_check:")


def tell() -> None:
    """Say what came of the last click; call it in every run, and wherever a part of a page runs alone."""
    if said := st.session_state.pop(_SAID, None):
        st.toast(said[0], icon=said[1])


def code_of(name: str) -> str:
    """Return the code of a tray in an address, which holds no words."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def current(principal: Principal) -> str:
    """Return the name of the tray that is open: the one chosen, else the one changed last, else that of a first one."""
    names = [tray.name for tray in trays.list_trays(principal, data_dir())]
    chosen = st.session_state.get(session.TRAY)
    return next((name for name in names if code_of(name) == chosen), names[0] if names else t("present.first_name"))


def _place(kind: str, key: str) -> Place:
    capture.check_selection(address.shown_filters())
    kept = {name: value for name, value in address.exact().items() if name not in _NOT_KEPT}
    held = {name: st.session_state.get(name) for name in CONTROLS}
    return Place(places.here(), kind, key, kept, {name: value for name, value in held.items() if value})
