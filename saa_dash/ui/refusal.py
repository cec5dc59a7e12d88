"""What the shell says to somebody who may not go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime import Runtime, get_instance

from ..access.pages import can_page
from ..model.errors import EnvironmentProblem, Refused
from ..model.principal import Principal
from ..services.audit import record
from ..services.location import data_dir
from . import eyes, guard, identity, places
from .errors import tell
from .words import t

_TOLD = "_refused_pages"


def check_guard() -> None:
    """Refuse to show anything where the shell was started without the application around it, and so without a guard.

    Raises
    ------
    EnvironmentProblem : ``error.no_guard``.
    """
    if type(get_instance()) is Runtime and not guard.is_standing():
        raise EnvironmentProblem("error.no_guard")


def check_any(allowed: Sequence[str]) -> None:
    """Refuse somebody who may open no page at all.

    Raises
    ------
    Refused : ``error.no_role``.
    """
    if not allowed:
        raise Refused("error.no_role")


def page(principal: Principal, name: str, home: str) -> Callable[[], None]:
    """Return a page that only says that it may not be opened; the first time, the audit trail tells of it.

    A person who may open it, and does not because a meeting goes on, is told just that.

    Parameters
    ----------
    home : a page that may be opened, to go on to.
    """

    def refused() -> None:
        if eyes.meeting() and can_page(identity.own_standing()(), name):
            st.info(t("present.slides.not_here", page=t(f"ui.page.{name}.title")), icon=":material/co_present:")
            return
        told = st.session_state.setdefault(_TOLD, set())
        if name not in told:
            record(principal, data_dir(), "refused", {"what": "page", "page": name})
            told.add(name)
        tell(Refused("error.page_not_permitted", page=name))
        places.link(home, t(f"ui.page.{home}.title"), ":material/arrow_back:")

    return refused
