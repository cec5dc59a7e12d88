"""What concerns all tracks: weeks of the response visits, cord blood infusions, death, relapse, HSCT, withdrawal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..analysis.around import day_offset
from ..analysis.profile import Profile
from ..analysis.profile_lanes import pack_lanes
from .profile_canvas import Canvas
from .profile_plan import days_of, text_width
from .theme import SMALL, Look

# Sign before the name of what ended or changed the course.
SIGNS = {"DEATH": "✚", "RELAPSE": "▼", "HSCT": "★", "SALVAGE": "▲", "WITHDRAWAL": "✖", "LOST": "×"}
_INFUSION = "◆"
_MAX_ROWS = 5
_DAY, _DATE = "\x00", "\x01"  # stand for the day and its date in a sentence


@dataclass(frozen=True)
class Flags:
    """Flags with their rows.

    Parameters
    ----------
    rows : KIND (WEEK, INFUSION or of `SIGNS`), ADY, TEXT, LEFT (bool: text left of its line), ROW (0 on top).
    count : rows they take.
    """

    rows: pd.DataFrame
    count: int


def pack_flags(profile: Profile, look: Look) -> Flags:
    """Return the flags of a profile, none over another."""
    items: list[tuple[str, float, str]] = []
    items += [("WEEK", day, look.say("chart.week", n=(day - 1) // 7)) for day in _weeks(profile)]
    for day, cells in zip(profile.infusions["ADY"], profile.infusions["CELLS"], strict=True):
        dose = look.say("profile.infusion_short") if pd.isna(cells) else f"{cells:g}×10⁸"
        items.append(("INFUSION", day, f"{_INFUSION} {dose}"))
    for kind, day in zip(profile.marks["KIND"], profile.marks["ADY"], strict=True):
        name = look.say(f"chart.event.{kind}")
        items.append((kind, day, look.say("profile.flag", sign=SIGNS[kind], name=name, day=int(day))))
    rows = pd.DataFrame(items, columns=["KIND", "ADY", "TEXT"])
    if rows.empty:
        return Flags(rows.assign(LEFT=False, ROW=0), 0)
    day = rows["ADY"].to_numpy("float64")
    width = np.array([days_of(text_width(text) + 10, profile) for text in rows["TEXT"]])
    week = (rows["KIND"] == "WEEK").to_numpy()
    left = ~week & (day + width > profile.last + days_of(40, profile))
    start = np.select([week, left], [day - width / 2, day - width], day)
    lane = pack_lanes(start, start + width, _MAX_ROWS)
    lane = np.where(lane < 0, _MAX_ROWS - 1, lane)
    return Flags(rows.assign(LEFT=left, ROW=lane), int(lane.max()) + 1)


def _weeks(profile: Profile) -> list[int]:
    return [day for day in profile.due if day - profile.window_days <= profile.last]


def draw_flags(canvas: Canvas, flags: Flags) -> None:
    """Draw the flags, their lines through all tracks, and the visit windows as bands behind them."""
    look, profile, colours = canvas.look, canvas.profile, canvas.look.palette
    place, rows = canvas.places["flags"], flags.rows
    canvas.axis("flags", range=[flags.count + 0.1, -0.1], tickvals=[], ticktext=[], showgrid=False)
    for day in _weeks(profile):
        canvas.shapes.append(
            {"type": "rect", "x0": day - profile.window_days, "x1": day + profile.window_days, "xref": "x", "y0": 0,
             "y1": place.low, "yref": "paper", "fillcolor": colours.muted, "opacity": 0.055, "line": {"width": 0},
             "layer": "below"}
        )  # fmt: skip
    kinds, week = rows["KIND"].tolist(), (rows["KIND"] == "WEEK").to_numpy()
    for kind, day, row in zip(kinds, rows["ADY"], rows["ROW"], strict=True):
        if kind != "WEEK":
            top = place.high - (place.high - place.low) * (row + 0.1) / (flags.count + 0.2)
            infusion = kind == "INFUSION"
            canvas.upright(day, colours.infusion if infusion else colours.text, 1.0 if infusion else 1.5, top)
    shift = days_of(4, profile)
    left = rows["LEFT"].to_numpy(bool)
    canvas.trace(
        "flags",
        x=rows["ADY"].to_numpy("float64") + np.select([week, left], [0.0, -shift], shift),
        y=rows["ROW"].to_numpy("float64") + 0.5,
        mode="text",
        text=rows["TEXT"].tolist(),
        textposition=np.select([week, left], ["middle center", "middle left"], "middle right").tolist(),
        textfont={"size": SMALL, "color": [_ink(look, kind) for kind in kinds]},
        cliponaxis=False,
        hoverinfo="skip",
        name="flags",
    )


def _ink(look: Look, kind: str) -> str:
    return {"WEEK": look.palette.muted, "INFUSION": look.palette.infusion}.get(kind, look.palette.text)


def draw_days(canvas: Canvas, track: str, y: float) -> None:
    """Let every day answer with its number, and its date for who may see dates."""
    profile, look = canvas.profile, canvas.look
    days = np.arange(np.floor(profile.first), np.floor(profile.last) + 1)
    days = days[days != 0]
    # the sentence is asked for once: a course has hundreds of days
    if profile.started is None:
        sentence = look.say("profile.day", day=_DAY)
        texts = [sentence.replace(_DAY, f"{day:.0f}") for day in days]
    else:
        sentence = look.say("profile.day_date", day=_DAY, date=_DATE)
        dates = np.datetime64(profile.started) + day_offset(days).astype("int64")
        texts = [
            sentence.replace(_DAY, f"{day:.0f}").replace(_DATE, str(date))
            for day, date in zip(days, dates, strict=True)
        ]
    canvas.answers(track, y, days, texts)
