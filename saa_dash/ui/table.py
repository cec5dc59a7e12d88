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
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("column.status"): [t(f"ui.status.{code}") for code in rows["STATUS"]],
            t("column.last_day"): rows["LASTDY"].astype("Int64"),
            **{t(f"ui.domain.{name}"): rows[name].astype("Int64") for name in DOMAINS},
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="currency")
    offer_table(table, "currency", state.provenance())
