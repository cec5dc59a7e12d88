"""Marks on a curve: a tick where a patient is censored, a dot where the event happened."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import Curve
from .theme import Look, escape

MAX_MARKS = 100  # more patients than this are marked day by day, without names
_MARKS = ((0, "line-ns-open", 10, "censored"), (1, "circle", 6, "event"))


def percent(value: float) -> str:
    """Return a share in whole per cent, with one decimal where it would be rounded to all or none."""
    if math.isnan(value):
        return "–"
    close = 0 < value < 0.005 or 0.995 <= value < 1
    return f"{100 * value:.1f}%" if close else f"{100 * value:.0f}%"


def draw_marks(figure: go.Figure, curve: Curve, look: Look, colour: str) -> None:
    """Draw one mark per patient, or per day where there are many; `colour` is that of the curve."""
    order = np.searchsorted(curve.steps["time"], curve.subjects["AVAL"], side="right") - 1
    height = curve.steps["estimate"].to_numpy()[np.maximum(order, 0)]
    subjects = curve.subjects.assign(HEIGHT=height)
    for code, symbol, size, name in _MARKS:
        part = subjects[(subjects["EVNTCD"] == code).to_numpy()]
        if len(subjects) > MAX_MARKS and code:
            continue  # each step of the curve is an event
        days = part["AVAL"].drop_duplicates()
        single = len(subjects) <= MAX_MARKS
        at = part if single else part.loc[days.index]
        figure.add_scatter(
            x=at["AVAL"],
            y=at["HEIGHT"],
            mode="markers",
            marker={
                "symbol": symbol,
                "size": size,
                "color": colour,
                "line": {"width": 1.6 if single else 1, "color": colour},
            },
            customdata=at["PCODE"] if single else None,
            hovertext=_patients(part, look) if single else _counted(part, look),
            hoverinfo="text",
            name=name,
        )


def _patients(part: pd.DataFrame, look: Look) -> list[str]:
    return [
        look.say("chart.curve.patient", patient=escape(p), what=look.say(f"term.ttedesc.{d}"), day=int(t))
        for p, d, t in zip(part["PCODE"], part["EVNTDESC"], part["AVAL"], strict=True)
    ]


def _counted(part: pd.DataFrame, look: Look) -> list[str]:
    counts = part.groupby("AVAL", sort=False).size()
    return [
        look.say("curves.censored_on", day=int(day), n=int(n))
        for day, n in zip(counts.index, counts.to_numpy(), strict=True)
    ]
