"""Survival and cumulative-incidence curves with the numbers under them (the KMunicate form)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.landmarks import TimeUnit
from ..analysis.results import Curve
from ..i18n import has_key
from .curve_marks import MAX_MARKS, draw_marks, percent
from .curve_numbers import ROW, NumberRow, curve_table, draw_numbers, number_rows, rows_high, tick_words
from .theme import SMALL, Look, axis_style, base_figure, escape
from .view import FigureView

_PLOT = 330  # px of the plot itself
_BAND = 0.15  # opacity of the ribbon
_NEAR = 0.055  # share of the height that names at the end of curves keep from one another
_DASHES = ("solid", "dash", "dot", "dashdot")
_LINEAGE_OF = {"TTANC": "ANC", "TTPLT": "PLAT", "TTHB": "HGB", "TTRBC": "HGB"}


@dataclass(frozen=True)
class _Line:
    """One curve of a figure: its name ("" where it stands alone), colour and line style."""

    name: str
    curve: Curve
    colour: str
    dash: str


def curve_colour(param: str, look: Look) -> str:
    """Return the colour of a parameter's curve: its lineage's, that of CR or PR, else the accent."""
    colours = look.palette
    for prefix, lineage in _LINEAGE_OF.items():
        if param.startswith(prefix):
            return colours.lineage[lineage]
    return {"TTCR": colours.response["CR"], "TTRESP": colours.response["PR"], "DOR": colours.response["NR"],
            "TTREL": colours.response["NR"]}.get(param, colours.accent)  # fmt: skip


def figure_curve(curve: Curve, look: Look, *, method: str, origin: str, unit: TimeUnit = "days") -> FigureView:
    """Return one curve with its limits, the competing event's beside it, censoring ticks, and the numbers under it.

    Parameters
    ----------
    method : name of estimator and limits. origin : what time counts from, in words. unit : of the axis.
    """
    lines = [_Line("", curve, curve_colour(curve.param, look), "solid")]
    figure, last = _frame(lines, look, origin, unit)
    _band(figure, lines[0], last)
    if curve.competing:
        _rival(figure, curve, look, last)
    _median(figure, curve, look)
    _steps(figure, lines[0], look, last)
    draw_marks(figure, curve, look, lines[0].colour)
    return _view(figure, lines, look, method, origin)


def figure_strata(
    strata: Sequence[tuple[str, Curve]], look: Look, *, method: str, origin: str, unit: TimeUnit = "days"
) -> FigureView:
    """Return one curve per group, named at its end, with the numbers of each under them; limits in hover and table.

    Parameters
    ----------
    strata : name in words and curve, at least one. Others as for `figure_curve`.
    """
    colours = look.palette
    shades = (colours.grade[4], curve_colour(strata[0][1].param, look), colours.treatment, colours.muted)
    lines = [
        _Line(name, curve, shade, dash)
        for (name, curve), shade, dash in zip(strata, shades, _DASHES, strict=False)
    ]  # fmt: skip
    figure, last = _frame(lines, look, origin, unit)
    for line in lines:
        _steps(figure, line, look, last)
        draw_marks(figure, line.curve, look, line.colour)
    _names(figure, [(line.name, *_tip(line.curve.steps, _end(line.curve)), line.colour) for line in lines])
    return _view(figure, lines, look, method, origin)


def _frame(lines: Sequence[_Line], look: Look, origin: str, unit: TimeUnit) -> tuple[go.Figure, float]:
    """Return an empty figure with both axes and the numbers, and the last day drawn."""
    rows: list[NumberRow] = []
    for line in lines:
        rows += number_rows(line.curve, look, line.colour, line.name)
    times = lines[0].curve.at_risk["time"]
    last = float(max(times.max(), *(line.curve.subjects["AVAL"].max() for line in lines)))
    table = 26 + ROW * rows_high(rows)
    height = round(_PLOT + table + 64)
    figure = base_figure(look, height, margin=(150 if lines[0].name else 116, 96, 12, 8))
    span, split = [-0.01 * last, last * 1.02], (table + 44) / (height - 20)
    colours = look.palette
    figure.update_layout(
        xaxis={
            **axis_style(look),
            "range": span,
            "tickvals": times.tolist(),
            "ticktext": tick_words(times.tolist(), unit),
            "title": {"text": look.say(f"curves.axis.{unit}", origin=origin), "font": {"color": colours.muted}},
            "anchor": "y",
            "fixedrange": True,
        },
        yaxis={
            **axis_style(look),
            "domain": [split, 1],
            "range": [-0.01, 1.02],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": ["0", "25", "50", "75", "100%"],
            "fixedrange": True,
        },
        xaxis2={"range": span, "visible": False, "matches": "x", "anchor": "y2", "fixedrange": True},
    )
    draw_numbers(figure, rows, times)
    figure.update_layout(yaxis2={"domain": [0, split - 60 / height]})
    return figure, last


def _step(times: np.ndarray, values: np.ndarray, last: float) -> tuple[np.ndarray, np.ndarray]:
    return np.append(times, last), np.append(values, values[-1])


def _end(curve: Curve) -> float:
    """Return the day up to which anybody is followed: a curve ends there."""
    return float(curve.subjects["AVAL"].max())


def _band(figure: go.Figure, line: _Line, last: float) -> None:
    band = line.curve.steps.dropna(subset=["lower", "upper"])
    if band.empty:
        return
    for name, fill in (("upper", None), ("lower", "tonexty")):
        x, y = _step(band["time"].to_numpy(), band[name].to_numpy(), min(last, _end(line.curve)))
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"shape": "hv", "width": 0, "color": line.colour},
            fill=fill,
            fillcolor=_transparent(line.colour),
            hoverinfo="skip",
            name=name,
        )


def _rival(figure: go.Figure, curve: Curve, look: Look, last: float) -> None:
    """Draw the incidence of competing events: what of the rest will never have the event."""
    steps = curve.rival[curve.rival["time"] <= last]
    if not (steps["estimate"] > 0).any():
        return
    x, y = _step(steps["time"].to_numpy(), steps["estimate"].to_numpy(), _end(curve))
    words = look.say("curves.rival")
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"shape": "hv", "width": 1.4, "dash": "dot", "color": look.palette.muted},
        hovertext=[*(f"{words}<br>{_hover(row, look)}" for row in steps.to_dict("records")), ""],
        hoverinfo="text",
        name="rival",
    )
    tips = [(words, *_tip(steps, _end(curve)), look.palette.muted), ("", *_tip(curve.steps, _end(curve)), "")]
    _names(figure, tips)


def _median(figure: go.Figure, curve: Curve, look: Look) -> None:
    """Lead from one half on the left axis to the curve and down to its day."""
    day = curve.median.estimate
    if np.isnan(day):
        return
    figure.add_scatter(
        x=[0, day, day],
        y=[0.5, 0.5, 0],
        mode="lines",
        line={"width": 1, "dash": "dot", "color": look.palette.text},
        hoverinfo="skip",
        name="median",
    )
    figure.add_annotation(
        x=day,
        y=0,
        yshift=12,
        xshift=6,
        xanchor="left",
        text=look.say("curves.median_at", day=f"{day:g}"),
        showarrow=False,
        font={"size": SMALL, "color": look.palette.text},
        bgcolor=look.palette.background,
        opacity=0.9,
    )


def _steps(figure: go.Figure, line: _Line, look: Look, last: float) -> None:
    steps = line.curve.steps
    x, y = _step(steps["time"].to_numpy(), steps["estimate"].to_numpy(), min(last, _end(line.curve)))
    head = f"{escape(line.name)}<br>" if line.name else ""
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"shape": "hv", "width": 2.4, "color": line.colour, "dash": line.dash},
        hovertext=[*(head + _hover(row, look) for row in steps.to_dict("records")), ""],
        hoverinfo="text",
        name=line.name or "estimate",
    )


def _tip(steps: pd.DataFrame, end: float) -> tuple[float, float]:
    return end, float(steps["estimate"].iloc[-1])


def _names(figure: go.Figure, tips: Sequence[tuple[str, float, float, str]]) -> None:
    """Name curves at their ends, one above the other where they lie close; tips are name, day, height and colour."""
    height = -1.0
    for name, day, value, colour in sorted(tips, key=lambda tip: tip[2]):
        height = max(value, height + _NEAR)
        if name:
            figure.add_annotation(
                x=day,
                xanchor="left",
                xshift=8,
                y=height,
                text=escape(name),
                showarrow=False,
                font={"size": SMALL, "color": colour},
            )


def _transparent(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{_BAND})"


def _hover(row: Mapping[Hashable, float], look: Look) -> str:
    known = not (pd.isna(row["lower"]) or pd.isna(row["upper"]))
    words = look.say(
        "chart.curve.hover" if known else "curves.hover_bare",
        day=int(row["time"]),
        estimate=percent(row["estimate"]),
        lower=percent(row["lower"]),
        upper=percent(row["upper"]),
    )
    return words + (look.say("curves.hover_risk", n=int(row["n_risk"])) if "n_risk" in row else "")


def _view(figure: go.Figure, lines: Sequence[_Line], look: Look, method: str, origin: str) -> FigureView:
    curve, several = lines[0].curve, len(lines) > 1 or bool(lines[0].name)
    name = look.say(f"term.param.{curve.param}")
    subjects = pd.concat([line.curve.subjects for line in lines])
    n, events = len(subjects), int((subjects["EVNTCD"] == 1).sum())
    own = f"curves.title.{curve.param}"  # says what the event is, and in which unit
    key = own if has_key(look.lang, own) else "chart.curve.title"
    title = look.say(key, name=name, x=events, n=n)
    how = "cif" if curve.competing else "km"
    sub = look.say(f"curves.subtitle.{how}{'_groups' if several else ''}", origin=origin)
    known = any(line.curve.steps["lower"].notna().any() for line in lines)
    many = any(len(line.curve.subjects) > MAX_MARKS for line in lines)
    foot = look.say("curves.footnote_groups" if several else "curves.footnote", method=method)
    foot += look.say("curves.marks_days" if many else "curves.marks_patients")
    return FigureView(
        figure,
        look.say("curves.by_severity", title=title) if several else title,
        sub,
        look.say("chart.curve.alt", name=name, x=events, n=n),
        foot + ("" if known else look.say("chart.curve.no_limits")),
        curve_table([(line.name, line.curve) for line in lines], look),
    )
