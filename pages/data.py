"""Data: the form, the import, and the cuts."""

from __future__ import annotations

import streamlit as st

from saa_dash.ui import state
from saa_dash.ui.data_cuts import cut_list
from saa_dash.ui.data_form import form_download
from saa_dash.ui.data_import import import_panel
from saa_dash.ui.data_lis import lis_panel
from saa_dash.ui.data_mapper import column_mapper
from saa_dash.ui.demo import offer_demo
from saa_dash.ui.words import t


def render() -> None:
    """Draw the page: take the form, bring it back, see what is there."""
    here = state.get()
    left, right = st.columns([3, 2], gap="large")
    with left:
        import_panel(here.principal)
    with right:
        form_download(here.principal)
        if here.view is None:
            with st.container(border=True):
                st.markdown(t("ui.data.demo_help"))
                offer_demo()
        lis_panel(here.principal)
    column_mapper(here.principal)
    cut_list(here.principal)


render()
