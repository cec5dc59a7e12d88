"""Values of a Plotly figure as it travels: packed arrays, single values for all points, colours of any spelling."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([\d.]+)\s*)?\)")
_NAMED = {"white": "FFFFFF", "black": "000000"}
NOTHING = ("", 0.0)


def listed(value: Any) -> list[Any]:
    """Return the values of an array, packed or not; a single value is an array of one."""
    if isinstance(value, Mapping) and "bdata" in value:
        flat = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(str(value["dtype"])))
        return list(flat.tolist())
    return list(value) if isinstance(value, list | tuple) else [value]


def is_array(value: Any) -> bool:
    """Tell whether a property holds a value for each point."""
    return isinstance(value, list | tuple) or (isinstance(value, Mapping) and "bdata" in value)


def spread(value: Any, n: int, default: Any) -> list[Any]:
    """Return a property of `n` points."""
    if value is None:
        return [default] * n
    if is_array(value):
        found = listed(value)
        return (found + [default] * n)[:n]
    return [value] * n


def numbers(value: Any) -> np.ndarray:
    """Return an array of numbers; what is missing is NaN."""
    if value is None:
        return np.array([])
    return np.array([np.nan if item is None else float(item) for item in listed(value)], dtype="float64")


def colour(value: Any) -> tuple[str, float]:
    """Return a colour as RRGGBB with its opacity; none is "" and 0."""
    if not isinstance(value, str) or value in ("", "transparent"):
        return NOTHING
    if value.startswith("#"):
        return (value[1:].upper() if len(value) == 7 else "".join(c * 2 for c in value[1:4]).upper()), 1.0
    found = _RGB.fullmatch(value.strip())
    if found:
        red, green, blue = (int(found[i]) for i in (1, 2, 3))
        return f"{red:02X}{green:02X}{blue:02X}", float(found[4]) if found[4] else 1.0
    return (_NAMED[value], 1.0) if value in _NAMED else ("5B6470", 1.0)


def blended(rgb: str, alpha: float) -> str:
    """Return a colour as it looks through on white."""
    parts = (round(255 + (int(rgb[i : i + 2], 16) - 255) * alpha) for i in (0, 2, 4))
    return "".join(f"{part:02X}" for part in parts)


def darkness(rgb: str) -> float:
    """Return how dark a colour is: 0 for white, 1 for black."""
    red, green, blue = (int(rgb[i : i + 2], 16) for i in (0, 2, 4))
    return 1 - (0.299 * red + 0.587 * green + 0.114 * blue) / 255
