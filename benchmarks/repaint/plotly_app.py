"""The charts with `st.plotly_chart`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parent))
from figures import figures

state = st.session_state
if st.button("next"):
    state["n"] = state.get("n", 0) + 1
for number, figure in enumerate(figures(int(os.environ["PATIENTS"]), state.get("n", 0))):
    st.plotly_chart(figure, key=f"chart{number}", theme=None, width="stretch", config={"displayModeBar": False})
