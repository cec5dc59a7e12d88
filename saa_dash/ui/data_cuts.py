"""The list of data cuts with their hashes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..model.principal import Principal
from ..services.cuts import list_cuts
from ..services.location import data_dir
from .words import t


def cut_list(principal: Principal) -> None:
    """Show every cut, newest first."""
    cuts = list_cuts(principal, data_dir())
    st.subheader(t("ui.data.cuts"))
    if not cuts:
        st.caption(t("ui.data.cuts_none"))
        return
    st.caption(t("ui.data.cuts_help"))
    table = pd.DataFrame(
        {
            t("ui.data.column.cutoff"): [cut.cutoff.isoformat() for cut in cuts],
            t("ui.data.column.label"): [cut.label for cut in cuts],
            t("ui.data.column.subjects"): [cut.subjects for cut in cuts],
            t("ui.data.column.rows"): [cut.rows for cut in cuts],
            t("ui.data.column.queries"): [cut.queries for cut in cuts],
            t("ui.data.column.excluded"): [cut.excluded_after_cutoff for cut in cuts],
            t("ui.data.column.synthetic"): [t("synthetic.short") if cut.synthetic else "" for cut in cuts],
            t("ui.data.column.study"): [cut.study for cut in cuts],
            t("ui.data.column.created"): [cut.created.replace("T", " ").rstrip("Z") for cut in cuts],
            t("ui.data.column.cut"): [cut.cut_id for cut in cuts],
            t("ui.data.column.parent"): [cut.parent or "" for cut in cuts],
            t("ui.data.column.hash"): [cut.content_hash for cut in cuts],
            t("ui.data.column.file_hash"): [cut.file_hash for cut in cuts],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="cuts")
