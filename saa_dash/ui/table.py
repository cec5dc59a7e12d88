"""Tables as pages show them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..services.overview import DOMAINS, Overview
from . import state
from .download import offer_table
from .words import t


def currency_table(page: Overview) -> None:
    """Show how recent each patient's data are: days between the last record of a kind and the cut-off."""
    rows = page.currency
    st.markdown(f"**{t('ui.currency.title')}**")
    st.caption(t("ui.currency.subtitle", n=page.queries))
    kinds = [name for name in DOMAINS if rows[name].notna().any()]
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("column.status"): [t(f"ui.status.{code}") for code in rows["STATUS"]],
            t("column.last_day"): rows["LASTDY"].astype("Int64"),
            **{t(f"ui.domain.{name}"): rows[name].astype("Int64") for name in kinds},
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="currency")
    if lacking := [t(f"ui.domain.{name}") for name in DOMAINS if name not in kinds]:
        st.caption(t("gap.no_kinds", kinds=t("ui.response.comma").join(lacking)))
    offer_table(table, "currency", state.provenance())
