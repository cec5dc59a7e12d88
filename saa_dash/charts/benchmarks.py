"""Published response rates beside the trial's own: historical, not randomised."""

from __future__ import annotations

import pandas as pd

from ..analysis.results import BenchmarkRow
from .theme import SMALL, Look, base_figure
from .view import FigureView


def figure_benchmarks(rows: tuple[BenchmarkRow, ...], look: Look, *, months: int) -> FigureView:
    """Return a dot with its interval per cohort, the trial's own on top; grey where criteria or ATG source differ."""
    colours = look.palette
    figure = base_figure(look, 70 + 30 * len(rows), margin=(24, 150, 10, 36))
    level = {row.name: len(rows) - i for i, row in enumerate(rows)}
    for row in rows:
        colour = colours.accent if row.own else colours.text if row.comparable else colours.muted
        known = row.lower is not None and row.upper is not None
        figure.add_scatter(
            x=[row.orr],
            y=[level[row.name]],
            mode="markers",
            marker={
                "size": 12 if row.own else 9,
                "symbol": "diamond" if row.own else "circle" if known else "circle-open",
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
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=level[row.name],
            text=row.shown,
            showarrow=False,
            font={"size": SMALL, "color": colours.text if row.own or row.comparable else colours.muted},
        )
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100%"])
    figure.update_yaxes(
        range=[0.4, len(rows) + 0.6],
        tickvals=list(level.values()),
        ticktext=[f"<b>{name}</b>" if name == rows[0].name and rows[0].own else name for name in level],
        tickfont={"size": SMALL, "color": colours.text},
        showgrid=False,
        automargin=True,  # names of cohorts are long, and longer in English
    )
    title = look.say("chart.benchmarks.title", months=months)
    table = pd.DataFrame(
        {
            look.say("column.cohort"): [row.name for row in rows],
            "ORR": [row.shown for row in rows],
            look.say("column.detail"): [row.detail for row in rows],
        }
    )
    return FigureView(
        figure, title, look.say("chart.benchmarks.subtitle"), title, look.say("chart.benchmarks.footnote"), table,
        patients=False,
    )  # fmt: skip
