"""The demo button of an empty installation."""

from __future__ import annotations

import streamlit as st

from ..services.imports import make_demo_cut
from ..services.location import data_dir
from .identity import current_principal
from .words import t


def offer_demo() -> None:
    """Offer to load the synthetic patients; on success the page is drawn anew with them."""
    if st.button(t("ui.empty.demo"), icon=":material/science:", key="demo"):
        with st.spinner(t("ui.empty.demo_working")):
            make_demo_cut(current_principal(), data_dir())
        st.rerun()
