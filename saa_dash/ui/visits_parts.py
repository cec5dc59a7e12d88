"""Visit completeness on the exposure and protocol page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..charts.visit_matrix import count_table, figure_visit_matrix
from ..i18n import has_key
from ..model.vocabulary import Origin
from ..services.completeness import VisitsPage
from . import chart, state
from .exposure_parts import go_to, no_protocol
from .gaps import not_available
from .settings_words import interval_words
from .words import language, t


def visits_block(page: VisitsPage) -> None:
    """Draw the matrix with its windows and the rates by visit; a click opens the patient at that day."""
    if not page.planned:
        not_available("visits.gap", [no_protocol()])
        _recorded(page)
        return
    view = state.view()
    figure = figure_visit_matrix(page.counts, page.planned, page.rows, chart.look(), method=interval_words(view))
    go_to(chart.show(figure, "visit_matrix", state.provenance(), select=figure.patients))
    half = max((visit.half for visit in page.planned if visit.registered), default=0)
    st.caption(t("visits.rules", origin=t(f"ui.origin.{Origin(view.endpoint.origin)}"), half=half))
    st.markdown(f"**{t('visits.rates')}**")
    table = count_table(page.counts, chart.look())
    st.dataframe(table, hide_index=True, width="stretch", height="content", key="visit_rates")


def _recorded(page: VisitsPage) -> None:
    """Show visits as recorded, without windows."""
    if page.recorded.empty:
        return
    names = [_name(code) for code in page.recorded["VISIT"]]
    counts = [f"{n}/{page.treated}" for n in page.recorded["N"]]
    st.markdown(f"**{t('visits.recorded')}**")
    table = pd.DataFrame({t("column.visit"): names, t("visits.column.recorded"): counts})
    st.dataframe(table, hide_index=True, width=420, key="visits_recorded")


def _name(code: object) -> str:
    key = f"term.visit.{code}"
    return t(key) if has_key(language(), key) else str(code)
