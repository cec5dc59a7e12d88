"""Patients: one on a shared axis, or all side by side."""

from __future__ import annotations

import streamlit as st

from saa_dash.charts.multiples import MAX_PANELS, figure_multiples
from saa_dash.charts.profile import figure_profile
from saa_dash.services.gaps import gaps
from saa_dash.services.patients import cohort_courses, patient_page
from saa_dash.ui import around_panel, chart, state
from saa_dash.ui.empty import ready
from saa_dash.ui.patient_card import header_card
from saa_dash.ui.settings_words import rule_shown
from saa_dash.ui.stepper import choose_patient
from saa_dash.ui.words import labels, t


def _one(here: state.PageState) -> None:
    view, pcode = state.view(), choose_patient(here)
    around_panel.take_click("profile")
    page, around = patient_page(here.principal, view, pcode), around_panel.around_page(here.principal, view, pcode)
    header_card(page)
    window = None if around.day is None else (around.first, around.last)
    with st.container(border=True):
        figure = figure_profile(page.profile, chart.look(), window=window)
        chart.show(figure, "profile", state.provenance(rule=rule_shown(view, gaps(here.principal, view))), select=True)
    around_panel.panel(around, page.header.last_day)


def _all(here: state.PageState) -> None:
    view = state.view()
    held = gaps(here.principal, view)
    lineages = held.lineages
    if st.session_state.get("lineage") not in lineages:
        st.session_state["lineage"] = lineages[0]
    st.segmented_control(
        t("ui.patients.lineage"),
        lineages,
        key="lineage",
        format_func=labels("chart.lineage."),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    pages = -(-view.selected // MAX_PANELS)
    number = st.pagination(pages, key="panel_page") if pages > 1 else 1
    courses = cohort_courses(here.principal, view, st.session_state["lineage"], number - 1, MAX_PANELS)
    with st.container(border=True):
        picked = chart.show(
            figure_multiples(courses, chart.look()),
            "multiples",
            state.provenance(rule=rule_shown(view, held)),
            select=True,
        )
        chart.open_patient(picked)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if not ready(here):
        return
    st.segmented_control(
        t("ui.patients.view"),
        ("one", "all"),
        key="view",
        format_func=labels("ui.patients."),
        required=True,
        default="one" if "view" not in st.session_state else None,
        label_visibility="collapsed",
        persist_state="session",
    )
    (_all if st.session_state["view"] == "all" else _one)(here)


render()
