"""Waterfall, response map, swimmer plot and recovery of the cohort, each with its controls."""

from __future__ import annotations

import streamlit as st

from ..analysis.cohort_order import ORDERS
from ..analysis.trilineage import LEVELS
from ..charts.cohort_map import figure_response_map
from ..charts.cohort_recovery import MAX_PATIENTS, figure_trilineage
from ..charts.cohort_recovery_table import summary_table
from ..charts.cohort_waterfall import figure_waterfall
from ..charts.swimmer import MAX_LANES, figure_swimmer
from ..report.course_words import named
from ..services.cohort import waterfall
from ..services.cohort_recovery import trilineage
from ..services.cohort_states import cohort_swimmer, response_map
from ..services.gaps import Gaps
from . import chart, session, state
from .download import offer_table
from .lab_parts import choose_code
from .lab_rows import open_at
from .settings_words import interval_words, rule_shown
from .words import language, t


def _sort() -> str:
    orders = ORDERS if state.view().sight.patients else tuple(order for order in ORDERS if order != "severity")
    return choose_code(session.COHORT_SORT, orders, "cohort.sort", "cohort.sort.choose")


def _open(picked: chart.Selection) -> None:
    """Open the patient of a clicked mark, around its day where the mark has one."""
    if picked.points:
        code, *day = picked.points[0]
        open_at(str(code), float(str(day[0])) if day else None)


def waterfall_part(here: state.PageState, held: Gaps) -> None:
    """Draw the best unsupported change of each lineage."""
    view = state.view()
    changes = waterfall(here.principal, view)
    if not any(change.patients for change in changes):
        st.info(t("lab.nobody_treated"), icon=":material/info:")
        return
    notes = [
        t(f"cohort.waterfall.without.{reason}", name=t(f"chart.lineage.{change.lineage}"), n=len(codes),
          codes=named(codes, language()))
        for change in changes
        for reason, codes in change.left_out.items()
    ]  # fmt: skip
    supported = t("cohort.separator").join(
        t("cohort.waterfall.count", name=t(f"chart.lineage.{change.lineage}"), n=change.supported) for change in changes
    )
    rule = rule_shown(view, held)
    with st.container(border=True):
        figure = figure_waterfall(
            changes, chart.look(), notes=[t("cohort.waterfall.supported", parts=supported), *notes]
        )
        _open(chart.show(figure, "waterfall", state.provenance(rule=rule), select=view.sight.patients))


def _nobody() -> None:
    st.info(t("ui.response.nobody"), icon=":material/info:")


def map_part(here: state.PageState, held: Gaps) -> None:
    """Draw response and lineages by visit."""
    view = state.view()
    page = response_map(here.principal, view, _sort())
    if not page.order:
        _nobody()
        return
    rule = rule_shown(view, held)
    with st.container(border=True):
        figure = figure_response_map(page, chart.look(), rule=rule)
        clicks = view.sight.patients and figure.patients
        _open(chart.show(figure, "response_map", state.provenance(rule=rule), select=clicks))


def swimmer_part(here: state.PageState, held: Gaps) -> None:
    """Draw the ways through the study; hundreds are counted."""
    view = state.view()
    page = cohort_swimmer(here.principal, view, "number" if view.selected > MAX_LANES else _sort())
    if page.patients.empty:
        st.info(t("lab.nobody_treated"), icon=":material/info:")
        return
    rule = rule_shown(view, held)
    with st.container(border=True):
        figure = figure_swimmer(page, chart.look(), rule=rule)
        clicks = view.sight.patients and figure.patients
        _open(chart.show(figure, "cohort_swimmer", state.provenance(rule=rule), select=clicks))


def recovery_part(here: state.PageState, held: Gaps) -> None:
    """Draw the recovery of the three lineages, with its summary above."""
    view = state.view()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        level = choose_code(session.COHORT_LEVEL, tuple(LEVELS), "cohort.recovery.level", "cohort.recovery.levels")
        sort = _sort()
    page = trilineage(here.principal, view, level, sort)
    if not page.order:
        _nobody()
        return
    look, rule = chart.look(), rule_shown(view, held)
    with st.container(border=True):
        table = summary_table(page, look)
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="recovery_summary")
        conf_type = t(f"method.conf_type.{page.summaries[0].conf_type}")
        origin = t(f"ui.origin.{page.origin}")
        note = t("cohort.recovery.method", origin=origin, interval=interval_words(view), conf_type=conf_type)
        st.caption(note)
        offer_table(table, "recovery_summary", state.provenance(rule=rule), patients=False, note=note)
    with st.container(border=True):
        pages = -(-len(page.order) // MAX_PATIENTS)
        number = st.pagination(pages, key="recovery_page") if pages > 1 else 1
        codes = list(page.order[(number - 1) * MAX_PATIENTS : number * MAX_PATIENTS])
        figure = figure_trilineage(page, codes, look, rule=rule)
        _open(chart.show(figure, "trilineage", state.provenance(rule=rule), select=view.sight.patients))
