"""The eDISH and mDISH plane: one mark per patient at its peaks, the quadrants counted, the path of one patient."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.edish import Plane
from ..analysis.proportions import Proportion
from .strips import rate_text
from .theme import BODY, SMALL, Look, base_figure, escape, log_ticks
from .view import FigureView

NAMED = 12  # up to so many patients every mark carries its code; beyond it only those outside the normal quadrant
_NAMED_MOST = 30  # marks outside it that carry their code
_HEIGHT = 520
_LEAST = (0.2, 20.0), (0.2, 10.0)  # range of the axes that is always shown, multiples
_APART = 0.16  # decimal logarithms between two marks that are both named
_EDGE = 0.22  # of the right edge: names stand at the left of such marks
_SYMBOLS = {"NORMAL": "circle-open", "TEMPLE": "triangle-right", "CHOLESTASIS": "triangle-up", "HY": "diamond"}
# Corner of each quadrant: x, y on paper and how the words are aligned.
_CORNERS = {
    "NORMAL": (0.0, 0.0, "left", "bottom"),
    "TEMPLE": (1.0, 0.0, "right", "bottom"),
    "CHOLESTASIS": (0.0, 1.0, "left", "top"),
    "HY": (1.0, 1.0, "right", "top"),
}


@dataclass(frozen=True)
class EdishDrawing:
    """What is drawn.

    Parameters
    ----------
    points : PCODE and the columns of `analysis.edish.place_peaks`. candidates : P-codes of candidates for Hy's law.
    treated : patients; those without both peaks have no mark. path : of one patient, columns of
        `analysis.liver.derive_liver_days`, empty for none. chosen : that patient's code, "" for none.
    """

    plane: Plane
    points: pd.DataFrame
    quadrants: dict[str, Proportion]
    candidates: frozenset[str]
    treated: int
    method: str
    path: pd.DataFrame = field(default_factory=pd.DataFrame)
    chosen: str = ""


def figure_edish(drawing: EdishDrawing, look: Look) -> FigureView:
    """Return the plane on logarithmic axes with its cuts; a click on a mark chooses the patient."""
    plane, points = drawing.plane, drawing.points[drawing.points["QUAD"].notna()]
    figure = base_figure(look, _HEIGHT, margin=(64, 24, 24, 52))
    ranges = [_range(points[name], drawing.path, column, least)
              for name, column, least in zip(("X", "Y"), plane.columns, _LEAST, strict=True)]  # fmt: skip
    _cuts(figure, plane, ranges, look)
    for name in _SYMBOLS:
        part = points[points["QUAD"] == name]
        if len(part):
            _marks(figure, part, name, len(points) <= NAMED, ranges[0][1], look)
    _candidates(figure, points[points["PCODE"].isin(drawing.candidates)], look)
    _path(figure, drawing, look)
    for name in _CORNERS:
        _corner(figure, name, drawing.quadrants[name], look)
    kind = "m" if plane.modified else "e"
    figure.update_layout(xaxis=_axis(look, ranges[0], f"organs.edish.x_{kind}"),
                         yaxis=_axis(look, ranges[1], f"organs.edish.y_{kind}"))  # fmt: skip
    alt = "; ".join(
        f"{look.say(f'organs.quadrant.{name}')} {rate_text(rate, look)}" for name, rate in drawing.quadrants.items()
    )
    title = look.say(f"organs.edish.title_{kind}")
    counted = look.say("organs.edish.counted", n=len(points), total=drawing.treated)
    return FigureView(
        figure,
        title,
        f"{look.offer(f'organs.edish.subtitle_{kind}')} · {counted}",
        f"{title} {alt}",
        look.say("organs.edish.footnote", amt=f"{plane.amt:g}", bili=f"{plane.bili:g}", method=drawing.method)
        + ("" if plane.usual else " " + look.say("organs.edish.moved"))
        + (" " + look.say("organs.edish.mixed") if plane.modified else ""),
        _table(drawing, look),
    )


def _range(peaks: pd.Series, path: pd.DataFrame, column: str, least: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of an axis: what is always shown, wider where a value lies beyond it."""
    along = path[column].to_numpy("float64") if len(path) else np.empty(0)
    values = np.concatenate([peaks.to_numpy("float64"), along])
    values = values[values > 0]
    low, high = (float(end(values)) if len(values) else edge for end, edge in zip((np.min, np.max), least, strict=True))
    return min(least[0], low / 1.3), max(least[1], high * 1.3)


def _axis(look: Look, ends: tuple[float, float], title: str) -> dict[str, object]:
    ticks, labels = log_ticks(*ends)
    return {
        "type": "log",
        "range": [math.log10(end) for end in ends],
        "tickvals": ticks,
        "ticktext": [f"{label}×" for label in labels],
        "title": {"text": look.say(title), "standoff": 8},
    }


def _cuts(figure: go.Figure, plane: Plane, ranges: list[tuple[float, float]], look: Look) -> None:
    """Draw the cuts, tint the quadrant beyond both, and name each line at its end."""
    colours = look.palette
    line = {"color": colours.muted, "width": 1.2, "dash": "dash"}
    figure.add_shape(type="rect", x0=plane.amt, x1=ranges[0][1], y0=plane.bili, y1=ranges[1][1], layer="below",
                     fillcolor=colours.grade[4], opacity=0.07, line={"width": 0})  # fmt: skip
    figure.add_shape(type="line", x0=plane.amt, x1=plane.amt, y0=0, y1=1, yref="paper", line=line, layer="below")
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=plane.bili, y1=plane.bili, line=line, layer="below")
    font = {"size": SMALL, "color": colours.muted}
    figure.add_annotation(x=math.log10(plane.amt), y=0.5, yref="paper", xanchor="left", xshift=3, showarrow=False,
                          text=look.say("organs.edish.line", n=f"{plane.amt:g}"), font=font)  # fmt: skip
    figure.add_annotation(x=0.5, xref="paper", y=math.log10(plane.bili), yanchor="bottom", showarrow=False,
                          text=look.say("organs.edish.line", n=f"{plane.bili:g}"), font=font)  # fmt: skip


def _marks(figure: go.Figure, part: pd.DataFrame, name: str, every: bool, end: float, look: Look) -> None:
    """Draw the patients of a quadrant; `end` of the x axis, near which names stand at the left."""
    colours = look.palette
    part = part.sort_values(["Y", "X"])
    left = (np.log10(end / part["X"].to_numpy("float64")) < _EDGE) | (np.arange(len(part)) % 2 == 1)
    normal = name == "NORMAL"
    named = every or (not normal and len(part) <= _NAMED_MOST)
    figure.add_scatter(
        x=part["X"].to_numpy(),
        y=part["Y"].to_numpy(),
        mode="markers+text" if named else "markers",
        marker={
            "symbol": _SYMBOLS[name],
            "size": (8 if len(part) <= 100 else 6) if normal else 13 if len(part) <= _NAMED_MOST else 8,
            "color": {"NORMAL": colours.treatment, "HY": colours.grade[4]}.get(name, colours.text),
            "opacity": 1 if len(part) <= 100 else 0.75,
            "line": {"width": 1.4 if normal else 1},
        },
        text=[f" {code} " for code in part["PCODE"]],
        textposition=np.where(left, "middle left", "middle right").tolist(),
        textfont={"size": SMALL, "color": colours.text},
        customdata=part["PCODE"].to_numpy(),
        hovertext=[
            look.say("organs.edish.hover", patient=escape(code), amt=f"{x:.2f}", bili=f"{y:.2f}",
                     quadrant=look.say(f"organs.quadrant.{name}"))
            for code, x, y in zip(part["PCODE"], part["X"], part["Y"], strict=True)
        ],
        hoverinfo="text",
        name=name,
    )  # fmt: skip


def _candidates(figure: go.Figure, part: pd.DataFrame, look: Look) -> None:
    if part.empty:
        return
    figure.add_scatter(
        x=part["X"].to_numpy(),
        y=part["Y"].to_numpy(),
        mode="markers",
        marker={"symbol": "circle-open", "size": 24, "color": look.palette.grade[4], "line": {"width": 2.2}},
        customdata=part["PCODE"].to_numpy(),
        hovertext=[look.say("organs.edish.hover_candidate", patient=escape(code)) for code in part["PCODE"]],
        hoverinfo="text",
        name="candidates",
    )


def _path(figure: go.Figure, drawing: EdishDrawing, look: Look) -> None:
    """Draw one patient's days with both measured, in order, the first and last and some between named."""
    if not len(drawing.path):
        return
    x, y = (drawing.path[name].to_numpy("float64") for name in drawing.plane.columns)
    both = (x > 0) & (y > 0)
    x, y, days = x[both], y[both], drawing.path["ADY"].to_numpy("float64")[both]
    if not len(days):
        return
    who = escape(drawing.chosen)
    named = _apart(x, y, [int(np.argmax(x)), int(np.argmax(y)), 0, len(days) - 1, *range(len(days))])
    colours = look.palette
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers+text",
        line={"color": colours.accent, "width": 1.6},
        marker={"symbol": "circle", "size": 7, "color": colours.accent},
        text=[look.say("organs.edish.day", day=int(day)) if i in named else "" for i, day in enumerate(days)],
        textposition="top center",
        textfont={"size": SMALL, "color": colours.accent},
        customdata=[drawing.chosen] * len(days),
        hovertext=[
            look.say("organs.edish.hover_day", patient=who, day=int(day), amt=f"{amt:.2f}", bili=f"{bili:.2f}")
            for day, amt, bili in zip(days, x, y, strict=True)
        ],
        hoverinfo="text",
        name="path",
    )


def _apart(x: np.ndarray, y: np.ndarray, order: list[int]) -> set[int]:
    """Return which marks are named: in this order, each that has no named one beside it."""
    named: list[int] = []
    for i in order:
        if all(max(abs(math.log10(x[i] / x[j])), 1.4 * abs(math.log10(y[i] / y[j]))) > _APART for j in named):
            named.append(i)
    return set(named)


def _corner(figure: go.Figure, name: str, rate: Proportion, look: Look) -> None:
    x, y, across, along = _CORNERS[name]
    figure.add_annotation(
        x=x, xref="paper", xanchor=across, xshift=6 if x == 0 else -6,
        y=y, yref="paper", yanchor=along, yshift=6 if y == 0 else -6,
        text=f"<b>{look.say(f'organs.quadrant.{name}')}</b> {rate.events}/{rate.total}",
        showarrow=False,
        bgcolor=look.palette.background,
        opacity=0.9,
        font={"size": BODY, "color": look.palette.text if rate.events or name == "NORMAL" else look.palette.muted},
    )  # fmt: skip


def _table(drawing: EdishDrawing, look: Look) -> pd.DataFrame:
    rows = drawing.points.sort_values("PCODE", key=lambda codes: codes.str.slice(1).astype("int64"))
    kind = "m" if drawing.plane.modified else "e"
    columns: dict[str, object] = {look.say("column.patient"): rows["PCODE"].to_numpy()}
    for test in ("ALT", "AST", "BILI", "ALP"):
        columns[look.say("organs.column.peak", test=look.say(f"organs.test.{test}"))] = rows[f"{test}XULN"].round(2)
    if drawing.plane.modified:
        columns[look.say(f"organs.edish.x_{kind}")] = rows["X"].round(2)
        columns[look.say(f"organs.edish.y_{kind}")] = rows["Y"].round(2)
    columns[look.say("organs.column.quadrant")] = [
        look.say(f"organs.quadrant.{name}") if isinstance(name, str) else look.say("organs.edish.unplaced")
        for name in rows["QUAD"]
    ]
    yes = look.say("organs.column.yes")
    columns[look.say("organs.column.candidate")] = [yes if p in drawing.candidates else "" for p in rows["PCODE"]]
    return pd.DataFrame(columns).reset_index(drop=True)
