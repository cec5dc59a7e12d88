"""What a page works on: the cut, the selection and the rule in force, found once per run by the bar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..model.cut import CutInfo
from ..model.principal import Principal
from ..model.provenance import Provenance
from ..services.context import Request, View

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

    def provenance(self, filters: str = "", rule: str = "", *, primary: bool = True) -> Provenance:
        """Return what must stand under a figure of this page."""
        assert self.view is not None
        return self.view.provenance(filters=filters, rule=rule, primary=primary)


def put(state: PageState) -> None:
    """Hand the state of this run to the page."""
    st.session_state[_KEY] = state


def get() -> PageState:
    """Return the state of this run."""
    return st.session_state[_KEY]
