"""A collected figure laid out for a journal: at the width it is printed in, letters of the size they are printed in.

Decisions
---------
- The figure is laid out anew at its final width, and not made smaller: 12 px of the screen become 7 pt on paper, so
  that 89 mm are 432 px wide. No letter is smaller than 6 pt or larger than 7 pt.
- No title in it, lines and ticks at axes of numbers instead of a grid, plain dark letters: what a journal asks for.
  Simulated data say so inside the figure, as a picture travels without its legend.
- What differs by colour alone gets a second code: dashes, hatching, other marks (`takeaway_grey`).

Source: Nature research figure guide (89 and 183 mm; letters of 5-7 pt, Arial or Helvetica, not outlined, embedded; axis
lines and ticks, no grid); Nature, guide to preparing final artwork (120 mm; depth of a page 247 mm).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..charts.palette import LIGHT
from ..charts.theme import SMALL
from ..i18n import translate
from .cells import halves
from .exhibit import Exhibit
from .takeaway_grey import with_second_codes

COLUMNS: Mapping[str, float] = {"single": 89.0, "onehalf": 120.0, "double": 183.0}  # mm
TALLEST = 247.0  # mm of a page
LETTERS, LEAST = 7.0, 6.0  # pt of letters that are SMALL on the screen, and of the smallest
LINE = 0.5  # pt of the thinnest line
PT = LETTERS / SMALL  # of a px
MM = PT * 25.4 / 72
_HEIGHT = 450  # px of a figure that does not say
_STAMP_ROOM = 20  # px above the plot for the word "synthetic"
_MARGIN = 80  # px that Plotly leaves beside a plot that does not say
_SQUARE, _LEAST_SQUARE = 0.9, 12.0  # of the way from patient to patient; px
_HALF = 0.56  # of the size of letters: how wide a Latin letter is
_NUMBER = re.compile(r"[-−]?[\d.\u2009]+%?(<br>.*)?")
_UNUSED = ("customdata", "hovertemplate", "hovertext", "hoverinfo", "hoverlabel", "ids", "meta")


def paper_figure(exhibit: Exhibit, column: str, family: str) -> dict[str, Any]:
    """Return a figure as plotly.js reads it, laid out for a column.

    Parameters
    ----------
    column : of COLUMNS. family : names of fonts, the first that is there is taken.
    """
    data = [{name: value for name, value in trace.items() if name not in _UNUSED} for trace in exhibit.figure["data"]]
    layout = deepcopy(dict(exhibit.figure["layout"]))
    width, tallest = round(COLUMNS[column] / MM), int(TALLEST / MM)
    layout |= {"width": width, "height": min(int(layout.get("height") or _HEIGHT), tallest), "autosize": False}
    layout["paper_bgcolor"] = layout["plot_bgcolor"] = "#FFFFFF"
    layout.pop("title", None)
    room = width - _side(layout, "l") - _side(layout, "r")
    for name in [name for name in layout if name.startswith(("xaxis", "yaxis"))]:
        layout[name] = _axis(layout[name], room if name.startswith("x") else 0)
    named = [{**_apart(trace, layout, room), "uid": f"{place:06x}"} for place, trace in enumerate(data)]  # no chance
    figure = with_second_codes({"data": named, "layout": layout})
    if exhibit.provenance.synthetic:
        _stamp(figure["layout"], translate(exhibit.lang, "synthetic.stamp"))
    _letters(figure, family)
    return figure


def _apart(trace: Mapping[str, Any], layout: Mapping[str, Any], room: float) -> dict[str, Any]:
    """Return a trace whose squares, one per patient, stay apart."""
    axis = layout.get("xaxis" + str(trace.get("xaxis", "x"))[1:], {})
    mark, (first, last) = trace.get("marker") or {}, axis.get("domain") or (0.0, 1.0)
    span = list(axis.get("range") or ())
    if mark.get("symbol") != "square" or not isinstance(mark.get("size"), int | float) or not span:
        return dict(trace)
    between = room * (last - first) / abs(span[-1] - span[0])  # of two patients, who stand at whole numbers
    return {**trace, "marker": {**mark, "size": min(mark["size"], max(_SQUARE * between, _LEAST_SQUARE))}}


def _side(layout: Mapping[str, Any], side: str) -> float:
    return float((layout.get("margin") or {}).get(side, _MARGIN))


def _axis(axis: Mapping[str, Any], room: float) -> dict[str, Any]:
    """Return an axis without its grid, with line and ticks where it is one of numbers.

    Parameters
    ----------
    room : px between the margins that an x axis lies in, 0 for a y axis.
    """
    out = {**axis, "showgrid": False, "zeroline": False}
    labels = [str(label) for label in axis.get("ticktext") or ()]
    if axis.get("visible") is False or axis.get("showticklabels") is False or axis.get("type") == "category":
        return out
    first, last = axis.get("domain") or (0.0, 1.0)
    each = room * (last - first) / max(len(labels), 1)
    if not all(_NUMBER.fullmatch(label) for label in labels):
        return out if _fit(labels, each) else {name: value for name, value in out.items() if name != "tickangle"}
    if room and labels and not _fit(labels, each):
        labels = [label.split("<br>")[0] for label in labels]
        step = 1 if _fit(labels, each) else 2
        out |= {"ticktext": labels[::step], "tickvals": list(axis["tickvals"])[::step]}
    if room:
        out["tickangle"] = 0
    out |= {"showline": True, "linecolor": LIGHT.text, "linewidth": LINE / PT}
    return out | {"ticks": "outside", "ticklen": 4, "tickwidth": LINE / PT, "tickcolor": LIGHT.text}


def _fit(labels: list[str], each: float) -> bool:
    """Tell whether labels fit beside each other; at a y axis they stand above each other."""
    widest = max((halves(line) for label in labels for line in label.split("<br>")), default=0)
    return not each or (widest + 1) * _HALF * SMALL < each


def _stamp(layout: dict[str, Any], words: str) -> None:
    margin = dict(layout.get("margin") or {})
    layout["margin"] = {**margin, "t": max(margin.get("t", 0), _STAMP_ROOM)}
    stamp = {"text": words, "xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom",
             "yshift": 4, "showarrow": False}  # fmt: skip
    layout["annotations"] = [*layout.get("annotations", ()), stamp]


def _letters(part: Any, family: str) -> None:
    """Set every font of a figure: its family, its size between the least and the usual, dark where it was muted."""
    if isinstance(part, list):
        for item in part:
            _letters(item, family)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in ("font", "tickfont", "textfont", "insidetextfont", "outsidetextfont") and isinstance(
                value, dict
            ):
                part[name] = _font(value, family)
            else:
                _letters(value, family)


def _font(font: Mapping[str, Any], family: str) -> dict[str, Any]:
    out = {**font, "family": family}
    size = font.get("size")
    if isinstance(size, int | float):
        out["size"] = min(max(size, LEAST / PT), SMALL)
    elif isinstance(size, list):
        out["size"] = [min(max(one, LEAST / PT), SMALL) for one in size]
    if font.get("color") == LIGHT.muted:
        out["color"] = LIGHT.text
    return out
