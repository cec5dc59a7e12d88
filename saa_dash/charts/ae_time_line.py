"""Every patient's adverse events along an axis that starts at one component: bars by grade, serious ones outlined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.ae_levels import Scale
from ..analysis.ae_time_bars import Timeline
from ..i18n import event_name
from .ae_rows import add_key
from .profile_events import bar_marker, event_text, level_sign
from .swimmer import EVENTS
from .theme import SMALL, Look, base_figure, escape, study_day_ticks
from .view import FigureView

_LANE, _GAP = 15, 6  # px of a lane, and between patients; the first lane of each holds the components
_DIGITS = 11  # px of the digit on a bar
_BAR = 0.74  # of a lane
_SHORT = 0.6  # days a bar lasts beyond its last day, so that a single day is seen
_ROOM = 3.0  # share of the axis, per cent, left and right of everything
_TOP, _BOTTOM = 60, 46
_WEEK = 7.0


def component_name(component: str, look: Look) -> str:
    """Return what days count from: "ATG day 1", "infusion 1" …"""
    return look.say(f"ae_time.component.{component}")


def figure_timeline(timeline: Timeline, scale: Scale, look: Look, *, total: int, table: pd.DataFrame) -> FigureView:
    """Return one band of lanes per patient, events as bars from onset to end.

    Parameters
    ----------
    timeline : PCODE in place of USUBJID. total : patients of the safety set. table : every event in words.
    """
    patients, bars = timeline.patients, timeline.bars
    tops = _tops(patients["LANES"].to_numpy())
    height = float(tops[-1]) if len(tops) else 1.0
    figure = base_figure(look, round(height * _LANE) + _TOP + _BOTTOM, margin=(52, 16, _TOP, _BOTTOM))
    top = dict(zip(patients["PCODE"], height - np.append(0.0, tops[:-1]) - 1, strict=True))
    line = {code: y + 0.5 for code, y in top.items()}
    low, high = _range(timeline)
    _observed(figure, patients, line, look)
    _bars(figure, bars, top, scale, look)
    _marks(figure, timeline, line, look)
    _start_line(figure, timeline.component, look)
    ticks, labels = axis_ticks_from(timeline.component, low, high)
    figure.update_layout(
        barmode="overlay",
        xaxis={"range": [low, high], "tickvals": ticks, "ticktext": labels,
               "title": {"text": look.say(f"ae_time.axis.{timeline.component}"), "standoff": 8}},
        yaxis={"range": [-0.2, height + 0.2], "tickvals": list(line.values()), "ticktext": list(line),
               "tickfont": {"size": SMALL, "color": look.palette.text}, "showgrid": False, "fixedrange": True},
    )  # fmt: skip
    add_key(figure, sorted(set(bars["LEVEL"])), scale, look, serious=True)
    name = component_name(timeline.component, look)
    title = look.say("ae_time.line.title", x=len(bars) + timeline.more, n=len(patients), component=name)
    after = int((bars["FROM"] >= 0).sum())
    alt = look.say("ae_time.line.alt", title=title, after=after, before=len(bars) - after)
    return FigureView(
        figure,
        title,
        look.say("ae_time.line.subtitle", component=name, n=len(patients), total=total),
        alt,
        _footnote(timeline, look),
        table,
    )


def _tops(lanes: np.ndarray) -> np.ndarray:
    """Return where the lanes of each patient end, from the top, in lanes."""
    return np.asarray(np.cumsum(np.maximum(lanes, 1) + 1 + _GAP / _LANE), dtype="float64")


def _range(timeline: Timeline) -> tuple[float, float]:
    days = [timeline.bars["FROM"].min(), timeline.bars["TO"].max(), 0.0]
    days += [f(timeline.patients[name]) for name in ("ATG", "LAST") for f in (np.nanmin, np.nanmax)]
    low, high = float(np.nanmin(days)), float(np.nanmax(days))
    room = max(2.0, (high - low) * _ROOM / 100)
    return low - room, high + room


def axis_ticks_from(component: str, low: float, high: float) -> tuple[list[float], list[str]]:
    """Return ticks of days from a component: study days from day 1 on, else days, 0 on the day itself."""
    if component in ("ATG", "DOSE"):
        values, labels = study_day_ticks(high, max(low, 1))
        return [value - 1 for value in values], labels  # study day 1 is day 0 of the axis
    step = 2 * _WEEK if high - low <= 40 * _WEEK else 8 * _WEEK
    first = np.ceil(low / step) * step
    days = np.arange(first, high + 1, step) + 0.0  # no "-0"
    return days.tolist(), [f"{day:.0f}" for day in days]


def _observed(figure: go.Figure, patients: pd.DataFrame, line: dict[str, float], look: Look) -> None:
    """Draw how long each patient was followed, as one thin line with gaps."""
    y = patients["PCODE"].map(line).to_numpy("float64")
    nothing = np.full(len(y), np.nan)
    start = np.fmin(patients["ATG"].to_numpy("float64"), patients["DOSE"].to_numpy("float64"))
    figure.add_scatter(
        x=np.stack([start, patients["LAST"].to_numpy("float64"), nothing], axis=1).ravel(),
        y=np.stack([y, y, nothing], axis=1).ravel(),
        mode="lines",
        line={"width": 1, "color": look.palette.muted},
        opacity=0.55,
        hoverinfo="skip",
        name="followed",
    )


def _bars(figure: go.Figure, bars: pd.DataFrame, top: dict[str, float], scale: Scale, look: Look) -> None:
    y = bars["PCODE"].map(top).to_numpy("float64") - bars["LANE"].to_numpy("float64") - 0.5
    start, end = bars["FROM"].to_numpy("float64"), bars["TO"].to_numpy("float64")
    days = [int(day) for day in bars["ASTDY"]]
    figure.add_bar(
        x=end - start + _SHORT,
        base=start - _SHORT / 2,
        y=y,
        orientation="h",
        width=_BAR,
        marker=bar_marker(bars, look),
        customdata=[[code, day] for code, day in zip(bars["PCODE"], days, strict=True)],
        hovertext=_hovers(bars, scale, look),
        hoverinfo="text",
        name="events",
    )
    figure.add_scatter(  # the digit stands before the bar: a bar of one day has no room for it
        x=start,
        y=y,
        mode="markers+text",
        marker={"symbol": "square", "size": 13, **bar_marker(bars, look)},
        text=[level_sign(look, scale, level) for level in bars["LEVEL"]],
        textfont={"size": _DIGITS, "color": [look.palette.on_grade[level] if level > 1 else look.palette.text
                                             for level in bars["LEVEL"]]},
        customdata=[[code, day] for code, day in zip(bars["PCODE"], days, strict=True)],
        hovertext=_hovers(bars, scale, look),
        hoverinfo="text",
        name="onsets",
    )  # fmt: skip
    lasting = bars["ONGOING"].to_numpy(bool)
    figure.add_scatter(
        x=end[lasting] + 1.5,
        y=y[lasting],
        mode="markers",
        marker={"symbol": "triangle-right", "size": 9, "color": look.palette.text},
        hoverinfo="skip",
        name="ongoing",
    )


def _hovers(bars: pd.DataFrame, scale: Scale, look: Look) -> list[str]:
    labels = bars["NAME"].map(partial(event_name, look.lang))
    bars = bars.assign(FROM=bars["ASTDY"], TO=bars["ASTDY"] + bars["TO"] - bars["FROM"], LABEL=labels)
    return [f"{escape(row['PCODE'])} · {event_text(look, scale, row)}" for row in bars.to_dict("records")]


def _marks(figure: go.Figure, timeline: Timeline, line: dict[str, float], look: Look) -> None:
    """Draw ATG, infusions and death on each patient's line."""
    colours, patients = look.palette, timeline.patients
    shown: Sequence[tuple[str, str, int, str]] = (
        ("ATG", "line-ns-open", 13, colours.treatment),
        ("INF1", EVENTS["INFUSION"][0], 9, colours.infusion),
        ("INF2", EVENTS["INFUSION"][0], 9, colours.infusion),
        ("DEATH", EVENTS["DEATH"][0], 11, colours.text),
    )
    for name, symbol, size, colour in shown:
        part = patients[patients[name].notna()]
        if part.empty:
            continue
        words = look.say("chart.event.DEATH") if name == "DEATH" else component_name(name, look)
        figure.add_scatter(
            x=part[name],
            y=part["PCODE"].map(line),
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
            customdata=[[code, 1] for code in part["PCODE"]],
            hovertext=[f"{escape(code)} · {words}" for code in part["PCODE"]],
            hoverinfo="text",
            name=name,
        )


def _start_line(figure: go.Figure, component: str, look: Look) -> None:
    """Draw the day everything is counted from."""
    colour = look.palette.infusion if component.startswith("INF") else look.palette.treatment
    figure.add_shape(
        type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": colour, "width": 1.4}, layer="below"
    )
    figure.add_annotation(
        x=0, y=1, yref="paper", yanchor="bottom", xanchor="left", yshift=2, text=component_name(component, look),
        showarrow=False, font={"size": SMALL, "color": colour},
    )  # fmt: skip


def _footnote(timeline: Timeline, look: Look) -> str:
    parts = [look.offer("ae_time.line.footnote")]
    if timeline.without:
        parts.append(
            look.say("ae_time.without", n=timeline.without, component=component_name(timeline.component, look))
        )
    if timeline.undated:
        parts.append(look.say("ae_time.undated", n=timeline.undated))
    if timeline.more:
        parts.append(look.say("ae_time.more", n=timeline.more))
    return " ".join(parts)
