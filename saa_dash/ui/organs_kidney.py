"""Kidney and cyclosporine on the liver and kidney page: stages, one patient's course, troughs in range."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.pcode_order import patient_order
from ..charts.csa_course import CourseDrawing, figure_csa_course
from ..charts.csa_range import figure_csa_range
from ..charts.kdigo import MAX_ROWS, figure_kdigo
from ..model.message import Message
from ..services.organs import CyclosporinePage, KidneyPage, OrganCourse
from . import chart, state
from .gaps import not_available
from .lab_rows import patient_rows
from .settings_words import interval_words
from .words import t


def injured_block(page: KidneyPage) -> None:
    """List who reached a stage or 1.5 times the baseline, where patients are drawn as counts; zero is said."""
    if page.weeks is None:
        return
    rows = page.weeks[page.weeks["STATE"].isin(["RATIO", "1", "2", "3"])]
    st.markdown(f"**{t('organs.kdigo.listed')}**")
    if rows.empty:
        st.caption(t("organs.kdigo.none_listed"))
        return
    worst = rows.sort_values(["RANK", "AVAL"], ascending=False, kind="stable").drop_duplicates("PCODE")
    worst = worst.sort_values("PCODE", key=patient_order)
    table = pd.DataFrame(
        {
            t("column.patient"): worst["PCODE"],
            t("organs.kdigo.worst"): [t(f"organs.kdigo.{code}") for code in worst["STATE"]],
            t("column.study_day"): worst["ADY"].astype("int64"),
            t("organs.column.creatinine"): worst["AVAL"].round(0),
            t("organs.column.ratio"): worst["RATIO"].round(2),
        }
    )
    patient_rows(table, worst["ADY"].tolist(), "injured", state.provenance(), rows=8)


def range_gap(page: CyclosporinePage) -> bool:
    """Say why nothing is told of the target range, where that is so."""
    study = state.view().cut.study
    reasons = [] if page.target else [Message("organs.range.no_protocol", {"study": study})]
    if not page.levels:
        reasons.append(Message("organs.range.no_levels"))
    if reasons:
        not_available("organs.range.gap", reasons)
    return bool(reasons)


def kidney_block(page: KidneyPage, day_one: str) -> None:
    """Draw the stages by week; where patients are counted, list those with a stage."""
    if not page.counts.measured:
        st.info(t("organs.no_creatinine"), icon=":material/info:")
        return
    method = interval_words(state.view())
    figure = figure_kdigo(page.counts, page.weeks, chart.look(), day_one=day_one, method=method)
    chart.show(figure, "kdigo", state.provenance(), select=figure.patients)
    if page.counts.measured > MAX_ROWS:
        injured_block(page)


def course_block(course: OrganCourse, day_one: str) -> None:
    """Draw cyclosporine, creatinine and blood pressure of the patient looked at."""
    if course.levels.empty and course.creatinine.empty and course.pressure.empty:
        st.info(t("organs.no_course", patient=course.pcode), icon=":material/info:")
        return
    drawing = CourseDrawing(
        course.pcode, course.levels, course.creatinine, course.pressure, course.target, course.position, day_one
    )
    chart.show(figure_csa_course(drawing, chart.look()), "csa_course", state.provenance())


def range_block(page: CyclosporinePage) -> None:
    """Draw troughs in range, or say why there is nothing to draw."""
    if not range_gap(page) and page.all and page.target:
        figure = figure_csa_range(page.all, page.rows, page.target, chart.look(), treated=page.treated)
        chart.show(figure, "csa_range", state.provenance(), select=figure.patients)
