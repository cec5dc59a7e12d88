"""The registry's complications, and those a DSMB asks for: one square per patient and class, x/n with exact limits."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from ..analysis.ae_summary import ComplicationPanel
from ..analysis.ae_terms import BY_PATIENT
from ..analysis.complications import OVERALL
from .ae_rows import MAX_SQUARES, Row, add_bars, add_key, add_shares, add_squares, exact_text, level_name, rows_figure
from .ae_terms import mark_hover
from .theme import SMALL, Look
from .view import FigureView

_LETTERED, _SMALL = 20, 24  # up to so many patients digits fit; P-codes fit on the axis


def class_name(code: str, look: Look) -> str:
    """Return the name of a class, or "any" for all together."""
    return look.say(f"term.complication_row.{code}" if code == OVERALL else f"term.complication.{code}")


def figure_complications(panel: ComplicationPanel, look: Look, *, subtitle: str, method: str) -> FigureView:
    """Return one row per class, the registry's first; a column per patient where there are few, else bars by level.

    Parameters
    ----------
    subtitle : population in words. method : name of the binomial interval.
    """
    counts = panel.rows[list(BY_PATIENT)].to_numpy("int64").tolist()
    levels_of = dict(zip(panel.rows["CLASS"], counts, strict=True))
    rows = [
        Row(
            class_name(item.code, look),
            item.code == OVERALL,
            item.patients.events,
            item.patients.total,
            item.patients.estimate,
            item.patients.lower,
            item.patients.upper,
            item.events,
            tuple(levels_of[item.code]),
            (item.code,),
        )
        for item in panel.table.rows
    ]
    few = len(panel.subjects) <= MAX_SQUARES
    figure, levels = rows_figure(rows, look, look.say("ae.chart.left_columns" if few else "ae.chart.left_patients"))
    if few:
        _columns(figure, panel, rows, levels, look)
    else:
        add_bars(figure, rows, levels, panel.scale, look, "ae.chart.bar_patients")
        figure.update_layout(xaxis={"range": [0, max(sum(rows[0].levels), 1) * 1.02], "showgrid": True, "nticks": 5})
    add_shares(figure, rows, levels, look)
    _divide(figure, panel, levels, look)
    present = [level for level, column in enumerate(BY_PATIENT) if panel.rows[column].sum()]
    add_key(figure, present, panel.scale, look, serious=few)
    title = look.say("ae.panel.title", rate=exact_text(rows[0], look))
    alt = "; ".join(f"{row.name} {exact_text(row, look)}" for row in rows)
    click = look.say("ae.panel.click_square" if few else "ae.panel.click_bar") if look.opens else ""
    footnote = look.say("ae.panel.footnote", method=method, n=panel.table.uncoded, click=click)
    return FigureView(figure, title, subtitle, f"{title} {alt}", footnote, pd.DataFrame())


def _columns(
    figure: go.Figure, panel: ComplicationPanel, rows: Sequence[Row], levels: Sequence[float], look: Look
) -> None:
    """Draw every patient's column: a square where there was something, a point where there was nothing."""
    place = {code: i for i, code in enumerate(panel.subjects)}
    height = {row.data[0]: y for row, y in zip(rows, levels, strict=True)}
    names = {row.data[0]: row.name for row in rows}
    marks = panel.marks.assign(X=panel.marks["PCODE"].map(place), Y=panel.marks["CLASS"].map(height))
    words = {level: level_name(level, panel.scale, look) for level in marks["LEVEL"].unique()}
    hover = [
        mark_hover(look, code, names[group], words[level], serious, events, day)
        for code, group, level, serious, events, day in zip(
            marks["PCODE"], marks["CLASS"], marks["LEVEL"], marks["SERIOUS"], marks["EVENTS"], marks["FIRST"],
            strict=True,
        )
    ]  # fmt: skip
    days = [int(day) if day == day else 0 for day in marks["FIRST"]]
    data: list[list[str | int]] = [
        [code, group, day] for code, group, day in zip(marks["PCODE"], marks["CLASS"], days, strict=True)
    ]
    n = len(place)
    figure.add_scatter(
        x=list(range(n)) * len(rows),
        y=[y for y in levels for _ in range(n)],
        mode="markers",
        marker={"size": 3, "color": look.palette.grid, "symbol": "circle"},
        hoverinfo="skip",
        name="nothing",
    )
    add_squares(figure, marks.assign(HOVER=hover), data, 20 if n <= _LETTERED else 8, panel.scale, look)
    show = n <= _SMALL
    figure.update_layout(
        xaxis={
            "range": [-0.6, max(n, 6) - 0.4],
            "tickvals": list(place.values()) if show else [],
            "ticktext": list(place) if show else [],
            "tickfont": {"size": SMALL, "color": look.palette.text},
        }
    )


def _divide(figure: go.Figure, panel: ComplicationPanel, levels: Sequence[float], look: Look) -> None:
    """Draw a line between the registry's classes and those of the DSMB."""
    registry = [item.registry for item in panel.table.rows]
    last = registry.index(False) if False in registry else 0
    if last:
        y = (levels[last - 1] + levels[last]) / 2
        figure.add_shape(
            type="line", x0=0, x1=1, xref="paper", y0=y, y1=y, line={"color": look.palette.muted, "width": 1},
            layer="below",
        )  # fmt: skip
