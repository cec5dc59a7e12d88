"""What stands under every figure besides its words: its numbers."""

from __future__ import annotations

import streamlit as st

from ..charts.view import FigureView
from ..model.provenance import Provenance
from .download import offer_table
from .words import t

Points = tuple[tuple[object, ...], ...]


def draw(view: FigureView, key: str, provenance: Provenance, picked: Points) -> None:
    """Offer the numbers of a figure.

    Parameters
    ----------
    key : the figure's. picked : `customdata` of the marks chosen in it, P-code first.
    """
    if not view.table.empty:
        with st.expander(t("ui.numbers"), icon=":material/table_rows:"):
            st.dataframe(view.table, hide_index=True, placeholder="", key=f"{key}_table")
            offer_table(view.table, key, provenance, patients=view.patients)
