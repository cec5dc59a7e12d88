"""From the level at baseline to the worst level: numbers of patients in cells, those for the worse tinted."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from ..analysis.shifts import GRADES, UNKNOWN, ShiftTable
from .theme import BODY, SMALL, Look, base_figure
from .view import FigureView

ANY = "x"  # in a cell's code: whatever the level at baseline

_CELL = 46  # px of a row
_HEAD = 1.1  # rows above the cells for their heads
_WRAP = 9  # letters of a line of a head
_FAINT = 0.14  # opacity of a tinted cell that holds nobody


@dataclass(frozen=True)
class ShiftWords:
    """Words around a grid.

    Parameters
    ----------
    levels : by level. title : above it. footnote : rules, version.
    """

    levels: dict[str, str]
    title: str
    footnote: str


def cell_code(before: str, after: str) -> str:
    """Return the code of a cell; `ANY` as `before` is the whole column."""
    return f"{before}-{after}"


def is_worse(table: ShiftTable, before: str, after: str) -> bool:
    """Tell whether a cell is a shift for the worse.

    Without a level at baseline it is where the worst level is not the best one; in a grid of ranges a direction must
    be new.
    """
    if after == UNKNOWN:
        return False
    if table.levels[0] == "LOW":
        return after not in ("NORMAL", before)
    ordered = table.levels[:-1]
    return ordered.index(after) > (0 if before == UNKNOWN else ordered.index(before))


def figure_shift(table: ShiftTable, words: ShiftWords, look: Look, *, chosen: str = "") -> FigureView:
    """Return the grid: rows are levels at baseline, columns worst levels, sums at the edges.

    Parameters
    ----------
    chosen : code of the cell whose patients are shown, outlined.
    """
    levels = table.levels
    size = len(levels)
    longest = max(len(words.levels[level]) for level in levels)
    left = 96 + max(0, longest - 6) * 6
    figure = base_figure(look, round(_CELL * (size + 1 + _HEAD)) + 40, margin=(left, 12, 24, 12))
    _cells(figure, table, look, chosen)
    _sums(figure, table, look)
    names = [words.levels[level] for level in levels]
    _head(figure, [*names, look.say("lab.shift.sum")], look)
    figure.update_layout(
        xaxis={"range": [-0.5, size + 0.5], "visible": False, "fixedrange": True},
        yaxis={
            "range": [size + 0.5, -0.5 - _HEAD],
            "tickvals": [*range(size), size],
            "ticktext": [*names, look.say("lab.shift.sum")],
            "title": {"text": look.say("lab.shift.before"), "standoff": 8},
            "showgrid": False,
            "fixedrange": True,
        },
        clickmode="event+select",
    )
    return FigureView(
        figure,
        words.title,
        look.offer("lab.shift.subtitle", n=table.treated),
        look.say("lab.shift.alt", n=table.treated, measured=table.measured, worse=table.worsened),
        words.footnote,
        _table(table, words, look),
        patients=False,
    )


def _head(figure: go.Figure, names: Sequence[str], look: Look) -> None:
    """Write the heads of the columns into the plot: outside of it stands the word for simulated data."""
    figure.add_scatter(
        x=list(range(len(names))),
        y=[-0.75] * len(names),
        mode="text",
        text=["<br>".join(textwrap.wrap(name, _WRAP, break_long_words=False)) for name in names],
        textfont={"size": SMALL, "color": look.palette.muted},
        hoverinfo="skip",
        name="heads",
    )
    figure.add_annotation(
        x=(len(names) - 2) / 2,
        y=-0.5 - _HEAD,
        yanchor="top",
        text=look.say("lab.shift.worst"),
        showarrow=False,
        font={"size": SMALL, "color": look.palette.muted},
    )


def _cells(figure: go.Figure, table: ShiftTable, look: Look, chosen: str) -> None:
    """Draw numbers on tinted cells; all shapes at once, for one by one they cost a third of a second."""
    colours = look.palette
    places = [(row, column) for row in range(len(table.levels)) for column in range(len(table.levels))]
    shapes: list[dict[str, object]] = []
    text, codes, ink, sizes = [], [], [], []
    for row, column in places:
        before, after, n = table.levels[row], table.levels[column], table.counts[row][column]
        code = cell_code(before, after)
        fill, opacity = _tint(table, before, after, look)
        shapes.append(
            {**_box(row, column), "fillcolor": fill, "opacity": opacity if n else min(opacity, _FAINT),
             "line": {"width": 0}, "layer": "below"}
        )  # fmt: skip
        if code == chosen:
            shapes.append({**_box(row, column), "line": {"width": 2.5, "color": colours.text}})
        elif before == after != UNKNOWN:
            shapes.append({**_box(row, column), "line": {"width": 1, "color": colours.muted}})
        text.append(str(n))
        codes.append([code])
        ink.append(_ink(after, look) if n and opacity == 1 else colours.text if n else colours.muted)
        sizes.append(BODY if n else SMALL)
    figure.update_layout(shapes=shapes)
    figure.add_scatter(
        x=[column for _, column in places],
        y=[row for row, _ in places],
        mode="markers+text",
        marker={"symbol": "square", "size": 38, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
        text=text,
        textfont={"size": sizes, "color": ink},
        unselected={"textfont": {"color": colours.text}},
        customdata=codes,
        hovertext=[look.offer("lab.shift.hover", n=int(n)) for n in text],
        hoverinfo="text",
        name="cells",
    )


def _box(row: int, column: int) -> dict[str, object]:
    return {"type": "rect", "x0": column - 0.46, "x1": column + 0.46, "y0": row - 0.44, "y1": row + 0.44}


def _tint(table: ShiftTable, before: str, after: str, look: Look) -> tuple[str, float]:
    """Return colour and opacity of a cell that holds somebody."""
    colours = look.palette
    if not is_worse(table, before, after):
        return colours.surface, 1.0 if before != after else 0.9
    if after in GRADES:
        grade = int(after)
        return (colours.grade[grade], 1.0) if grade > 1 else (colours.treatment, 0.22)
    return colours.treatment, 0.5 if after in ("ABNORMAL_CS", "BOTH") else 0.32


def _ink(after: str, look: Look) -> str:
    return look.palette.on_grade[int(after)] if after in GRADES[2:] else look.palette.text


def _sums(figure: go.Figure, table: ShiftTable, look: Look) -> None:
    """Write the sums; those of the columns can be clicked: everybody with that worst level."""
    size = len(table.levels)
    rows = [sum(row) for row in table.counts]
    columns = [sum(column) for column in zip(*table.counts, strict=True)]
    figure.add_scatter(
        x=[*range(size), *[size] * (size + 1)],
        y=[*[size] * size, *range(size + 1)],
        mode="markers+text",
        marker={"symbol": "square", "size": 34, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
        text=[str(n) for n in (*columns, *rows, table.treated)],
        textfont={"size": SMALL, "color": look.palette.muted},
        unselected={"textfont": {"color": look.palette.muted}},
        customdata=[*[[cell_code(ANY, level)] for level in table.levels], *[[""]] * (size + 1)],
        hoverinfo="skip",
        name="sums",
    )


def _table(table: ShiftTable, words: ShiftWords, look: Look) -> pd.DataFrame:
    names = [words.levels[level] for level in table.levels]
    counts = {name: [row[i] for row in table.counts] for i, name in enumerate(names)}
    return pd.DataFrame({look.say("lab.shift.before"): names, **counts})
