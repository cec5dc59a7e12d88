"""Rows that open a patient at a study day: by a click on the row, or by list and button."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from ..model.provenance import Provenance
from . import places, session
from .download import offer_table
from .words import t

_NUMBER = r"[<>]?-?[\d.e+-]+|–|<NA>|nan"
_TALL = 388  # px of a table that scrolls


def open_at(pcode: str, day: float | None) -> None:
    """Go to a patient, around a study day where it is known."""
    st.session_state[session.GO_TO] = pcode
    if day is not None and day == day:
        st.session_state[session.GO_TO_DAY] = int(day)
    places.go("patients")


def patient_rows(
    table: pd.DataFrame, days: Sequence[float], key: str, provenance: Provenance, *, rows: int = 10, name: str = ""
) -> None:
    """Show rows of patients, each opening its patient.

    Parameters
    ----------
    table : as shown, P-codes in its first column. days : study day to open each row at, NaN for none.
    rows : before the table scrolls. name : of the downloaded file, `key` without one.
    """
    codes = [str(code) for code in table.iloc[:, 0]]
    event = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height="content" if len(table) <= rows else _TALL,
        placeholder="–",
        key=f"{key}_rows",
        column_config=_columns(table),
        on_select="rerun",
        selection_mode="single-row",
    )
    picked = event["selection"]["rows"]
    if picked and picked[0] < len(codes):
        open_at(codes[picked[0]], days[picked[0]])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _by_button(codes, days, key)
        offer_table(table, name or key, provenance)


def _columns(table: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Keep the codes in view, and numbers that are written as text ("<0.1") at the right like all numbers."""
    texts = table.columns[1:]
    written = [name for name in texts if table[name].astype(str).str.fullmatch(_NUMBER).all()]
    right = {name: st.column_config.Column(alignment="right") for name in written}
    return {str(table.columns[0]): st.column_config.Column(pinned=True), **right}


def _by_button(codes: Sequence[str], days: Sequence[float], key: str) -> None:
    words = [
        t("lab.patient_day", patient=code, day=int(day)) if day == day else code
        for code, day in zip(codes, days, strict=True)
    ]
    held = f"{key}_which"
    if st.session_state.get(held) not in range(len(codes)):
        st.session_state[held] = 0
    st.selectbox(
        t("lab.which"),
        range(len(codes)),
        key=held,
        format_func=words.__getitem__,
        placeholder=t("ui.choose_one"),
        label_visibility="collapsed",
        width=170,
    )
    at = int(st.session_state[held])
    code, day = codes[at], days[at]
    label = t("lab.open_day", patient=code, day=int(day)) if day == day else t("lab.open", patient=code)
    if st.button(label, icon=":material/person:", key=f"{key}_open"):
        open_at(code, day)
