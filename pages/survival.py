"""Recovery and survival: curves with the numbers at risk, every parameter on a line."""

from __future__ import annotations

import streamlit as st

from saa_dash.charts.curve import figure_curve
from saa_dash.services.gaps import gaps
from saa_dash.services.survival import GROUPS, survival_page
from saa_dash.ui import chart, state
from saa_dash.ui import survival_parts as parts
from saa_dash.ui.empty import ready
from saa_dash.ui.gaps import not_available
from saa_dash.ui.response_settings import endpoint_controls
from saa_dash.ui.settings_words import curve_method, rule_shown
from saa_dash.ui.words import labels, t

_LACKING = {"recovery": "gap.recovery", "response": "gap.response_times"}


def _choose(key: str, options: tuple[str, ...], words: str, first: str = "") -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = first or options[0]
    st.segmented_control(
        t("ui.survival.parameter"),
        options,
        key=key,
        format_func=labels(f"{words}."),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(st.session_state[key])


def _body(here: state.PageState) -> None:
    view = state.view()
    held = gaps(here.principal, view)
    if not held.response:
        endpoint_controls(view)
    page = survival_page(here.principal, view)
    group = _choose("tte_group", tuple(GROUPS), "ui.survival.group", "survival" if held.response else "")
    if held.response and group != "survival":
        with st.container(border=True):
            not_available(_LACKING[group], held.response)
        return
    params = GROUPS[group] if held.atg else ("OS",)
    param = _choose(f"tte_{group}", params, "term.param_short")
    rule, origin = rule_shown(view, held), t(f"ui.origin.{page.origin}")
    with st.container(border=True):
        curve = page.curves.get(param)
        if curve is None:
            st.info(t("ui.survival.nobody"), icon=":material/info:")
        else:
            drawn = figure_curve(curve, chart.look(), method=curve_method(curve), origin=origin)
            chart.open_patient(
                chart.show(drawn, f"curve_{param}", state.provenance(rule=rule), select=view.sight.patients)
            )
        parts.absent_line(page, param)
    with st.container(border=True):
        parts.summary_table(page, params)
        if page.follow_up is not None:
            st.caption(t("ui.survival.follow_up", days=f"{page.follow_up.estimate:g}"))
        st.caption(t("ui.survival.no_comparator" if held.atg else "gap.failure_free"))


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _body(here)


render()
