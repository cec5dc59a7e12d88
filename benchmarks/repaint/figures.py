"""The three charts that every technique draws: 20 visits of each patient, other numbers at every change."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

CHARTS, VISITS = 3, 20
FEW = 50  # up to so many patients the marks are drawn, above it the lines alone
HEIGHT = 320


def figures(patients: int, change: int) -> list[go.Figure]:
    """Return the charts after so many changes; `change` stands in each of them as "change N"."""
    return [_figure(patients, change, chart) for chart in range(CHARTS)]


def _figure(patients: int, change: int, chart: int) -> go.Figure:
    numbers = np.random.default_rng(1000 * change + chart)
    days = np.append(7.0 * np.arange(VISITS), np.nan)
    x = np.tile(days, patients)
    y = 50 + np.cumsum(numbers.normal(0, 4, (patients, VISITS + 1)), axis=1)
    y[:, -1] = np.nan
    mode = "lines+markers" if patients <= FEW else "lines"
    figure = go.Figure()
    figure.add_scatter(x=x, y=y.ravel(), mode=mode, line={"width": 1, "color": "#87919D"}, hoverinfo="skip")
    one = y[change % patients]
    figure.add_scatter(x=days, y=one, mode="lines+markers", line={"width": 2, "color": "#0B4F8A"})
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 56, "r": 24, "t": 30, "b": 44},
        showlegend=False,
        hovermode="closest",
        uirevision="keep",
        plot_bgcolor="#FFFFFF",
    )
    figure.update_xaxes(title="Study day", gridcolor="#E9ECEF")
    figure.update_yaxes(gridcolor="#E9ECEF", range=[0, 100])
    figure.add_annotation(
        text=f"change {change}", x=1, y=1, xref="paper", yref="paper", yanchor="bottom", showarrow=False
    )
    return figure
