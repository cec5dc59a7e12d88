"""A Plotly figure as panels: which traces share a plot, what is drawn behind them, what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...i18n import translate
from .axes import axis_of
from .bars import bars_of, broad_lines, can_stack, on_top
from .decode import colour, numbers
from .marks import first_colour, limit_series, line_series, mark_series, points_of, text_series, texts_of
from .merge import merged
from .names import mark_names, series_name
from .notes import Plot, add_shapes, add_words
from .panel import Bars, NumberRow, Numbers, Panel, Picture, Region, Series
from .words import paragraphs

_ROWS = 12  # more names of lying bars than this are left out by some programs; as labels of points they all stand
_WIDE = 1000.0  # px a figure is drawn at where it does not say

Trace = Mapping[str, Any]


def can_read(figure: Mapping[str, Any]) -> bool:
    """Tell whether a figure holds nothing but points, lines and bars; others are shown as their table."""
    traces = figure.get("data") or ()
    return bool(traces) and all(str(trace.get("type") or "scatter") in ("scatter", "bar") for trace in traces)


def read_figure(figure: Mapping[str, Any], lang: str, *, width: float = _WIDE) -> Picture:
    """Return what a figure draws, in data units.

    Parameters
    ----------
    figure : as plotly.js reads it; scatter and bar traces. lang : of the words. width : px it is drawn at.
    """
    layout = figure.get("layout") or {}
    held = layout.get("margin") or {}
    margin = tuple(float(held.get(side, default)) for side, default in (("l", 56), ("r", 24), ("b", 44), ("t", 16)))
    height = float(layout.get("height") or 420)
    groups: dict[tuple[str, str], list[Trace]] = {}
    for trace in figure.get("data") or ():
        if trace.get("visible") in (False, "legendonly"):
            continue
        groups.setdefault((str(trace.get("xaxis") or "x"), str(trace.get("yaxis") or "y")), []).append(trace)
    under = [key for key in groups if len(groups) > 1 and _is_numbers(groups[key], layout, key)]
    table = _numbers(groups[under[0]], layout, under[0]) if under else None
    drawn = {key: traces for key, traces in groups.items() if key not in under}
    plots = [_plot(key, traces, layout, lang) for key, traces in drawn.items()]
    inner = (max(width - margin[0] - margin[1], 100.0), max(height - margin[2] - margin[3], 60.0))
    add_shapes(plots, layout.get("shapes") or ())
    add_words(plots, layout.get("annotations") or (), inner)
    panels = [_panel(plot, str(layout.get("barmode") or "")) for plot in plots]
    if table is not None:
        panels = _stretched(panels)
    return Picture(tuple(panels), table, width, height, (margin[0], margin[1], margin[2], margin[3]))


def _axis_layout(layout: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return layout.get(f"{name[0]}axis{name[1:]}") or {}


def _is_numbers(traces: Sequence[Trace], layout: Mapping[str, Any], key: tuple[str, str]) -> bool:
    """Tell whether traces are rows of numbers: nothing but text, under the names of an axis of their own."""
    named = _axis_layout(layout, key[1]).get("ticktext") is not None
    return named and all(trace.get("mode") == "text" for trace in traces)


def _numbers(traces: Sequence[Trace], layout: Mapping[str, Any], key: tuple[str, str]) -> Numbers:
    axis = _axis_layout(layout, key[1])
    words = dict(zip(numbers(axis["tickvals"]).tolist(), [str(item) for item in axis["ticktext"]], strict=False))
    places = np.unique(np.concatenate([numbers(trace.get("x")) for trace in traces]))
    rows: dict[float, tuple[dict[float, str], str]] = {}
    for trace in traces:
        ink = first_colour((trace.get("textfont") or {}).get("color")) or "1A1D21"
        for x, level, text in zip(numbers(trace["x"]), numbers(trace["y"]), texts_of(trace), strict=True):
            rows.setdefault(float(level), ({}, ink))[0][float(x)] = text
    return Numbers(
        tuple(places.tolist()),
        tuple(
            NumberRow(paragraphs(words.get(level, "")), tuple(cells.get(x, "") for x in places.tolist()), ink)
            for level, (cells, ink) in sorted(rows.items(), reverse=True)
        ),
    )


def _plot(key: tuple[str, str], traces: Sequence[Trace], layout: Mapping[str, Any], lang: str) -> Plot:
    plot = Plot(key, _box(layout, key))
    for trace in traces:
        name, named = series_name(str(trace.get("name") or ""), lang)
        if trace.get("type") == "bar":
            found, plot.upright = bars_of(trace, name)
            plot.bars.append((found, named))
        else:
            _scatter(plot, trace, name, lang, named=named)
    flat = [one for one in plot.series if not one.helper]
    xs = [*(one.x for one in flat), *(region.x for region in plot.regions)]
    ys = [*(one.y for one in flat), *(region.y for region in plot.regions)]
    for bars, _ in plot.bars:
        ends = [bars.base, bars.base + bars.length]
        (xs if plot.upright else ys).append(bars.places)
        (ys if plot.upright else xs).extend(ends)
    shared = _is_shared(key, layout)
    plot.x = axis_of(_axis_layout(layout, key[0]), xs)
    plot.y = axis_of(_axis_layout(layout, key[1]), ys, shown=not shared)
    return plot


def _is_shared(key: tuple[str, str], layout: Mapping[str, Any]) -> bool:
    """Tell whether the names of the rows already stand at another plot to the left."""
    box = _box(layout, key)
    return key[1] == "y" and key[0] != "x" and box[0] > 0


def _box(layout: Mapping[str, Any], key: tuple[str, str]) -> tuple[float, float, float, float]:
    across = _axis_layout(layout, key[0]).get("domain") or (0, 1)
    up = _axis_layout(layout, key[1]).get("domain") or (0, 1)
    return float(across[0]), float(across[1]), float(up[0]), float(up[1])


def _scatter(plot: Plot, trace: Trace, name: str, lang: str, *, named: bool) -> None:
    mode = str(trace.get("mode") or "lines+markers")
    if trace.get("fill") in ("toself", "tonexty"):
        _filled(plot, trace)
    if mode == "text":
        plot.series.append(text_series(trace, name))
        return
    line = line_series(trace, name, named=named) if "lines" in mode else None
    if "lines" in mode and line is None and trace.get("fill") != "toself":
        line = _limit(trace, name, named=named)
    if line is not None:
        plot.series.append(line)
    if "markers" in mode:
        plot.series.extend(limit_series(trace, translate(lang, "deck.limits", name=name)))
        said = mark_names(str(trace.get("name") or ""), lang)
        marks = mark_series(trace, name, named=named and line is None, said=said)
        if line is not None and len(marks) == 1 and len(marks[0].x) == len(line.x):
            plot.series[-1] = replace(line, mark=marks[0].mark, labels=marks[0].labels)
        else:
            plot.series.extend(marks)


def _limit(trace: Trace, name: str, *, named: bool) -> Series | None:
    """Return the edge of a band, which Plotly fills and does not draw, as a thin line."""
    fill = colour(trace.get("fillcolor"))[0] or colour((trace.get("line") or {}).get("color"))[0]
    if not fill:
        return None
    return line_series({**trace, "line": {**(trace.get("line") or {}), "width": 0.8, "color": f"#{fill}",
                                          "dash": "dash"}}, name, named=named)  # fmt: skip


def _filled(plot: Plot, trace: Trace) -> None:
    rgb, alpha = colour(trace.get("fillcolor"))
    if not rgb:
        return
    alpha *= float(trace.get("opacity", 1))
    x, y = points_of(trace)
    if trace.get("fill") == "tonexty":
        before = next((one for one in reversed(plot.series) if one.line is not None), None)
        if before is None:
            return
        x, y = np.concatenate([before.x, x[::-1]]), np.concatenate([before.y, y[::-1]])
    known = ~(np.isnan(x) | np.isnan(y))
    if known.any():
        plot.regions.append(Region(x[known], y[known], rgb, alpha))


def _panel(plot: Plot, mode: str) -> Panel:
    """Return a chart of bars where it holds nothing else, else one of points and lines."""
    assert plot.x is not None and plot.y is not None
    real = [one for one in plot.series if not one.helper]
    bars = [replace(found, named=named) for found, named in plot.bars]
    if bars and not plot.series and can_stack(bars, mode) and (plot.upright or len(plot.y.ticks or ()) <= _ROWS):
        return Panel(
            plot.x, plot.y, (), tuple(plot.regions), tuple(plot.notes), plot.box, tuple(bars), plot.upright,
            _on_top(bars),
        )  # fmt: skip
    stacked = on_top(bars, mode)
    broad = [line for found in stacked for line in broad_lines(found, upright=plot.upright, named=found.named)]
    helpers = [one for one in plot.series if one.helper]
    # thin lines behind what is drawn first, words above all
    series = (*broad, *merged(real), *helpers)
    return Panel(plot.x, plot.y, series, tuple(plot.regions), tuple(plot.notes), plot.box)


def _on_top(bars: Sequence[Bars]) -> bool:
    """Tell whether any bar stands on another one."""
    places = np.concatenate([one.places[one.length != 0] for one in bars])
    return len(np.unique(places)) < len(places)


def _stretched(panels: Sequence[Panel]) -> list[Panel]:
    """Return panels in the whole height: numbers under them stand in a table of their own."""
    low, high = min(panel.box[2] for panel in panels), max(panel.box[3] for panel in panels)
    span = (high - low) or 1.0
    return [
        panel.with_box((*panel.box[:2], (panel.box[2] - low) / span, (panel.box[3] - low) / span)) for panel in panels
    ]
