"""One patient among many: drawn stronger than the others."""

from __future__ import annotations

import streamlit as st

from . import session, state
from .words import t


def choose_highlighted() -> None:
    """Offer the patient to be drawn stronger, or nobody."""
    codes = ["", *state.view().chosen_pcodes]
    if st.session_state.get(session.PATIENT) not in codes:
        st.session_state[session.PATIENT] = ""
    words = {code: code or t("lab.nobody") for code in codes}
    st.selectbox(
        t("lab.highlight"),
        codes,
        key=session.PATIENT,
        format_func=words.__getitem__,
        placeholder=t("ui.choose_one"),
        label_visibility="collapsed",
        help=t("lab.highlight"),
        width=130,
    )
