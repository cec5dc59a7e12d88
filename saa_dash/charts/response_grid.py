"""One square per patient per visit, patients in the same column throughout, rates with exact limits beside them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import ResponseGrid
from .strips import rate_text
from .theme import BODY, SMALL, Look, base_figure, escape
from .view import FigureView

STATES = ("CR", "PR", "NR", "NE", "NYD")
_ROW = 90  # px of one visit: two rates, each with its words above
LETTERED = 26  # up to so many patients the letters fit into the squares
MAX_COLUMNS = 60  # more patients than this are counted: one bar per visit and state
_SQUARES, _RATES = (0.0, 0.6), (0.68, 1.0)


def figure_response_grid(grid: ResponseGrid, look: Look, *, method: str, rule: str) -> FigureView:
    """Return the squares at the left, ORR and CRR with their limits at the right, one row per visit.

    Parameters
    ----------
    method : name of the binomial interval. rule : rule set and origin in words.
    """
    colours = look.palette
    weeks = [visit.week for visit in grid.visits]
    level = {week: len(weeks) - i for i, week in enumerate(weeks)}
    order = {pcode: i for i, pcode in enumerate(grid.order)}
    lettered = len(order) <= LETTERED
    figure = base_figure(look, 64 + _ROW * len(weeks), margin=(64, 20, 20, 32))
    many = len(order) > MAX_COLUMNS
    for state in STATES:
        part = grid.rows[grid.rows["STATE"] == state]
        if len(part):
            _stacks(figure, grid, look, state, level) if many else _squares(
                figure, look, state, part, order, level, lettered
            )
    _rates(figure, grid, look, level)
    figure.update_layout(
        xaxis={
            "domain": list(_SQUARES),
            "range": [-0.7, len(order) - 0.3],
            "tickvals": list(order.values()) if lettered else [],
            "ticktext": list(order) if lettered else [],
            "showgrid": False,
            "fixedrange": True,
        },
        xaxis2={
            "domain": list(_RATES),
            "anchor": "y",
            "range": [-0.02, 1.02],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": ["0", "25", "50", "75", "100%"],
            "gridcolor": colours.grid,
            "tickfont": {"size": SMALL, "color": colours.muted},
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "range": [0.45, len(weeks) + 0.6],
            "tickvals": list(level.values()),
            "ticktext": [look.say("chart.week", n=week) for week in weeks],
            "tickfont": {"size": BODY, "color": colours.text},
            "showgrid": False,
            "fixedrange": True,
        },
    )
    title = look.say("chart.grid.title")
    alt = "; ".join(
        look.say("chart.strips.alt", week=v.week, orr=rate_text(v.orr, look), crr=rate_text(v.crr, look))
        for v in grid.visits
    )
    return FigureView(
        figure,
        title,
        look.offer("chart.grid.subtitle_many" if many else "chart.grid.subtitle", rule=rule),
        f"{title} {alt}",
        look.say("chart.grid.footnote", method=method),
        _table(grid, look),
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
        customdata=[[p, int(w)] for p, w in zip(part["PCODE"], part["WEEK"], strict=True)],
        hovertext=[
            look.say(
                "chart.grid.hover",
                patient=escape(p),
                week=int(w),
                state=look.say(f"term.response.{state}"),
                why=escape(y),
            )
            for p, w, y in zip(part["PCODE"], part["WEEK"], part["WHY"], strict=True)
        ],
        hoverinfo="text",
        name=state,
    )


def _stacks(figure: go.Figure, grid: ResponseGrid, look: Look, state: str, level: dict[int, int]) -> None:
    """Draw the patients of one state as a stretch of each visit's bar, in the order of `STATES`."""
    colours, total = look.palette, len(grid.order)
    counts = pd.crosstab(grid.rows["WEEK"], grid.rows["STATE"]).reindex(
        index=list(level), columns=list(STATES), fill_value=0
    )
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
            for week, x in zip(counts.index, n, strict=True)
        ],
        hoverinfo="text",
        name=state,
    )
    figure.update_layout(barmode="overlay")


def _rates(figure: go.Figure, grid: ResponseGrid, look: Look, level: dict[int, int]) -> None:
    colours = look.palette
    for name, shift, filled in (("ORR", 0.2, False), ("CRR", -0.28, True)):
        rates = [visit.orr if name == "ORR" else visit.crr for visit in grid.visits]
        known = [(visit.week, rate) for visit, rate in zip(grid.visits, rates, strict=True) if rate.total]
        if not known:
            continue
        colour = colours.response["CR" if filled else "PR"]
        y = [level[week] + shift for week, _ in known]
        figure.add_scatter(
            x=[rate.estimate for _, rate in known],
            y=y,
            xaxis="x2",
            mode="markers",
            marker={"size": 10, "color": colour, "symbol": "circle" if filled else "diamond"},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [rate.upper - rate.estimate for _, rate in known],
                "arrayminus": [rate.estimate - rate.lower for _, rate in known],
                "color": colour,
                "thickness": 2,
                "width": 4,
            },
            hovertext=[f"{name} {rate_text(rate, look)}" for _, rate in known],
            hoverinfo="text",
            name=name,
        )
        for (_, rate), height in zip(known, y, strict=True):
            figure.add_annotation(
                x=0,
                xref="x2",
                y=height,
                yshift=15,
                xanchor="left",
                text=f"<b>{name}</b> {rate_text(rate, look)}",
                showarrow=False,
                font={"size": SMALL, "color": colours.text},
            )


def _table(grid: ResponseGrid, look: Look) -> pd.DataFrame:
    rows = grid.rows.assign(_o=grid.rows["PCODE"].map({p: i for i, p in enumerate(grid.order)}))
    rows = rows.sort_values(["_o", "WEEK"])
    return pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("column.visit"): [look.say("chart.week", n=int(w)) for w in rows["WEEK"]],
            look.say("column.response"): [look.say("term.response.NYD") if s == "NYD" else s for s in rows["STATE"]],
            look.say("column.reason"): rows["WHY"].to_numpy(),
        }
    )
