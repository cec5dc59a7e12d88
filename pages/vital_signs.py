"""Vital signs and physical examination: courses, shifts against baseline, the patients behind them, outliers."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.vital_signs import examination, usual_limits, vital_sign, vital_signs_page
from saa_dash.ui import chart, state
from saa_dash.ui.empty import ready
from saa_dash.ui.lab_choose import choose_measure
from saa_dash.ui.lab_outliers import outlier_block
from saa_dash.ui.lab_parts import course_block, course_controls, shifts
from saa_dash.ui.lab_words import unit_name
from saa_dash.ui.vitals_parts import examination_block, limits_note, vital_background
from saa_dash.ui.words import t

_MEASURES = ("value", "change")


def _signs(here: state.PageState) -> None:
    view = state.view()
    listed = vital_signs_page(here.principal, view)
    if not listed.measures or not listed.treated:
        st.info(t("lab.nothing_vital" if not listed.measures else "lab.nobody_treated"), icon=":material/info:")
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        measure = choose_measure("vs", listed, state.provenance())
    page = vital_sign(here.principal, view, measure.test, measure.series)
    limits, unit = usual_limits(measure.test), unit_name(measure.unit)
    with right, st.container(border=True):
        controls = course_controls("vs", page, view, _MEASURES)
        course_block("vs", page, view, controls, vital_background(page, controls[0], limits))
    with st.container(border=True):
        shifts("vs", page, view, f"{chart.look().offer('lab.shift.footnote_ranged')} {limits_note(limits, unit)}")
    if page.outliers is not None:
        with st.container(border=True):
            outlier_block("vs", measure.test, page.outliers, unit, state.provenance(), ratio=False)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _signs(here)
        with st.container(border=True):
            examination_block(examination(here.principal, state.view()))


render()
