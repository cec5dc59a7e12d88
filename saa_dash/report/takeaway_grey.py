"""A figure that can be read in greyscale: what differs by colour alone there gets dashes, hatching or other marks.

Decisions
---------
- "No response" is as dark as "partial response": it is drawn lighter, in its own colour, so that bars and bands that
  touch stay apart. The letters in them stay dark.
- Colours are alike where they differ by less than a tenth of the way from black to white.
- Only what shares a plot is compared; the first to come keeps its look.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..charts.palette import LIGHT
from .slides.decode import colour, darkness, numbers

ALIKE = 0.1  # of the way from black to white
_LIGHTER = {LIGHT.response["NR"]: "#EBA288"}
_DASHES = ("dash", "dot", "dashdot", "longdash")
_HATCHES = ("/", "x", ".", "-")
_SYMBOLS = ("diamond", "square", "triangle-up", "triangle-down")
_LEAST_MARK = 5  # px of a mark whose form can be seen


def with_second_codes(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure whose colours are not the only code.

    Parameters
    ----------
    figure : as plotly.js reads it.
    """
    out = _lighter(figure)
    by_plot: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for trace in out["data"]:
        by_plot[str(trace.get("xaxis", "x")), str(trace.get("yaxis", "y"))].append(trace)
    for traces in by_plot.values():
        _code(traces, _line, _DASHES)
        _code(traces, _mark, _SYMBOLS)
        _code(sorted(traces, key=_drawn, reverse=True), _bar, _HATCHES)  # what is rarer is hatched
    return out


def _lighter(figure: Mapping[str, Any]) -> dict[str, Any]:
    text = json.dumps(figure)
    for dark, light in _LIGHTER.items():
        text = text.replace(dark, light).replace(dark.lower(), light)
        text = text.replace(f"rgba({_rgb(dark, ', ')},", f"rgba({_rgb(light, ', ')},")
        text = text.replace(f"rgba({_rgb(dark, ',')},", f"rgba({_rgb(light, ',')},")
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def _rgb(code: str, between: str) -> str:
    return between.join(str(int(code[place : place + 2], 16)) for place in (1, 3, 5))


def _code(traces: list[dict[str, Any]], look: Any, codes: tuple[str, ...]) -> None:
    """Give traces that look alike in grey the next free code, traces of one colour the same.

    Parameters
    ----------
    look : tells colour and code of a trace and how to set it, None where it has none of this kind.
    """
    known: dict[tuple[str, str], str] = {}  # colour and own code → code it is drawn with
    for trace in traces:
        found = look(trace)
        if found is None:
            continue
        rgb, own, change = found
        if (rgb, own) not in known:
            taken = set(_taken(known, rgb))
            free = (code for code in (own, *codes) if code not in taken)
            known[rgb, own] = next(free, own)
        if known[rgb, own] != own:
            change(known[rgb, own])


def _taken(known: Mapping[tuple[str, str], str], rgb: str) -> Iterator[str]:
    for (other, _), code in known.items():
        if other != rgb and abs(darkness(other) - darkness(rgb)) < ALIKE:
            yield code


def _line(trace: dict[str, Any]) -> tuple[str, str, Any] | None:
    line = trace.get("line") or {}
    if trace.get("type", "scatter") != "scatter" or "lines" not in str(trace.get("mode", "")):
        return None
    if not line.get("width", 2) or not isinstance(line.get("color"), str):
        return None
    rgb, alpha = colour(line["color"])
    if not rgb or alpha < 0.5:
        return None
    return rgb, str(line.get("dash", "solid")), lambda dash: trace.update(line={**line, "dash": dash})


def _mark(trace: dict[str, Any]) -> tuple[str, str, Any] | None:
    mark, mode = trace.get("marker") or {}, str(trace.get("mode", ""))
    if trace.get("type", "scatter") != "scatter" or "markers" not in mode or "text" in mode:
        return None
    size, symbol = mark.get("size", 6), mark.get("symbol", "circle")
    if not isinstance(mark.get("color"), str) or not isinstance(symbol, str) or not isinstance(size, int | float):
        return None
    rgb, alpha = colour(mark["color"])
    if not rgb or alpha < 0.5 or size < _LEAST_MARK:
        return None
    return rgb, symbol, lambda code: trace.update(marker={**mark, "symbol": code})


def _drawn(trace: Mapping[str, Any]) -> float:
    """Return how much of a plot the bars of a trace fill."""
    along = "x" if trace.get("orientation") == "h" else "y"
    return float(np.nansum(np.abs(numbers(trace.get(along))))) if trace.get("type") == "bar" else 0.0


def _bar(trace: dict[str, Any]) -> tuple[str, str, Any] | None:
    mark = trace.get("marker") or {}
    if trace.get("type") != "bar" or not isinstance(mark.get("color"), str):
        return None
    pattern = mark.get("pattern") or {}
    shape, (rgb, alpha) = pattern.get("shape", ""), colour(mark["color"])
    if not rgb or not alpha or not isinstance(shape, str):
        return None
    hatch = {"fillmode": "overlay", "fgcolor": LIGHT.background, "size": 5, "solidity": 0.25}
    return rgb, shape, lambda code: trace.update(marker={**mark, "pattern": {**hatch, "shape": code}})
