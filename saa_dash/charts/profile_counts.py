"""The tracks of the blood counts: values, limits of the rule set, grades, what is normal, and what held counts up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..analysis.profile import NamedLimit
from ..model.ctcae import LowGrades
from .lineage import LOG, axis_range, support_name, value_traces
from .profile_canvas import Canvas, each_day, marks_of
from .scale import Scale
from .theme import SMALL, Look, log_ticks

# What holds a lineage up, drawn at the foot of its track.
SUPPORT = {"ANC": ("GCSF", "PEGGCSF"), "HGB": ("RBC", "EPO"), "PLAT": ("PLATELET", "TPO", "TPORA")}
_NORMAL, GRADE = 0.07, 0.10  # opacity of bands
_FOOT, _BELOW_ZERO = 0.06, 0.14  # of the track's height
_NAMED = 0.125  # of the track's height: thinner bands carry no name


def draw_counts(canvas: Canvas, lineage: str, *, linear: bool) -> None:
    """Draw one lineage.

    Parameters
    ----------
    linear : a linear axis for counts of cells; haemoglobin always has one.
    """
    profile, look = canvas.profile, canvas.look
    values = profile.labs[profile.labs["PARAMCD"] == lineage].sort_values("ADY")
    limits = profile.thresholds.get(lineage, ())
    log = LOG[lineage] and not linear
    low, high = axis_range(values["AVAL"], lineage, tuple(item.value for item in limits))
    # below 0 of a linear axis of counts there is room for what held them up
    scale = Scale(low if log or not LOG[lineage] else -_BELOW_ZERO * high, high, log)
    style_scale(canvas, lineage, scale)
    canvas.title(
        lineage, look.say(f"chart.lineage.{lineage}"), look.say(f"unit.{lineage}"), look.palette.lineage[lineage]
    )
    _grades(canvas, lineage, scale)
    _normal(canvas, lineage, scale)
    _thresholds(canvas, lineage, scale, limits)
    if values.empty:
        _nothing(canvas, lineage)
    else:
        canvas.traces += value_traces(
            values,
            lineage,
            look,
            size=6,
            data=marks_of(profile, values["ADY"].to_numpy()),
            axes={"yaxis": canvas.places[lineage].axis, "xaxis": "x"},
            floor=low if log else None,
        )
    _support(canvas, lineage, scale)


def style_scale(canvas: Canvas, track: str, scale: Scale, count: int = 4) -> None:
    """Give a track its value axis with honest ticks.

    Parameters
    ----------
    count : ticks wanted on a linear axis.
    """
    canvas.axis(track, range=[scale.on_axis(scale.low), scale.on_axis(scale.high)], nticks=count)
    if scale.log:
        ticks, labels = log_ticks(scale.low, scale.high)
        canvas.axis(track, type="log", tickvals=ticks, ticktext=labels)


def _grades(canvas: Canvas, lineage: str, scale: Scale) -> None:
    grades = canvas.profile.grades.get(lineage)
    if not isinstance(grades, LowGrades):
        return
    floors = {**grades.below, max(grades.below) + 1: -np.inf}
    edges = {grade: (floors[grade + 1], top) for grade, top in grades.below.items()}
    draw_grades(canvas, lineage, scale, edges)


def draw_grades(canvas: Canvas, track: str, scale: Scale, edges: dict[int, tuple[float, float]]) -> None:
    """Fill the bands of CTCAE grades, named at the left where there is room.

    Parameters
    ----------
    edges : lower and upper end by grade, infinite where open.
    """
    for grade, (low, high) in edges.items():
        low, high = max(low, scale.low), min(high, scale.high)
        if low >= high:
            continue
        canvas.band(track, low, high, canvas.look.palette.grade[grade], GRADE)
        foot, head = scale.place(low), scale.place(high)
        if head - foot >= _NAMED:
            canvas.inside(track, (foot + head) / 2, canvas.look.say("profile.grade", grade=grade))


def _normal(canvas: Canvas, lineage: str, scale: Scale) -> None:
    limits = canvas.profile.limits.get(lineage)
    if limits is None or limits.lower is None:
        return
    high = scale.high if limits.upper is None else min(limits.upper, scale.high)
    if limits.lower < high:
        canvas.band(lineage, max(limits.lower, scale.low), high, canvas.look.palette.muted, _NORMAL)


def _thresholds(canvas: Canvas, lineage: str, scale: Scale, limits: tuple[NamedLimit, ...]) -> None:
    """Draw the limits of the rule set and the lower limit of normal, all named at the right."""
    look, names = canvas.look, []
    for item in limits:
        canvas.rule(lineage, item.value)
        sign = "<" if item.kind == "SAA" else ">" if item.strict else "≥"
        text = look.say(f"profile.limit.{item.kind}", sign=sign.replace("<", "&lt;"), value=f"{item.value:g}")
        names.append((scale.place(item.value), text, look.palette.text))
    normal = canvas.profile.limits.get(lineage)
    if normal is not None and normal.lower is not None and scale.low <= normal.lower <= scale.high:
        names.append(
            (scale.place(normal.lower), look.say("profile.limit.LLN", value=f"{normal.lower:g}"), look.palette.muted)
        )
    canvas.names(lineage, names)


def _nothing(canvas: Canvas, lineage: str) -> None:
    look, place = canvas.look, canvas.places[lineage]
    canvas.annotations.append(
        {
            "text": look.say("chart.no_values", lineage=look.say(f"chart.lineage.{lineage}")),
            "showarrow": False, "x": 0.5, "xref": "paper", "y": (place.low + place.high) / 2, "yref": "paper",
            "font": {"size": SMALL, "color": look.palette.muted},
        }
    )  # fmt: skip


def _support(canvas: Canvas, lineage: str, scale: Scale) -> None:
    """Draw what held a lineage up: transfusions as ticks, growth factors as bars."""
    support = canvas.profile.support
    part = support[support["CLAS"].isin(SUPPORT.get(lineage, ()))].sort_values("FROM", kind="stable")
    if part.empty:
        return
    look, colour = canvas.look, canvas.look.palette.lineage[lineage]
    span = scale.on_axis(scale.high) - scale.on_axis(scale.low)
    foot = scale.on_axis(scale.low) + span * _FOOT
    foot = 10**foot if scale.log else foot
    start, end = part["FROM"].to_numpy("float64"), part["TO"].to_numpy("float64")
    single = end <= start
    texts = [_given(look, code, a, b) for code, a, b in zip(part["CLAS"], start, end, strict=True)]
    if (~single).any():
        bars = np.column_stack([start[~single] - 0.4, end[~single] + 0.4, np.full((~single).sum(), np.nan)]).ravel()
        canvas.trace(
            lineage, x=bars, y=np.full(len(bars), foot), mode="lines", line={"width": 7, "color": colour},
            opacity=0.55, hoverinfo="skip", name=f"support-bar-{lineage}",
        )  # fmt: skip
        canvas.answers(
            lineage,
            foot,
            *each_day(start[~single], end[~single], [t for t, s in zip(texts, single, strict=True) if not s]),
        )
    if single.any():
        canvas.trace(
            lineage,
            x=start[single],
            y=np.full(int(single.sum()), foot),
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 11, "color": colour, "line": {"width": 2.2, "color": colour}},
            customdata=marks_of(canvas.profile, start[single]),
            hovertext=[text for text, one in zip(texts, single, strict=True) if one],
            hoverinfo="text",
            name=f"support-{lineage}",
        )


def _given(look: Look, code: str, start: float, end: float) -> str:
    key = "chart.profile.support_day" if end <= start else "chart.profile.support_days"
    return look.say(key, name=support_name(code, look), start=f"{start:.0f}", end=f"{end:.0f}")


def support_table(support: pd.DataFrame) -> pd.DataFrame:
    """Return the support that belongs to a lineage, in time order."""
    known = [code for codes in SUPPORT.values() for code in codes]
    return support[support["CLAS"].isin(known)].sort_values("FROM", kind="stable")
