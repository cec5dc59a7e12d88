"""Response: ORR and CRR at weeks 4, 8 and 12 under the rule in force, and why for each patient."""

from __future__ import annotations

import streamlit as st

from saa_dash.charts.benchmarks import figure_benchmarks
from saa_dash.charts.response_grid import MAX_COLUMNS, figure_response_grid
from saa_dash.report.response_words import Against, benchmark_rows, response_grid
from saa_dash.services.gaps import gaps
from saa_dash.services.response import WEEK_12_MONTHS, response_page
from saa_dash.services.response_strata import response_strata
from saa_dash.ui import chart, state
from saa_dash.ui import response_parts as parts
from saa_dash.ui import response_why as why
from saa_dash.ui.empty import ready
from saa_dash.ui.gaps import not_available
from saa_dash.ui.response_changes import changes_block
from saa_dash.ui.response_settings import endpoint_controls
from saa_dash.ui.settings_words import interval_words, rule_words
from saa_dash.ui.words import language, t


def _squares(here: state.PageState) -> None:
    view, look = state.view(), chart.look()
    page = response_page(here.principal, view)
    held = gaps(here.principal, view)
    if held.response:
        with st.container(border=True):
            not_available("gap.response", held.response)
        return
    if page.rows.empty:
        st.info(t("ui.response.nobody"), icon=":material/info:")
        return
    rule = rule_words(view)
    with st.container(border=True):
        drawn = response_grid(page.rows, page.strips, page.changes, page.best, language())
        grid = figure_response_grid(drawn, look, method=interval_words(view), rule=rule)
        many = page.rows["PCODE"].nunique() > MAX_COLUMNS
        single = view.sight.patients
        picked = why.pick(chart.show(grid, "grid", state.provenance(rule=rule), select=single and not many))
        if many and single:
            picked = why.choose_trace(page)
    if picked and single and picked[0] in view.chosen_pcodes:
        why.trace_card(here.principal, view, *picked)
    with st.container(border=True):
        changes_block(page, look, rule, single=single)
    with st.container(border=True):
        strata = response_strata(here.principal, view)
        parts.strata_block(strata, look, method=interval_words(view), rule=rule)
    with st.container(border=True):
        parts.denominator_table(page, look, method=interval_words(view), rule=rule)
    left, right = st.columns([7, 3])
    with left, st.container(border=True):
        parts.sensitivity_block(here.principal, view, look)
    with right, st.container(border=True):
        parts.agreement_table(page, rule)
    with st.container(border=True):
        against = Against(view.rule_sets, view.endpoint.criteria, WEEK_12_MONTHS)
        rows = benchmark_rows(page.strips[-1], page.benchmarks, against, look)
        chart.show(figure_benchmarks(rows, look, months=WEEK_12_MONTHS), "benchmarks", state.provenance(rule=rule))


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        if not gaps(here.principal, state.view()).response:
            endpoint_controls(state.view())
        _squares(here)


render()
