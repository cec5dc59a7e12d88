"""Overview: how far the trial is and how it goes, on one screen."""

from __future__ import annotations

import streamlit as st

from saa_dash.charts.accrual import figure_accrual
from saa_dash.charts.strips import figure_strips, rate_text
from saa_dash.charts.swimmer import figure_swimmer
from saa_dash.services.context import View
from saa_dash.services.overview import Overview, overview
from saa_dash.ui import chart, state
from saa_dash.ui.empty import ready
from saa_dash.ui.gaps import not_available, plain
from saa_dash.ui.not_shown import without_dates
from saa_dash.ui.settings_words import interval_words, rule_shown, rule_words
from saa_dash.ui.table import currency_table
from saa_dash.ui.words import t


def _answers(page: Overview, view: View) -> None:
    """The answers first: accrual, follow-up, deaths, latest response."""
    planned = view.protocol.planned_n if view.protocol else None
    enrolled = page.treated
    columns = st.columns([1, 1, 1, 1, 1.3])  # the last label is the longest
    columns[0].metric(t("ui.overview.treated"), f"{enrolled}/{planned or view.selected}")
    columns[1].metric(t("ui.overview.on_study"), f"{page.status_counts.get('ON_STUDY', 0)}/{enrolled}")
    columns[2].metric(t("ui.overview.deaths"), f"{page.status_counts.get('DEATH', 0)}/{enrolled}")
    if page.follow_up:
        median, low, high = (round(days) for days in page.follow_up)
        columns[3].metric(
            t("ui.overview.follow_up"),
            t("ui.overview.days", n=median),
            help=t(f"ui.overview.follow_up_help_{page.held.day_one}", low=low, high=high),
        )
    due = [strip for strip in page.strips if strip.orr.total]
    if due:
        latest = due[-1]
        columns[4].metric(
            t("ui.overview.orr", week=latest.week),
            f"{latest.orr.events}/{latest.orr.total}",
            help=rate_text(latest.orr, chart.look()),
        )
    if view.selected > enrolled:
        st.caption(
            t(
                "gap.untreated",
                n=view.selected - enrolled,
                treated=enrolled,
                total=view.selected,
                failures=page.failures,
            )
        )
    if page.arms:
        parts = (t("gap.arm", name=plain(name), n=n) for name, n in page.arms.items())
        st.caption(t("gap.arms", arms=t("ui.response.comma").join(parts)))


def _response(page: Overview, view: View) -> None:
    if page.held.response:
        not_available("gap.response", page.held.response)
        return
    rule = rule_words(view)
    strips = figure_strips(page.strips, chart.look(), method=interval_words(view), rule=rule)
    chart.show(strips, "strips", state.provenance(rule=rule))


def render() -> None:
    """Draw the page."""
    here = state.get()
    if not ready(here):
        return
    view, look = state.view(), chart.look()
    single = view.sight.patients
    page = overview(here.principal, view)
    rule = rule_shown(view, page.held)
    _answers(page, view)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True):
        _response(page, view)
    with right, st.container(border=True):
        if page.accrual is None:
            without_dates()
        else:
            chart.show(figure_accrual(page.accrual, look), "accrual", state.provenance())
    if page.treated:
        with st.container(border=True):
            picked = chart.show(
                figure_swimmer(page.swimmer, look, rule=rule), "swimmer", state.provenance(rule=rule), select=single
            )
            chart.open_patient(picked)
    if page.currency is not None:
        with st.container(border=True):
            currency_table(page)


render()
