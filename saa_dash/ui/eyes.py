"""With whose eyes this run sees: the person's own, or a presenter's while something is presented or collected."""

from __future__ import annotations

import streamlit as st

from ..access.presenting import as_presenter, can_present
from ..model.principal import Principal
from . import capture, session

_LARGER = 1.4  # how much larger figures are in a meeting


def meeting() -> bool:
    """Tell whether this session is in meeting mode."""
    return bool(st.session_state.get(session.MEETING))


def narrowed() -> bool:
    """Tell whether this run sees what a presenter sees."""
    return meeting() or capture.running()


def presenting(principal: Principal) -> Principal:
    """Return a person with the roles of a presenter.

    Who lacks a right of presenters would be given one: in meeting mode they see what they always see.

    Raises
    ------
    Refused : something is to be collected by somebody who may not present.
    """
    return as_presenter(principal) if can_present(principal) or capture.running() else principal


def scale() -> float:
    """Return how much larger than on a page figures are drawn."""
    return _LARGER if meeting() else 1.0
