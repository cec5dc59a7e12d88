"""`streamlit run app.py` serves the dashboard: the shell script, with the guard in front of every request."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from saa_dash.ui.deployment import checked
from saa_dash.ui.guard import Guard
from saa_dash.ui.plot import files
from saa_dash.ui.warm import lifespan

checked()  # a wrong or unsafe configuration ends here, however the server was started

app = st.App(
    Path(__file__).parent / "saa_dash" / "ui" / "main.py",
    routes=files.routes(),
    middleware=[Middleware(Guard)],
    lifespan=lifespan,
)
