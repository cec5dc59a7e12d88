"""The tracks of other results: cyclosporine level, liver, kidney, temperature, blood pressure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..i18n import label
from ..model.ctcae import HighGrades
from .profile_canvas import Canvas, marks_of
from .profile_counts import draw_grades, style_scale
from .profile_plan import RESULT_TRACKS
from .scale import Scale, scale_of
from .theme import SMALL, Look, escape

TROUGHS = ("C0", "")  # time points of a cyclosporine level that the target range is for
_NORMAL, _TARGET = 0.07, 0.16  # opacity of bands
# Ends of the value axis that every patient's figure has, in the unit drawn; the track of the enzymes is in multiples
# of the upper limit of normal.
_LEAST = {
    "csa": (0.0, 300.0), "enzymes": (0.2, 6.0), "bilirubin": (0.0, 45.0), "creatinine": (20.0, 130.0),
    "temperature": (35.6, 39.2), "pressure": (50.0, 160.0),
}  # fmt: skip
_MULTIPLE, _NEXT_TO = "enzymes", 5


@dataclass(frozen=True)
class Series:
    """What is drawn of one test.

    Parameters
    ----------
    rows : in the order of days. values : in the unit drawn. others : rows of the same test that stand apart, as peaks.
    """

    test: str
    rows: pd.DataFrame
    values: np.ndarray
    others: pd.DataFrame


def draw_results(canvas: Canvas, track: str) -> None:
    """Draw one track of results."""
    look, profile = canvas.look, canvas.profile
    tests = [test for test in RESULT_TRACKS[track][1] if (profile.results["TEST"] == test).any()]
    multiple = track == _MULTIPLE and _have_limits(profile.results, tests)
    series = [_series(profile.results, test, multiple) for test in tests]
    unit = look.say("profile.unit.multiple") if multiple else _unit(canvas, series[0])
    numbers = np.concatenate([np.concatenate([s.values, s.others["AVAL"].to_numpy("float64")]) for s in series])
    least = _LEAST[track] if multiple or track != _MULTIPLE else (5.0, 100.0)
    scale = scale_of(numbers, (*least, *_upper_limits(canvas, tests, multiple)), log=track == _MULTIPLE)
    style_scale(canvas, track, scale, 3)
    canvas.title(track, look.say(f"profile.track.{track}"), unit)
    names = _background(canvas, track, tests, multiple, scale)
    for number, one in enumerate(series):
        _draw(canvas, track, one, number, unit=unit)
    if len(series) > 1:
        _ends(canvas, track, series)
    canvas.names(track, names)


def _upper_limits(canvas: Canvas, tests: list[str], multiple: bool) -> tuple[float, ...]:
    """Return the upper limits of normal that must be seen."""
    known = (canvas.profile.limits.get(test) for test in tests)
    return () if multiple else tuple(limits.upper for limits in known if limits and limits.upper is not None)


def _have_limits(results: pd.DataFrame, tests: list[str]) -> bool:
    """Tell whether every result can be told as a multiple of its upper limit of normal."""
    return bool((results.loc[results["TEST"].isin(tests), "UPPER"] > 0).all())


def _series(results: pd.DataFrame, test: str, multiple: bool) -> Series:
    """Return the rows of the one series that is drawn as a course: troughs, else the one with most results."""
    rows = results[results["TEST"] == test].sort_values("ADY", kind="stable")
    if test == "CSA":
        main = rows["SERIES"].isin(TROUGHS)
        main, others = (main, rows[~main]) if main.any() else (~main, rows[main])
    else:
        main, others = rows["SERIES"] == drawn_series(rows), rows.iloc[:0]
    kept = rows[main]
    values = kept["AVAL"].to_numpy("float64")
    return Series(test, kept, values / kept["UPPER"].to_numpy("float64") if multiple else values, others)


def drawn_series(rows: pd.DataFrame) -> str:
    """Return the series (position, time point) of a test with most results; of equal ones the first by name."""
    counts = rows["SERIES"].value_counts()
    return min(counts[counts == counts.max()].index)


def _unit(canvas: Canvas, series: Series) -> str:
    units = series.rows["UNIT"]
    return _said(canvas.look, units.iloc[0] if len(units) else "")


def _background(
    canvas: Canvas, track: str, tests: list[str], multiple: bool, scale: Scale
) -> list[tuple[float, str, str]]:
    """Draw limits of normal, grades and the target range of the track's first test; return the names at the right."""
    look, profile, names = canvas.look, canvas.profile, []
    muted = look.palette.muted
    limits = profile.limits.get(tests[0])
    upper = 1.0 if multiple else (limits.upper if limits and not limits.differ else None)
    lower = None if multiple or limits is None or limits.differ else limits.lower
    grades = profile.grades.get(tests[0])
    if isinstance(grades, HighGrades) and upper is not None:
        tops = {**grades.uln, max(grades.uln) + 1: np.inf}
        edges = {grade: (upper * low, upper * tops[grade + 1]) for grade, low in grades.uln.items() if grade > 1}
        draw_grades(canvas, track, scale, edges)
    if upper is not None:
        low = scale.low if lower is None else max(lower, scale.low)
        canvas.band(track, low, min(upper, scale.high), muted, _NORMAL)
        if track in ("temperature", "pressure"):
            names.append((scale.place(upper), look.say("profile.limit.usual", value=f"{upper:g}"), muted))
        else:
            text = look.say("profile.limit.ULN", value="" if multiple else f"{upper:g}")
            names.append((scale.place(upper), text, muted))
        canvas.rule(track, upper)
    if track == "csa" and profile.target is not None:
        low, high = profile.target
        canvas.band(track, low, high, look.palette.accent, _TARGET)
        middle = (scale.place(low) + scale.place(high)) / 2
        names.append((middle, look.say("profile.limit.target", low=f"{low:g}", high=f"{high:g}"), look.palette.text))
    return names


def _draw(canvas: Canvas, track: str, series: Series, number: int, *, unit: str) -> None:
    """Draw one test: the first of a track in ink, the second in slate, dashed, with other marks."""
    profile = canvas.profile
    colour = _colour(canvas, number)
    days, values = series.rows["ADY"].to_numpy("float64"), series.values
    sign = series.rows["CENS"].fillna("").to_numpy(object)
    name = _name(canvas, series.test)
    canvas.trace(
        track, x=days, y=values, mode="lines", hoverinfo="skip", name=f"line-{series.test}",
        line={"color": colour, "width": 1.3, "dash": "dash" if number else "solid"},
    )  # fmt: skip
    plain = "diamond" if number else "circle"
    canvas.trace(
        track,
        x=days,
        y=values,
        mode="markers",
        marker={
            "symbol": np.select([sign == "<", sign == ">"], ["triangle-down", "triangle-up"], plain).tolist(),
            "size": np.where(sign == "", 5, 8),
            "opacity": 1.0,
            "color": np.where(sign == "", colour, canvas.look.palette.background).tolist(),
            "line": {"color": colour, "width": 1.2},
        },
        customdata=marks_of(profile, days),
        hovertext=_hovers(canvas, series.rows, name, unit, values),
        hoverinfo="text",
        name=f"values-{series.test}",
    )
    if len(series.others):
        _peaks(canvas, track, series.others, name, unit, colour)


def _ends(canvas: Canvas, track: str, series: list[Series]) -> None:
    """Name each of several lines at its end, the higher one above the lower one."""
    log = canvas.axes[track].get("type") == "log"
    top = max(range(len(series)), key=lambda i: series[i].values[-1])
    for number, one in enumerate(series):
        value = float(one.values[-1])
        canvas.annotations.append(
            {
                "text": canvas.look.say(f"profile.short.{one.test}"), "showarrow": False,
                "x": float(one.rows["ADY"].iloc[-1]), "xref": "x", "xanchor": "left", "xshift": _NEXT_TO,
                "y": float(np.log10(value)) if log else value, "yref": canvas.places[track].axis,
                "yanchor": "middle", "yshift": 6 if number == top else -6,
                "font": {"size": SMALL, "color": _colour(canvas, number)},
            }
        )  # fmt: skip


def _colour(canvas: Canvas, number: int) -> str:
    """Return the colour of the first or second line of a track."""
    return canvas.look.palette.treatment if number else canvas.look.palette.text


def _peaks(canvas: Canvas, track: str, rows: pd.DataFrame, name: str, unit: str, colour: str) -> None:
    """Draw levels that are no troughs as hollow diamonds, without a line: no target range is for them."""
    days, values = rows["ADY"].to_numpy("float64"), rows["AVAL"].to_numpy("float64")
    texts = _hovers(canvas, rows, name, unit, values)
    canvas.trace(
        track, x=days, y=values, mode="markers", customdata=marks_of(canvas.profile, days), hoverinfo="text",
        hovertext=[f"{text} · {escape(point)}" for text, point in zip(texts, rows["SERIES"], strict=True)],
        marker={"symbol": "diamond-open", "size": 8, "color": colour}, name="peaks",
    )  # fmt: skip


def _name(canvas: Canvas, test: str) -> str:
    vocabulary = "vital_sign" if test in ("TEMP", "SYSBP", "DIABP") else "lab_test"
    return canvas.look.say(f"term.{vocabulary}.{test}")


def _hovers(canvas: Canvas, rows: pd.DataFrame, name: str, unit: str, drawn: np.ndarray) -> list[str]:
    look = canvas.look
    own = rows["AVAL"].to_numpy("float64")
    texts = []
    for day, value, shown, sign, grade, typed in zip(
        rows["ADY"], own, drawn, rows["CENS"].fillna(""), rows["GRADE"], rows["UNIT"], strict=True
    ):
        amount = f"{escape(sign)}{value:g}"
        text = look.say("chart.value.hover", name=name, value=amount, unit=_said(look, typed), day=f"{day:.0f}")
        if shown != value:
            text += f" ({shown:.2g} {unit})"
        if grade == grade and grade > 0:
            text += " · " + look.say("profile.grade_long", grade=int(grade))
        texts.append(text)
    return texts


def _said(look: Look, unit: object) -> str:
    return escape(label(look.lang, "unit", unit))
