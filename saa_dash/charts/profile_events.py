"""The track of adverse events: a square with the grade at the onset, a bar while it lasts, the name beside it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..analysis.ae_levels import Scale
from ..analysis.profile import Profile
from ..analysis.profile_lanes import pack_lanes
from .ae_rows import level_name
from .profile_canvas import Canvas, each_day, marks_of
from .profile_lanes import arrows
from .profile_plan import MAX_EVENT_LANES, days_of, shortened, text_width
from .theme import SMALL, Look, escape

_LETTERS = 22  # of an event's name
_SQUARE, _WIDE_SQUARE, _THICK = 15, 20, 2.6  # px; two letters ask for the wider one
_BAR_DROP, _NAME_RISE = 0.32, 0.13  # of a lane, from its middle
_INK = {"light": {4: "#FFFFFF", 5: "#FFFFFF"}, "dark": {}}  # digits on dark fills; on all others they are dark
_DARK_INK = "#1A1D21"
_MOST = 120  # events that are tried for a lane


@dataclass(frozen=True)
class PackedEvents:
    """Adverse events with a lane.

    Parameters
    ----------
    rows : columns of `Profile.adverse`, and LANE (0 on top), LABEL, LEFT (bool: the name stands at the left).
    lanes : how many there are. more : events without one.
    """

    rows: pd.DataFrame
    lanes: int
    more: int


def pack_events(profile: Profile) -> PackedEvents:
    """Return the events that can be drawn, worst first, in lanes where neither bars nor names overlap."""
    rows = profile.adverse[profile.adverse["TO"] >= profile.first].head(_MOST).reset_index(drop=True)
    start = np.fmax(rows["FROM"].to_numpy("float64"), profile.first)
    end = rows["TO"].to_numpy("float64")
    labels = [shortened(name, _LETTERS) for name in rows["NAME"]]
    square = _square(profile.scale)
    width = np.array([days_of(text_width(label) + 2 * square, profile) for label in labels])
    left = start + width > profile.last + days_of(20, profile)
    half = days_of(square, profile)
    first = np.where(left, start - width, start - half)
    last = np.fmax(end + half, np.where(left, start + half, start + width))
    lane = pack_lanes(first, last, MAX_EVENT_LANES) if len(rows) else np.empty(0, "int64")
    placed = rows.assign(LANE=lane, LABEL=labels, LEFT=left, START=start)[lane >= 0]
    outside = int((profile.adverse["TO"] < profile.first).sum())
    return PackedEvents(
        placed.reset_index(drop=True),
        int(lane.max()) + 1 if len(placed) else 0,
        len(profile.adverse) - outside - len(placed),
    )


def _square(scale: Scale) -> int:
    """Return the side of the squares, px."""
    return _WIDE_SQUARE if scale is Scale.SEVERITY else _SQUARE


def draw_events(canvas: Canvas, packed: PackedEvents) -> None:
    """Draw the events."""
    look, rows, lanes = canvas.look, packed.rows, packed.lanes
    y = (lanes - rows["LANE"]).to_numpy("float64")
    canvas.axis("events", range=[0.5, lanes + 0.5], tickvals=[], ticktext=[], showgrid=False)
    more = look.say("profile.more", n=packed.more) if packed.more else ""
    canvas.title("events", look.say("profile.track.events"), more)
    _bars(canvas, rows, y)
    _names(canvas, rows, y)
    _squares(canvas, rows, y)
    lasting = rows["ONGOING"].to_numpy(bool)
    if lasting.any():
        arrows(canvas, "events", rows["TO"].to_numpy("float64")[lasting], y[lasting] - _BAR_DROP)
    texts = [event_text(look, canvas.profile.scale, row) for row in rows.to_dict("records")]
    start, end = rows["FROM"].to_numpy("float64"), rows["TO"].to_numpy("float64")
    canvas.answers("events", (lanes + 1) / 2, *each_day(start, end, texts))


def bar_marker(rows: pd.DataFrame, look: Look) -> dict[str, object]:
    """Return fill and outline of the bars of events: the colour of the grade, serious ones with a strong outline.

    Parameters
    ----------
    rows : LEVEL, SERIOUS.
    """
    colours, serious, levels = look.palette, rows["SERIOUS"].to_numpy(bool), rows["LEVEL"].tolist()
    return {
        "color": [colours.grade[level] if level > 1 else colours.background for level in levels],
        "line": {
            "color": np.where(serious, colours.text, [_edge(look, level) for level in levels]).tolist(),
            "width": np.where(serious, 2.0, 1.0),
        },
    }


def _bars(canvas: Canvas, rows: pd.DataFrame, y: np.ndarray) -> None:
    start, end = rows["START"].to_numpy("float64"), rows["TO"].to_numpy("float64")
    canvas.trace(
        "events",
        "bar",
        x=end - start + 0.5,
        base=start - 0.25,
        y=y - _BAR_DROP,
        orientation="h",
        width=0.18,
        marker=bar_marker(rows, canvas.look),
        hoverinfo="skip",
        name="event-bars",
    )


def _edge(look: Look, level: int) -> str:
    return look.palette.grade[level] if level > 2 else look.palette.muted


def _squares(canvas: Canvas, rows: pd.DataFrame, y: np.ndarray) -> None:
    look, colours, scale = canvas.look, canvas.look.palette, canvas.profile.scale
    levels, serious = rows["LEVEL"].tolist(), rows["SERIOUS"].to_numpy(bool)
    ink = _INK[look.appearance]
    canvas.trace(
        "events",
        x=rows["START"].to_numpy("float64"),
        y=y,
        mode="markers+text",
        marker={
            "symbol": "square",
            "size": _square(scale),
            "color": [colours.grade[level] if level > 1 else colours.background for level in levels],
            "line": {
                "color": np.where(serious, colours.text, [_edge(look, level) for level in levels]).tolist(),
                "width": np.where(serious, _THICK, 1.0),
            },
        },
        text=[level_sign(look, scale, level) for level in levels],
        textfont={
            "size": SMALL,
            "color": [ink.get(level, _DARK_INK) if level > 1 else colours.text for level in levels],
        },
        customdata=marks_of(canvas.profile, rows["START"].to_numpy("float64")),
        hoverinfo="none",
        name="events",
    )


def level_sign(look: Look, scale: Scale, level: int) -> str:
    """Return what stands in a square: the grade's digit, or a letter of the severity; "?" for what is not graded."""
    if not level:
        return "?"
    return look.say(f"profile.severity.{level}") if scale is Scale.SEVERITY else str(level)


def _names(canvas: Canvas, rows: pd.DataFrame, y: np.ndarray) -> None:
    left = rows["LEFT"].to_numpy(bool)
    shift = days_of(_square(canvas.profile.scale) * 0.75, canvas.profile)
    canvas.trace(
        "events",
        x=rows["START"].to_numpy("float64") + np.where(left, -shift, shift),
        y=y + _NAME_RISE,
        mode="text",
        text=[escape(label) for label in rows["LABEL"]],
        textposition=np.where(left, "middle left", "middle right").tolist(),
        textfont={"size": SMALL, "color": canvas.look.palette.text},
        hoverinfo="skip",
        name="event-names",
    )


def event_text(look: Look, scale: Scale, row: Mapping[Hashable, Any]) -> str:
    """Return an event in words: name, grade, days, serious, lasting."""
    parts = [f"<b>{escape(row['LABEL'])}</b>", level_name(int(row["LEVEL"]), scale, look)]
    if row["SERIOUS"]:
        parts.append(look.say("profile.serious"))
    key = "profile.since" if row["ONGOING"] else "profile.days"
    parts.append(look.say(key, start=f"{row['FROM']:.0f}", end=f"{row['TO']:.0f}"))
    if row["IMPUTED"]:
        parts.append(look.say("profile.imputed"))
    return " · ".join(parts)
