"""Courses of one test over the cohort: lines under their median and middle half, or quantiles of many patients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.cohort_courses import CohortCourse
from ..analysis.findings_course import LEAST, estimate_ribbon
from .cohort_marks import CohortDrawing, axis_unit, colour_of, course_table, draw_marks, gapped, height_of
from .course_labels import CODE, line_label, place_beside
from .lab_ribbon import draw_counts, draw_ribbon, ribbon_table
from .scale import Scale, more_ticks, scale_of, style_axis
from .theme import Look, base_figure, dotted_line, escape, right_label, study_day_ticks, subtitle
from .view import FigureView

MAX_MARKED = 40  # up to so many patients every value is a mark that can be clicked

_LABELLED = 16  # up to so many patients every line ends in its code
_HEIGHT = 480
_WEEK_DAYS = {29: 4, 57: 8, 85: 12}
_WEEK_12 = 85


def figure_cohort_course(course: CohortCourse, drawing: CohortDrawing, look: Look) -> FigureView:
    """Return the courses of one test."""
    values = course.values[course.values[drawing.column].notna()]
    ribbon = estimate_ribbon(course.values, drawing.column)
    limits = course.limits if drawing.measure == "value" else ()
    scale = _scale(values, ribbon, drawing, limits)
    figure = base_figure(look, _HEIGHT, margin=(76, 76, 16, 56))
    style_axis(figure, scale, f"{drawing.name}<br>{axis_unit(drawing, look)}")
    more_ticks(figure, scale)
    labelled = not drawing.ribbon and values["PCODE"].nunique() <= _LABELLED
    _time_axis(figure, values, ribbon, course, drawing, look, labelled)
    for limit, name in limits:
        dotted_line(figure, look, limit)
        right_label(figure, look, look.say(f"cohort.limit.{name}", value=f"{limit:g}"), scale.on_axis(limit))
    if drawing.ribbon:
        draw_ribbon(figure, ribbon, look, colour_of(course.test, look))
    else:
        _draw_lines(figure, values, course.test, drawing, scale, look)
        _draw_middle(figure, ribbon, look)
    draw_counts(figure, ribbon, look)
    picked = values[values["PCODE"] == drawing.highlight]
    if len(picked):
        _draw_picked(figure, picked, drawing, scale, look)
    if labelled:
        _label_ends(figure, values, drawing, scale, look)
    many = drawing.ribbon or values["PCODE"].nunique() > MAX_MARKED
    return FigureView(
        figure,
        title_of(ribbon, drawing, look, course.patients),
        _subtitle(values, course, drawing, look),
        look.say("cohort.course.alt", name=drawing.name, n=course.patients),
        " ".join([*_notes(values, course, drawing, look), *drawing.notes]),
        ribbon_table(ribbon, look) if many else course_table(values, drawing, look),
        patients=not many,
    )


def title_of(ribbon: pd.DataFrame, drawing: CohortDrawing, look: Look, patients: int) -> str:
    """Return the finding: from which median to which; without enough patients how many there are."""
    known = ribbon[ribbon["P50"].notna() & ~ribbon["BASEFL"].to_numpy(bool)]
    if known.empty:
        return look.say("cohort.course.title", name=drawing.name, n=patients)
    week_12 = known[known["ADY"] == _WEEK_12]
    last = (week_12 if len(week_12) else known).iloc[-1]
    words = {"name": drawing.name, "unit": drawing.unit, "day": int(last["ADY"]), "n": int(last["N"])}
    if drawing.measure == "change":
        return look.say("cohort.course.title_change", **words, last=f"{last['P50']:+.3g}")
    base = ribbon[ribbon["BASEFL"].to_numpy(bool) & ribbon["P50"].notna()]
    if base.empty:
        return look.say("cohort.course.title_last", **words, last=f"{last['P50']:.3g}")
    return look.say("cohort.course.title_from", **words, last=f"{last['P50']:.3g}", base=f"{base['P50'].iloc[0]:.3g}")


def _scale(
    values: pd.DataFrame, ribbon: pd.DataFrame, drawing: CohortDrawing, limits: tuple[tuple[float, str], ...]
) -> Scale:
    drawn = ribbon[["P10", "P90"]].to_numpy().ravel() if drawing.ribbon else values[drawing.column].to_numpy()
    picked = values.loc[values["PCODE"] == drawing.highlight, drawing.column].to_numpy()
    return scale_of(np.concatenate([drawn, picked]), [value for value, _ in limits], log=drawing.log)


def _subtitle(values: pd.DataFrame, course: CohortCourse, drawing: CohortDrawing, look: Look) -> str:
    style = look.say("lab.course.ribbon") if drawing.ribbon else look.offer("cohort.course.lines")
    n = look.say("lab.course.n", n=int(values["PCODE"].nunique()), values=len(values))
    return subtitle([style, axis_unit(drawing, look), n, look.say(f"cohort.from.{course.origin}")])


def _notes(values: pd.DataFrame, course: CohortCourse, drawing: CohortDrawing, look: Look) -> list[str]:
    notes = [look.say("lab.course.ribbon_note" if drawing.ribbon else "cohort.course.middle_note", n=LEAST)]
    if not drawing.ribbon and (values["CENS"] != "").any():
        notes.append(look.say("lab.course.censored"))
    if not drawing.ribbon and values["HELD"].any():
        notes.append(look.say("cohort.course.held"))
    if drawing.measure == "change":
        notes.append(look.say("cohort.course.baseline"))
    if course.limits and drawing.measure == "value":
        notes.append(look.say("cohort.course.limits"))
    return notes


def _time_axis(
    figure: go.Figure,
    values: pd.DataFrame,
    ribbon: pd.DataFrame,
    course: CohortCourse,
    drawing: CohortDrawing,
    look: Look,
    labelled: bool,
) -> None:
    days = ribbon.loc[ribbon["N"] >= LEAST, "ADY"] if drawing.ribbon else values["ADY"]
    first, last = (float(days.min()), float(days.max())) if len(days) else (1.0, 29.0)
    ticks, words = study_day_ticks(last)
    words = [
        f"{word}<br>{look.say('chart.week', n=_WEEK_DAYS[int(day)])}" if int(day) in _WEEK_DAYS else word
        for day, word in zip(ticks, words, strict=True)
    ]
    base = ribbon.loc[ribbon["BASEFL"].to_numpy(bool), "ADY"]
    if drawing.ribbon and len(base):
        ticks, words = [float(base.iloc[0]), *ticks], [look.say("lab.course.baseline"), "", *words[1:]]
    room = max(last - first, 7) * (0.13 if labelled else 0.02)
    figure.update_xaxes(
        range=[min(first, float(base.min()) if len(base) else first) - max(last - first, 7) * 0.03, last + room],
        tickvals=ticks,
        ticktext=words,
        title={"text": look.say(f"cohort.axis.{course.origin}")},
    )


def _draw_lines(
    figure: go.Figure, values: pd.DataFrame, test: str, drawing: CohortDrawing, scale: Scale, look: Look
) -> None:
    x, y = gapped(values, height_of(values[drawing.column], scale))
    many, colour = values["PCODE"].nunique() > MAX_MARKED, colour_of(test, look)
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": colour, "width": 0.7 if many else 1.2},
        opacity=0.3 if many else 0.55,
        hoverinfo="skip",
        name="lines",
    )
    if not many:
        draw_marks(figure, values, drawing, scale, look, colour, opacity=0.4 if drawing.highlight else 0.9)


def _draw_middle(figure: go.Figure, ribbon: pd.DataFrame, look: Look) -> None:
    """Draw median and middle half over the lines, where enough patients stand behind them."""
    known = ribbon["P50"].notna().to_numpy()
    if not known.any():
        return
    colour = look.palette.text
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        part = ribbon.iloc[start:end]
        figure.add_scatter(
            x=np.concatenate([part["ADY"], part["ADY"][::-1]]),
            y=np.concatenate([part["P75"], part["P25"][::-1]]),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=colour,
            opacity=0.09,
            hoverinfo="skip",
            name="P25-P75",
        )
    part = ribbon[known]
    figure.add_scatter(
        x=ribbon["ADY"],
        y=ribbon["P50"],
        mode="lines+markers",
        line={"color": colour, "width": 3},
        marker={"size": 5, "color": colour, "symbol": "square"},
        hovertext=[
            look.say("cohort.course.middle", n=int(n), p50=f"{mid:.4g}", p25=f"{low:.4g}", p75=f"{high:.4g}")
            if mid == mid
            else ""
            for n, mid, low, high in zip(ribbon["N"], ribbon["P50"], ribbon["P25"], ribbon["P75"], strict=True)
        ],
        hoverinfo="text",
        name="median",
    )


def _draw_picked(figure: go.Figure, picked: pd.DataFrame, drawing: CohortDrawing, scale: Scale, look: Look) -> None:
    """Draw the patient picked out over all others."""
    colour = look.palette.accent
    figure.add_scatter(
        x=picked["ADY"].to_numpy(),
        y=height_of(picked[drawing.column], scale),
        mode="lines",
        line={"color": colour, "width": 2.8},
        hoverinfo="skip",
        name="picked",
    )
    draw_marks(figure, picked, drawing, scale, look, colour, size=7, name="picked-values")


def _label_ends(figure: go.Figure, values: pd.DataFrame, drawing: CohortDrawing, scale: Scale, look: Look) -> None:
    """Write the code at the end of each line, as far as there is room beside it."""
    colours = look.palette
    ends = values.drop_duplicates("PCODE", keep="last")
    if ends.empty:
        return
    span = float(values["ADY"].max() - values["ADY"].min()) or 1.0
    drawn = np.array([scale.place(value) for value in height_of(values[drawing.column], scale)])
    place = drawn[~values["PCODE"].duplicated(keep="last").to_numpy(bool)]
    days = values["ADY"].to_numpy("float64") / span
    foot, head = scale.on_axis(scale.low), scale.on_axis(scale.high)
    picked = (ends["PCODE"] == drawing.highlight).to_numpy(bool)
    places = place_beside(ends["ADY"].to_numpy("float64") / span, place, (days, drawn), CODE, picked)
    labels = [
        {
            **line_label(look, escape(code), colour=colours.accent if mine else colours.muted, bold=mine),
            "x": day,
            "y": foot + at * (head - foot),  # on the axis, so that it goes with its line when somebody zooms
        }
        for code, day, at, mine in zip(ends["PCODE"], ends["ADY"], places, picked.tolist(), strict=True)
        if at == at
    ]
    figure.update_layout(annotations=[*figure.layout.annotations, *labels])
