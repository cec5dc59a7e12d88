"""The stopping boundary: events against evaluable patients, the boundary as steps, one mark per patient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.boundary_state import BoundaryState
from .theme import SMALL, TITLE, Look, base_figure, escape
from .view import FigureView

MAX_MARKS = 60  # more patients than this are drawn as a line alone
_LATE = 0.6  # share of the axis beyond which words stand to the left
_ROOM = 1.6  # events above the highest of boundary and path


@dataclass(frozen=True)
class BoundaryDrawn:
    """What the figure shows.

    Parameters
    ----------
    state : its patients have PCODE in place of USUBJID. exploratory : the rule is not the study's.
    """

    state: BoundaryState
    exploratory: bool


def figure_boundary(drawn: BoundaryDrawn, look: Look) -> FigureView:
    """Return the figure; an exploratory rule is stamped as such on figure and table."""
    state = drawn.state
    limits = np.array([np.nan if n is None else n for n in state.boundary.stop_at], dtype="float64")
    top = float(np.nanmax([state.events + 1, 1, *limits[~np.isnan(limits)]])) + _ROOM
    figure = base_figure(look, 380, margin=(52, 24, 20, 46))
    _boundary(figure, limits, top, look)
    _path(figure, state, look)
    _next(figure, state, look)
    if drawn.exploratory:
        _stamp(figure, look)
    step = _step(state.size / 12)
    figure.update_xaxes(
        range=[-0.4, state.size + 0.7], dtick=step, tick0=0, title={"text": look.say("boundary.axis.evaluable")}
    )
    figure.update_yaxes(range=[-0.35, top], dtick=_step(top / 8), title={"text": look.say("boundary.axis.events")})
    title = _title(state, look)
    if drawn.exploratory:
        title = f"{look.say('boundary.exploratory')} · {title}"
    settings = state.settings
    rule = look.say(
        "boundary.rule",
        event=look.say(f"methods.boundary_event.{settings.event}"),
        theta=settings.theta, a=settings.prior_a, b=settings.prior_b, cutoff=settings.cutoff,
    )  # fmt: skip
    return FigureView(
        figure, title, rule, f"{title} {rule}", look.offer("boundary.footnote", days=state.window), _table(drawn, look)
    )


def _step(least: float) -> int:
    """Return 1, 2, 5, 10, 20 …: the first that is not below `least`."""
    return next(n * 10**k for k in range(7) for n in (1, 2, 5) if n * 10**k >= least)


def _title(state: BoundaryState, look: Look) -> str:
    numbers = {"events": state.events, "n": state.evaluable, "limit": state.stop_at}
    if state.crossed_at is not None:
        return look.say("boundary.title.crossed", **numbers, at=state.crossed_at)
    if not state.evaluable:
        return look.say("boundary.title.none")
    return look.say("boundary.title.below" if state.stop_at is not None else "boundary.title.silent", **numbers)


def _boundary(figure: go.Figure, limits: np.ndarray, top: float, look: Look) -> None:
    """Draw the boundary as steps half a patient to either side of each n, and shade what lies on or above it."""
    known = np.flatnonzero(~np.isnan(limits))
    if not len(known):
        return
    n = known + 1.0
    x = np.column_stack([n - 0.5, n + 0.5]).ravel()
    y = np.repeat(limits[known] - 0.5, 2)
    colour = look.palette.response["NR"]
    figure.add_scatter(
        x=np.concatenate([[x[0]], x, [x[-1]]]),
        y=np.concatenate([[top], y, [top]]),
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=_faint(colour),
        hoverinfo="skip",
        name="stop",
    )
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": colour, "width": 2.5},
        hoverinfo="text",
        hovertext=np.repeat([look.say("boundary.hover.limit", n=int(a), limit=int(limits[int(a) - 1])) for a in n], 2),
        name="boundary",
    )
    figure.add_annotation(
        x=x[0], y=top, text=look.say("boundary.stop"), showarrow=False, xanchor="left", yanchor="top",
        xshift=6, yshift=-4, font={"size": SMALL, "color": look.palette.text},
    )  # fmt: skip


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"


def _path(figure: go.Figure, state: BoundaryState, look: Look) -> None:
    colours = look.palette
    rows = state.patients[state.patients["N"] > 0]
    figure.add_scatter(
        x=[0, *rows["N"]], y=[0, *rows["EVENTS"]], mode="lines", hoverinfo="skip", name="path",
        line={"color": colours.muted, "width": 1.5, "shape": "hv"},
    )  # fmt: skip
    if len(rows) > MAX_MARKS:
        return
    for kind, symbol, size in (("FREE", "circle", 11), ("EVENT", "x", 12)):
        part = rows[rows["STATE"] == kind]
        if part.empty:
            continue
        hollow = kind == "FREE"
        figure.add_scatter(
            x=part["N"],
            y=part["EVENTS"],
            mode="markers",
            marker={
                "symbol": symbol,
                "size": size,
                "color": colours.background if hollow else colours.text,
                "line": {"color": colours.accent if hollow else colours.background, "width": 2 if hollow else 1},
            },
            customdata=part["PCODE"],
            hovertext=[
                look.say(f"boundary.hover.{kind}", patient=escape(code), n=int(n), events=int(x), started=int(enrolled))
                for code, n, x, enrolled in part[["PCODE", "N", "EVENTS", "STARTED"]].itertuples(index=False)
            ],
            hoverinfo="text",
            name=kind,
        )


def _next(figure: go.Figure, state: BoundaryState, look: Look) -> None:
    """Draw where the next patient would stand with the event."""
    if state.evaluable >= state.size or state.crossed_at is not None:
        return
    events, n, limit = state.next_event
    stops = limit is not None and events >= limit
    figure.add_scatter(
        x=[state.evaluable, n],
        y=[state.events, events],
        mode="lines+markers",
        line={"color": look.palette.muted, "width": 1.5, "dash": "dot", "shape": "hv"},
        marker={"symbol": ["circle", "x-open"], "size": [0.1, 12], "color": look.palette.text},
        hovertext=["", look.say("boundary.next_stops" if stops else "boundary.next_goes_on", events=events, n=n)],
        hoverinfo="text",
        name="next",
    )
    late = n > _LATE * state.size  # no room to the right of it
    figure.add_annotation(
        x=n, y=events, text=look.say("boundary.next"), showarrow=False, xanchor="right" if late else "left",
        xshift=-10 if late else 10, bgcolor=look.palette.background, font={"size": SMALL, "color": look.palette.muted},
    )  # fmt: skip


def _stamp(figure: go.Figure, look: Look) -> None:
    figure.add_annotation(
        text=look.say("boundary.exploratory_stamp"), xref="paper", yref="paper", x=0.5, y=0.97, xanchor="center",
        yanchor="top", showarrow=False, opacity=0.55, font={"size": TITLE, "color": look.palette.muted},
    )  # fmt: skip


def _table(drawn: BoundaryDrawn, look: Look) -> pd.DataFrame:
    state = drawn.state
    seen = state.patients[state.patients["N"] > 0].set_index("N")
    n = np.arange(1, state.size + 1)
    rule = look.say("boundary.exploratory" if drawn.exploratory else "boundary.of_study")
    code = seen["PCODE"].reindex(n).fillna("")
    what = seen["STATE"].reindex(n).map({kind: look.say(f"boundary.state.{kind}") for kind in ("EVENT", "FREE")})
    return pd.DataFrame(
        {
            look.say("boundary.column.rule"): rule,
            look.say("boundary.column.n"): n,
            look.say("boundary.column.limit"): pd.array(state.boundary.stop_at, dtype="Int64"),
            look.say("boundary.column.events"): seen["EVENTS"].reindex(n).astype("Int64").to_numpy(),
            look.say("column.patient"): code.to_numpy(),
            look.say("boundary.column.state"): what.fillna("").to_numpy(),
            look.say("boundary.column.started"): seen["STARTED"].reindex(n).astype("Int64").to_numpy(),
        }
    )
