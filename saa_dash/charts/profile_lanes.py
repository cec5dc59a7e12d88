"""The tracks of stretches: response from visit to visit, treatment in lanes with its pauses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..analysis.profile_lanes import SINGLE_DAYS
from ..i18n import has_key, label
from .profile_canvas import Canvas, each_day
from .profile_plan import days_of, ribbon_rows, text_width
from .theme import SMALL, Look, escape

_LANE_LETTERS = 14  # of a lane's name in a study of other treatments
_FILL = 0.38  # opacity of a treatment bar inside its outline


def draw_response(canvas: Canvas) -> None:
    """Draw the response as assessed: a ribbon by the rules in force, letters of the investigator below it."""
    look, profile = canvas.look, canvas.profile
    rows = ribbon_rows(profile)
    level = {name: len(rows) - i for i, name in enumerate(rows)}
    canvas.axis(
        "response",
        range=[0.5, len(rows) + 0.5],
        tickvals=list(level.values()),
        ticktext=[look.say(f"profile.ribbon.{name}") for name in rows],
        tickfont={"size": SMALL, "color": look.palette.text},
        showgrid=False,
    )
    if "derived" in level:
        _ribbon(canvas, profile.states, level["derived"])
    if "investigator" in level:
        _letters(canvas, profile.assessed, level["investigator"])


def _ribbon(canvas: Canvas, states: pd.DataFrame, y: float) -> None:
    look, colours = canvas.look, canvas.look.palette
    start, end = states["FROM"].to_numpy("float64"), states["TO"].to_numpy("float64")
    names = states["STATE"].tolist()
    canvas.trace(
        "response",
        "bar",
        x=end - start,
        base=start - 0.5,
        y=np.full(len(states), y),
        orientation="h",
        width=0.82,
        marker={
            "color": [colours.response[name] for name in names],
            "line": {"color": colours.background, "width": 1},
            "pattern": {"shape": ["/" if name == "NE" else "" for name in names], "fillmode": "overlay",
                        "fgcolor": colours.background, "solidity": 0.2},
        },
        text=[_fitting(name, b - a, canvas) for name, a, b in zip(names, start, end, strict=True)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": SMALL, "color": [colours.on_response[name] for name in names]},
        hoverinfo="skip",
        name="response",
    )  # fmt: skip
    _beside(canvas, states, y)
    texts = [
        look.say(
            "profile.state", week=int(week), state=look.say(f"term.response.{name}"), reason=reason_text(look, why)
        )
        for week, name, why in zip(states["WEEK"], names, states["REASON"], strict=True)
    ]
    canvas.answers("response", y, *each_day(start, end - 1, texts))


def _beside(canvas: Canvas, states: pd.DataFrame, y: float) -> None:
    """Write the letters of bars that are too short for them at their left."""
    colours = canvas.look.palette
    short = [
        not _fitting(name, b - a, canvas) for name, a, b in states[["STATE", "FROM", "TO"]].itertuples(index=False)
    ]
    part = states[short]
    if len(part):
        canvas.trace(
            "response",
            x=part["FROM"].to_numpy("float64") - days_of(4, canvas.profile),
            y=np.full(len(part), y),
            mode="text",
            text=part["STATE"].tolist(),
            textposition="middle left",
            textfont={"size": SMALL, "color": colours.text},
            hoverinfo="skip",
            name="response-letters",
        )


def reason_text(look: Look, code: str) -> str:
    """Return " (held up by transfusion)" of a reason, "" without one."""
    return look.say("profile.because", reason=look.say(f"response.reason.{code}")) if code else ""


def _letters(canvas: Canvas, assessed: pd.DataFrame, y: float) -> None:
    """Draw the investigator's responses as letters on the day they were given."""
    look, colours = canvas.look, canvas.look.palette
    names = assessed["STATE"].astype("str").tolist()
    known = [name if name in colours.response else "NE" for name in names]
    canvas.trace(
        "response",
        x=assessed["ADY"].to_numpy("float64"),
        y=np.full(len(assessed), y),
        mode="markers+text",
        marker={"symbol": "square", "size": 17, "color": colours.background,
                "line": {"width": 1.4, "color": [colours.response[name] for name in known]}},
        text=[escape(name) for name in names],
        textfont={"size": 11, "color": colours.text},
        customdata=[[canvas.profile.pcode, int(day)] for day in assessed["ADY"]],
        hovertext=[
            look.say("profile.by_investigator", state=escape(name), day=f"{day:.0f}")
            for name, day in zip(names, assessed["ADY"], strict=True)
        ],
        hoverinfo="text",
        name="investigator",
    )  # fmt: skip


def draw_treatment(canvas: Canvas) -> None:
    """Draw each treatment in a lane of its own: bars with their dose, pauses dashed, infusions as diamonds."""
    look, profile = canvas.look, canvas.profile
    lanes = profile.lanes
    level = {name: len(lanes) - i for i, name in enumerate(lanes)}
    canvas.axis(
        "treatment",
        range=[0.45, len(lanes) + 0.55],
        tickvals=list(level.values()),
        ticktext=[lane_name(name, look) for name in lanes],
        tickfont={"size": SMALL, "color": look.palette.text},
        showgrid=False,
    )
    bars = profile.treatments[profile.treatments["EXTRT"].isin(lanes)]
    _pauses(canvas, level)
    _bars(canvas, bars[~bars["EXTRT"].isin(SINGLE_DAYS)], level)
    _infusions(canvas, level)
    for name, rows in bars[~bars["EXTRT"].isin(SINGLE_DAYS)].groupby("EXTRT", sort=False):
        texts = [dose_text(look, *row) for row in rows[["EXTRT", "DOSE", "UNIT", "FROM", "TO"]].itertuples(index=False)]
        paused = profile.pauses[profile.pauses["EXTRT"] == name]
        texts += [_pause_text(look, str(name), a, b) for a, b in zip(paused["FROM"], paused["TO"], strict=True)]
        every = pd.concat([rows[["FROM", "TO"]], paused[["FROM", "TO"]]])
        canvas.answers(
            "treatment", level[str(name)], *each_day(every["FROM"].to_numpy(), every["TO"].to_numpy(), texts)
        )


def _bars(canvas: Canvas, bars: pd.DataFrame, level: dict[str, int]) -> None:
    if bars.empty:
        return
    colours = canvas.look.palette
    start, end = bars["FROM"].to_numpy("float64"), bars["TO"].to_numpy("float64")
    canvas.trace(
        "treatment",
        "bar",
        x=end - start + 0.92,
        base=start - 0.46,
        y=bars["EXTRT"].map(level).to_numpy("float64"),
        orientation="h",
        width=0.7,
        marker={"color": _rgba(colours.treatment, _FILL), "line": {"color": colours.treatment, "width": 1}},
        text=[
            "" if not dose > 0 else _fitting(f"{dose:g}", b - a + 1, canvas)
            for dose, a, b in zip(bars["DOSE"], start, end, strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": SMALL, "color": colours.text},
        hoverinfo="skip",
        name="treatment",
    )
    lasting = bars[bars["ONGOING"].to_numpy(bool)].drop_duplicates("EXTRT")
    if len(lasting):
        arrows(canvas, "treatment", lasting["TO"].to_numpy("float64"), lasting["EXTRT"].map(level).to_numpy("float64"))


def arrows(canvas: Canvas, track: str, days: np.ndarray, y: np.ndarray) -> None:
    """Draw the arrows of what lasts."""
    canvas.trace(
        track, x=days + days_of(7, canvas.profile), y=y, mode="markers", hoverinfo="skip", name=f"ongoing-{track}",
        marker={"symbol": "triangle-right", "size": 9, "color": canvas.look.palette.text},
    )  # fmt: skip


def _pauses(canvas: Canvas, level: dict[str, int]) -> None:
    """Draw the days without a dose as a dashed outline."""
    colours, axis = canvas.look.palette, canvas.places["treatment"].axis
    pauses = canvas.profile.pauses
    for name, start, end in pauses[pauses["EXTRT"].isin(level)][["EXTRT", "FROM", "TO"]].itertuples(index=False):
        y = level[name]
        canvas.shapes.append(
            {"type": "rect", "x0": start - 0.4, "x1": end + 0.4, "xref": "x", "y0": y - 0.26, "y1": y + 0.26,
             "yref": axis, "line": {"color": colours.muted, "width": 1, "dash": "dot"}}
        )  # fmt: skip


def _infusions(canvas: Canvas, level: dict[str, int]) -> None:
    doses, look = canvas.profile.infusions, canvas.look
    cells = next((name for name in SINGLE_DAYS if name in level), None)
    if doses.empty or cells is None:
        return
    canvas.trace(
        "treatment",
        x=doses["ADY"].to_numpy("float64"),
        y=np.full(len(doses), level[cells]),
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": look.palette.infusion},
        customdata=[[canvas.profile.pcode, int(day)] for day in doses["ADY"]],
        hovertext=[
            look.say("chart.profile.infusion", n=int(n), day=int(day), cells="–" if pd.isna(c) else f"{c:g}")
            for n, day, c in zip(doses["ORDINAL"], doses["ADY"], doses["CELLS"], strict=True)
        ],
        hoverinfo="text",
        name="infusion",
    )


def dose_text(look: Look, drug: object, dose: float, unit: object, start: float, end: float) -> str:
    """Return treatment, dose and days in words."""
    return look.say(
        "chart.profile.dose",
        drug=escape(label(look.lang, "component", drug)),
        dose="–" if pd.isna(dose) else f"{dose:g}",
        unit=escape(label(look.lang, "dose_unit", unit)),
        start=f"{start:.0f}",
        end=f"{end:.0f}",
    )


def _pause_text(look: Look, drug: str, start: float, end: float) -> str:
    name = escape(label(look.lang, "component", drug))
    return look.say("profile.pause", drug=name, start=f"{start:.0f}", end=f"{end:.0f}")


def lane_name(name: str, look: Look) -> str:
    """Return the short name of a treatment, as it was typed where the catalogue does not know it."""
    if has_key(look.lang, f"chart.lane.{name}"):
        return look.say(f"chart.lane.{name}")
    return escape(name.capitalize() if len(name) <= _LANE_LETTERS else f"{name[: _LANE_LETTERS - 1].capitalize()}…")


def _fitting(text: str, days: float, canvas: Canvas) -> str:
    """Return a text if its bar is wide enough for it on a narrow screen."""
    return text if days >= days_of(text_width(text) + 4, canvas.profile) else ""


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
