"""How the course of a lineage is drawn: its range, its values, supported and censored marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .theme import Look, escape

LOG = {"ANC": True, "HGB": False, "PLAT": True, "WBC": True}
# Smallest axis range in standard units: so that two patients' figures look alike.
_LEAST = {"ANC": (0.05, 4.0), "HGB": (40.0, 140.0), "PLAT": (4.0, 160.0), "WBC": (0.5, 12.0)}


def axis_range(values: pd.Series, lineage: str, limits: tuple[float, ...]) -> tuple[float, float]:
    """Return the range of the value axis in data units: at least the usual one, more where values ask for it."""
    low, high = _LEAST[lineage]
    numbers = values.dropna()
    if len(numbers):
        positive = numbers[numbers > 0] if LOG[lineage] else numbers
        low = min(low, float(positive.min()) * (0.8 if LOG[lineage] else 1)) if len(positive) else low
        high = max(high, float(numbers.max()) * 1.15)
    if limits:
        high = max(high, max(limits) * 1.2)
    return low, high


def value_traces(
    values: pd.DataFrame,
    lineage: str,
    look: Look,
    *,
    size: int,
    data: Sequence[object] | None,
    axes: Mapping[str, str],
    floor: float | None = None,
) -> list[dict[str, Any]]:
    """Return a line through all values and their marks as plain traces.

    Supported values are hollow, those beyond detection are triangles at the limit.

    Parameters
    ----------
    values : ADY, AVAL, CENS, SUPPORTED, WHY, WHYDAYS of one patient and lineage.
    data : what a click on each mark tells, in the order of the days; None where marks cannot be clicked.
    axes : xaxis and yaxis of the traces. floor : where a value of 0 stands on a logarithmic axis, as a triangle.
    """
    colours = look.palette
    colour = colours.lineage[lineage]
    values = values.sort_values("ADY")
    days, at = values["ADY"].to_numpy(), values["AVAL"].to_numpy("float64")
    sign = values["CENS"].fillna("").to_numpy(object)
    if floor is not None:
        sign = np.where(at <= 0, "<", sign)
        at = np.where(at <= 0, floor, at)
    censored, supported = sign != "", values["SUPPORTED"].to_numpy(bool)
    hollow = supported | censored
    line = {
        "type": "scatter", "x": days, "y": at, "mode": "lines", "line": {"color": colour, "width": 1.4},
        "hoverinfo": "skip", "name": f"line-{lineage}", **axes,
    }  # fmt: skip
    marks = {
        "type": "scatter",
        "x": days,
        "y": at,
        "mode": "markers",
        "marker": {
            "symbol": np.select([sign == "<", censored], ["triangle-down", "triangle-up"], "circle").tolist(),
            "size": np.where(censored, size + 3, size),
            "opacity": 1.0,  # unless told, marks of several sizes are drawn pale
            "color": np.where(hollow, colours.background, colour).tolist(),
            "line": {"width": 1.4, "color": colour},
        },
        "customdata": data,
        "hovertext": _hovers(values, lineage, look),
        "hoverinfo": "text",
        "name": f"values-{lineage}",
        **axes,
    }
    return [line, marks]


def support_name(code: object, look: Look) -> str:
    """Return what held a value up in words, "" for nothing."""
    if not isinstance(code, str) or not code:
        return ""
    vocabulary = "blood_product" if code in ("RBC", "PLATELET", "PLASMA") else "medication_class"
    return look.say(f"term.{vocabulary}.{code}")


def _hovers(values: pd.DataFrame, lineage: str, look: Look) -> list[str]:
    name, unit = look.say(f"chart.lineage.{lineage}"), look.say(f"unit.{lineage}")
    whys = {code: support_name(code, look) for code in values["WHY"].unique()}
    lines = []
    for day, value, mark, supported, why, days in zip(
        values["ADY"],
        values["AVAL"],
        values["CENS"].fillna(""),
        values["SUPPORTED"],
        values["WHY"],
        values["WHYDAYS"],
        strict=True,
    ):
        text = look.say("chart.value.hover", name=name, value=f"{escape(mark)}{value:g}", unit=unit, day=f"{day:.0f}")
        if supported and whys[why]:
            text += "<br>" + look.say("profile.supported", why=whys[why], n=int(days))
        lines.append(text)
    return lines
