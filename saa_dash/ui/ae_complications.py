"""The registry's complications on the page: the figure, what a click in it opens, the table."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ..analysis.ae_filter import EventFilter
from ..analysis.ae_summary import CLASSES, ComplicationPanel
from ..analysis.complications import OVERALL
from ..charts.ae_complications import class_name, figure_complications
from ..services.adverse_events import Target
from . import chart
from .ae_answers import complication_table
from .ae_behind import Asked, new_point, rows_behind
from .ae_tables import open_event
from .download import offer_table
from .words import t

_OPEN = "_ae_class"


def complications(panel: ComplicationPanel, asked: Asked, subtitle: str, method: str) -> None:
    """Draw the complications: a square opens its patient around the day of onset, a bar or a dot the rows behind it.

    Parameters
    ----------
    asked : of treatment-emergent events of the population. subtitle : population. method : name of the interval.
    """
    view = figure_complications(panel, chart.look(), subtitle=subtitle, method=method)
    point = new_point(chart.show(view, "complications", asked.provenance, select=asked.single), "complications")
    if point and len(point) == 3:  # a square: patient, class, day
        open_event(str(point[0]), float(str(point[2])) or None)
    if point:
        st.session_state[_OPEN] = (str(point[0]), int(str(point[1])) if len(point) > 1 else -1)
    _behind(asked)
    with st.expander(t("ae.panel.table"), icon=":material/table_rows:"):
        table = complication_table(panel)
        st.dataframe(
            table, hide_index=True, width="stretch", placeholder="", key="complications_rows", height="content"
        )
        st.caption(t("safety.attribution"))
        offer_table(table, "complications", asked.provenance, patients=False)


def _behind(asked: Asked) -> None:
    held = st.session_state.get(_OPEN)
    if held is None or not asked.single:
        return
    code, level = held
    classes = tuple(name for name in CLASSES if name != OVERALL) if code == OVERALL else (code,)
    wanted = EventFilter(population=asked.wanted.population, classes=classes)
    rows_behind(replace(asked, wanted=wanted), Target("ALL", level=level), class_name(code, chart.look()), _OPEN)
