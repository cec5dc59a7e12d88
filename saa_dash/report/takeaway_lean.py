"""A figure with what it needs to be drawn and read, and no more: it leaves, and whoever has it can look inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_USED = re.compile(r"%\{customdata\[(\d+)\]")
_WHOLE = "%{customdata}"
_NEVER = ("ids", "meta", "uid", "uirevision", "selectedpoints", "selected", "unselected", "legendgroup")
_NEVER_LAYOUT = ("uirevision", "meta", "modebar", "selections", "newselection", "activeselection", "datarevision")


def lean_figure(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure without what only the screen of the product uses.

    Of what a mark carries beside its place, only what its label shows stays; of the template, what its traces use.

    Parameters
    ----------
    figure : as plotly.js reads it.
    """
    data = [_lean_trace(trace) for trace in figure["data"]]
    layout = {name: value for name, value in figure["layout"].items() if name not in _NEVER_LAYOUT}
    template = layout.get("template")
    if isinstance(template, Mapping):
        kinds = {str(trace.get("type", "scatter")) for trace in data}
        used = {kind: styles for kind, styles in template.get("data", {}).items() if kind in kinds}
        layout["template"] = {"layout": template.get("layout", {}), **({"data": used} if used else {})}
    return {"data": data, "layout": layout}


def _lean_trace(trace: Mapping[str, Any]) -> dict[str, Any]:
    out = {name: value for name, value in trace.items() if name not in _NEVER}
    if "customdata" not in out:
        return out
    labels = [label for name in ("hovertemplate", "texttemplate") for label in _texts(out.get(name))]
    if any(_WHOLE in label for label in labels):
        return out
    used = sorted({int(place) for label in labels for place in _USED.findall(label)})
    rows = out.pop("customdata")
    if used and isinstance(rows, list):
        out["customdata"] = [[_at(row, place) for place in used] for row in rows]
        renumbered = {place: number for number, place in enumerate(used)}
        for name in ("hovertemplate", "texttemplate"):
            if name in out:
                out[name] = _renamed(out[name], renumbered)
    elif used:  # packed numbers
        out["customdata"] = rows
    return out


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value or "")]


def _at(row: Any, place: int) -> Any:
    return row[place] if isinstance(row, list) and place < len(row) else None


def _renamed(value: Any, numbers: Mapping[int, int]) -> Any:
    if isinstance(value, list):
        return [_renamed(item, numbers) for item in value]
    return _USED.sub(lambda found: f"%{{customdata[{numbers[int(found[1])]}]", str(value))
