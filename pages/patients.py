"""Patients: one of them with everything on a shared axis, and what happened around a day."""

from __future__ import annotations

import streamlit as st

from saa_dash.charts.profile import figure_profile
from saa_dash.services.gaps import gaps
from saa_dash.services.patients import patient_page
from saa_dash.ui import around_panel, chart, places, session, state
from saa_dash.ui.empty import ready
from saa_dash.ui.patient_card import header_card
from saa_dash.ui.profile_choice import choose_tracks
from saa_dash.ui.settings_words import rule_shown
from saa_dash.ui.stepper import choose_patient


def render() -> None:
    """Draw the page."""
    here = state.get()
    if not ready(here):
        return
    if st.session_state.get("view") == "all":  # links from when all patients stood on this page
        st.session_state["view"], st.session_state[session.COHORT_STYLE] = "one", "panels"
        st.session_state[session.COHORT_TEST] = st.session_state.get("lineage")
        places.go("cohort")
    view, pcode = state.view(), choose_patient(here)
    around_panel.take_click("profile")
    page, around = patient_page(here.principal, view, pcode), around_panel.around_page(here.principal, view, pcode)
    header_card(page)
    window = None if around.day is None else (around.first, around.last)
    with st.container(border=True):
        groups, linear = choose_tracks()
        figure = figure_profile(page.profile, chart.look(), window=window, shown=groups, linear=linear)
        chart.show(figure, "profile", state.provenance(rule=rule_shown(view, gaps(here.principal, view))), select=True)
    around_panel.panel(around, page.header.last_day)


render()
