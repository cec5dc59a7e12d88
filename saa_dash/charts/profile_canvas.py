"""The sheet a profile is drawn on: one study-day axis, tracks under one another, collected as plain data.

A figure of many small parts is put together once: asking Plotly to check every part by itself takes longer than all
the rest of the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..analysis.profile import Profile
from .profile_plan import Plan, day_range
from .theme import DAY_ONE, SMALL, Look, axis_style, base_figure, study_day_ticks

LEFT, RIGHT, TOP, BOTTOM = 152, 84, 30, 58  # px around the plot
_GAP = 12  # px between tracks
_NAMES_APART = 13.5  # px between two names at the right
_FILL_BELOW = "below"
_SHORT = ((45, 7), (100, 14))  # last study day, days between ticks
_MOST_DAYS, _MOST_LINES = 250, 8  # of a track's answers to the pointer


@dataclass(frozen=True)
class Place:
    """Where a track stands.

    Parameters
    ----------
    axis : its y axis, "y" or "y2" …. low, high : of the plot's height, 0…1. height : px.
    """

    axis: str
    low: float
    high: float
    height: int


@dataclass
class Canvas:
    """What is drawn so far.

    Parameters
    ----------
    places : by track. heights : px of the plot and of the whole figure.
    """

    profile: Profile
    look: Look
    places: dict[str, Place]
    height: int
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    axes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def axis(self, track: str, **settings: object) -> None:
        """Set properties of a track's value axis."""
        self.axes.setdefault(track, {}).update(settings)

    def trace(self, track: str, kind: str = "scatter", **settings: object) -> None:
        """Draw something in a track."""
        self.traces.append({"type": kind, "yaxis": self.places[track].axis, "xaxis": "x", **settings})

    def answers(self, track: str, y: float, days: np.ndarray, texts: list[str]) -> None:
        """Let a track answer the pointer, and a click, on days where nothing of its own stands."""
        self.trace(
            track,
            x=days,
            y=np.full(len(days), y),
            mode="markers",
            marker={"size": 9, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
            customdata=marks_of(self.profile, days),
            hovertext=texts,
            hoverinfo="text",
            name=f"answers-{track}",
        )

    def title(self, track: str, name: str, unit: str = "", colour: str = "") -> None:
        """Name a track at the left."""
        below = f"<br>{unit}" if unit else ""
        self.annotations.append(
            self._words(f"<b>{name}</b>{below}", colour or self.look.palette.text)
            | {"x": 0, "xanchor": "left", "xshift": 8 - LEFT, "align": "left"}
            | {"y": self.places[track].high, "yref": "paper", "yanchor": "top", "xref": "paper"}
        )

    def rule(self, track: str, value: float, *, dash: str = "dot") -> None:
        """Draw a thin line across a track; `value` in data units."""
        line = {"color": self.look.palette.muted, "width": 1, "dash": dash}
        self.shapes.append(self._across(track, value, value) | {"type": "line", "line": line})

    def band(self, track: str, low: float, high: float, colour: str, opacity: float) -> None:
        """Fill a band across a track; values in data units."""
        rect = {"type": "rect", "fillcolor": colour, "opacity": opacity, "line": {"width": 0}}
        self.shapes.append(self._across(track, low, high) | rect)

    def upright(self, day: float, colour: str, width: float, top: float) -> None:
        """Draw a line through all tracks on a study day, up to `top` of the plot's height."""
        self.shapes.append(
            {"type": "line", "x0": day, "x1": day, "xref": "x", "y0": 0, "y1": top, "yref": "paper",
             "line": {"color": colour, "width": width}}
        )  # fmt: skip

    def names(self, track: str, names: Sequence[tuple[float, str, str]]) -> None:
        """Name lines and bands at the right edge, moved apart where they would overlap.

        Parameters
        ----------
        names : place 0 (foot) … 1 (head) in the track, text, colour.
        """
        place = self.places[track]
        at = spread([share * place.height for share, _, _ in names], _NAMES_APART, place.height)
        for (_, text, colour), pixels in zip(names, at, strict=True):
            y = place.low + (place.high - place.low) * pixels / place.height
            self.annotations.append(
                self._words(text, colour) | {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 5, "y": y}
                | {"yref": "paper", "yanchor": "middle", "align": "left"}
            )  # fmt: skip

    def inside(self, track: str, share: float, text: str) -> None:
        """Name a band at its left edge."""
        place = self.places[track]
        y = place.low + (place.high - place.low) * share
        self.annotations.append(
            self._words(text, self.look.palette.muted) | {"x": 0, "xref": "paper", "xanchor": "left", "xshift": 2}
            | {"y": y, "yref": "paper", "yanchor": "middle"}
        )  # fmt: skip

    def _words(self, text: str, colour: str) -> dict[str, Any]:
        return {"text": text, "showarrow": False, "font": {"size": SMALL, "color": colour}}

    def _across(self, track: str, low: float, high: float) -> dict[str, Any]:
        return {
            "x0": 0, "x1": 1, "xref": "paper", "y0": low, "y1": high, "yref": self.places[track].axis,
            "layer": _FILL_BELOW,
        }  # fmt: skip

    def figure(self) -> go.Figure:
        """Return the figure of all that was drawn."""
        layout = dict(_base(self.look))
        layout |= {
            "height": self.height,
            "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM, "pad": 2},
            "barmode": "overlay",
            # the read-out: a label in every track at the day under the pointer
            "hovermode": "x",
            "hoversubplots": "axis",
            "hoverdistance": 12,
            "shapes": self.shapes + self._separators(),
            "annotations": self.annotations,
            "xaxis": _days(self.profile, self.look, self.places),
        }
        style = axis_style(self.look)
        for track, place in self.places.items():
            layout[f"yaxis{place.axis[1:]}"] = {
                **style, "domain": [place.low, place.high], "anchor": "x", "fixedrange": True, **self.axes[track]
            }  # fmt: skip
        return go.Figure(data=self.traces, layout=layout, skip_invalid=False, _validate=False)

    def _separators(self) -> list[dict[str, Any]]:
        """Return a thin line between each two tracks."""
        half = _GAP / 2 / _plot(self.places)
        lows = [place.low - half for place in list(self.places.values())[:-1]]
        line = {"color": self.look.palette.grid, "width": 1}
        return [
            {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y, "yref": "paper", "line": line,
             "layer": _FILL_BELOW}
            for y in lows
        ]  # fmt: skip


def _plot(places: dict[str, Place]) -> int:
    """Return the height of the plot, px."""
    return sum(place.height for place in places.values()) + _GAP * (len(places) - 1)


@lru_cache(maxsize=8)
def _base(look: Look) -> dict[str, Any]:
    layout: dict[str, Any] = base_figure(look, 100).layout.to_plotly_json()
    return layout


def _days(profile: Profile, look: Look, places: dict[str, Place]) -> dict[str, Any]:
    days, labels = _ticks(profile.last)
    lowest = list(places.values())[-1].axis
    return {
        **axis_style(look),
        "anchor": lowest,
        "domain": [0, 1],
        "range": list(day_range(profile)),
        "tickvals": days,
        "ticktext": labels,
        "title": {"text": look.say(DAY_ONE[profile.day_one]), "font": {"size": SMALL, "color": look.palette.muted}},
        "hoverformat": ".0f",
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "hovered data",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": look.palette.muted,
    }


def _ticks(last: float) -> tuple[list[float], list[str]]:
    """Return the ticks of the day axis: every fourth week as in all figures, on a short course every week or second."""
    step = next((days for until, days in _SHORT if last <= until), None)
    if step is None:
        return study_day_ticks(last)
    days = [1.0 + step * i for i in range(int((last - 1) // step) + 1)]
    return days, [f"{day:.0f}" for day in days]


def start_canvas(profile: Profile, plan: Plan, look: Look) -> Canvas:
    """Return an empty canvas with the tracks of a plan in their places."""
    plot = sum(track.height for track in plan.tracks) + _GAP * (len(plan.tracks) - 1)
    places, used = {}, 0
    for i, track in enumerate(plan.tracks):
        high, low = 1 - used / plot, 1 - (used + track.height) / plot
        places[track.name] = Place("y" if i == 0 else f"y{i + 1}", max(low, 0.0), high, track.height)
        used += track.height + _GAP
    canvas = Canvas(profile, look, places, plot + TOP + BOTTOM)
    canvas.axes = {track.name: {} for track in plan.tracks}
    return canvas


def spread(places: Sequence[float], apart: float, room: float) -> list[float]:
    """Return places moved apart as little as upward shifts allow, in the order given.

    Parameters
    ----------
    places : px from the foot. apart : least distance. room : px; what would stand above it pushes the others down.
    """
    order = np.argsort(np.asarray(places, dtype="float64"), kind="stable")
    at = [0.0] * len(order)
    last = -np.inf
    for i in order:
        last = max(places[i], last + apart)
        at[i] = last
    last = room + apart / 2
    for i in reversed(order):
        last = min(at[i], last - apart) if at[i] > last - apart else at[i]
        at[i] = last
    return at


def each_day(start: np.ndarray, end: np.ndarray, texts: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return every study day that something covers, and what is said there, one line for each of several.

    Parameters
    ----------
    start, end : first and last day of each stretch. Many days are thinned out, first and last of each stretch stay.
    """
    if not len(start):
        return np.empty(0), []
    first, last = float(start.min()), float(end.max())
    step = max(1, math.ceil((last - first) / _MOST_DAYS))
    days = np.unique(np.concatenate([np.arange(first, last + 1, step), start, end]))
    days = days[days != 0]
    edges = np.unique(np.concatenate([start, end + 1]))
    said = []
    for edge in edges:  # what is said changes only here
        here = [text for text, covered in zip(texts, (start <= edge) & (end >= edge), strict=True) if covered]
        more = len(here) - _MOST_LINES
        said.append("<br>".join(here[:_MOST_LINES] + ([f"… +{more}"] if more > 0 else [])))
    place = np.searchsorted(edges, days, side="right") - 1
    texts_by_day = [said[i] if i >= 0 else "" for i in place]
    kept = [bool(text) for text in texts_by_day]
    return days[kept], [text for text in texts_by_day if text]


def marks_of(profile: Profile, days: np.ndarray) -> list[list[object]]:
    """Return what a click on marks of these study days tells."""
    return [[profile.pcode, int(day)] for day in days]
