"""Courses of one test: a line per patient, or quantiles of many; limits, grades and one patient picked out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.findings_course import LEAST, Course, estimate_ribbon
from .course_labels import CODE_AND_VALUE, line_label, place_beside
from .lab_ribbon import draw_counts, draw_ribbon, ribbon_table
from .scale import Band, Scale, add_bands, add_lines, is_wide, more_ticks, scale_of, style_axis
from .theme import Look, base_figure, escape, study_day_ticks, subtitle
from .view import FigureView

MAX_MARKED = 40  # up to so many patients every value is a mark that can be clicked
COLUMNS = {"value": "AVAL", "change": "CHG", "multiple": "MULTIPLE"}

_LABELLED = 16  # up to so many patients every line ends in its code
_HEIGHT = 440
_WEEKS_UNTIL = 200  # study day up to which weeks 4, 8 and 12 are named


@dataclass(frozen=True)
class Drawing:
    """How a course is drawn; words in the reader's language.

    Parameters
    ----------
    test : code, decides the colour of ANC, HGB and PLAT. name, unit : of the test. title, notes : above and below.
    measure : value, change or multiple. ribbon : quantiles in place of lines.
    log : logarithmic axis; None where what is drawn decides, see `scale.is_wide`.
    highlight : P-code picked out, "" for none. origin : what study day 1 is. bands, lines : behind the values.
    """

    test: str
    name: str
    unit: str
    title: str
    notes: tuple[str, ...]
    measure: str
    ribbon: bool
    log: bool | None
    highlight: str
    origin: str
    bands: tuple[Band, ...] = ()
    lines: tuple[tuple[float, str], ...] = ()


def figure_course(course: Course, drawing: Drawing, look: Look) -> FigureView:
    """Return the courses of one test."""
    column = COLUMNS[drawing.measure]
    values = course.values[course.values[column].notna()]
    ribbon = estimate_ribbon(course.values, column)
    drawn = ribbon[["P10", "P90"]].to_numpy().ravel() if drawing.ribbon else values[column].to_numpy()
    picked = values[values["PCODE"] == drawing.highlight]
    seen = np.concatenate([drawn, picked[column].to_numpy()])
    scale = scale_of(
        seen, [value for value, _ in drawing.lines], log=is_wide(seen) if drawing.log is None else drawing.log
    )
    figure = base_figure(look, _HEIGHT, margin=(72, 60, 16, 56))
    style_axis(figure, scale, f"{drawing.name}<br>{_axis_unit(drawing, look)}")
    more_ticks(figure, scale)
    labelled = not drawing.ribbon and values["PCODE"].nunique() <= _LABELLED
    _time_axis(figure, values, ribbon, drawing, look, labelled)
    add_bands(figure, scale, drawing.bands, look)
    add_lines(figure, scale, drawing.lines, look)
    if drawing.ribbon:
        draw_ribbon(figure, ribbon, look, _colour(drawing, look))
        draw_counts(figure, ribbon, look)
    else:
        _draw_lines(figure, values, column, drawing, scale, look)
    if len(picked):
        _draw_picked(figure, picked, column, drawing, scale, look)
    many = drawing.ribbon or values["PCODE"].nunique() > MAX_MARKED
    return FigureView(
        figure,
        drawing.title,
        _subtitle(values, drawing, look, log=scale.log),
        look.say("lab.course.alt", name=drawing.name, n=int(values["PCODE"].nunique())),
        " ".join(_notes(values, drawing, look)),
        ribbon_table(ribbon, look) if many else _value_table(values, column, look),
        patients=not many,
    )


def _axis_unit(drawing: Drawing, look: Look) -> str:
    return look.say(f"lab.measure_axis.{drawing.measure}", unit=drawing.unit)


def _subtitle(values: pd.DataFrame, drawing: Drawing, look: Look, *, log: bool) -> str:
    style = look.say("lab.course.ribbon") if drawing.ribbon else look.say("lab.course.lines")
    n = look.say("lab.course.n", n=int(values["PCODE"].nunique()), values=len(values))
    return subtitle([style, _axis_unit(drawing, look), look.say("lab.log") if log else "", n])


def _notes(values: pd.DataFrame, drawing: Drawing, look: Look) -> list[str]:
    notes = [look.say("lab.course.ribbon_note", n=LEAST)] if drawing.ribbon else []
    if not drawing.ribbon and (values["CENS"] != "").any():
        notes.append(look.say("lab.course.censored"))
    if not drawing.ribbon and values["HELD"].any():
        notes.append(look.say("lab.course.held"))
    return [*notes, *drawing.notes]


def _colour(drawing: Drawing, look: Look) -> str:
    known = drawing.test in ("ANC", "HGB", "PLAT")
    return look.palette.lineage[drawing.test] if known else look.palette.treatment


def _time_axis(
    figure: go.Figure, values: pd.DataFrame, ribbon: pd.DataFrame, drawing: Drawing, look: Look, labelled: bool
) -> None:
    days = ribbon.loc[ribbon["N"] >= LEAST, "ADY"] if drawing.ribbon else values["ADY"]
    first, last = (float(days.min()), float(days.max())) if len(days) else (1.0, 29.0)
    ticks, words = study_day_ticks(last)
    if last <= _WEEKS_UNTIL:
        words = [
            f"{word}<br>{look.say('chart.week', n=int(day - 1) // 7)}" if int(day - 1) // 7 in (4, 8, 12) else word
            for day, word in zip(ticks, words, strict=True)
        ]
    if drawing.ribbon and first < 0:
        ticks, words = (
            [first, *ticks],
            [look.say("lab.course.baseline"), *(w if d > 1 else "" for d, w in zip(ticks, words, strict=True))],
        )
    room = max(last - first, 7) * (0.2 if labelled else 0.02)
    figure.update_xaxes(
        range=[first - max(last - first, 7) * (0.05 if drawing.ribbon else 0.02), last + room],
        tickvals=ticks,
        ticktext=words,
        title={"text": drawing.origin},
    )


def _gapped(values: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Return days and values of all patients as one line with a gap after each patient."""
    code = values["PCODE"].to_numpy()
    ends = np.flatnonzero(code[1:] != code[:-1]) + 1
    days = np.insert(values["ADY"].to_numpy("float64"), ends, np.nan)
    return days, np.insert(values[column].to_numpy("float64"), ends, np.nan)


def _draw_lines(
    figure: go.Figure, values: pd.DataFrame, column: str, drawing: Drawing, scale: Scale, look: Look
) -> None:
    shown = values[values[column] > 0] if scale.log else values
    x, y = _gapped(shown, column)
    patients = shown["PCODE"].nunique()
    colour = _colour(drawing, look)
    quiet = 0.35 if drawing.highlight else 1
    many = patients > MAX_MARKED
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": colour, "width": 0.8 if many else 1.3},
        opacity=0.35 if many else 0.75 * quiet,
        hoverinfo="skip",
        name="lines",
    )
    if many:
        return
    _draw_marks(figure, shown, column, drawing, look, colour, quiet, "values")
    if patients <= _LABELLED:
        others = shown[shown["PCODE"] != drawing.highlight]
        _label_ends(figure, others, column, scale, look, look.palette.muted)
        if drawing.measure == "multiple":
            _label_peaks(figure, shown, drawing, scale, look)


def _draw_marks(
    figure: go.Figure, values: pd.DataFrame, column: str, drawing: Drawing, look: Look, colour: str, opacity: float,
    name: str,
) -> None:  # fmt: skip
    cens = values["CENS"]
    hollow = ((cens != "") | values["HELD"]).to_numpy(bool)
    figure.add_scatter(
        x=values["ADY"],
        y=values[column],
        mode="markers",
        marker={
            "symbol": np.select([cens == "<", cens == ">"], ["triangle-down", "triangle-up"], default="circle"),
            "size": np.where(cens != "", 9, 6),
            "color": np.where(hollow, look.palette.background, colour),
            "line": {"width": 1.4, "color": colour},
        },
        opacity=opacity,
        customdata=[[code, int(day)] for code, day in zip(values["PCODE"], values["ADY"], strict=True)],
        hovertext=_hovers(values, column, drawing, look),
        hoverinfo="text",
        name=name,
    )


def _hovers(values: pd.DataFrame, column: str, drawing: Drawing, look: Look) -> list[str]:
    unit = escape(_axis_unit(drawing, look))
    return [
        look.say(
            "lab.course.hover",
            patient=escape(code),
            value=f"{escape(sign)}{value:.3g}" if drawing.measure == "multiple" else f"{escape(sign)}{value:g}",
            unit=unit,
            day=int(day),
            grade="" if grade != grade else " · " + look.say("lab.grade", grade=int(grade)),
        )
        for code, sign, value, day, grade in zip(
            values["PCODE"], values["CENS"], values[column].round(4), values["ADY"], values["GRADE"], strict=True
        )
    ]


def _draw_picked(
    figure: go.Figure, picked: pd.DataFrame, column: str, drawing: Drawing, scale: Scale, look: Look
) -> None:
    """Draw the patient picked out over all others."""
    shown = picked[picked[column] > 0] if scale.log else picked
    colour = look.palette.accent
    figure.add_scatter(
        x=shown["ADY"],
        y=shown[column],
        mode="lines",
        line={"color": colour, "width": 2.6},
        hoverinfo="skip",
        name="picked",
    )
    _draw_marks(figure, shown, column, drawing, look, colour, 1, "picked-values")
    _label_ends(figure, shown, column, scale, look, colour, bold=True)


def _label_ends(
    figure: go.Figure, values: pd.DataFrame, column: str, scale: Scale, look: Look, colour: str, *, bold: bool = False
) -> None:
    """Write code and last value at the end of each line, as far as there is room beside it."""
    ends = values.drop_duplicates("PCODE", keep="last")
    if ends.empty:
        return
    span = float(values["ADY"].max() - values["ADY"].min()) or 1.0
    days, drawn = values["ADY"].to_numpy("float64") / span, np.array([scale.place(at) for at in values[column]])
    last = ~values["PCODE"].duplicated(keep="last").to_numpy(bool)
    places = place_beside(days[last], drawn[last], (days, drawn), CODE_AND_VALUE)
    foot, head = scale.on_axis(scale.low), scale.on_axis(scale.high)
    labels = [
        {
            **line_label(look, _with_value(code, sign, value, column), colour=colour, bold=bold),
            "x": day, "y": foot + at * (head - foot),
        }
        for code, day, value, sign, at in zip(
            ends["PCODE"], ends["ADY"], ends[column], ends["CENS"], places, strict=True
        )
        if at == at
    ]  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *labels])


def _with_value(code: str, sign: str, value: float, column: str) -> str:
    return f"{escape(code)} {escape(sign)}{value:.{3 if column == COLUMNS['multiple'] else 4}g}"


def _label_peaks(figure: go.Figure, values: pd.DataFrame, drawing: Drawing, scale: Scale, look: Look) -> None:
    """Write code and value at the peak of each line that crosses the highest limit drawn, unless it ends there."""
    limits = [*(value for value, _ in drawing.lines), *(band.low for band in drawing.bands)]
    column = COLUMNS[drawing.measure]
    crossed = [limit for limit in limits if np.isfinite(limit) and limit < values[column].max()]
    if not crossed:
        return
    peaks = values.sort_values(column, ascending=False, kind="stable").drop_duplicates("PCODE")
    peaks = peaks[peaks[column] > max(crossed)]
    ends = values.drop_duplicates("PCODE", keep="last").set_index("PCODE")["ADY"]
    peaks = peaks[(peaks["ADY"] != peaks["PCODE"].map(ends)).to_numpy(bool)]
    labels = [
        {
            **line_label(look, _with_value(code, sign, value, column), colour=look.palette.text),
            "x": day, "y": scale.on_axis(value),
        }
        for code, day, value, sign in zip(peaks["PCODE"], peaks["ADY"], peaks[column], peaks["CENS"], strict=True)
    ]  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *labels])


def _value_table(values: pd.DataFrame, column: str, look: Look) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("column.patient"): values["PCODE"].to_numpy(),
            look.say("column.study_day"): values["ADY"].astype("Int64").to_numpy(),
            look.say("column.value"): [
                f"{sign}{value:g}" for sign, value in zip(values["CENS"], values[column].round(4), strict=True)
            ],
            look.say("lab.column.grade"): values["GRADE"].astype("Int64").to_numpy(),
        }
    )
