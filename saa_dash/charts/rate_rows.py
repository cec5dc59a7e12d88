"""ORR and CRR of one row with their exact limits and their words, drawn on an axis from 0 to 100 %."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from ..analysis.proportions import Proportion
from ..analysis.results import StratumRow
from .strips import rate_text
from .theme import BODY, SMALL, Look, base_figure
from .view import FigureView

_ROW = 84  # px of one stratum
_RATES = (("ORR", 0.2, "PR", "diamond"), ("CRR", -0.28, "CR", "circle"))


def rates_axis(look: Look, domain: tuple[float, float]) -> dict[str, object]:
    """Return the properties of an axis from 0 to 100 %."""
    return {
        "domain": list(domain),
        "anchor": "y",
        "range": [-0.02, 1.02],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "ticktext": ["0", "25", "50", "75", "100%"],
        "gridcolor": look.palette.grid,
        "tickfont": {"size": SMALL, "color": look.palette.muted},
        "zeroline": False,
        "fixedrange": True,
    }


def draw_rates(
    figure: go.Figure, look: Look, level: float, orr: Proportion, crr: Proportion, axis: str, *, printable: bool
) -> None:
    """Draw the rates of one row.

    Parameters
    ----------
    level : of the row on the y axis. axis : name of the x axis. printable : False where no rate may be printed.
    """
    for (name, shift, state, symbol), rate in zip(_RATES, (orr, crr), strict=True):
        words = f"{name} {rate_text(rate, look, printable=printable)}"
        if rate.total and printable:
            _interval(figure, rate, level + shift, axis, look.palette.response[state], symbol, words)
        figure.add_annotation(
            x=0,
            xref=axis,
            y=level + shift,
            yshift=15,
            xanchor="left",
            text=f"<b>{name}</b>{words[len(name) :]}",
            showarrow=False,
            font={"size": SMALL, "color": look.palette.text},
        )


def _interval(figure: go.Figure, rate: Proportion, y: float, axis: str, colour: str, symbol: str, words: str) -> None:
    figure.add_scatter(
        x=[rate.estimate],
        y=[y],
        xaxis=axis,
        mode="markers",
        marker={"size": 10, "color": colour, "symbol": symbol},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [rate.upper - rate.estimate],
            "arrayminus": [rate.estimate - rate.lower],
            "color": colour,
            "thickness": 2,
            "width": 4,
        },
        hovertext=[words],
        hoverinfo="text",
        name=words[:3],
    )


def figure_strata_rates(
    rows: Sequence[StratumRow], sizes: dict[str, int], look: Look, *, method: str, rule: str
) -> FigureView:
    """Return one panel per visit, one row per severity.

    Parameters
    ----------
    rows : every severity at every visit. sizes : patients by name of severity, in the order of the rows.
    method : name of the binomial interval. rule : rule set and origin in words.
    """
    names, weeks = list(sizes), sorted({row.week for row in rows})
    level = {name: len(names) - i for i, name in enumerate(names)}
    figure = base_figure(look, 76 + _ROW * len(names), margin=(96, 20, 36, 32))
    share = 1 / len(weeks)
    for at, week in enumerate(weeks):
        axis = "x" if at == 0 else f"x{at + 1}"
        low, high = at * share, (at + 1) * share - 0.05
        figure.update_layout({axis.replace("x", "xaxis"): rates_axis(look, (low, high))})
        for row in rows:
            if row.week == week:
                draw_rates(figure, look, level[row.name], row.orr, row.crr, axis, printable=row.printable)
        figure.add_annotation(
            x=low,
            xref="paper",
            xanchor="left",
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"<b>{look.say('chart.week', n=week)}</b>",
            showarrow=False,
            font={"size": BODY, "color": look.palette.text},
        )
    figure.update_yaxes(
        range=[0.45, len(names) + 0.6],
        tickvals=[level[name] for name in names],
        ticktext=[f"{name}<br>n = {sizes[name]}" for name in names],
        tickfont={"size": BODY, "color": look.palette.text},
        showgrid=False,
        fixedrange=True,
    )
    title = look.say("response.strata.title")
    words = [
        look.say(
            "response.strata.cell",
            name=row.name,
            week=row.week,
            orr=rate_text(row.orr, look, printable=row.printable),
            crr=rate_text(row.crr, look, printable=row.printable),
        )
        for row in rows
    ]
    return FigureView(
        figure,
        title,
        look.say("response.strata.subtitle", rule=rule),
        f"{title} {'; '.join(words)}",
        look.say("response.strata.footnote", method=method),
        _table(rows, look),
        patients=False,
    )


def _table(rows: Sequence[StratumRow], look: Look) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("curves.column.group"): [row.name for row in rows],
            look.say("column.visit"): [look.say("chart.week", n=row.week) for row in rows],
            "ORR": [rate_text(row.orr, look, printable=row.printable) for row in rows],
            "CRR": [rate_text(row.crr, look, printable=row.printable) for row in rows],
        }
    )
