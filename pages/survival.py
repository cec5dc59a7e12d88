"""Recovery and survival: curves with the numbers at risk, read at fixed times, every parameter on a line."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.gaps import gaps
from saa_dash.services.survival import GROUPS, survival_page
from saa_dash.ui import curve_choice as choice
from saa_dash.ui import curve_panel, state
from saa_dash.ui import survival_parts as parts
from saa_dash.ui.empty import ready
from saa_dash.ui.gaps import not_available
from saa_dash.ui.response_settings import endpoint_controls
from saa_dash.ui.settings_words import rule_shown
from saa_dash.ui.words import t

_LACKING = {"recovery": "gap.recovery", "response": "gap.response_times"}


def _body(here: state.PageState) -> None:
    view = state.view()
    held = gaps(here.principal, view)
    if not held.response:
        endpoint_controls(view)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        group = choice.group("survival" if held.response else "")
        unit = choice.unit()
    if held.response and group != "survival":
        with st.container(border=True):
            not_available(_LACKING[group], held.response)
        return
    page = survival_page(here.principal, view, unit)
    params = GROUPS[group] if held.atg else ("OS",)
    param = choice.parameter(group, params)
    with st.container(border=True):
        curve_panel.draw(here, page, param, held, unit)
        parts.absent_line(page, param)
    with st.container(border=True):
        parts.summary_table(page, params, rule_shown(view, held))
        if page.follow_up is not None:
            st.caption(t("ui.survival.follow_up", days=f"{page.follow_up.estimate:g}"))
        st.caption(t("ui.survival.no_comparator" if held.atg else "gap.failure_free"))


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _body(here)


render()
