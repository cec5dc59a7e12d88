"""Published response rates beside the trial's own: historical, not randomised."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import BenchmarkRow
from .theme import SMALL, Look, base_figure
from .view import FigureView

_ROW = 40  # px of one cohort: its name above its criteria and ATG source


def figure_benchmarks(rows: tuple[BenchmarkRow, ...], look: Look, *, months: int) -> FigureView:
    """Return a mark with its interval per cohort, the trial's own on top; grey where criteria or ATG source differ."""
    colours = look.palette
    figure = base_figure(look, 70 + _ROW * len(rows), margin=(24, 190, 10, 36))
    level = {row.name: len(rows) - i for i, row in enumerate(rows)}
    for row in rows:
        colour = colours.accent if row.own else colours.text if row.comparable else colours.muted
        _orr(figure, row, level[row.name], colour)
        _crr(figure, row, level[row.name], colour)
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=level[row.name],
            text="<br>".join(filter(None, [row.shown, row.crr_shown])),
            align="left",
            showarrow=False,
            font={"size": SMALL, "color": colours.text if row.own or row.comparable else colours.muted},
        )
    figure.update_xaxes(range=[-0.01, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100%"])
    figure.update_yaxes(
        range=[0.4, len(rows) + 0.6],
        tickvals=list(level.values()),
        ticktext=[_label(row, look) for row in rows],
        tickfont={"size": SMALL, "color": colours.text},
        showgrid=False,
        automargin=True,  # names of cohorts are long, and longer in English
    )
    title = look.say("chart.benchmarks.title", months=months)
    table = pd.DataFrame(
        {
            look.say("column.cohort"): [row.name for row in rows],
            "ORR": [row.shown for row in rows],
            "CRR": [row.crr_shown for row in rows],
            look.say("column.detail"): [row.detail for row in rows],
        }
    )
    return FigureView(
        figure,
        title,
        look.say("chart.benchmarks.subtitle"),
        title,
        look.say("chart.benchmarks.footnote") + look.say("response.benchmarks.marks"),
        table,
        patients=False,
    )


def _label(row: BenchmarkRow, look: Look) -> str:
    name = f"<b>{row.name}</b>" if row.own else row.name
    return f'{name}<br><span style="color:{look.palette.muted}">{row.kind}</span>' if row.kind else name


def _orr(figure: go.Figure, row: BenchmarkRow, y: int, colour: str) -> None:
    known = row.lower is not None and row.upper is not None
    figure.add_scatter(
        x=[row.orr],
        y=[y],
        mode="markers",
        marker={
            "size": 12 if row.own else 9,
            "symbol": "diamond" if known else "diamond-open",
            "color": colour,
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row.upper - row.orr],
            "arrayminus": [row.orr - row.lower],
            "color": colour,
            "thickness": 1.5,
            "width": 3,
        }
        if row.lower is not None and row.upper is not None
        else None,
        hovertext=[f"{row.name}<br>{row.detail}"],
        hoverinfo="text",
        name=row.name,
    )


def _crr(figure: go.Figure, row: BenchmarkRow, y: int, colour: str) -> None:
    if row.crr is None:
        return
    figure.add_scatter(
        x=[row.crr],
        y=[y],
        mode="markers",
        marker={"size": 8, "symbol": "circle" if row.lower is not None else "circle-open", "color": colour},
        hovertext=[f"{row.name}<br>{row.crr_shown}"],
        hoverinfo="text",
        name=f"CRR {row.name}",
    )
