"""Bars of a figure: as bars of a chart where PowerPoint has the like, else as broad lines between two points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .decode import colour, darkness, numbers, spread
from .marks import _label
from .panel import Bars, Label, Line, Series
from .words import plain

_PALE, TINT = 0.06, "E3E7EC"  # how dark a fill must be to be seen without an outline; what is drawn for it else


def bars_of(trace: Mapping[str, Any], name: str) -> tuple[Bars, bool]:
    """Return the bars of a trace, and whether they stand upright."""
    upright = trace.get("orientation") != "h"
    places, length = numbers(trace.get("x" if upright else "y")), numbers(trace.get("y" if upright else "x"))
    n = len(places)
    marker = trace.get("marker") or {}
    edge = marker.get("line") or {}
    base = np.array([0.0 if item is None else float(item) for item in spread(trace.get("base"), n, 0.0)])
    widths = [float(item) for item in spread(trace.get("width"), n, 0.8)]
    texts = [str(item or "") for item in spread(trace.get("text"), n, "")]
    outside = trace.get("textposition") == "outside"
    labels = {
        at: replace(_label({**trace, "textposition": ""}, text), at="outEnd" if outside else "ctr")
        for at, text in enumerate(texts)
        if plain(text)
    }
    pattern = next((str(item) for item in spread((marker.get("pattern") or {}).get("shape"), n, "") if item), "")
    fills = tuple(colour(item)[0] or "FFFFFF" for item in spread(marker.get("color"), n, "#5B6470"))
    inks = [colour(item)[0] for item in spread(edge.get("color"), n, None)]
    outline = inks[0] if inks and any(float(w or 0) for w in spread(edge.get("width"), n, 0)) else ""
    found = Bars(name, places, base, length, max(widths, default=0.8), fills, outline, pattern, labels)
    return found, upright


def can_stack(bars: Sequence[Bars], mode: str) -> bool:
    """Tell whether bars are those of a stacked chart: one per trace and category, each on top of the one before."""
    if not bars:
        return False
    places = np.unique(np.concatenate([one.places for one in bars]))
    if len(places) > 2 and not np.allclose(np.diff(places), np.diff(places)[0]):
        return False
    if any(len(np.unique(one.places)) < len(one.places) for one in bars):
        return False
    if len(bars) == 1:
        return not bars[0].base.any()
    if mode in ("stack", "relative", ""):
        return not any(one.base.any() for one in bars)
    return mode == "overlay" and all(_piled(bars, place) for place in places)


def _piled(bars: Sequence[Bars], place: float) -> bool:
    at = 0.0
    for one in bars:
        for base, length in zip(one.base[one.places == place], one.length[one.places == place], strict=True):
            if length and not np.isclose(base, at):
                return False
            at += length
    return True


def on_top(bars: Sequence[Bars], mode: str) -> list[Bars]:
    """Return bars with where each begins: in a stack, at the end of the one before."""
    if mode not in ("stack", "relative"):
        return list(bars)
    ends: dict[float, float] = {}
    out = []
    for one in bars:
        base = one.base.copy()
        for at, place in enumerate(one.places):
            base[at] += ends.get(float(place), 0.0)
            ends[float(place)] = float(base[at] + np.nan_to_num(one.length[at]))
        out.append(replace(one, base=base))
    return out


def broad_lines(bars: Bars, *, upright: bool, named: bool) -> list[Series]:
    """Return bars as broad lines, one series for each fill; three points each: start, middle with its letters, end."""
    out = []
    for fill in dict.fromkeys(bars.fills):
        chosen = [at for at, own in enumerate(bars.fills) if own == fill]
        if not chosen:
            continue
        along, across, labels = _points(bars, chosen)
        ink = TINT if darkness(fill) < _PALE else fill
        line = Line(ink, bars.width, thick=True, pattern=bars.pattern)
        x, y = (across, along) if upright else (along, across)
        out.append(Series(bars.name, x, y, line=line, labels=labels, named=named))
    return out


def _points(bars: Bars, chosen: list[int]) -> tuple[np.ndarray, np.ndarray, dict[int, Label]]:
    along: list[float] = []
    across: list[float] = []
    labels: dict[int, Label] = {}
    for at in chosen:
        start, end = float(bars.base[at]), float(bars.base[at] + bars.length[at])
        if np.isnan(end) or start == end:
            continue
        if at in bars.labels:
            outside = bars.labels[at].at == "outEnd"
            labels[len(along) + (2 if outside else 1)] = replace(bars.labels[at], at="t" if outside else "ctr")
        along += [start, (start + end) / 2, end, np.nan]
        across += [float(bars.places[at])] * 4
    # a gap keeps the place of the point before it: the value of the y axis is what is missing
    return np.array(along[:-1]), np.array(across[:-1]), labels
