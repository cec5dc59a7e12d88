"""What a page works on: the cut, the selection and the rule in force, found once per run by the bar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..model.cut import CutInfo
from ..model.principal import Principal
from ..model.provenance import Provenance
from ..services.context import Request, View
from .filter_words import filter_words
from .words import t

_KEY = "_page_state"


@dataclass(frozen=True)
class PageState:
    """Everything a page asks services with.

    Parameters
    ----------
    cut, view : None while the installation holds no cut.
    """

    principal: Principal
    request: Request | None
    cut: CutInfo | None
    view: View | None


def put(state: PageState) -> None:
    """Hand the state of this run to the page."""
    st.session_state[_KEY] = state


def get() -> PageState:
    """Return the state of this run."""
    found: PageState = st.session_state[_KEY]
    return found


def view() -> View:
    """Return the opened view; pages call it after they have dealt with an empty installation."""
    opened = get().view
    if opened is None:
        raise RuntimeError("no view: the installation holds no cut")
    return opened


def provenance(*, rule: str = "") -> Provenance:
    """Return what stands under a figure or table of this page.

    Parameters
    ----------
    rule : the rule in force in the reader's words, "" where no rule decides.
    """
    opened = view()
    words = t("pack.list.semicolon").join(filter_words(opened.filters))
    return opened.provenance(filters=words, rule=rule, primary=opened.primary or not rule)
