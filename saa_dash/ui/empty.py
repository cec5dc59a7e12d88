"""Designed empty states, each with the next step in it."""

from __future__ import annotations

import streamlit as st

from . import places, session
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
