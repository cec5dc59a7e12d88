"""Stages of kidney injury by week: one row per patient, or where they are many the patients counted by week."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.kdigo_weeks import STATES, StageCounts
from .strips import rate_text
from .theme import DAY_ONE, SMALL, Look, base_figure, escape, study_day_ticks
from .view import FigureView

MAX_ROWS = 40  # more patients than this are counted
_ROW, _SIZE = 30, 20  # px of a row and of a square
_MIDDLE = 3.0  # from the first day of a week to its middle
_LETTER = {"UNKNOWN": "·", "0": "0", "RATIO": "R", "1": "1", "2": "2", "3": "3"}


def _fill(state: str, look: Look) -> tuple[str, str, str]:
    """Return fill, ink and outline of a state; the stages have the colours of grades 2 to 4."""
    colours = look.palette
    if state in ("1", "2", "3"):
        grade = int(state) + 1
        return colours.grade[grade], colours.on_grade[grade], colours.text
    if state == "RATIO":
        return colours.background, colours.text, colours.grade[2]
    return colours.background, colours.muted, colours.muted if state == "0" else colours.grid


def figure_kdigo(
    counts: StageCounts, weeks: pd.DataFrame | None, look: Look, *, day_one: str, method: str
) -> FigureView:
    """Return the worst state of each patient and week as a square with its digit, or the counts.

    Parameters
    ----------
    counts : of everybody. weeks : PCODE, WEEK, STATE, RANK, ADY, AVAL, RATIO; None for who may not see patients.
    day_one : ATG or DOSE. method : name of the binomial interval.
    """
    single = weeks is not None and counts.measured <= MAX_ROWS
    figure = _squares(weeks, look) if single and weeks is not None else _bars(counts, look)
    last = 7.0 * float(counts.weeks["WEEK"].max()) if len(counts.weeks) else 85.0
    ticks, labels = study_day_ticks(last)
    figure.update_layout(
        xaxis={"range": [0.5, last + 2], "tickvals": ticks, "ticktext": labels, "showgrid": False, "fixedrange": True,
               "title": {"text": look.say(DAY_ONE[day_one]), "standoff": 8}}
    )  # fmt: skip
    words = [f"{look.say(f'organs.kdigo.{state}')} {counts.worst[state]}" for state in reversed(STATES)]
    title = look.say("organs.kdigo.title")
    rate = rate_text(counts.injured, look)
    return FigureView(
        figure,
        title,
        look.offer("organs.kdigo.subtitle", n=counts.measured)
        if single
        else look.say("organs.kdigo.subtitle_many", n=counts.measured),
        f"{title} {rate}. {'; '.join(words)}",
        look.say("organs.kdigo.footnote", rate=rate, staged=counts.staged, n=counts.measured, method=method),
        _table(weeks, look) if single and weeks is not None else _count_table(counts, look),
        patients=single,
    )


def _squares(weeks: pd.DataFrame, look: Look) -> go.Figure:
    codes = sorted(weeks["PCODE"].unique(), key=lambda code: int(code[1:]))
    level = {code: len(codes) - i for i, code in enumerate(codes)}
    figure = base_figure(look, 76 + max(_ROW * len(codes), 60), margin=(56, 20, 20, 48))
    narrow = int(weeks["WEEK"].max()) > 40 if len(weeks) else False
    for state in STATES:
        part = weeks[weeks["STATE"] == state]
        if part.empty:
            continue
        fill, ink, outline = _fill(state, look)
        figure.add_scatter(
            x=7.0 * (part["WEEK"].to_numpy() - 1) + 1 + _MIDDLE,
            y=part["PCODE"].map(level).to_numpy(),
            mode="markers" if narrow or state == "UNKNOWN" else "markers+text",
            marker={
                "symbol": "circle" if state == "UNKNOWN" else "square",
                "size": 5 if state == "UNKNOWN" else 8 if narrow else _SIZE,
                "color": look.palette.muted if state == "UNKNOWN" else fill,
                "line": {"width": 2 if state == "RATIO" else 1, "color": outline},
            },
            text=[_LETTER[state]] * len(part),
            textfont={"size": SMALL, "color": ink},
            customdata=part["PCODE"].to_numpy(),
            hovertext=[
                _hover(look, state, *row)
                for row in zip(part["PCODE"], part["ADY"], part["AVAL"], part["RATIO"], strict=True)
            ],
            hoverinfo="text",
            name=state,
        )  # fmt: skip
    figure.update_layout(
        yaxis={"range": [0.3, len(codes) + 0.7], "tickvals": list(level.values()), "ticktext": list(level),
               "showgrid": False, "fixedrange": True}
    )  # fmt: skip
    return figure


def _hover(look: Look, state: str, pcode: str, day: float, value: float, ratio: float) -> str:
    multiple = f"{ratio:.2f}" if ratio == ratio else "–"
    return look.say("organs.kdigo.hover", patient=escape(pcode), day=int(day), value=f"{value:.0f}", ratio=multiple,
                    state=look.say(f"organs.kdigo.{state}"))  # fmt: skip


def _bars(counts: StageCounts, look: Look) -> go.Figure:
    """Stack the patients of each week, the worst at the foot."""
    figure = base_figure(look, 340, margin=(64, 20, 24, 48))
    table = _crossed(counts)
    base = np.zeros(len(table))
    for state in reversed(STATES):
        n = table[state].to_numpy(float)
        fill, ink, outline = _fill(state, look)
        name = look.say(f"organs.kdigo.{state}")
        if n.any():
            figure.add_bar(
                x=7.0 * (table.index.to_numpy() - 1) + 1 + _MIDDLE,
                y=n,
                base=base.copy(),
                width=6,
                marker={"color": fill, "line": {"width": 1.5 if state == "RATIO" else 0.8, "color": outline},
                        "pattern": {"shape": "/" if state == "UNKNOWN" else "", "fgcolor": look.palette.muted,
                                    "solidity": 0.15}},
                text=[_LETTER[state] if x and state != "UNKNOWN" else "" for x in n],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": SMALL, "color": ink},
                hovertext=[
                    look.say("organs.kdigo.hover_bar", week=int(week), state=name, n=int(x))
                    for week, x in zip(table.index, n, strict=True)
                ],
                hoverinfo="text",
                name=state,
            )  # fmt: skip
        base += n
    axis = {"title": {"text": look.say("organs.kdigo.patients"), "standoff": 6}, "rangemode": "tozero"}
    figure.update_layout(barmode="overlay", yaxis=axis)
    return figure


def _crossed(counts: StageCounts) -> pd.DataFrame:
    table = counts.weeks.pivot(index="WEEK", columns="STATE", values="N")
    return table.reindex(columns=list(STATES)).fillna(0).astype("int64").sort_index()


def _count_table(counts: StageCounts, look: Look) -> pd.DataFrame:
    table = _crossed(counts).reset_index()
    names = {state: look.say(f"organs.kdigo.{state}") for state in STATES}
    return table.rename(columns={"WEEK": look.say("organs.column.week"), **names}).rename_axis(columns=None)


def _table(weeks: pd.DataFrame, look: Look) -> pd.DataFrame:
    order = weeks["PCODE"].str.slice(1).astype("int64")
    rows = weeks.assign(_o=order).sort_values(["_o", "WEEK"])
    return pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("organs.column.week"): rows["WEEK"].to_numpy(),
            look.say("column.study_day"): rows["ADY"].to_numpy("int64"),
            look.say("organs.column.creatinine"): rows["AVAL"].round(1).to_numpy(),
            look.say("organs.column.ratio"): rows["RATIO"].round(2).to_numpy(),
            "KDIGO": [look.say(f"organs.kdigo.{state}") for state in rows["STATE"]],
        }
    )
