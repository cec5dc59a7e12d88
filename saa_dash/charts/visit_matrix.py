"""Patients × visits: done in window, early, late, missing, not due; counted where the patients are many."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from ..analysis.visit_completeness import STATES, PlannedVisit, VisitCount
from .strips import rate_text
from .theme import SMALL, Look, base_figure, escape
from .view import FigureView

MAX_ROWS = 60  # patients; more are counted
_ROW, _SIZE = 28, 21


def _colours(state: str, look: Look) -> tuple[str, str, str]:
    """Return fill, ink and outline of a state."""
    colours = look.palette
    return {
        "IN": (colours.treatment, colours.background, colours.treatment),
        "EARLY": (colours.grade[2], colours.on_grade[2], colours.text),
        "LATE": (colours.grade[2], colours.on_grade[2], colours.text),
        "UNDATED": (colours.background, colours.text, colours.treatment),
        "MISSING": (colours.grade[4], colours.on_grade[4], colours.grade[4]),
        "NOT_DUE": (colours.background, colours.muted, colours.muted),
        "ENDED": (colours.background, colours.muted, colours.background),
    }[state]


def figure_visit_matrix(
    counts: Sequence[VisitCount], planned: Sequence[PlannedVisit], rows: pd.DataFrame | None, look: Look, *, method: str
) -> FigureView:
    """Return a square with a letter per patient and visit, or bars of counts.

    Parameters
    ----------
    rows : PCODE and the columns of `analysis.visit_completeness.derive_visits`; None for who may not see patients.
    method : name of the binomial interval.
    """
    patients = sum(counts[0].states.values()) if counts else 0
    single = rows is not None and patients <= MAX_ROWS
    visits = [visit.code for visit in planned]
    figure = _squares(rows, visits, look) if single and rows is not None else _bars(counts, look)
    names = [f"{look.say(f'term.visit.{visit.code}')}<br>{_window(visit, look)}" for visit in planned]
    figure.update_layout(
        xaxis={"tickvals": list(range(len(visits))), "ticktext": names,
               "range": [-0.6, len(visits) - 0.4],
               "tickangle": 0, "showgrid": False, "fixedrange": True, "tickfont": {"size": SMALL}}
    )  # fmt: skip
    if single:
        _foot(figure, counts, look)
    due = [item for item in counts if item.done.total]
    alt = "; ".join(f"{look.say(f'term.visit.{item.visit}')} {rate_text(item.done, look)}" for item in due)
    title = look.say("visits.title")
    half = next((visit.half for visit in planned if visit.registered), 0)
    return FigureView(
        figure,
        title,
        look.offer("visits.subtitle", n=patients)
        if single
        else look.say("redaction.still.visits.subtitle", n=patients),
        f"{title} {alt}",
        look.say("visits.footnote", half=half, method=method),
        _table(rows, look) if single and rows is not None else count_table(counts, look),
        patients=single,
    )


def _window(visit: PlannedVisit, look: Look) -> str:
    return look.say("visits.before") if visit.offset is None else look.say("visits.half", n=visit.half)


def _squares(rows: pd.DataFrame, visits: Sequence[str], look: Look) -> go.Figure:
    codes = sorted(rows["PCODE"].unique(), key=lambda code: int(code[1:]))
    level = {code: len(codes) - i for i, code in enumerate(codes)}
    figure = base_figure(look, 96 + _ROW * (len(codes) + 1), margin=(64, 12, 24, 52))
    for state in STATES:
        part = rows[rows["STATE"] == state]
        if part.empty:
            continue
        fill, ink, outline = _colours(state, look)
        figure.add_scatter(
            x=part["VISIT"].map({code: i for i, code in enumerate(visits)}).to_numpy(),
            y=part["PCODE"].map(level).to_numpy(),
            mode="markers+text",
            marker={"symbol": "square", "size": _SIZE, "color": fill, "line": {"width": 1, "color": outline}},
            text=[look.say(f"visits.letter.{state}")] * len(part),
            textfont={"size": SMALL, "color": ink},
            customdata=[[code, day] for code, day in zip(part["PCODE"], _days(part), strict=True)],
            hovertext=[_hover(look, state, row) for row in part.to_dict("records")],
            hoverinfo="text",
            name=state,
        )
    figure.update_layout(
        yaxis={"range": [-0.6, len(codes) + 0.7], "tickvals": [*level.values(), 0],
               "ticktext": [*level, look.say("visits.done_short")], "showgrid": False, "fixedrange": True}
    )  # fmt: skip
    return figure


def _days(part: pd.DataFrame) -> list[int]:
    """Return the study day to open the patient at: of the visit, else the one it was due."""
    return part["VISITDY"].fillna(part["TARGETDY"]).fillna(1).astype("int64").tolist()


def _hover(look: Look, state: str, row: dict[object, object]) -> str:
    def day(name: str) -> str:
        value = row[name]
        return f"{value:.0f}" if isinstance(value, float) and value == value else "–"

    words = [look.say("visits.hover", patient=escape(row["PCODE"]), visit=look.say(f"term.visit.{row['VISIT']}"),
                      state=look.say(f"visits.state.{state}"))]  # fmt: skip
    if day("VISITDY") != "–":
        words.append(look.say("visits.hover_day", day=day("VISITDY"), low=day("LOWDY"), high=day("HIGHDY")))
    else:
        words.append(look.say("visits.hover_window", low=day("LOWDY"), high=day("HIGHDY")))
    if isinstance(row["SOURCE"], str) and row["SOURCE"] != "SV":
        words.append(look.say("visits.no_form"))
    if isinstance(row["ENDREAS"], str):
        words.append(look.say(f"visits.end.{row['ENDREAS']}"))
    return "<br>".join(words)


def _foot(figure: go.Figure, counts: Sequence[VisitCount], look: Look) -> None:
    """Write visits done of those due under each column."""
    figure.add_scatter(
        x=list(range(len(counts))),
        y=[0] * len(counts),
        mode="text",
        text=[f"{item.done.events}/{item.done.total}" if item.done.total else "–" for item in counts],
        textfont={"size": SMALL, "color": look.palette.text},
        hovertext=[f"{look.say(f'term.visit.{item.visit}')} {rate_text(item.done, look)}" for item in counts],
        hoverinfo="text",
        name="done",
    )


def _bars(counts: Sequence[VisitCount], look: Look) -> go.Figure:
    figure = base_figure(look, 380, margin=(64, 12, 24, 52))
    for state in STATES:
        n = [item.states[state] for item in counts]
        fill, ink, outline = _colours(state, look)
        if not any(n):
            continue
        letter, name = look.say(f"visits.letter.{state}"), look.say(f"visits.state.{state}")
        figure.add_bar(
            x=list(range(len(counts))),
            y=n,
            width=0.8,
            marker={"color": look.palette.grid if state == "ENDED" else fill,
                    "line": {"width": 1, "color": look.palette.muted if state == "ENDED" else outline}},
            text=[f"{letter} {x}" if x else "" for x in n],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"size": SMALL, "color": ink},
            hovertext=[f"{look.say(f'term.visit.{item.visit}')}: {name} {item.states[state]}" for item in counts],
            hoverinfo="text",
            name=state,
        )  # fmt: skip
    axis = {"title": {"text": look.say("visits.patients"), "standoff": 6}, "fixedrange": True}
    figure.update_layout(barmode="stack", yaxis=axis)
    return figure


def count_table(counts: Sequence[VisitCount], look: Look) -> pd.DataFrame:
    """Return done and in window out of those due, and the states, by visit, in words."""
    return pd.DataFrame(
        {
            look.say("column.visit"): [look.say(f"term.visit.{item.visit}") for item in counts],
            look.say("visits.column.done"): [rate_text(item.done, look) for item in counts],
            look.say("visits.column.inside"): [rate_text(item.in_window, look) for item in counts],
            **{look.say(f"visits.state.{state}"): [item.states[state] for item in counts] for state in STATES},
        }
    )


def _table(rows: pd.DataFrame, look: Look) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("column.visit"): [look.say(f"term.visit.{code}") for code in rows["VISIT"]],
            look.say("visits.column.state"): [look.say(f"visits.state.{code}") for code in rows["STATE"]],
            look.say("visits.column.day"): rows["VISITDY"].astype("Int64").to_numpy(),
            look.say("visits.column.low"): rows["LOWDY"].astype("Int64").to_numpy(),
            look.say("visits.column.high"): rows["HIGHDY"].astype("Int64").to_numpy(),
        }
    )
