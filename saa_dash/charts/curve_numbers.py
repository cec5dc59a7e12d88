"""The numbers under a curve: at risk, censored, events and competing events, columns exactly at the ticks of the axis.

Source: KMunicate (Morris et al. BMJ Open 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.landmarks import DAYS_OF, TimeUnit
from ..analysis.pcode_order import patient_order
from ..analysis.results import Curve
from .theme import SMALL, Look, escape

ROW = 20  # px of one row
_GAP = 0.45  # rows between the tables of two curves
_ROWS = ("n_risk", "n_censor", "n_event")


@dataclass(frozen=True)
class NumberRow:
    """One row of the table: its code and words, the numbers at the ticks, the colour of its curve."""

    code: str
    label: str
    numbers: pd.Series
    colour: str
    first: bool


def number_rows(curve: Curve, look: Look, colour: str, name: str = "") -> list[NumberRow]:
    """Return the rows of one curve, those of competing events in the colour of their own curve.

    Parameters
    ----------
    name : of the curve where several stand in one figure.
    """
    first = f"<b>{escape(name)}</b>  {look.say('chart.curve.n_risk')}" if name else look.say("chart.curve.n_risk")
    rows = [
        NumberRow(row, first if row == "n_risk" else look.say(f"chart.curve.{row}"), curve.at_risk[row], colour, not at)
        for at, row in enumerate(_ROWS)
    ]
    if curve.competing:
        rows.append(
            NumberRow("n_rival", look.say("chart.curve.n_rival"), curve.at_risk["n_rival"], look.palette.muted, False)
        )
    return rows


def rows_high(rows: Sequence[NumberRow]) -> float:
    """Return the height of a table in rows, with the gaps between its curves."""
    return len(rows) + _GAP * (sum(row.first for row in rows) - 1)


def draw_numbers(figure: go.Figure, rows: Sequence[NumberRow], times: pd.Series) -> None:
    """Write the rows on the axes x2 and y2, which share the ticks of the curve."""
    high = rows_high(rows)
    gaps = np.cumsum([row.first for row in rows]) - 1
    levels = (high - np.arange(len(rows)) - _GAP * gaps).tolist()
    for level, row in zip(levels, rows, strict=True):
        figure.add_scatter(
            x=times,
            y=np.full(len(times), level),
            xaxis="x2",
            yaxis="y2",
            mode="text",
            cliponaxis=False,
            text=[f"<b>{n}</b>" if row.first else str(n) for n in row.numbers],
            textfont={"size": SMALL, "color": row.colour},
            hoverinfo="skip",
            name=row.code,
        )
    figure.update_layout(
        yaxis2={
            "range": [0.4, high + 0.6],
            "tickvals": levels,
            "ticktext": [f'<span style="color:{row.colour}">{row.label}</span>' for row in rows],
            "tickfont": {"size": SMALL},
            "ticklabelstandoff": 22,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        }
    )


def tick_words(days: Sequence[float], unit: TimeUnit) -> list[str]:
    """Return the labels of ticks at given days, in the unit of the axis."""
    return [f"{round(day / DAYS_OF[unit], 6):g}" for day in days]


def curve_table(curves: Sequence[tuple[str, Curve]], look: Look) -> pd.DataFrame:
    """Return each patient's time and outcome, in the reader's language; with the group where there are several."""
    parts = [curve.subjects.assign(GROUP=name) for name, curve in curves]
    rows = pd.concat(parts).sort_values(["GROUP", "AVAL", "PCODE"], key=patient_order)
    table = pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("column.days"): rows["AVAL"].astype("Int64").to_numpy(),
            look.say("column.outcome"): [look.say(f"chart.curve.code_{int(code)}") for code in rows["EVNTCD"]],
            look.say("curves.column.how"): [look.say(f"term.ttedesc.{code}") for code in rows["EVNTDESC"]],
        }
    )
    if len(curves) > 1:
        table.insert(1, look.say("curves.column.group"), rows["GROUP"].to_numpy())
    return table
