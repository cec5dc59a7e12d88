"""The courses of the cohort: one test, as lines under their median, as quantiles, or one panel per patient."""

from __future__ import annotations

import streamlit as st

from ..analysis.cohort_courses import CohortCourse
from ..charts.cohort_course import MAX_MARKED, figure_cohort_course
from ..charts.cohort_marks import COLUMNS, CohortDrawing
from ..charts.multiples import MAX_PANELS, figure_multiples
from ..report.course_words import course_notes
from ..services.cohort import ORIGINS, cohort_course, cohort_courses, cohort_tests
from ..services.gaps import Gaps
from . import chart, session, state
from .highlight import choose_highlighted
from .lab_parts import choose_code
from .lab_rows import open_at
from .lab_words import test_name, unit_name
from .settings_words import rule_shown
from .words import labels, language, t

STYLES = ("auto", "lines", "ribbon", "panels")
MEASURES = ("value", "change")
_LOG = ("ANC", "PLAT", "WBC", "ARC")  # counts that run over orders of magnitude


def courses(here: state.PageState, held: Gaps) -> None:
    """Draw controls and figure."""
    view = state.view()
    tests = cohort_tests(here.principal, view)
    if not tests:
        st.info(t("lab.nothing"), icon=":material/info:")
        return
    test, measure, style, origin, log = _controls(tests, held)
    course = cohort_course(here.principal, view, test, origin)
    if not course.treated:
        st.info(t("lab.nobody_treated"), icon=":material/info:")
        return
    if course.values[COLUMNS[measure]].isna().all():
        st.info(t("cohort.course.empty", name=test_name(test)), icon=":material/info:")
        return
    ribbon = style == "ribbon" or (style == "auto" and course.patients > MAX_MARKED)
    drawing = CohortDrawing(
        name=test_name(test),
        unit=unit_name(course.unit),
        measure=measure,
        ribbon=ribbon,
        log=log and measure == "value",
        highlight=str(st.session_state.get(session.PATIENT) or "") if view.sight.patients else "",
        notes=course_notes(course, language()),
    )
    with st.container(border=True):
        (_panels if style == "panels" else _together)(here, held, course, drawing)


def _controls(tests: tuple[str, ...], held: Gaps) -> tuple[str, str, str, str, bool]:
    """Draw the controls; return test, measure, style, origin and whether on a logarithmic axis."""
    view = state.view()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        test = choose_code(session.COHORT_TEST, tests, "cohort.test", "lab.choose")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        style = choose_code(session.COHORT_STYLE, STYLES, "cohort.style", "lab.style.auto")
        measure = choose_code(session.COHORT_MEASURE, MEASURES, "lab.measure", "lab.measure.value")
        origin = ORIGINS[0]
        if held.atg:
            origin = _origin()
        log = False
        if measure == "value":
            key = f"cohort_log_{test}"
            st.session_state.setdefault(key, test in _LOG)
            log = st.toggle(t("lab.log"), key=key, persist_state="session")
        if view.sight.patients and style != "panels":
            choose_highlighted()
    return test, measure, style, origin, log


def _origin() -> str:
    if st.session_state.get(session.COHORT_ORIGIN) not in ORIGINS:
        st.session_state[session.COHORT_ORIGIN] = ORIGINS[0]
    st.selectbox(
        t("cohort.align"),
        ORIGINS,
        key=session.COHORT_ORIGIN,
        format_func=labels("cohort.from."),
        placeholder=t("ui.choose_one"),
        label_visibility="collapsed",
        help=t("cohort.align"),
        width=230,
    )
    return str(st.session_state[session.COHORT_ORIGIN])


def _together(here: state.PageState, held: Gaps, course: CohortCourse, drawing: CohortDrawing) -> None:
    view = state.view()
    rule = rule_shown(view, held) if course.limits else ""
    figure, single = figure_cohort_course(course, drawing, chart.look()), view.sight.patients
    picked = chart.show(figure, "cohort_course", state.provenance(rule=rule), select=single)
    open_point(picked, course)


def _panels(here: state.PageState, held: Gaps, course: CohortCourse, drawing: CohortDrawing) -> None:
    view = state.view()
    pages = -(-view.selected // MAX_PANELS)
    number = st.pagination(pages, key="panel_page") if pages > 1 else 1
    page = cohort_courses(here.principal, view, course.test, course_origin(course), number - 1, MAX_PANELS)
    rule = rule_shown(view, held) if course.limits else ""
    figure = figure_multiples(page, drawing, chart.look())
    open_point(chart.show(figure, "multiples", state.provenance(rule=rule), select=view.sight.patients), course)


def course_origin(course: CohortCourse) -> str:
    """Return the origin to ask for again."""
    return course.origin if course.origin in ORIGINS else ORIGINS[0]


def open_point(picked: chart.Selection, course: CohortCourse) -> None:
    """Open the patient of a mark, around its day where days count from day 1."""
    if picked.points:
        code, day = picked.points[0]
        same = course.origin in ("atg_start", "first_dose")
        open_at(str(code), float(str(day)) if same else None)
