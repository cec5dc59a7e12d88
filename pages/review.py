"""Data review: what does not fit together, which rows are reviewed, and the queries about them."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.review_checks import review_checks
from saa_dash.services.review_queries import review_queries
from saa_dash.services.review_rows import review_progress
from saa_dash.ui import review_parts as parts
from saa_dash.ui import state
from saa_dash.ui.empty import ready
from saa_dash.ui.review_checks import checks_block
from saa_dash.ui.review_panel import rows_panel
from saa_dash.ui.review_queries import queries_block
from saa_dash.ui.review_rows import rows_block


def _review(here: state.PageState) -> None:
    view, who = state.view(), here.principal
    checks, queries = review_checks(who, view), review_queries(who, view)
    progress = review_progress(who, view)
    with st.container(border=True):
        parts.answers(progress, queries, checks)
        parts.progress_table(progress)
    part = parts.choose_part()
    with st.container(border=True):
        if part == "checks":
            checks_block(who, view, checks)
        elif part == "rows":
            rows_block(who, view, [part.domain for part in progress if part.rows])
        else:
            queries_block(who, view, queries)
    rows_panel(who, view)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _review(here)


render()
