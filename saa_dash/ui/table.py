"""Tables as pages show them."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from ..services.overview import AGE_LIMITS, DOMAINS, Overview
from . import state
from .download import offer_table
from .words import t


def currency_table(page: Overview) -> None:
    """Show how recent each patient's data are: days between the last record of a kind and the cut-off."""
    rows = page.currency
    if rows is None:
        return
    st.markdown(f"**{t('ui.currency.title')}**")
    st.caption(t("ui.currency.subtitle", n=page.queries))
    if page.currency_rounded:
        st.caption(t("redaction.currency", limits=t("ui.response.comma").join(str(days) for days in AGE_LIMITS)))
    kinds = [name for name in DOMAINS if rows[name].notna().any()]
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("column.status"): [t(f"ui.status.{code}") for code in rows["STATUS"]],
            t("column.last_day"): rows["LASTDY"].astype("Int64"),
            **{t(f"ui.domain.{name}"): _ages(rows[name], rounded=page.currency_rounded) for name in kinds},
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="currency")
    if lacking := [t(f"ui.domain.{name}") for name in DOMAINS if name not in kinds]:
        st.caption(t("gap.no_kinds", kinds=t("ui.response.comma").join(lacking)))
    offer_table(table, "currency", state.provenance())


def _ages(days: pd.Series, *, rounded: bool) -> pd.Series:
    """Return ages of data as numbers; rounded ones as "≤14" and ">90"."""
    if not rounded:
        return days.astype("Int64")
    words = {float(n): t("redaction.up_to", n=n) for n in AGE_LIMITS}
    return days.map(words | {math.inf: t("redaction.beyond", n=AGE_LIMITS[-1])})
