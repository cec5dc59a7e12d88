"""Designed empty states, each with the next step in it."""

from __future__ import annotations

import streamlit as st

from . import places, session, state
from .not_shown import small_selection
from .words import t


def empty_installation() -> None:
    """Say what a new installation can do next."""
    from .demo import offer_demo

    with st.container(border=True):
        st.subheader(t("ui.empty.title"))
        st.markdown(t("ui.empty.steps"))
        with st.container(horizontal=True):
            places.link("data", t("ui.empty.to_data"), ":material/upload_file:")
            offer_demo()


def empty_selection() -> None:
    """Say that the filters leave nobody, and offer to lift them."""
    with st.container(border=True):
        st.subheader(t("ui.empty.selection"))
        st.button(t("ui.filter.reset"), on_click=session.reset_filters, key="reset_here", icon=":material/restart_alt:")


def ready(here: state.PageState) -> bool:
    """Tell whether there is something to show; where not, draw the empty state that says what to do next."""
    if here.view is None:
        empty_installation()
        return False
    if here.view.small:
        small_selection(here.view)
        return False
    if not here.view.selected:
        empty_selection()
        return False
    return True
