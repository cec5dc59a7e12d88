"""The value axis of a course: range, linear or logarithmic, bands of normal and of grades."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from .theme import LOG_TICKS, SMALL, Look, dotted_line, log_ticks, right_label

_ROOM = 0.06  # of the axis above and below what is drawn
_WIDE = 8.0  # times the median: one peak beyond it presses all other courses to the foot of a linear axis
_MOST_TICKS = 10  # of a logarithmic axis in a tall figure
_LEAST_BAND = 0.045  # of the axis: bands thinner than this carry no name


@dataclass(frozen=True)
class Band:
    """A band of values: what is normal, a grade, a target range.

    Parameters
    ----------
    low, high : values, infinite where open. name : at the right edge. colour : fill. opacity : 0…1.
    """

    low: float
    high: float
    name: str
    colour: str
    opacity: float


@dataclass(frozen=True)
class Scale:
    """Range of the axis in data units.

    Parameters
    ----------
    low, high : ends; both above 0 on a logarithmic axis. log : whether it is one.
    """

    low: float
    high: float
    log: bool

    def place(self, value: float) -> float:
        """Return where a value stands on the axis, 0 at its foot and 1 at its head."""
        low, high, at = (self.on_axis(number) for number in (self.low, self.high, value))
        return (at - low) / (high - low)

    def on_axis(self, value: float) -> float:
        """Return a value as annotations want it: its decimal logarithm on a logarithmic axis."""
        return math.log10(max(value, 1e-12)) if self.log else value


def is_wide(values: np.ndarray) -> bool:
    """Tell whether values spread so far that they ask for a logarithmic axis: the largest over 8 times the median."""
    known = values[values > 0]
    return bool(len(known)) and float(known.max()) > _WIDE * float(np.median(known))


def scale_of(values: np.ndarray, marks: Sequence[float], *, log: bool) -> Scale:
    """Return the range that holds all values and marks.

    Parameters
    ----------
    values : numbers drawn. marks : limits that must be seen. log : logarithmic, if every number is above 0.
    """
    numbers = np.concatenate([values[~np.isnan(values)], np.array([m for m in marks if math.isfinite(m)])])
    if not len(numbers):
        return Scale(0, 1, False)
    if log and np.any(numbers > 0):
        numbers = numbers[numbers > 0]
        low, high = math.log10(numbers.min()), math.log10(numbers.max())
        room = max(high - low, 0.3) * _ROOM
        return Scale(10 ** (low - room), 10 ** (high + room), True)
    low, high = float(numbers.min()), float(numbers.max())
    room = (high - low or abs(high) or 1) * _ROOM
    return Scale(low - room if low != 0 else -room / 2, high + room, False)


def style_axis(figure: go.Figure, scale: Scale, title: str) -> None:
    """Give the y axis its range, honest ticks and its title."""
    settings: dict[str, object] = {"range": [scale.on_axis(scale.low), scale.on_axis(scale.high)]}
    if scale.log:
        ticks, labels = log_ticks(scale.low, scale.high)
        settings |= {"type": "log"}
        if len(ticks) > 1:
            settings |= {"tickvals": ticks, "ticktext": labels}
    figure.update_layout(yaxis={**settings, "title": {"text": title, "standoff": 6}})


def more_ticks(figure: go.Figure, scale: Scale) -> None:
    """Name 2 and 5 beside 1 on a logarithmic axis as long as there is room."""
    ticks = [tick for tick in LOG_TICKS if scale.low <= tick <= scale.high]
    if scale.log and 1 < len(ticks) <= _MOST_TICKS:
        figure.update_layout(yaxis={"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]})


def add_bands(figure: go.Figure, scale: Scale, bands: Sequence[Band], look: Look) -> None:
    """Draw bands behind everything, each named at the right edge where there is room."""
    for band in bands:
        low, high = max(band.low, scale.low), min(band.high, scale.high)
        if low >= high:
            continue
        figure.add_shape(
            type="rect",
            x0=0,
            x1=1,
            xref="paper",
            y0=low,
            y1=high,
            fillcolor=band.colour,
            opacity=band.opacity,
            line_width=0,
            layer="below",
        )
        if scale.place(high) - scale.place(low) >= _LEAST_BAND:
            middle = (scale.on_axis(low) + scale.on_axis(high)) / 2
            right_label(figure, look, band.name, middle, colour=look.palette.muted)


def add_lines(figure: go.Figure, scale: Scale, lines: Sequence[tuple[float, str]], look: Look) -> None:
    """Draw thin dotted lines, named at the left inside the plot."""
    for value, name in lines:
        if not scale.low <= value <= scale.high:
            continue
        dotted_line(figure, look, value)
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=scale.on_axis(value),
            yanchor="bottom",
            text=name,
            showarrow=False,
            bgcolor=look.palette.background,
            opacity=0.85,
            font={"size": SMALL, "color": look.palette.muted},
        )
