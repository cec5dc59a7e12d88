"""Exposure and protocol: planned against given, changes of dose, discontinuation, deviations, eligibility, visits."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.completeness import visit_completeness
from saa_dash.services.exposure import exposure_page
from saa_dash.ui import exposure_parts as parts
from saa_dash.ui import state
from saa_dash.ui.empty import ready
from saa_dash.ui.visits_parts import visits_block
from saa_dash.ui.words import t


def _exposure(here: state.PageState) -> None:
    view, who = state.view(), here.principal
    page, visits = exposure_page(who, view), visit_completeness(who, view)
    if not page.treated:
        st.info(t("exposure.nobody"), icon=":material/info:")
        return
    parts.answers(page, visits)
    with st.container(border=True):
        parts.plan_block(page)
    with st.container(border=True):
        parts.component_table(page)
        parts.changes_block(page)
    with st.container(border=True):
        parts.stopped_block(page)
        parts.departure_block(page)
    with st.container(border=True):
        visits_block(visits)
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(border=True):
        parts.deviation_block(page)
    with right, st.container(border=True):
        parts.eligibility_block(page)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _exposure(here)


render()
