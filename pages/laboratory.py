"""Laboratory: the course of each test, shifts from baseline to worst, the patients behind them, outliers."""

from __future__ import annotations

import streamlit as st

from saa_dash.charts.lab_bands import background_of
from saa_dash.services.laboratory import ctcae_version, grades_of, laboratory_page, laboratory_test, target_range
from saa_dash.services.measures import MeasurePage
from saa_dash.ui import chart, state
from saa_dash.ui.empty import ready
from saa_dash.ui.lab_choose import choose_measure
from saa_dash.ui.lab_outliers import outlier_block
from saa_dash.ui.lab_parts import course_block, course_controls, shifts
from saa_dash.ui.lab_words import unit_name
from saa_dash.ui.words import t

_MEASURES = ("value", "change", "multiple")


def _course(page: MeasurePage) -> None:
    view, test = state.view(), page.measure.test
    controls = course_controls("lab", page, view, _MEASURES)
    grades = grades_of(test) if page.measure.graded else None
    background = background_of(
        page.course.limits, grades, target_range(view, test), controls[0], chart.look(), version=ctcae_version()
    )
    course_block("lab", page, view, controls, background)


def _body(here: state.PageState) -> None:
    view = state.view()
    listed = laboratory_page(here.principal, view)
    if not listed.measures or not listed.treated:
        st.info(t("lab.nothing" if not listed.measures else "lab.nobody_treated"), icon=":material/info:")
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        measure = choose_measure("lab", listed, state.provenance())
    page = laboratory_test(here.principal, view, measure.test, measure.series)
    with right, st.container(border=True):
        _course(page)
    graded = page.table.graded
    key = "lab.shift.footnote_graded" if graded else "lab.shift.footnote_ranged"
    note = chart.look().offer(key, version=ctcae_version())
    with st.container(border=True):
        shifts("lab", page, view, note)
    if page.outliers is not None:
        with st.container(border=True):
            outlier_block("lab", measure.test, page.outliers, unit_name(measure.unit), state.provenance(), ratio=True)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _body(here)


render()
