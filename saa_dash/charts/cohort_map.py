"""Patient by visit: response in letters and colour, the lineages beside it; hundreds as stretches of colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.cohort_map import LEVELS, LINEAGES, STATES, ResponseMap
from ..analysis.schedule import WEEKS
from .cohort_map_many import count_table, draw_stretches
from .theme import BODY, SMALL, Look, base_figure, escape
from .view import FigureView

MAX_ROWS = 80  # more patients than this are drawn as stretches of colour
_TALL, _FLAT = 30, 15  # px of a row
_ROOMY = 30  # up to so many patients have tall rows
BEST = "best"
# Symbol and size of a lineage's mark by how far it has come, and the glyph of the key.
_MARKS = {
    "CR": ("square", 13, "■"),
    "FREE": ("square", 7, "▪"),
    "SUPPORTED": ("circle-open", 11, "○"),
    "BELOW": ("square-open", 11, "□"),
    "UNKNOWN": ("x-thin", 8, "×"),
}
# Widths on the axis: a visit holds its square and three marks; then the best response, and why there is none.
_VISIT, _BEST_WIDTH, _WHY_WIDTH = 4.0, 1.4, 4.2


def figure_response_map(page: ResponseMap, look: Look, *, rule: str) -> FigureView:
    """Return the map.

    Parameters
    ----------
    rule : rule set and origin in words.
    """
    many = len(page.order) > MAX_ROWS
    figure = draw_stretches(page, look) if many else _few(page, look)
    title = _title(page, look)
    key = " · ".join(f"{_MARKS[level][2]} {look.say(f'cohort.map.level.{level}')}" for level in LEVELS)
    return FigureView(
        figure,
        title,
        look.say("cohort.map.subtitle_many", rule=rule) if many else look.offer("cohort.map.subtitle", rule=rule),
        look.say("cohort.map.alt", title=title, n=len(page.order)),
        _footnote(page, "" if many else f"{key}{look.say('cohort.stop')}", look),
        count_table(page, look) if many else _table(page, look),
        patients=not many,
    )


def _footnote(page: ResponseMap, key: str, look: Look) -> str:
    marks = ("cohort.map.footnote", "cohort.map.signs") if key else ("cohort.map.footnote_many",)
    parts = [look.say(mark) for mark in marks]
    if page.last.at_least_pr:
        parts.append(look.say("cohort.map.at_least", week=page.last.week, n=page.last.at_least_pr))
    return key + " ".join(parts)


def _title(page: ResponseMap, look: Look) -> str:
    last = page.last
    if not last.orr.total:
        return look.say("cohort.map.title_not_due", week=last.week, n=len(page.order))
    if not last.rate_printable:
        return look.say("cohort.map.title_plain", n=len(page.order))
    return look.say("cohort.map.title", week=last.week, n=last.orr.total, x=last.orr.events, cr=last.crr.events)


def _columns(look: Look) -> dict[object, tuple[float, str]]:
    """Return where each column stands and its heading: the visits, then the best response."""
    out: dict[object, tuple[float, str]] = {
        week: (i * _VISIT, look.say("chart.week", n=week)) for i, week in enumerate(WEEKS)
    }
    out[BEST] = (len(WEEKS) * _VISIT, look.say("cohort.map.best"))
    return out


def _few(page: ResponseMap, look: Look) -> go.Figure:
    n = len(page.order)
    row = _TALL if n <= _ROOMY else _FLAT
    severe = any(page.severity.values())
    figure = base_figure(look, 56 + row * n, margin=(108 if severe else 56, 12, 44, 8))
    level = {code: n - i for i, code in enumerate(page.order)}
    columns = _columns(look)
    states = pd.concat(
        [
            page.visits.rename(columns={"WEEK": "COLUMN"}),
            page.best.assign(COLUMN=BEST, REASON="", SIGN=np.where(page.best["OPEN"], "…", "")),
        ]
    )
    for state in STATES:
        part = states[states["STATE"] == state]
        if len(part):
            _squares(figure, part, state, level, columns, look, row)
    for lineage in LINEAGES:
        for name in LEVELS:
            part = page.lineages[(page.lineages["LINEAGE"] == lineage) & (page.lineages["LEVEL"] == name)]
            if len(part):
                _lineage_marks(figure, part, lineage, name, level, look, row)
    _why(figure, page, level, columns, look)
    _frame(figure, page, level, columns, look, severe)
    return figure


def _why(
    figure: go.Figure,
    page: ResponseMap,
    level: dict[str, int],
    columns: dict[object, tuple[float, str]],
    look: Look,
) -> None:
    """Write beside the best response why the last due visit shows none."""
    due = page.visits[(page.visits["STATE"] != "NYD")].sort_values("WEEK").drop_duplicates("PCODE", keep="last")
    told = due[due["REASON"] != ""]
    figure.add_scatter(
        x=np.full(len(told), columns[BEST][0] + _BEST_WIDTH - 0.4),
        y=told["PCODE"].map(level),
        mode="text",
        text=[
            look.say("cohort.map.why_at", week=int(week), why=look.say(f"cohort.reason.{reason}"))
            for week, reason in zip(told["WEEK"], told["REASON"], strict=True)
        ],
        textposition="middle right",
        textfont={"size": SMALL, "color": look.palette.muted},
        hoverinfo="skip",
        name="why",
    )


def _frame(
    figure: go.Figure,
    page: ResponseMap,
    level: dict[str, int],
    columns: dict[object, tuple[float, str]],
    look: Look,
    severe: bool,
) -> None:
    colours, n = look.palette, len(level)
    heads = [
        {"x": x - 0.52, "y": 1, "yref": "paper", "text": f"<b>{words}</b>", "xanchor": "left", "yanchor": "bottom",
         "yshift": 4, "showarrow": False, "font": {"size": BODY, "color": colours.text}}
        for x, words in columns.values()
    ]  # fmt: skip
    heads += [
        {"x": columns[week][0] + _offset(i), "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 4,
         "showarrow": False,
         "text": look.say(f"cohort.short.{lineage}"), "font": {"size": SMALL, "color": colours.lineage[lineage]}}
        for week in WEEKS
        for i, lineage in enumerate(LINEAGES)
    ]  # fmt: skip
    ticks = [f"{escape(code)}  {page.severity.get(code) or '–'}" if severe else escape(code) for code in page.order]
    figure.update_layout(
        annotations=[*figure.layout.annotations, *heads],
        xaxis={
            "range": [-0.7, columns[BEST][0] + _BEST_WIDTH + _WHY_WIDTH], "showgrid": False, "showticklabels": False,
            "fixedrange": True,
        },
        yaxis={
            "range": [0.4, n + 0.6], "tickvals": [level[code] for code in page.order], "ticktext": ticks,
            "tickfont": {"size": SMALL, "color": colours.text}, "showgrid": True, "fixedrange": True,
        },
    )  # fmt: skip


def _offset(i: int) -> float:
    return 1.15 + 0.75 * i


def _squares(
    figure: go.Figure,
    part: pd.DataFrame,
    state: str,
    level: dict[str, int],
    columns: dict[object, tuple[float, str]],
    look: Look,
    row: int,
) -> None:
    colours = look.palette
    x = np.array([columns[column][0] for column in part["COLUMN"]])
    y = part["PCODE"].map(level).to_numpy("float64")
    lettered = row == _TALL
    half, tall = 0.62, 0.42
    undue = state == "NYD"
    figure.add_bar(
        x=x,
        y=np.full(len(part), 2 * tall),
        base=y - tall,
        width=2 * half - 0.1,
        marker={
            "color": colours.response[state],
            "line": {"width": 0 if undue else 1, "color": colours.response[state]},
            "pattern": {
                "shape": "/" if state == "NE" else "", "fgcolor": colours.background, "size": 6, "solidity": 0.2,
                "fillmode": "overlay",
            },
        },
        text=[f"{state}{sign}" if lettered and not undue else "" for sign in part["SIGN"]],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": SMALL, "color": colours.on_response[state]},
        customdata=[[code] for code in part["PCODE"]],
        hovertext=[
            _hover(code, column, reason, state, look)
            for code, column, reason in zip(part["PCODE"], part["COLUMN"], part["REASON"], strict=True)
        ],
        hoverinfo="text",
        name=state,
    )  # fmt: skip
    shapes = [
        {"type": "rect", "x0": at - half + 0.05, "x1": at + half - 0.05, "y0": height - tall, "y1": height + tall,
         "line": {"color": colours.muted, "width": 1, "dash": "dot"}}
        for at, height in (zip(x, y, strict=True) if undue else ())
    ]  # fmt: skip
    figure.update_layout(shapes=[*figure.layout.shapes, *shapes], barmode="overlay")


def _hover(code: str, column: object, reason: str, state: str, look: Look) -> str:
    where = look.say("cohort.map.best") if column == BEST else look.say("chart.week", n=column)
    why = look.say(f"cohort.reason.{reason}") if reason else ""
    return look.say(
        "cohort.map.hover", patient=escape(code), where=where, state=look.say(f"term.response.{state}"), why=why
    )


def _lineage_marks(
    figure: go.Figure, part: pd.DataFrame, lineage: str, name: str, level: dict[str, int], look: Look, row: int
) -> None:
    symbol, size, _ = _MARKS[name]
    colour = look.palette.lineage[lineage]
    week = {week: i * _VISIT for i, week in enumerate(WEEKS)}
    figure.add_scatter(
        x=part["WEEK"].map(week).to_numpy("float64") + _offset(LINEAGES.index(lineage)),
        y=part["PCODE"].map(level),
        mode="markers",
        marker={
            "symbol": symbol,
            "size": size if row == _TALL else size * 0.75,
            "color": colour,
            "line": {"width": 1.6, "color": colour},
        },
        customdata=[[code] for code in part["PCODE"]],
        hovertext=[
            look.say(
                "cohort.map.lineage", patient=escape(code), week=int(at), name=look.say(f"chart.lineage.{lineage}"),
                level=look.say(f"cohort.map.level.{name}"),
            )
            for code, at in zip(part["PCODE"], part["WEEK"], strict=True)
        ],
        hoverinfo="text",
        name=f"{lineage}-{name}",
    )  # fmt: skip


def _table(page: ResponseMap, look: Look) -> pd.DataFrame:
    out = pd.DataFrame({look.say("column.patient"): list(page.order)})
    if any(page.severity.values()):
        out[look.say("column.severity")] = [page.severity.get(code) or "–" for code in page.order]
    for week in WEEKS:
        rows = page.visits[page.visits["WEEK"] == week].set_index("PCODE")
        words = rows["STATE"].where(rows["STATE"] != "NYD", look.say("term.response.NYD")) + rows["SIGN"]
        head = look.say("chart.week", n=week)
        out[head] = words.reindex(list(page.order)).to_numpy()
        levels = page.lineages[page.lineages["WEEK"] == week]
        for lineage in LINEAGES:
            level = levels[levels["LINEAGE"] == lineage].set_index("PCODE")["LEVEL"].reindex(list(page.order))
            out[f"{head} {look.say(f'cohort.short.{lineage}')}"] = [
                look.say(f"cohort.map.level.{name}") if isinstance(name, str) else "" for name in level
            ]
    best = page.best.set_index("PCODE")["STATE"].reindex(list(page.order))
    out[look.say("cohort.map.best")] = [look.say("term.response.NYD") if state == "NYD" else state for state in best]
    return out
