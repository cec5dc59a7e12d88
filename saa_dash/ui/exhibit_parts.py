"""An exhibit on the page: drawn small in the list of a tray, or as large as the page allows."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from ..report.exhibit import FIGURE, Exhibit
from . import chart
from .plot.component import Drawing, Handlers, mount

SMALL = 0.5  # of the size on a page
_ROWS, _TALL = 5, 220  # rows of a table in the list before it scrolls, and its height then, px


def draw_exhibit(one: Exhibit, key: str, *, small: bool = False) -> None:
    """Draw an exhibit.

    Parameters
    ----------
    key : unique on the page. small : as in a list.
    """
    if one.kind != FIGURE:
        tall = small and len(one.table) > _ROWS
        st.dataframe(one.table, hide_index=True, placeholder="", key=key, height=_TALL if tall else "content")
        return
    figure = go.Figure(one.figure, _validate=False)
    if chart.is_plain():
        st.plotly_chart(figure, key=key, theme=None, config={"displayModeBar": False}, alt=one.alt)
        return
    drawing = Drawing(figure, key, one.alt, select=False, box=False, pictures=False, scale=SMALL if small else 1.0)
    with st.container(key=f"paper_{key}"):
        mount(drawing, Handlers())
