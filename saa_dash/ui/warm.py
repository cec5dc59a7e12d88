"""Imports the heavy libraries in the background once the server answers, so that no page waits for them."""

from __future__ import annotations

import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

# In the order in which pages need them.
_HEAVY = ("pandas", "plotly.graph_objects", "duckdb", "scipy.stats", "greenwood", "lifelines", "openpyxl", "pandera")


def _import_all() -> None:
    for name in _HEAVY:
        importlib.import_module(name)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the warm-up beside the server."""
    threading.Thread(target=_import_all, name="warm-up", daemon=True).start()
    yield
