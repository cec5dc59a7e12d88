"""Accrual: patients enrolled against the planned number and the recruiting window."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import Accrual
from .theme import SMALL, Look, base_figure, escape
from .view import FigureView

MAX_MARKS, _LABELLED = 120, 40  # patients that have a mark each, and a name beside it


def figure_accrual(accrual: Accrual, look: Look, *, height: int = 334) -> FigureView:
    """Return cumulative enrolment as steps with one mark per patient, the window shaded and the plan as a line."""
    colours = look.palette
    rows = accrual.rows.reset_index(drop=True)
    count = len(rows)
    figure = base_figure(look, height, margin=(30, 28, 12, 44))
    start = accrual.opens or (rows["DATE"].min().date() if count else accrual.cutoff)
    end = max(filter(None, [accrual.cutoff, accrual.closes]))
    if accrual.opens and accrual.closes:
        figure.add_vrect(x0=accrual.opens, x1=accrual.closes, fillcolor=colours.surface, line_width=0, layer="below")
        figure.add_annotation(
            x=accrual.opens,
            y=1,
            yref="y domain",
            text=look.say("chart.accrual.window"),
            showarrow=False,
            xanchor="left",
            yanchor="top",
            xshift=4,
            font={"size": SMALL, "color": colours.muted},
        )
    if accrual.planned:
        figure.add_hline(y=accrual.planned, line={"color": colours.muted, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=1,
            xref="paper",
            y=accrual.planned,
            text=look.say("chart.accrual.planned", n=accrual.planned),
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
            font={"size": SMALL, "color": colours.muted},
        )
    if count:
        _enrolled(figure, rows, start, accrual.cutoff, look)
    figure.update_yaxes(range=[0, max(count, accrual.planned or 0) * 1.12 + 0.4], dtick=_step(count, accrual.planned))
    figure.update_xaxes(
        range=[start, end],
        tickformat=look.say("chart.accrual.months"),
        tickangle=0,
        dtick=f"M{next((n for n in (1, 3, 6) if _months(start, end) <= 6 * n), 12)}",
    )
    table = pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"],
            look.say("column.enrolled"): rows["DATE"].dt.date.astype("str") if count else [],
            look.say("column.cumulative"): range(1, count + 1),
        }
    )
    title = look.say("chart.accrual.title_open", n=count)
    if accrual.planned:
        title = look.say("chart.accrual.title", n=count, planned=accrual.planned)
    note = look.say("chart.accrual.undated", n=accrual.undated) if accrual.undated else ""
    subtitle = look.say("chart.accrual.subtitle" if count <= MAX_MARKS else "chart.accrual.subtitle_line")
    method = " ".join(filter(None, (look.say("chart.accrual.method"), note)))
    return FigureView(figure, title, subtitle, title, method, table)


def _enrolled(figure: go.Figure, rows: pd.DataFrame, start: date, cutoff: date, look: Look) -> None:
    """Draw the steps with a mark per patient; of many patients the steps alone, told day by day."""
    colours, count = look.palette, len(rows)
    if count > MAX_MARKS:
        daily = rows.groupby("DATE").size().cumsum()
        told = [
            look.say("chart.accrual.hover_line", date=day, n=int(n))
            for day, n in zip(daily.index.astype("str").str.slice(0, 10), daily, strict=True)
        ]
        figure.add_scatter(
            x=[pd.Timestamp(start), *daily.index, pd.Timestamp(cutoff)],
            y=[0, *daily, count],
            mode="lines",
            line={"shape": "hv", "color": colours.accent, "width": 2},
            hovertext=["", *told, ""],
            hoverinfo="text",
            name="enrolled",
        )
        return
    figure.add_scatter(
        x=[pd.Timestamp(start), *rows["DATE"], pd.Timestamp(cutoff)],
        y=[0, *range(1, count + 1), count],
        mode="lines",
        line={"shape": "hv", "color": colours.accent, "width": 2},
        hoverinfo="skip",
    )
    few = count <= _LABELLED
    figure.add_scatter(
        x=rows["DATE"],
        y=list(range(1, count + 1)),
        mode="markers+text" if few else "markers",
        text=rows["PCODE"] if few else None,
        textposition="bottom right",
        textfont={"size": SMALL, "color": colours.muted},
        marker={"size": 8 if few else 4, "color": colours.accent, "line": {"color": colours.background, "width": 1}},
        customdata=rows["PCODE"],
        hovertext=[
            look.say("chart.accrual.hover", patient=escape(p), date=d.date(), n=i + 1)
            for i, (p, d) in enumerate(zip(rows["PCODE"], rows["DATE"], strict=True))
        ],
        hoverinfo="text",
        name="enrolled",
    )


def _step(count: int, planned: int | None) -> int:
    fifth = max(count, planned or 0) / 5
    return next((n * 10**k for k in range(6) for n in (1, 2, 5) if n * 10**k >= fifth), 10**6)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
