"""Adverse events over time on the page: onset from each component, rates, first complications, grades by visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from ..analysis.ae_summary import CLASSES
from ..analysis.ae_time_rates import KINDS
from ..analysis.landmarks import TimeUnit
from ..charts.ae_complications import class_name
from ..charts.ae_time_bands import figure_bands
from ..charts.ae_time_grades import figure_visit_grades
from ..charts.ae_time_line import figure_timeline
from ..charts.ae_time_rates import UNITS, figure_exposure_rates
from ..charts.curve import figure_curve
from ..model.principal import Principal
from ..report.onset_words import onset_table
from ..services.adverse_events import MAX_MARKS
from ..services.ae_time import OnsetPage, exposure_rates, first_events, onset_page, visit_grades
from ..services.context import View
from . import chart, session, state
from .ae_behind import new_point
from .ae_tables import open_event, rows_table
from .ae_words import soc_names
from .curve_readings import readings_table
from .settings_words import curve_method
from .words import labels, language, t

PARTS = ("counts", "time", "narratives")


def choose(key: str, options: Sequence[str], label: str, words: str, *, quiet: bool = False) -> str:
    """Draw a switch whose choice stands in the link; one that is not offered falls back to the first.

    Parameters
    ----------
    label : catalogue entry. words : catalogue entries of the options begin with it. quiet : the label
        is read out, not shown.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    st.segmented_control(
        t(label), options, key=key, format_func=labels(words), required=True, persist_state="session",
        label_visibility="collapsed" if quiet else "visible",
    )  # fmt: skip
    return str(st.session_state[key])


def part_in_force() -> str:
    """Draw the switch between the parts of the page and return the one chosen."""
    return choose(session.AE_PART, PARTS, "ae_time.part.label", "ae_time.part.", quiet=True)


def over_time(who: Principal, view: View) -> None:
    """Draw everything over time; a study without treated patients, or without events of theirs, says so."""
    first = onset_page(who, view, str(st.session_state.get(session.AE_FROM) or ""))
    if not first.total or not first.events:
        st.info(t("ae_time.no_events" if first.total else "ae_time.nobody"), icon=":material/info:")
        return
    with st.container(border=True):
        _onsets(who, view, first)
    with st.container(border=True):
        _first(who, view)
    with st.container(border=True):
        chart.show(figure_visit_grades(visit_grades(who, view), chart.look()), "ae_grades", state.provenance())
    with st.container(border=True):
        _rates(who, view)


def _onsets(who: Principal, view: View, page: OnsetPage) -> None:
    if len(page.components) > 1:
        component = choose(
            session.AE_FROM, page.components, "ae_time.choose.component", "ae_time.component."
        )  # what is chosen now is drawn now
        page = onset_page(who, view, component)
    look, scale, provenance = chart.look(), page.recorded.scale, state.provenance()
    if page.timeline is not None and page.rows is not None:
        table = onset_table(page.rows, page.recorded, language())
        drawn = figure_timeline(page.timeline, scale, look, total=page.total, table=table)
        point = new_point(chart.show(drawn, "ae_timeline", provenance, select=True), "ae_timeline")
        if point:
            open_event(str(point[0]), float(str(point[1])))
        return
    if page.bands is not None:
        chart.show(figure_bands(page.bands, scale, look, total=page.total), "ae_timeline", provenance)
    st.caption(t("ae_time.many", n=page.total, most=MAX_MARKS) if page.rows is not None else t("ae_time.aggregate"))
    if page.rows is None:
        return
    folded = st.expander(t("ae_time.rows"), icon=":material/table_rows:", key="ae_onsets_fold", on_change="rerun")
    if folded.open:
        with folded:
            table = onset_table(page.rows, page.recorded, language())
            rows_table(page.rows, table, "ae_onsets", provenance)


def _first(who: Principal, view: View) -> None:
    asked = str(st.session_state.get(session.AE_CLASS) or CLASSES[1])
    found = first_events(who, view, asked)
    if not found.code:
        st.markdown(f"**{t('ae_time.first.name')}**")
        st.info(t("ae.panel.not_coded"), icon=":material/info:")
        return
    look = chart.look()
    names = {code: class_name(code, look) for code in CLASSES}
    st.session_state[session.AE_CLASS] = found.code
    st.selectbox(
        t("ae_time.choose.class"), CLASSES, key=session.AE_CLASS, format_func=names.__getitem__,
        placeholder=t("ui.choose_one"), width=260, persist_state="session",
    )  # fmt: skip
    if found.curve is None:
        st.info(t("ae_time.first.nobody"), icon=":material/info:")
        return
    drawn = figure_curve(found.curve, look, method=curve_method(found.curve), origin=t("ae_time.first.origin"))
    chart.open_patient(chart.show(drawn, "ae_first", state.provenance(), select=view.sight.patients))
    st.caption(t("ae_time.first.rule"))
    readings_table((("", found.curve),), found.points, found.curve.param, state.provenance())


def _rates(who: Principal, view: View) -> None:
    coded = first_events(who, view).code != ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kinds = KINDS if coded else KINDS[1:]
        kind = choose(session.AE_KIND, kinds, "ae_time.choose.kind", "ae_time.kind.")
        unit = cast(TimeUnit, choose(session.AE_PER, UNITS, "ae_time.choose.unit", "ae_time.rate."))
    rates, _, _ = exposure_rates(who, view, kind)
    names = soc_names([*rates.rows["SOC"].unique(), *rates.rows.loc[rates.rows["KIND"] == "SOC", "NAME"]])
    drawn = figure_exposure_rates(rates, chart.look(), unit=unit, names=names)
    chart.show(drawn, "ae_rates", state.provenance())
    if not coded:
        st.caption(t("ae_time.rate.not_coded"))
