"""A page of Streamlit with words alone: what a change costs before anything is drawn."""

from __future__ import annotations

import streamlit as st

state = st.session_state
if st.button("next"):
    state["n"] = state.get("n", 0) + 1
for number in range(3):
    st.markdown(f"Chart {number}: change {state.get('n', 0)}")
