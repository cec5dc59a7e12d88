"""Response at each visit as squares: one per patient, with x/n and its exact interval beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from ..analysis.pcode_order import patient_order
from ..analysis.proportions import Proportion
from ..analysis.results import VisitStrip
from .theme import BODY, SMALL, Look, base_figure, escape
from .view import FigureView

ORDER = ("CR", "PR", "NR", "NE", "NYD")
_ROW = 98  # px of one visit: its squares and two lines of answer
MAX_SQUARES = 40  # beyond this many patients a strip is a stacked bar of the same colours


def rate_text(rate: Proportion, look: Look, *, printable: bool = True) -> str:
    """Return "6/10 · 60 % (26–88)"; the interval in per cent.

    Parameters
    ----------
    printable : False where transfusion independence cannot be assessed yet: no rate is printed then.
    """
    if not printable:
        return look.say("chart.rate.not_assessable")
    if rate.total == 0:
        return look.say("chart.rate.none", x=rate.events, n=rate.total)
    return look.say(
        "chart.rate.text",
        x=rate.events,
        n=rate.total,
        percent=f"{100 * rate.estimate:.0f}",
        lower=f"{100 * rate.lower:.0f}",
        upper=f"{100 * rate.upper:.0f}",
    )


def figure_strips(strips: Sequence[VisitStrip], look: Look, *, method: str, rule: str) -> FigureView:
    """Return the strips of all visits under one another, answers at the right."""
    colours = look.palette
    total = max((len(strip.rows) for strip in strips), default=0)
    squares = total <= MAX_SQUARES
    figure = base_figure(look, 40 + _ROW * len(strips), margin=(64, 16, 4, 8))
    span = max(total, 1)
    for level, strip in enumerate(strips):
        y = len(strips) - level
        rows = strip.rows.assign(_o=strip.rows["STATE"].map({s: i for i, s in enumerate(ORDER)}))
        rows = rows.sort_values(["_o", "PCODE"], key=patient_order).reset_index(drop=True)
        for state in ORDER:
            part = rows[rows["STATE"] == state]
            if part.empty:
                continue
            draw = _squares if squares else _bar
            draw(figure, look, state, part, y, span, strip.week)
        answer = look.say(
            "chart.strips.answer",
            orr=rate_text(strip.orr, look, printable=strip.counts.rate_printable),
            crr=rate_text(strip.crr, look),
        )
        figure.add_annotation(
            x=0,
            y=y - 0.2,
            xref="x",
            yref="y",
            xanchor="left",
            xshift=-10,
            yanchor="top",
            align="left",
            text=answer,
            showarrow=False,
            font={"size": BODY, "color": colours.text},
        )
    figure.update_layout(barmode="overlay")  # each stretch has its own base
    figure.update_xaxes(visible=False, range=[-0.6, span - 0.4], fixedrange=True)
    figure.update_yaxes(
        range=[0.3, len(strips) + 0.3],
        tickvals=[len(strips) - i for i in range(len(strips))],
        ticktext=[look.say("chart.week", n=strip.week) for strip in strips],
        tickfont={"size": BODY, "color": colours.text},
        showgrid=False,
        fixedrange=True,
    )
    table = _table(strips, look)
    title = look.say("chart.strips.title")
    alt = (
        title
        + " "
        + look.say("pack.list.semicolon").join(
            look.say("chart.strips.alt", week=s.week, orr=rate_text(s.orr, look), crr=rate_text(s.crr, look))
            for s in strips
        )
    )
    return FigureView(
        figure,
        title,
        look.say("chart.strips.subtitle", rule=rule),
        alt,
        look.say("chart.strips.footnote", method=method),
        table,
        patients=False,
    )


def _squares(figure: go.Figure, look: Look, state: str, part: pd.DataFrame, y: int, span: int, week: int) -> None:
    colours = look.palette
    size = 30 if span <= 14 else 22 if span <= 24 else 13
    for x in part.index if state == "NYD" else ():
        half = size / 2
        figure.add_shape(
            type="rect",
            xsizemode="pixel",
            ysizemode="pixel",
            xanchor=x,
            yanchor=y,
            x0=-half,
            x1=half,
            y0=-half,
            y1=half,
            line={"color": colours.muted, "width": 1, "dash": "dot"},
        )
    hovers = [
        look.say("chart.strips.hover", patient=escape(p), week=week, state=look.say(f"term.response.{state}"))
        for p in part["PCODE"]
    ]
    figure.add_scatter(
        x=part.index,
        y=[y] * len(part),
        mode="markers+text" if size >= 22 else "markers",
        marker={
            "symbol": "square",
            "size": size,
            "color": colours.response[state],
            "line": {"width": 0 if state == "NYD" else 1.2, "color": colours.response[state]},
        },
        text=["" if state == "NYD" else state] * len(part),
        textfont={"size": SMALL, "color": colours.on_response[state]},
        customdata=part["PCODE"],
        hovertext=hovers,
        hoverinfo="text",
        name=state,
    )


def _bar(figure: go.Figure, look: Look, state: str, part: pd.DataFrame, y: int, span: int, week: int) -> None:
    colours = look.palette
    figure.add_bar(
        x=[len(part)],
        y=[y],
        base=[part.index[0] - 0.5],
        orientation="h",
        width=0.42,
        marker={
            "color": colours.response[state],
            "line": {"width": 1, "color": colours.muted if state == "NYD" else colours.response[state]},
        },
        text=[f"{state} {len(part)}" if len(part) > span * 0.06 else ""],
        textposition="inside",
        insidetextanchor="middle",
        textfont={"color": colours.on_response[state]},
        hovertext=[
            look.say("chart.strips.hover_bar", week=week, state=look.say(f"term.response.{state}"), n=len(part))
        ],
        hoverinfo="text",
        name=state,
    )


def _table(strips: Sequence[VisitStrip], look: Look) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                look.say("column.visit"): look.say("chart.week", n=s.week),
                "ORR": rate_text(s.orr, look),
                "CRR": rate_text(s.crr, look),
                **{state: int((s.rows["STATE"] == state).sum()) for state in ORDER[:4]},
                look.say("term.response.NYD"): s.counts.not_yet_due,
            }
            for s in strips
        ]
    )
