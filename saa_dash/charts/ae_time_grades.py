"""Worst grade from visit to visit: a square per grade and visit with the number of patients in it."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.ae_levels import LEVELS_OF
from ..analysis.ae_terms import BY_PATIENT
from ..analysis.ae_time_grades import LATER, VisitGrades
from .ae_rows import level_name
from .theme import BODY, SMALL, Look, base_figure
from .view import FigureView

_CELL = 44  # px of a row
_HALF = (0.44, 0.42)  # of a cell: width and height of its square
_FAINT = 0.35  # opacity of the outline where nobody is
_HEAD = 0.95  # rows above the cells for their heads: outside of the plot stands the word for simulated data
_TOP, _BOTTOM = 28, 30


def visit_name(visit: str, look: Look) -> str:
    """Return the name of a column."""
    if visit == LATER:
        return look.say("ae_time.grade.later")
    return look.say("ae_time.grade.week", n=int(visit[1:]))


def figure_visit_grades(found: VisitGrades, look: Look) -> FigureView:
    """Return the grid, the worst grade on top, no event at the foot, patients under observation above.

    Parameters
    ----------
    found : of the safety set.
    """
    rows, scale = found.rows, found.scale
    levels = [level for level in reversed(range(LEVELS_OF[scale])) if level or rows["P0"].any()]
    lines = [*levels, None]
    figure = base_figure(look, _TOP + _BOTTOM + round(_CELL * (len(lines) + _HEAD)), margin=(8, 12, _TOP, _BOTTOM))
    names = [look.say("ae_time.grade.none") if level is None else level_name(level, scale, look) for level in lines]
    figure.update_layout(shapes=[
        _box(x, y, int(n), level, look) for y, level in enumerate(lines) for x, n in enumerate(_counts(rows, level))
    ])  # fmt: skip
    for y, level in enumerate(lines):
        _numbers(figure, rows, y, level, names[y], look)
    heads = [visit_name(visit, look) for visit in rows["VISIT"]]
    _heads(figure, rows, heads, look)
    figure.update_layout(
        xaxis={"range": [-0.55, max(len(rows), 4) - 0.45], "showgrid": False, "tickvals": list(range(len(rows))),
               "ticktext": [_days(a, b, look) for a, b in zip(rows["FROM"], rows["TO"], strict=True)],
               "fixedrange": True},
        yaxis={"range": [len(lines) - 0.5, -0.5 - _HEAD], "tickvals": list(range(len(lines))), "ticktext": names,
               "tickfont": {"size": SMALL, "color": look.palette.text}, "showgrid": False, "automargin": True,
               "fixedrange": True},
    )  # fmt: skip
    n = int(rows["OBSERVED"].max()) if len(rows) else 0
    alt = "; ".join(
        f"{head}: "
        + ", ".join(f"{name} {int(_counts(rows, level)[x])}" for name, level in zip(names, lines, strict=True))
        for x, head in enumerate(heads)
    )
    title = look.say("ae_time.grade.title")
    foot = look.say("ae_time.grade.footnote")
    if found.undated:
        foot += look.say("ae_time.undated", n=found.undated)
    return FigureView(
        figure, title, look.say("ae_time.grade.subtitle", n=n), f"{title} {alt}", foot,
        _table(found, lines, names, heads, look), patients=False,
    )  # fmt: skip


def _counts(rows: pd.DataFrame, level: int | None) -> list[int]:
    return [int(n) for n in rows["NONE" if level is None else BY_PATIENT[level]]]


def _days(first: float, last: float, look: Look) -> str:
    if last != last:
        return look.say("ae_time.grade.from_day", first=int(first))
    return look.say("ae_time.grade.days", first=int(first), last=int(last))


def _box(x: int, y: int, n: int, level: int | None, look: Look) -> dict[str, object]:
    colours = look.palette
    graded = level is not None and level > 1
    fill = colours.grade[level] if graded and n and level is not None else colours.background if n else "rgba(0,0,0,0)"
    line = colours.text if n and not graded else colours.muted
    return {
        "type": "rect", "x0": x - _HALF[0], "x1": x + _HALF[0], "y0": y - _HALF[1], "y1": y + _HALF[1],
        "fillcolor": fill, "layer": "below", "opacity": 1.0 if n else _FAINT,
        "line": {"width": 1 if n and level is not None else 0.6, "color": line},
    }  # fmt: skip


def _numbers(figure: go.Figure, rows: pd.DataFrame, y: int, level: int | None, name: str, look: Look) -> None:
    colours, counts = look.palette, _counts(rows, level)
    ink = colours.on_grade[level] if level is not None and level > 1 else colours.text
    figure.add_scatter(
        x=list(range(len(rows))),
        y=[y] * len(rows),
        mode="markers+text",
        marker={"symbol": "square", "size": 30, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
        text=[str(n) for n in counts],
        textfont={"size": BODY, "color": [ink if n else colours.muted for n in counts]},
        hovertext=[
            look.say("ae_time.grade.hover", level=name, x=n, n=int(total))
            for n, total in zip(counts, rows["OBSERVED"], strict=True)
        ],
        hoverinfo="text",
        name="none" if level is None else f"level {level}",
    )


def _heads(figure: go.Figure, rows: pd.DataFrame, heads: list[str], look: Look) -> None:
    """Write visit and patients under observation above each column."""
    figure.add_scatter(
        x=list(range(len(rows))),
        y=[-0.5 - _HEAD / 2] * len(rows),
        mode="text",
        text=[f"<b>{head}</b><br>n = {int(n)}" for head, n in zip(heads, rows["OBSERVED"], strict=True)],
        textfont={"size": SMALL, "color": look.palette.text},
        hoverinfo="skip",
        name="heads",
    )


def _table(found: VisitGrades, lines: list[int | None], names: list[str], heads: list[str], look: Look) -> pd.DataFrame:
    rows = found.rows
    columns: dict[str, object] = {
        look.say("ae_time.column.visit"): heads,
        look.say("ae_time.column.days"): [_days(a, b, look) for a, b in zip(rows["FROM"], rows["TO"], strict=True)],
        look.say("ae_time.column.observed"): rows["OBSERVED"].to_numpy(),
    }
    columns |= {name: _counts(rows, level) for name, level in zip(names, lines, strict=True)}
    return pd.DataFrame(columns)
