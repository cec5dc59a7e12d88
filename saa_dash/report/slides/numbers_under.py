"""Numbers under a plot, as a native table: each column under its place on the axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from .panel import Numbers, Panel
from .parts_xml import EMU
from .rooms import THEIRS, row_height, wide_of
from .table import Area, add_table_xml, cell_xml
from .words import Face, paragraphs

_EDGE = 0.01  # of an axis
_HALF_COLUMN = 28.0  # pt of half a column of numbers


def draw_numbers(slide: Any, table: Numbers, panel: Panel, plot: Area, area: Area, face: Face, alt: str) -> None:
    """Put numbers under a plot as a table, each column under its place on the axis."""
    shown = [at for at, x in enumerate(table.x) if -_EDGE <= panel.x.place(x) <= 1 + _EDGE]
    if not shown:
        return
    high = row_height(face)
    middles = [plot.left + panel.x.place(table.x[at]) * plot.width for at in shown]
    label = max(wide_of(row.label, face.letters) for row in table.rows) * THEIRS + 8
    columns = _columns(middles, area.left, label)
    grid = "".join(f'<a:gridCol w="{round((right - left) * EMU)}"/>' for left, right, _ in columns)
    rows = []
    for row in table.rows:
        cells = []
        for _, _, at in columns:
            if at is None:
                cells.append(cell_xml((), face, face.letters, rule=False, inset=0.0))
            elif at < 0:
                name = tuple(run for line in row.label for run in line)
                cells.append(cell_xml(name, face, face.letters, right=True, rule=False, colour=row.colour, inset=3.0))
            else:
                words = paragraphs(row.texts[shown[at]])[0]
                cells.append(cell_xml(words, face, face.letters, centre=True, rule=False, colour=row.colour, inset=0.0))
        rows.append(f'<a:tr h="{round(high * EMU)}">{"".join(cells)}</a:tr>')
    place = Area(area.left, area.top + area.height - high * len(rows), columns[-1][1] - area.left, high * len(rows))
    add_table_xml(slide, grid, "".join(rows), place, alt)


def _columns(middles: list[float], left: float, label: float) -> list[tuple[float, float, int | None]]:
    """Return both edges of each column and what stands in it: -1 the names, a place of the numbers, or nothing.

    Numbers stand in the middle of their column, over their place on the axis; what is left between columns is empty.
    """
    steps = np.diff(middles)
    half = min(float(steps.min()) / 2 if len(steps) else _HALF_COLUMN, _HALF_COLUMN)
    half = max(min(half, middles[0] - left - label), 8.0)
    out: list[tuple[float, float, int | None]] = [(left, middles[0] - half, -1)]
    for at, middle in enumerate(middles):
        if middle - half > out[-1][1] + 0.5:
            out.append((out[-1][1], middle - half, None))
        out.append((out[-1][1], middle + half, at))
    return out
