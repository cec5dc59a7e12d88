"""From visit to visit: how many went from one response to another, as ribbons between stacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import VisitStrip
from .theme import BODY, SMALL, Look, base_figure
from .view import FigureView

STATES = ("CR", "PR", "NE", "NR", "NYD")  # from top to bottom
_NODE = 0.1  # half the width of a stack, in visits
_CURVE = 24  # points of one edge of a ribbon
_AT = 0.22  # share of a ribbon's way where its number stands: near its start, where ribbons do not cross yet
_READABLE = 0.045  # share of all patients from which on a number has room
_SEAM = 0.05  # gap between the states of a stack, as a share of all patients


@dataclass(frozen=True)
class _Ribbon:
    """Patients who went from one state to another: its places on the left and on the right, from `low` upwards."""

    at: int
    before: str
    after: str
    kind: str
    n: int
    left: float
    right: float


def flow_code(week: int, before: str, after: str) -> str:
    """Return the code that a ribbon carries: the later visit and both states."""
    return f"{week}:{before}>{after}"


def figure_flow(changes: pd.DataFrame, visits: tuple[VisitStrip, ...], look: Look, *, rule: str) -> FigureView:
    """Return a stack per visit and ribbons between them; a ribbon's number carries its code.

    Parameters
    ----------
    changes : of `analysis.response_changes.derive_changes`. visits : in sequence. rule : in words.
    """
    weeks = [visit.week for visit in visits]
    total = changes["PCODE"].nunique()
    counts = {week: _counts(visit) for week, visit in zip(weeks, visits, strict=True)}
    lows = {week: _stack(counts[week], total) for week in weeks}
    figure = base_figure(look, 380, margin=(16, 16, 12, 30))
    ribbons = list(_ribbons(changes, weeks, lows))
    for ribbon in ribbons:
        _ribbon(figure, ribbon, look, weeks)
    _nodes(figure, counts, lows, look, total)
    _numbers(figure, ribbons, look, weeks, total)
    figure.update_xaxes(
        range=[-0.2, len(weeks) - 0.8],
        tickvals=list(range(len(weeks))),
        ticktext=[look.say("chart.week", n=week) for week in weeks],
        tickfont={"size": BODY, "color": look.palette.text},
        showgrid=False,
        fixedrange=True,
    )
    figure.update_yaxes(visible=False, range=[-0.02 * total, total * (1 + _SEAM * (len(STATES) - 1))], fixedrange=True)
    tally = changes["KIND"].value_counts()
    better, worse = int(tally.get("BETTER", 0)), int(tally.get("WORSE", 0))
    title = look.say("response.flow.title", better=better, worse=worse)
    return FigureView(
        figure,
        title,
        look.offer("response.flow.subtitle", rule=rule),
        look.say("response.flow.alt", title=title),
        look.say("response.flow.footnote"),
        _table(ribbons, look, weeks),
        patients=False,
    )


def _counts(visit: VisitStrip) -> dict[str, int]:
    tally = visit.rows["STATE"].value_counts()
    return {state: int(tally.get(state, 0)) for state in STATES}


def _stack(counts: dict[str, int], total: int) -> dict[str, float]:
    """Return the foot of each state in a stack, the best on top."""
    lows, foot = {}, 0.0
    for state in reversed(STATES):
        lows[state] = foot
        foot += counts[state] + (_SEAM * total if counts[state] else 0)
    return lows


def _ribbons(changes: pd.DataFrame, weeks: list[int], lows: dict[int, dict[str, float]]) -> Iterator[_Ribbon]:
    """Yield the ribbons, stacked at both ends in the order of the states at the other end."""
    rank = {state: i for i, state in enumerate(reversed(STATES))}
    for at in range(len(weeks) - 1):
        part = changes[changes["WEEK"] == weeks[at + 1]]
        left, right = dict(lows[weeks[at]]), dict(lows[weeks[at + 1]])
        groups = part.groupby(["BEFORE", "AFTER", "KIND"]).size().reset_index(name="N").to_dict("records")
        groups.sort(key=lambda g: (rank[g["BEFORE"]], rank[g["AFTER"]]))
        feet = {}
        for g in groups:
            feet[g["BEFORE"], g["AFTER"]] = left[g["BEFORE"]]
            left[g["BEFORE"]] += g["N"]
        groups.sort(key=lambda g: (rank[g["AFTER"]], rank[g["BEFORE"]]))
        for g in groups:
            before, after, n = str(g["BEFORE"]), str(g["AFTER"]), int(g["N"])
            yield _Ribbon(at, before, after, str(g["KIND"]), n, feet[before, after], right[after])
            right[after] += n


def _ribbon(figure: go.Figure, ribbon: _Ribbon, look: Look, weeks: list[int]) -> None:
    share = np.linspace(0, 1, _CURVE)
    x = ribbon.at + _NODE + share * (1 - 2 * _NODE)
    low = ribbon.left + _rise(share) * (ribbon.right - ribbon.left)
    changed = ribbon.kind in ("BETTER", "WORSE", "NE")
    colour = look.palette.response[ribbon.after] if changed else look.palette.muted
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([low, (low + ribbon.n)[::-1]]),
        mode="lines",
        fill="toself",
        fillcolor=_soft(colour, 0.5 if changed else 0.14),
        line={"width": 0, "color": colour},
        hoveron="fills",
        hoverinfo="text",
        text=_words(ribbon, look, weeks),
        name=_words(ribbon, look, weeks),
    )


def _rise(share: np.ndarray | float) -> np.ndarray:
    """Return how far a ribbon has come up at a share of its way."""
    return (1 - np.cos(np.pi * np.asarray(share))) / 2


def _soft(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _words(ribbon: _Ribbon, look: Look, weeks: list[int]) -> str:
    return look.say(
        "response.flow.hover",
        n=ribbon.n,
        before=look.say(f"term.response.{ribbon.before}"),
        after=look.say(f"term.response.{ribbon.after}"),
        first=weeks[ribbon.at],
        then=weeks[ribbon.at + 1],
    )


def _nodes(
    figure: go.Figure,
    counts: dict[int, dict[str, int]],
    lows: dict[int, dict[str, float]],
    look: Look,
    total: int,
) -> None:
    colours = look.palette
    for state in STATES:
        held = [(at, week) for at, week in enumerate(counts) if counts[week][state]]
        if not held:
            continue
        n = [counts[week][state] for _, week in held]
        figure.add_bar(
            x=[at for at, _ in held],
            y=n,
            base=[lows[week][state] for _, week in held],
            width=2 * _NODE,
            marker={
                "color": colours.response[state],
                "line": {"width": 1, "color": colours.muted if state == "NYD" else colours.response[state]},
            },
            text=[f"{'' if state == 'NYD' else state} {x}" if x > _READABLE * total else "" for x in n],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"size": SMALL, "color": colours.on_response[state]},
            hovertext=[
                look.say("chart.strips.hover_bar", week=week, state=look.say(f"term.response.{state}"), n=x)
                for (_, week), x in zip(held, n, strict=True)
            ],
            hoverinfo="text",
            name=state,
        )
    figure.update_layout(barmode="overlay")


def _numbers(figure: go.Figure, ribbons: list[_Ribbon], look: Look, weeks: list[int], total: int) -> None:
    """Write how many into each ribbon that is a change and high enough; the mark carries the ribbon's code."""
    shown = [one for one in ribbons if one.kind != "OPEN" and one.n > _READABLE * total]
    figure.add_scatter(
        x=[one.at + _NODE + _AT * (1 - 2 * _NODE) for one in shown],
        y=[one.left + float(_rise(_AT)) * (one.right - one.left) + one.n / 2 for one in shown],
        mode="markers+text",
        marker={
            "size": 20 if total < 100 else 26,
            "color": look.palette.background,
            "line": {"width": 1, "color": look.palette.muted},
        },
        text=[str(one.n) for one in shown],
        textfont={"size": SMALL, "color": look.palette.text},
        customdata=[[flow_code(weeks[one.at + 1], one.before, one.after)] for one in shown],
        hovertext=[_words(one, look, weeks) for one in shown],
        hoverinfo="text",
        name="n",
    )


def _table(ribbons: list[_Ribbon], look: Look, weeks: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("response.flow.visits"): [
                look.say("response.flow.between", first=weeks[one.at], then=weeks[one.at + 1]) for one in ribbons
            ],
            look.say("response.flow.before"): [one.before for one in ribbons],
            look.say("response.flow.after"): [one.after for one in ribbons],
            look.say("response.flow.patients"): [one.n for one in ribbons],
        }
    )
