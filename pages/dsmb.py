"""DSMB: is it safe, what has changed, may it go on; for members who open this twice a year."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from saa_dash.charts.change_marks import mark_swimmer
from saa_dash.charts.swimmer import figure_swimmer
from saa_dash.services.changes import CutChanges
from saa_dash.services.cohort_states import cohort_swimmer
from saa_dash.services.dsmb import DsmbPage, dsmb_page
from saa_dash.ui import chart, state
from saa_dash.ui import dsmb_parts as parts
from saa_dash.ui.dsmb_boundary import boundary_block, chosen_panel
from saa_dash.ui.dsmb_changes import changes_block, chosen_changes
from saa_dash.ui.empty import ready
from saa_dash.ui.pack_parts import pack_block
from saa_dash.ui.settings_words import rule_shown
from saa_dash.ui.words import t


def _ways(here: state.PageState, page: DsmbPage, changes: CutChanges | None, rule: str) -> None:
    """The way of every patient, with what changed marked on it."""
    if not page.overview.treated:
        return
    look = chart.look()
    swimmer = cohort_swimmer(here.principal, state.view(), "response")
    drawn = figure_swimmer(swimmer, look, rule=rule)
    if changes is not None:
        drawn = mark_swimmer(drawn, swimmer, changes.told, look)
    with st.container(border=True):
        chart.open_patient(chart.show(drawn, "dsmb_swimmer", state.provenance(rule=rule), select=True))


def _body(here: state.PageState) -> None:
    view = state.view()
    with st.spinner(t("changes.working"), show_time=False):
        page, changes, panel = dsmb_page(here.principal, view), chosen_changes(here), chosen_panel(here)
    rule, plain = rule_shown(view, page.overview.held), state.provenance()
    safety = replace(plain, cutoff=page.safety_cutoff)
    parts.cutoff_line(page, view)
    with st.container(border=True):
        parts.answers(page, panel, changes)
        parts.definitions()
    with st.container(border=True):
        changes_block(here, changes, plain)
    with st.container(border=True):
        boundary_block(here, panel, safety)
    _ways(here, page, changes, rule)
    with st.container(border=True):
        parts.serious_block(page, changes, safety)
    with st.container(border=True):
        parts.exposure_block(page.exposure, safety)
    with st.container(border=True):
        efficacy = replace(state.provenance(rule=rule), cutoff=page.efficacy_cutoff)
        parts.efficacy_block(page, rule, efficacy)
    with st.container(border=True):
        parts.currency_block(page)
    pack_block(here)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _body(here)


render()
