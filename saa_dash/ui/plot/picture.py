"""A figure as a picture: who may have it, its audit row, the words that go into it.

The browser makes the file, the server lets it: the button asks, the server writes the audit row, and only then the
component is told to save. A picture is light whatever the screen is: in the run in which it is asked for on a dark
screen its figure is drawn light, and what is on the screen is left as it stands.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ...access.policy import Permission, can_permission
from ...charts.view import FigureView
from ...model.errors import UserError
from ...model.provenance import Provenance
from ...services.audit import record
from ...services.location import data_dir
from ..download import DOWNLOAD
from ..identity import current_principal
from ..words import language, t

FORMATS = ("png", "svg")
_WISH = "_picture"


@dataclass(frozen=True)
class Wish:
    """A picture asked for in this run.

    Parameters
    ----------
    key : of the figure. format : one of FORMATS. token : its number. error : why there is none, None where there is.
    """

    key: str
    format: str
    token: str
    error: UserError | None = None


def right_to(view: FigureView) -> Permission:
    """Return the right that a picture of a figure needs."""
    return Permission.EXPORT_PATIENT_DATA if view.patients else Permission.EXPORT_AGGREGATES


def file_stem(key: str, provenance: Provenance) -> str:
    """Return the name of the file without its ending."""
    return f"{'SYNTHETIC_' if provenance.synthetic else ''}{key}_{provenance.cut_id}"


def ask(key: str, view: FigureView, provenance: Provenance) -> None:
    """Take up a click on a button for a picture, before the run that it starts: right, audit row, then the wish."""
    kind = str(_trigger(key))
    if kind not in FORMATS:
        return
    error: UserError | None = None
    try:
        principal, needs = current_principal(), right_to(view)
        if not can_permission(principal, needs):
            return
        record(principal, data_dir(), DOWNLOAD, {"file": f"{file_stem(key, provenance)}.{kind}", "right": str(needs)})
    except UserError as refused:
        error = refused
    st.session_state[_WISH] = Wish(key, kind, uuid.uuid4().hex, error)


def wished() -> Wish | None:
    """Return the picture that is asked for in this run; one of a run before has gone with it."""
    wish: Wish | None = st.session_state.get(_WISH)
    return wish if wish is not None and _trigger(wish.key) else None


def fulfil() -> None:
    """Forget the wish: its figure has been sent, or it was told why not."""
    st.session_state.pop(_WISH, None)


def words(view: FigureView, provenance: str, *, synthetic: bool, primary: bool) -> dict[str, str]:
    """Return what is written into a picture.

    Parameters
    ----------
    provenance : as one line, the whole number of the cut in it.
    """
    return {
        "title": view.title,
        "subtitle": view.subtitle,
        "footnote": view.footnote,
        "provenance": provenance,
        "alt": view.alt,
        "stamp": " · ".join(
            [*([t("synthetic.stamp")] if synthetic else []), *([] if primary else [t("figure.sensitivity")])]
        ),
        "lang": language(),
    }


def _trigger(key: str) -> object:
    held = st.session_state.get(key)
    return held.get("picture") if isinstance(held, Mapping) else None
