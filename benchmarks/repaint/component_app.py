"""The server of `component_page.py`, with the files of the component."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))
from saa_dash.ui.plot import files

app = st.App(Path(__file__).parent / "component_page.py", routes=files.routes())
