"""Methods: every definition, setting and formula in force, from the same data that decide."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.methods import methods_page
from saa_dash.ui import methods_parts as parts
from saa_dash.ui import state
from saa_dash.ui.empty import empty_installation
from saa_dash.ui.not_shown import small_selection
from saa_dash.ui.response_settings import endpoint_controls
from saa_dash.ui.words import say, t


def render() -> None:
    """Draw the page; it says what holds for a cut, whoever is selected."""
    here = state.get()
    if here.view is None:
        empty_installation()
        return
    if here.view.small:
        small_selection(here.view)
        return
    endpoint_controls(here.view)
    st.caption(t("methods.intro", cut=here.view.cut.cut_id, settings=here.view.settings_hash[:12]))
    page = methods_page(here.principal, state.view())
    tabs = st.tabs([say(section.title) for section in page.sections])
    for tab, section in zip(tabs, page.sections, strict=True):
        with tab:
            parts.section(section)
    parts.offer_methods(page.sections)


render()
