"""Axes of a Plotly figure: range, ticks in words, and whether PowerPoint can write them itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .decode import colour, listed, numbers
from .panel import Axis
from .words import paragraphs, plain

_SNAP = 0.3  # of the distance of two ticks: an axis may begin at its first tick instead of that much before it
_TICKS = 5  # about so many ticks where the figure leaves them open
_LOG_LEAST = 3
_LOG_MOST = 7  # ticks of a logarithmic axis that stay apart


def axis_of(layout: Mapping[str, Any], values: Sequence[np.ndarray], *, shown: bool = True) -> Axis:
    """Return an axis.

    Parameters
    ----------
    layout : of the axis. values : all that is drawn on it.
    """
    log = layout.get("type") == "log"
    low, high = _range(layout, values, log=log)
    ticks = _ticks(layout)
    if log and len(ticks or ()) < _LOG_LEAST:
        ticks = _log_ticks(low, high)
    if ticks is not None:
        ticks = tuple((value, text) for value, text in ticks if min(low, high) <= value <= max(low, high))
    shown = shown and layout.get("visible", True) is not False and layout.get("showticklabels", True) is not False
    least = min((float(np.nanmin(part)) for part in values if len(part) and not np.isnan(part).all()), default=low)
    step, format_, low = _native(ticks, low, least, log=log)
    if ticks is None and shown and not log and high > low:
        step, low = _round(low, high, least)
    title = layout.get("title") or {}
    words = title.get("text") or "" if isinstance(title, Mapping) else str(title)
    ink = colour((layout.get("tickfont") or {}).get("color"))[0] or "5B6470"
    return Axis(
        low, high, log, paragraphs(words) if plain(words) else (), ticks if shown else None,
        layout.get("showgrid", True) is not False and shown, shown, ink, step, format_,
    )  # fmt: skip


def _range(layout: Mapping[str, Any], values: Sequence[np.ndarray], *, log: bool) -> tuple[float, float]:
    held = layout.get("range")
    if held is not None and all(item is not None for item in listed(held)):
        low, high = (float(item) for item in listed(held))
        return (10**low, 10**high) if log else (low, high)
    flat = np.concatenate([*values, np.array([])])
    flat = flat[~np.isnan(flat)]
    if log:
        flat = flat[flat > 0]
        return (float(flat.min()) / 1.2, float(flat.max()) * 1.2) if len(flat) else (0.1, 10.0)
    if not len(flat):
        return 0.0, 1.0
    low, high = float(flat.min()), float(flat.max())
    room = 0.05 * ((high - low) or 1.0)
    if layout.get("rangemode") in ("tozero", "nonnegative"):
        return min(0.0, low - room if low < 0 else 0.0), high + room
    return low - room, high + room


def _ticks(layout: Mapping[str, Any]) -> tuple[tuple[float, str], ...] | None:
    if layout.get("tickvals") is None:
        return None
    values = numbers(layout["tickvals"])
    texts = listed(layout["ticktext"]) if layout.get("ticktext") is not None else [f"{value:g}" for value in values]
    return tuple((float(value), str(text)) for value, text in zip(values, texts, strict=False))


def _native(
    ticks: tuple[tuple[float, str], ...] | None, low: float, least: float, *, log: bool
) -> tuple[float | None, str, float]:
    """Return the step between ticks, their number format and where the axis begins, where PowerPoint can write them."""
    if ticks is None or log or len(ticks) < 2:
        return None, "General", low
    steps = np.diff([value for value, _ in ticks])
    if not np.allclose(steps, steps[0]):
        return None, "General", low
    step, first = float(steps[0]), ticks[0][0]
    if not (low <= first <= low + _SNAP * step) or least < first - 1e-9:
        return None, "General", low
    if all(text == f"{value:g}" for value, text in ticks):
        return step, "General", first
    if all(text.rstrip("%\u2009 ") == f"{100 * value:g}" for value, text in ticks):
        return step, "0%", first
    return None, "General", low


def _round(low: float, high: float, least: float) -> tuple[float, float]:
    """Return a round step between ticks, and a beginning that is a multiple of it."""
    rough = (high - low) / _TICKS
    power = 10 ** np.floor(np.log10(rough))
    step = float(next(part for part in (1, 2, 5, 10) if part * power >= rough) * power)
    above = float(np.ceil(low / step - 1e-9) * step)
    return step, above if least >= above - 1e-9 else float(np.floor(low / step) * step)


def _log_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Return 1, 2, 5 … between two values, finer where these are too few."""
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for parts in ((1, 2, 5), range(1, 10), np.arange(1, 10, 0.5)):
        values = [float(power * part) for power in powers for part in parts if low <= power * part <= high]
        if len(values) >= _LOG_LEAST:
            break
    return tuple((value, f"{value:g}") for value in values)


def thinned(axis: Axis) -> tuple[tuple[float, str], ...]:
    """Return the ticks of a logarithmic axis that stay apart."""
    ticks = axis.ticks or ()
    if not axis.log or len(ticks) <= _LOG_MOST:
        return ticks
    return tuple(tick for tick in ticks if f"{tick[0]:g}".strip("0.").startswith("1"))
