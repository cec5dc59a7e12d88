"""The one way a figure reaches the screen: title, figure, provenance, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from ..charts.theme import Look
from ..charts.view import FigureView
from ..model.provenance import Provenance
from . import places, session, state, under_figure
from .words import language, t

_CUT_SHOWN = 15  # characters of a cut's id on the screen: when it was made; downloads carry all of it
_STAMP_ROOM = 26  # px above the plot for the word "synthetic"


@dataclass(frozen=True)
class Selection:
    """What was clicked or boxed: the `customdata` of each mark, its P-code first."""

    points: tuple[tuple[object, ...], ...] = ()


def look() -> Look:
    """Return the language and appearance of this session for the figures, and whether their marks open patients."""
    opened = state.get().view
    opens = opened is None or opened.sight.patients
    return Look(language(), "dark" if st.context.theme.type == "dark" else "light", opens)


def provenance_line(provenance: Provenance) -> str:
    """Return cut, cut-off, n, filters and origin of data as one line."""
    parts = [
        t("provenance.cut", cut=provenance.cut_id[:_CUT_SHOWN], date=provenance.cutoff),
        t("provenance.n", n=provenance.selected, total=provenance.total),
        t("provenance.filtered", filters=provenance.filters) if provenance.filters else t("provenance.unfiltered"),
    ]
    if provenance.rule:
        parts.append(t("provenance.rule", rule=provenance.rule))
    return " · ".join(parts)


def show(view: FigureView, key: str, provenance: Provenance, *, select: bool = False) -> Selection:
    """Draw a figure with its words, its data cut and its numbers; return what is selected in it.

    Parameters
    ----------
    key : unique on the page, stable from run to run. select : whether marks can be clicked.
    """
    st.markdown(f"**{view.title}**")
    st.caption(view.subtitle)
    event = st.plotly_chart(
        _stamped(view, provenance),
        key=key,
        theme=None,
        width="stretch",
        config={"displayModeBar": False, "displaylogo": False, "doubleClick": "reset"},
        on_select="rerun" if select else "ignore",
        selection_mode=("points",) if select else ("points", "box"),
        alt=view.alt,
    )
    if view.footnote:
        st.caption(view.footnote)
    synthetic = [t("synthetic.badge")] if provenance.synthetic else []
    st.caption(" · ".join([*synthetic, provenance_line(provenance)]))
    points = event.get("selection", {}).get("points", []) if select and isinstance(event, Mapping) else []
    picked = Selection(_marks(points))
    under_figure.draw(view, key, provenance, picked.points)
    return picked


def open_patient(selection: Selection) -> None:
    """Go to the page of the patient whose mark was clicked."""
    if selection.points:
        st.session_state[session.GO_TO] = str(selection.points[0][0])
        places.go("patients")


def _marks(points: Sequence[Mapping[str, object]]) -> tuple[tuple[object, ...], ...]:
    held = [point.get("customdata") for point in points]
    return tuple(tuple(data) if isinstance(data, list | tuple) else (data,) for data in held if data)


def _stamped(view: FigureView, provenance: Provenance) -> go.Figure:
    """Write "synthetic" into the figure itself, so that a copied picture still says it."""
    if not provenance.synthetic:
        return view.figure
    figure = view.figure
    figure.update_layout(margin={"t": max(figure.layout.margin.t, _STAMP_ROOM)})
    return figure.add_annotation(
        text=t("synthetic.stamp"),
        xref="paper",
        yref="paper",
        x=1,
        y=1,
        xanchor="right",
        yanchor="bottom",
        yshift=4,
        showarrow=False,
        opacity=0.6,
        font={"size": 11},
    )
