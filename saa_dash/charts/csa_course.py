"""One patient: cyclosporine levels, creatinine and blood pressure over the same study days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.kidney import STAGES
from ..model.protocol import TargetRange
from .theme import BODY, DAY_ONE, SMALL, Look, axis_style, base_figure, escape, right_label, study_day_ticks
from .view import FigureView

_PANEL, _GAP = 150, 0.1  # px of a panel, share of the figure between two
_SHORT = 57  # days; a tick every week up to here
_SIGNS = {"SYSBP": "solid", "DIABP": "dot"}
# Symbol of a level by its place in the range; levels that do not count are hollow.
_STATE = {"LOW": "triangle-down", "IN": "circle", "HIGH": "triangle-up", "UNKNOWN": "square"}


@dataclass(frozen=True)
class CourseDrawing:
    """What is drawn of a patient, in study days.

    Parameters
    ----------
    levels : ADY, ATPT, AVAL, LBCENS, and STATE, USEDFL where a range is known. creatinine : columns of
        `analysis.kidney.derive_kidney`. pressure : TEST, ADY, AVAL. position : of the pressure, "" for the only one.
    """

    pcode: str
    levels: pd.DataFrame
    creatinine: pd.DataFrame
    pressure: pd.DataFrame
    target: TargetRange | None
    position: str
    day_one: str


def figure_csa_course(drawing: CourseDrawing, look: Look) -> FigureView:
    """Return the panels that have anything, cyclosporine on top; creatinine carries its KDIGO stages."""
    held = {"csa": drawing.levels, "creatinine": drawing.creatinine, "pressure": drawing.pressure}
    panels = [name for name, rows in held.items() if len(rows)]
    figure = base_figure(look, 70 + _PANEL * max(len(panels), 1), margin=(64, 84, 24, 48))
    draw = {"csa": _levels, "creatinine": _creatinine, "pressure": _pressure}
    for place, name in enumerate(panels):
        axis = f"y{place + 1}" if place else "y"
        _panel(figure, look, axis, _domain(place, len(panels)), look.say(f"organs.course.{name}_unit"))
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=_domain(place, len(panels))[1],
            yref="paper",
            yanchor="bottom",
            text=f"<b>{look.say(f'organs.course.{name}')}</b>",
            showarrow=False,
            font={"size": BODY, "color": look.palette.text},
        )
        draw[name](figure, drawing, look, axis)
    _days(figure, drawing, held, panels, look)
    lacking = [look.say(f"organs.course.none_{name}") for name, rows in held.items() if rows.empty]
    title = look.say("organs.course.title", patient=drawing.pcode)
    target = (
        ""
        if drawing.target is None
        else look.say("organs.course.target", low=f"{drawing.target.low:g}", high=f"{drawing.target.high:g}")
    )
    where = look.say("organs.course.position", position=drawing.position) if drawing.position else ""
    return FigureView(
        figure,
        title,
        look.say(
            "organs.course.subtitle",
            levels=len(drawing.levels),
            creatinine=len(drawing.creatinine),
            pressure=len(drawing.pressure) // 2,
        ),
        f"{title} {' '.join(lacking)}",
        " ".join(part for part in (target, look.say("organs.course.footnote"), where, *lacking) if part),
        _table(drawing, look),
    )


def _domain(place: int, panels: int) -> tuple[float, float]:
    """Return foot and head of a panel, the first one on top, room for its name above it."""
    size = (1 - _GAP * (panels - 1)) / panels
    foot = 1 - (place + 1) * size - place * _GAP
    return max(foot, 0.0), foot + size * 0.94


def _panel(figure: go.Figure, look: Look, axis: str, domain: tuple[float, float], unit: str) -> None:
    name = f"yaxis{axis[1:]}"
    style = {**axis_style(look), "title": {"text": unit, "standoff": 6, "font": {"size": SMALL}}}
    figure.update_layout({name: {**style, "domain": list(domain), "nticks": 5}})


def _days(
    figure: go.Figure, drawing: CourseDrawing, held: dict[str, pd.DataFrame], panels: list[str], look: Look
) -> None:
    days = np.concatenate([held[name]["ADY"].to_numpy("float64") for name in panels] or [np.array([1.0, 85.0])])
    first, last = float(np.nanmin(days)), float(np.nanmax(days))
    ticks, labels = study_day_ticks(last, min(first, 1))
    if last <= _SHORT:
        ticks = [1.0 + 7 * week for week in range(int(last // 7) + 1)]
        labels = [f"{day:.0f}" for day in ticks]
    figure.update_layout(
        xaxis={
            "range": [min(first, 1) - 3, last + 3],
            "tickvals": ticks,
            "ticktext": labels,
            "anchor": f"y{len(panels)}" if len(panels) > 1 else "y",
            "title": {"text": look.say(DAY_ONE[drawing.day_one]), "standoff": 8},
        }
    )


def _levels(figure: go.Figure, drawing: CourseDrawing, look: Look, axis: str) -> None:
    colours, rows = look.palette, drawing.levels
    if drawing.target is not None:
        figure.add_shape(
            type="rect",
            x0=0,
            x1=1,
            xref="paper",
            y0=drawing.target.low,
            y1=drawing.target.high,
            yref=axis,
            fillcolor=colours.treatment,
            opacity=0.16,
            line={"width": 0},
            layer="below",
        )
        middle = (drawing.target.low + drawing.target.high) / 2
        right_label(figure, look, f"{drawing.target.low:g}–{drawing.target.high:g}", middle, yref=axis)
    judged = "STATE" in rows
    used = (rows["USEDFL"] == "Y").to_numpy(bool) if judged else np.ones(len(rows), bool)
    states = rows["STATE"].to_numpy(object) if judged else np.full(len(rows), "UNKNOWN", dtype=object)
    troughs = rows[used] if judged else rows
    figure.add_scatter(
        x=troughs["ADY"].to_numpy(),
        y=troughs["AVAL"].to_numpy(),
        yaxis=axis,
        mode="lines",
        line={"color": colours.muted, "width": 1},
        hoverinfo="skip",
        name="trough line",
    )
    symbols = [f"{_STATE[state]}{'' if counts else '-open'}" for state, counts in zip(states, used, strict=True)]
    figure.add_scatter(
        x=rows["ADY"].to_numpy(),
        y=rows["AVAL"].to_numpy(),
        yaxis=axis,
        mode="markers",
        marker={"symbol": symbols, "size": 9, "color": colours.treatment, "line": {"width": 1.2}},
        hovertext=[
            look.say(
                "organs.course.hover_level",
                day=int(day),
                value=f"{sign if isinstance(sign, str) else ''}{value:g}",
                point=escape(point) if isinstance(point, str) else "–",
                state=look.say(f"organs.level.{state}" if counts else "organs.level.unused") if judged else "",
            )
            for day, value, sign, point, state, counts in zip(
                rows["ADY"], rows["AVAL"], rows["LBCENS"], rows["ATPT"], states, used, strict=True
            )
        ],
        hoverinfo="text",
        name="levels",
    )


def _creatinine(figure: go.Figure, drawing: CourseDrawing, look: Look, axis: str) -> None:
    colours, rows = look.palette, drawing.creatinine
    base = rows["BASE"].dropna()
    highest = float(rows["AVAL"].max())
    if len(base):
        baseline = float(base.iloc[0])
        for factor in (1.0, *STAGES):
            if factor > 1 and factor * baseline > 1.25 * max(highest, baseline * STAGES[0] / 1.2):
                continue
            level = factor * baseline
            figure.add_shape(
                type="line",
                x0=0,
                x1=1,
                xref="paper",
                y0=level,
                y1=level,
                yref=axis,
                layer="below",
                line={"color": colours.muted, "width": 1, "dash": "dot"},
            )
            name = look.say("organs.course.baseline") if factor == 1 else f"{factor:g}×"
            right_label(figure, look, name, level, yref=axis)
    stage = rows["KDIGO"].fillna(0).to_numpy("int64")
    figure.add_scatter(
        x=rows["ADY"].to_numpy(),
        y=rows["AVAL"].to_numpy(),
        yaxis=axis,
        mode="lines+markers+text",
        line={"color": colours.text, "width": 1.4},
        marker={
            "symbol": np.where(stage > 0, "square", "circle").tolist(),
            "size": np.where(stage > 0, 17, 6).tolist(),
            "color": [colours.grade[s + 1] if s else colours.text for s in stage.tolist()],
            "line": {"width": 1, "color": colours.text},
        },
        text=[str(s) if s else "" for s in stage.tolist()],
        textfont={"size": SMALL, "color": [colours.on_grade[s + 1] if s else colours.text for s in stage.tolist()]},
        hovertext=[
            look.say(
                "organs.course.hover_creatinine",
                day=int(day),
                value=f"{value:.0f}",
                ratio=f"{ratio:.2f}" if ratio == ratio else "–",
                stage="–" if known != known else f"{known:.0f}",
            )
            for day, value, ratio, known in zip(rows["ADY"], rows["AVAL"], rows["RATIO"], rows["KDIGO"], strict=True)
        ],
        hoverinfo="text",
        name="creatinine",
    )


def _pressure(figure: go.Figure, drawing: CourseDrawing, look: Look, axis: str) -> None:
    for test, dash in _SIGNS.items():
        rows = drawing.pressure[(drawing.pressure["TEST"] == test) & drawing.pressure["AVAL"].notna()]
        if rows.empty:
            continue
        name = look.say(f"organs.course.{test}")
        figure.add_scatter(
            x=rows["ADY"].to_numpy(),
            y=rows["AVAL"].to_numpy(),
            yaxis=axis,
            mode="lines+markers",
            line={"color": look.palette.treatment, "width": 1.4, "dash": dash},
            marker={"size": 4},
            hovertext=[
                look.say("organs.course.hover_pressure", day=int(day), value=f"{value:g}", test=name)
                for day, value in zip(rows["ADY"], rows["AVAL"], strict=True)
            ],
            hoverinfo="text",
            name=test,
        )
        right_label(figure, look, name, float(rows["AVAL"].iloc[-1]), yref=axis)


def _table(drawing: CourseDrawing, look: Look) -> pd.DataFrame:
    signs = drawing.levels["LBCENS"].fillna("")
    levels = [f"{sign}{value:g}" for sign, value in zip(signs, drawing.levels["AVAL"], strict=True)]
    parts = [
        _part("csa", drawing.levels["ADY"], levels, look),
        _part("creatinine", drawing.creatinine["ADY"], [f"{value:g}" for value in drawing.creatinine["AVAL"]], look),
        *(
            _part(test, rows["ADY"], [f"{value:g}" for value in rows["AVAL"]], look)
            for test, rows in drawing.pressure.groupby("TEST", sort=True)
        ),
    ]
    out = pd.concat(parts, ignore_index=True)
    out.insert(0, look.say("column.patient"), drawing.pcode)
    return out


def _part(name: object, days: pd.Series, values: list[str], look: Look) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("column.study_day"): days.to_numpy("float64").astype("int64"),
            look.say("column.test"): look.say(f"organs.course.{name}"),
            look.say("column.value"): values,
        }
    )
