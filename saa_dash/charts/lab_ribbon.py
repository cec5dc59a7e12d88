"""Quantiles of many patients over time, with the number of patients under each bin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from .theme import SMALL, Look

_COUNTS = 0.1  # share of the height for the numbers of patients


def draw_ribbon(figure: go.Figure, ribbon: pd.DataFrame, look: Look, colour: str) -> None:
    """Draw the median with bands of the middle half and of the middle eight tenths."""
    known = ribbon["P50"].notna().to_numpy()
    for low, high, opacity in (("P10", "P90", 0.13), ("P25", "P75", 0.2)):
        for run in _runs(known):
            part = ribbon.iloc[run]
            figure.add_scatter(
                x=np.concatenate([part["ADY"], part["ADY"][::-1]]),
                y=np.concatenate([part[high], part[low][::-1]]),
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=colour,
                opacity=opacity,
                hoverinfo="skip",
                name=f"{low}-{high}",
            )
    figure.add_scatter(
        x=ribbon["ADY"],
        y=ribbon["P50"],
        mode="lines+markers",
        line={"color": colour, "width": 2.4},
        marker={"size": 6, "color": colour},
        hovertext=[_hover(row, look) for _, row in ribbon.iterrows()],
        hoverinfo="text",
        name="median",
    )


def _runs(known: np.ndarray) -> list[slice]:
    """Return the stretches of neighbouring bins that have quantiles."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _hover(row: pd.Series, look: Look) -> str:
    if row["P50"] != row["P50"]:
        return ""
    numbers = {name.lower(): f"{row[name]:.4g}" for name in ("P10", "P25", "P50", "P75", "P90")}
    return look.say("lab.course.ribbon_hover", n=int(row["N"]), **numbers)


def draw_counts(figure: go.Figure, ribbon: pd.DataFrame, look: Look) -> None:
    """Write the patients of each bin under the plot."""
    figure.update_layout(
        yaxis={"domain": [_COUNTS, 1]},
        yaxis2={
            "domain": [0, _COUNTS * 0.7], "range": [0, 1], "tickvals": [0.5], "ticktext": ["n"], "showgrid": False,
            "zeroline": False, "fixedrange": True, "tickfont": {"size": SMALL, "color": look.palette.muted},
        },
        xaxis={"anchor": "y2"},
    )  # fmt: skip
    figure.add_scatter(
        x=ribbon["ADY"],
        y=np.full(len(ribbon), 0.5),
        yaxis="y2",
        mode="text",
        text=[str(n) for n in ribbon["N"]],
        textfont={"size": SMALL, "color": look.palette.muted},
        hoverinfo="skip",
        name="n",
    )


def ribbon_table(ribbon: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Return the quantiles as a table in the reader's language."""
    day = [
        look.say("lab.course.baseline") if base else str(int(d))
        for d, base in zip(ribbon["ADY"], ribbon["BASEFL"], strict=True)
    ]
    numbers = {look.say(f"lab.quantile.{name}"): ribbon[name].round(4) for name in ("P10", "P25", "P50", "P75", "P90")}
    return pd.DataFrame({look.say("column.study_day"): day, look.say("lab.column.patients"): ribbon["N"], **numbers})
