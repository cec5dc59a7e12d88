"""The charts with the dashboard's own component: alone, or with WORDS by the one way of its pages, `chart.show`."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import streamlit as st

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
from figures import figures  # noqa: E402

from saa_dash.charts.view import FigureView  # noqa: E402
from saa_dash.model.principal import local_principal  # noqa: E402
from saa_dash.model.provenance import Provenance  # noqa: E402
from saa_dash.ui import chart  # noqa: E402
from saa_dash.ui import state as page_state  # noqa: E402
from saa_dash.ui.plot.component import Drawing, Handlers, mount  # noqa: E402

FROM = Provenance("20260101T000000Z-00000000", date(2026, 1, 1), "", "", "BENCH", False, 10, 10)


@st.fragment
def charts() -> None:
    """Control and charts run alone, as on the pages with many patients."""
    state = st.session_state
    if st.button("next"):
        state["n"] = state.get("n", 0) + 1
    for number, figure in enumerate(figures(int(os.environ["PATIENTS"]), state.get("n", 0))):
        key = f"chart{number}"
        if os.environ["WORDS"] == "True":
            chart.show(FigureView(figure, f"Chart {number}", "unit", "a chart", "method"), key, FROM, select=True)
        else:
            mount(Drawing(figure, key, "a chart", select=True, box=False, pictures=True), Handlers())


st.session_state["lang"] = "en"
page_state.put(page_state.PageState(local_principal(), None, None, None))
charts()
