"""Imports the heavy libraries in the background once the server answers, so that no page waits for them."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

# What the first page needs, and what later pages need: the latter waits, so as not to slow the first chart down.
_FIRST = ("pandas", "plotly.graph_objects", "duckdb", "scipy.special")
_LATER = ("greenwood", "lifelines", "openpyxl", "pandera", "pptx.api")
_LATER += ("saa_dash.services.deck_parts", "saa_dash.report.deck", "saa_dash.report.slides.compose")
LIBRARIES = _FIRST + _LATER
_WAIT_SECONDS = 30


def _import_all() -> None:
    for name in _FIRST:
        importlib.import_module(name)
    time.sleep(_WAIT_SECONDS)
    for name in _LATER:
        importlib.import_module(name)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the warm-up beside the server."""
    threading.Thread(target=_import_all, name="warm-up", daemon=True).start()
    yield
