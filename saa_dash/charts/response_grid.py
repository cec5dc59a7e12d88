"""One square per patient per visit, patients in the same column throughout, rates with exact limits beside them.

Lines join the squares of one patient where the response changed; the best response so far is a row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.proportions import Proportion
from ..analysis.results import ResponseGrid
from .rate_rows import draw_rates, rates_axis
from .strips import rate_text
from .theme import BODY, SMALL, Look, base_figure, escape
from .view import FigureView

STATES = ("CR", "PR", "NR", "NE", "NYD")
BEST = 0  # stands for the visit in the row of the best response
LETTERED = 26  # up to so many patients the letters fit into the squares
MAX_COLUMNS = 60  # more patients than this are counted: one bar per visit and state
_ROW = 90  # px of one visit: two rates, each with its words above
_SQUARES, _RATES = (0.0, 0.6), (0.68, 1.0)
# How a change is drawn: line style and width; its colour is that of the state it leads to, none where nothing changed.
_LINES = {"BETTER": ("solid", 4), "WORSE": ("dash", 3), "NE": ("dot", 2), "SAME": ("solid", 1.2)}


@dataclass(frozen=True)
class _Row:
    """One row of the figure: visit (or `BEST`), its height on the axis, its rates."""

    week: int
    level: int
    orr: Proportion
    crr: Proportion
    printable: bool


def figure_response_grid(grid: ResponseGrid, look: Look, *, method: str, rule: str) -> FigureView:
    """Return the squares at the left, ORR and CRR with their limits at the right, one row per visit.

    Parameters
    ----------
    method : name of the binomial interval. rule : rule set and origin in words.
    """
    rows = _rows(grid)
    level = {row.week: row.level for row in rows}
    order = {pcode: i for i, pcode in enumerate(grid.order)}
    lettered, many = len(order) <= LETTERED, len(order) > MAX_COLUMNS
    figure = base_figure(look, 64 + _ROW * len(rows), margin=(64, 20, 20, 32))
    shown = _with_best(grid, look)
    if not many:
        _changes(figure, grid.changes, look, order, level)
    for state in STATES:
        part = shown[shown["STATE"] == state]
        if part.empty:
            continue
        if many:
            _stacks(figure, shown, look, state, level, len(order))
        else:
            _squares(figure, look, state, part, order, level, lettered)
    for row in rows:
        draw_rates(figure, look, row.level, row.orr, row.crr, "x2", printable=row.printable)
    _axes(figure, look, rows, order if lettered else {}, len(order))
    title = look.say("chart.grid.title")
    alt = look.say("pack.list.semicolon").join(
        look.say("chart.strips.alt", week=v.week, orr=rate_text(v.orr, look), crr=rate_text(v.crr, look))
        for v in grid.visits
    )
    foot = look.say("chart.grid.footnote", method=method)
    lines = "" if many else look.say("response.grid.lines")
    best = look.say("response.grid.best_open", n=grid.best.open) if grid.best.open else look.say("response.grid.best")
    return FigureView(
        figure,
        title,
        look.offer("chart.grid.subtitle_many" if many else "chart.grid.subtitle", rule=rule),
        f"{title} {alt}",
        foot + lines + best,
        _table(grid, look),
    )


def _rows(grid: ResponseGrid) -> list[_Row]:
    high = len(grid.visits) + 1
    visits = [
        _Row(visit.week, high - i, visit.orr, visit.crr, visit.counts.rate_printable)
        for i, visit in enumerate(grid.visits)
    ]
    printable = all(row.printable for row in visits)
    return [*visits, _Row(BEST, 1, grid.best.orr, grid.best.crr, printable)]


def _with_best(grid: ResponseGrid, look: Look) -> pd.DataFrame:
    """Return the squares of the visits and of the best response; TRACE is the visit a click asks about."""
    best = grid.best.rows
    why = [look.say("response.grid.from", week=int(week)) for week in best["FROMVIS"]]
    sign = np.where((best["OPENFL"] == "Y") & (best["AVALC"] != "NYD"), "…", "")
    row = {"PCODE": best["PCODE"], "WEEK": BEST, "STATE": best["AVALC"], "SIGN": sign, "WHY": why}
    return pd.concat(
        [grid.rows.assign(TRACE=grid.rows["WEEK"]), pd.DataFrame(row).assign(TRACE=best["FROMVIS"])],
        ignore_index=True,
    )


def _axes(figure: go.Figure, look: Look, rows: list[_Row], columns: dict[str, int], total: int) -> None:
    figure.update_layout(
        xaxis={
            "domain": list(_SQUARES),
            "range": [-0.7, total - 0.3],
            "tickvals": list(columns.values()),
            "ticktext": list(columns),
            "showgrid": False,
            "fixedrange": True,
        },
        xaxis2=rates_axis(look, _RATES),
        yaxis={
            "range": [0.45, len(rows) + 0.6],
            "tickvals": [row.level for row in rows],
            "ticktext": [_name(row.week, look) for row in rows],
            "tickfont": {"size": BODY, "color": look.palette.text},
            "showgrid": False,
            "fixedrange": True,
        },
    )
    figure.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=1.5, y1=1.5, layer="below",
        line={"color": look.palette.grid, "width": 1},
    )  # fmt: skip


def _name(week: int, look: Look) -> str:
    return look.say("chart.week", n=week) if week != BEST else f"<b>{look.say('response.grid.best_name')}</b>"


def _changes(
    figure: go.Figure, changes: pd.DataFrame, look: Look, order: dict[str, int], level: dict[int, int]
) -> None:
    """Join the squares of one patient, one trace per kind of change and state it leads to; one for all unchanged."""
    colours = look.palette
    drawn = changes[changes["KIND"].isin(_LINES)]
    drawn = drawn.assign(AFTER=drawn["AFTER"].where(drawn["KIND"] != "SAME", ""))
    for (kind, after), part in drawn.groupby(["KIND", "AFTER"]):
        dash, width = _LINES[str(kind)]
        x = part["PCODE"].map(order).to_numpy(float)
        ends = [part[name].map(level).to_numpy(float) for name in ("FROM", "WEEK")]
        gap = np.full(len(x), np.nan)
        figure.add_scatter(
            x=np.column_stack([x, x, gap]).ravel(),
            y=np.column_stack([*ends, gap]).ravel(),
            mode="lines",
            line={
                "color": colours.response[str(after)] if after else colours.muted,
                "width": width,
                "dash": dash,
            },
            hoverinfo="skip",
            name=f"{kind} {after}".strip(),
        )


def _squares(
    figure: go.Figure,
    look: Look,
    state: str,
    part: pd.DataFrame,
    order: dict[str, int],
    level: dict[int, int],
    lettered: bool,
) -> None:
    colours = look.palette
    size = 38 if len(order) <= 12 else 24 if lettered else max(3, round(560 / max(len(order), 1)))
    letters = part["STATE"] + part["SIGN"] if state != "NYD" else pd.Series("", index=part.index)
    outline = colours.muted if state == "NYD" else colours.response[state]
    figure.add_scatter(
        x=part["PCODE"].map(order),
        y=part["WEEK"].map(level),
        mode="markers+text" if lettered else "markers",
        marker={
            "symbol": "square-x-open" if state == "NE" and not lettered else "square",
            "size": size,
            "color": colours.response[state],
            "line": {"width": 1, "color": outline},
        },
        text=letters,
        textfont={"size": SMALL, "color": colours.on_response[state]},
        customdata=[[p, int(w)] for p, w in zip(part["PCODE"], part["TRACE"], strict=True)],
        hovertext=[_hover(look, state, *row) for row in zip(part["PCODE"], part["WEEK"], part["WHY"], strict=True)],
        hoverinfo="text",
        name=state,
    )


def _hover(look: Look, state: str, pcode: str, week: int, why: str) -> str:
    key = "chart.grid.hover" if week != BEST else "response.grid.hover_best"
    return look.say(
        key, patient=escape(pcode), week=int(week), state=look.say(f"term.response.{state}"), why=escape(why)
    )


def _stacks(figure: go.Figure, shown: pd.DataFrame, look: Look, state: str, level: dict[int, int], total: int) -> None:
    """Draw the patients of one state as a stretch of each row's bar, in the order of `STATES`."""
    colours = look.palette
    counts = pd.crosstab(shown["WEEK"], shown["STATE"]).reindex(index=list(level), columns=list(STATES), fill_value=0)
    n = counts[state].to_numpy()
    base = counts.cumsum(axis=1)[state].to_numpy() - n
    name = look.say(f"term.response.{state}")
    figure.add_bar(
        x=n,
        y=[level[week] for week in counts.index],
        base=base - 0.5,
        orientation="h",
        width=0.42,
        marker={
            "color": colours.response[state],
            "line": {"width": 1, "color": colours.muted if state == "NYD" else colours.background},
            "pattern": {
                "shape": "/" if state == "NE" else "",
                "fgcolor": colours.background,
                "solidity": 0.2,
                "fillmode": "overlay",
            },
        },
        text=[f"{name} {x}" if x > 0.08 * total else "" for x in n],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": SMALL, "color": colours.on_response[state]},
        hovertext=[
            look.say("chart.strips.hover_bar", week=int(week), state=name, n=int(x))
            if week != BEST
            else look.say("response.grid.hover_best_bar", state=name, n=int(x))
            for week, x in zip(counts.index, n, strict=True)
        ],
        hoverinfo="text",
        name=state,
    )
    figure.update_layout(barmode="overlay")


def _table(grid: ResponseGrid, look: Look) -> pd.DataFrame:
    rows = grid.rows.assign(_o=grid.rows["PCODE"].map({p: i for i, p in enumerate(grid.order)}))
    rows = rows.sort_values(["_o", "WEEK"])
    best = rows["PCODE"].map(grid.best.rows.set_index("PCODE")["AVALC"])
    undue = look.say("term.response.NYD")
    return pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("column.visit"): [look.say("chart.week", n=int(w)) for w in rows["WEEK"]],
            look.say("column.response"): [undue if s == "NYD" else s for s in rows["STATE"]],
            look.say("column.reason"): rows["WHY"].to_numpy(),
            look.say("response.grid.best_name"): [undue if s == "NYD" else s for s in best],
        }
    )
