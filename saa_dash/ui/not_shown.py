"""What a page says where something is not shown to the role: a sentence and, where there is one, the next step."""

from __future__ import annotations

import streamlit as st

from ..services.context import View
from . import session
from .words import t


def without_dates() -> None:
    """Say why there is no curve of enrolment."""
    st.markdown(f"**{t('redaction.accrual_title')}**")
    st.info(t("redaction.accrual"), icon=":material/event_busy:")


def not_listed() -> None:
    """Say that events are not listed one by one."""
    st.info(t("redaction.not_listed"), icon=":material/visibility_off:")


def not_behind() -> None:
    """Say that the patients behind totals are not listed."""
    st.caption(t("redaction.not_behind"))


def small_selection(view: View) -> None:
    """Say that too few patients are selected, and offer to lift the filters."""
    with st.container(border=True):
        st.subheader(t("redaction.small_title", n=view.least_cell))
        st.markdown(t("redaction.small", n=view.least_cell))
        st.button(
            t("ui.filter.reset"), on_click=session.reset_filters, key="reset_small", icon=":material/restart_alt:"
        )
