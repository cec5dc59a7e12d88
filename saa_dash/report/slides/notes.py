"""Shapes and words of a figure: to the plot they belong to, in its units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .decode import blended, colour
from .marks import dash_of
from .panel import Axis, Bars, Label, Line, Mark, Note, Region, Series
from .words import paragraphs, plain

_LINE = 16.0  # px of a line of words
_EDGE = 1e-6
_INSIDE = 0.002  # of a plot: words at its very edge still stand in it


@dataclass
class Plot:
    """A plot while it is read. `box` : left, right, bottom, top, shares of the figure's plot."""

    key: tuple[str, str]
    box: tuple[float, float, float, float]
    series: list[Series] = field(default_factory=list)
    bars: list[tuple[Bars, bool]] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    upright: bool = True
    x: Axis | None = None
    y: Axis | None = None

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """Both axes."""
        assert self.x is not None and self.y is not None
        return self.x, self.y


def add_shapes(plots: Sequence[Plot], shapes: Iterable[Mapping[str, Any]]) -> None:
    """Put lines and boxes into the plots they belong to."""
    for shape in shapes:
        for plot in plots:
            if _belongs(plot, shape, "x") and _belongs(plot, shape, "y"):
                _add_shape(plot, shape)


def _belongs(plot: Plot, item: Mapping[str, Any], axis: str) -> bool:
    ref = str(item.get(f"{axis}ref") or axis)
    return ref == "paper" or ref.removesuffix(" domain") == plot.key[0 if axis == "x" else 1]


def _ends(plot: Plot, shape: Mapping[str, Any], axis: str) -> tuple[float, float]:
    """Return both ends of a shape in data units, cut off at the edges of the plot."""
    scale = plot.axes[0 if axis == "x" else 1]
    ref = str(shape.get(f"{axis}ref") or axis)
    ends = float(shape.get(f"{axis}0", 0)), float(shape.get(f"{axis}1", 1))
    if ref == "paper":  # across the whole figure: here, across this plot
        return scale.low, scale.high
    if ref.endswith(" domain"):
        return scale.value(ends[0]), scale.value(ends[1])
    low, high = min(scale.low, scale.high), max(scale.low, scale.high)
    return tuple(min(max(end, low), high) for end in ends)  # type: ignore[return-value]


def _add_shape(plot: Plot, shape: Mapping[str, Any]) -> None:
    edge = shape.get("line") or {}
    ink, ink_alpha = colour(edge.get("color"))
    width = float(edge.get("width", 1)) if ink else 0.0
    if shape.get("xsizemode") == "pixel" and shape.get("ysizemode") == "pixel":
        _add_pixels(plot, shape, ink, width)
        return
    x, y = _ends(plot, shape, "x"), _ends(plot, shape, "y")
    if shape.get("type") == "line":
        look = Line(ink or "5B6470", width or 1.0, dash_of(edge.get("dash")), ink_alpha or 1.0)
        plot.series.insert(0, Series(_limit_name(x, y), np.array(x), np.array(y), line=look))
        return
    fill, alpha = colour(shape.get("fillcolor"))
    corners = np.array([x[0], x[1], x[1], x[0]]), np.array([y[0], y[0], y[1], y[1]])
    if x[0] != x[1] and y[0] != y[1] and (fill or width):
        outline = blended(ink, ink_alpha) if width and ink else ""
        plot.regions.append(Region(*corners, fill, alpha * float(shape.get("opacity", 1)), outline))


def _limit_name(x: tuple[float, float], y: tuple[float, float]) -> str:
    return f"y = {y[0]:g}" if y[0] == y[1] else f"x = {x[0]:g}" if x[0] == x[1] else ""


def _add_pixels(plot: Plot, shape: Mapping[str, Any], ink: str, width: float) -> None:
    """Put a box of a size in px: a mark around a point."""
    size = abs(float(shape.get("x1", 0)) - float(shape.get("x0", 0)))
    point = np.array([float(shape.get("xanchor", 0))]), np.array([float(shape.get("yanchor", 0))])
    dash = dash_of((shape.get("line") or {}).get("dash"))
    mark = Mark("square", min(size, 72.0), "", ink, width or 1.0, dash=dash)
    plot.series.append(Series("□", *point, mark=mark))


def add_words(plots: Sequence[Plot], annotations: Iterable[Mapping[str, Any]], inner: tuple[float, float]) -> None:
    """Put annotations into the plots: those inside as labels of a point, the others as words beside the plot.

    Parameters
    ----------
    inner : width and height of the figure's plot, px.
    """
    for item in annotations:
        if plain(str(item.get("text") or "")) and item.get("visible", True):
            plot, place = _place(plots, item)
            _add_words(plot, item, place, inner)


def _place(plots: Sequence[Plot], item: Mapping[str, Any]) -> tuple[Plot, tuple[float, float]]:
    """Return the plot next to an annotation, and its place there: 0 to 1 from the left and lower edge."""
    options = [plot for plot in plots if _refers(plot, item)] or list(plots)
    found = [(plot, (_share(plot, item, "x"), _share(plot, item, "y"))) for plot in options]
    return min(found, key=lambda pair: sum(max(0.0, -share, share - 1) for share in pair[1]))


def _refers(plot: Plot, item: Mapping[str, Any]) -> bool:
    return _belongs(plot, item, "x") and _belongs(plot, item, "y")


def _share(plot: Plot, item: Mapping[str, Any], axis: str) -> float:
    at = 0 if axis == "x" else 1
    ref, value = str(item.get(f"{axis}ref") or axis), float(item.get(axis, 0) or 0)
    if ref == "paper":
        low, high = plot.box[2 * at], plot.box[2 * at + 1]
        return (value - low) / ((high - low) or 1.0)
    if ref.endswith(" domain"):
        return value
    scale = plot.axes[at]
    return scale.place(10**value if scale.log else value)  # words on a logarithmic axis are placed by the logarithm


def _add_words(plot: Plot, item: Mapping[str, Any], place: tuple[float, float], inner: tuple[float, float]) -> None:
    lines = paragraphs(str(item["text"]))
    across = _anchor(item, "xanchor", ("left", "center", "right"), place[0])
    upright = _anchor(item, "yanchor", ("bottom", "middle", "top"), place[1])
    ink = colour((item.get("font") or {}).get("color"))[0] or "1A1D21"
    shift = float(item.get("xshift") or 0), float(item.get("yshift") or 0)
    size = inner[0] * ((plot.box[1] - plot.box[0]) or 1), inner[1] * ((plot.box[3] - plot.box[2]) or 1)
    half = len(lines) * _LINE / 2
    rise = {"bottom": half, "top": -half}.get(upright, 0.0)
    x, y = place[0] + shift[0] / size[0], place[1] + (shift[1] + rise) / size[1]
    inside = -_EDGE <= y <= 1 + _EDGE and x >= -_INSIDE and place[0] <= 1 + _INSIDE
    if not inside or (plot.bars and not plot.series):
        plot.notes.append(Note(lines, place[0], place[1], shift, across, upright, ink))
        return
    at = {"left": "r", "right": "l"}.get(across, "ctr")
    scale_x, scale_y = plot.axes
    point = np.array([scale_x.value(min(x, 1.0) if at == "r" else x)]), np.array([scale_y.value(y)])
    if x > 1 + _EDGE:
        point = np.array([scale_x.high]), point[1]
    plot.series.append(Series("", *point, labels={0: Label(lines, at, ink)}, helper=True))


def _anchor(item: Mapping[str, Any], name: str, sides: tuple[str, str, str], place: float) -> str:
    held = str(item.get(name) or "auto")
    if held != "auto":
        return held
    if str(item.get(f"{name[0]}ref") or "") != "paper":
        return sides[1]
    return sides[0] if place <= 1 / 3 else sides[2] if place >= 2 / 3 else sides[1]
