"""Planned against given: per cent of the plan, one dot per patient and line, or the patients counted where many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.exposure_summary import LineCount
from .strips import rate_text
from .theme import BODY, SMALL, Look, base_figure, escape
from .view import FigureView

MAX_DOTS = 60  # patients; more are counted
_ROW = 46
_SPREAD = 0.28  # of a row, up and down from its middle
_LEAST, _MOST = 0.0, 150.0  # % of the axis; what lies beyond is drawn at its end, its number in the hover
_SHARES = ("half", "less", "within", "more")


def figure_exposure_plan(
    lines: Sequence[LineCount], points: pd.DataFrame | None, look: Look, *, tolerance: float, treated: int, method: str
) -> FigureView:
    """Return one row per component and line; the band is what counts as given as planned.

    Parameters
    ----------
    points : PCODE and the columns of `analysis.exposure_summary.derive_plan_points`; None for who may not see patients.
    tolerance : of a dose, %. method : name of the binomial interval.
    """
    single = points is not None and treated <= MAX_DOTS
    figure = base_figure(look, 92 + _ROW * max(len(lines), 1), margin=(210, 190, 24, 48))
    level = {(item.component, item.line): len(lines) - i for i, item in enumerate(lines)}
    if single and points is not None:
        _band(figure, tolerance, look)
        _dots(figure, points, level, look)
        title, end = look.say("exposure.plan.axis"), (_LEAST, _MOST + 4)
    else:
        _stacks(figure, lines, level, look)
        title, end = look.say("exposure.plan.axis_many"), (0.0, float(treated) + 0.5)
    for item in lines:
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=level[item.component, item.line], showarrow=False,
            text=rate_text(item.as_planned, look), font={"size": SMALL, "color": look.palette.text},
        )  # fmt: skip
    names = [f"{look.say(f'chart.lane.{i.component}')} · {look.say(f'exposure.line.{i.line}')}" for i in lines]
    figure.update_layout(
        barmode="stack",
        xaxis={"title": {"text": title, "standoff": 8}, "range": list(end), "fixedrange": True},
        yaxis={"tickvals": list(level.values()), "ticktext": names, "range": [0.4, len(lines) + 0.6],
               "tickfont": {"size": BODY - 1, "color": look.palette.text}, "showgrid": False, "fixedrange": True},
    )  # fmt: skip
    alt = look.say("pack.list.semicolon").join(
        f"{name} {rate_text(i.as_planned, look)}" for name, i in zip(names, lines, strict=True)
    )
    title = look.say("exposure.plan.title")
    return FigureView(
        figure,
        title,
        look.offer("exposure.plan.subtitle", n=treated)
        if single
        else look.say("exposure.plan.subtitle_many", n=treated),
        f"{title} {alt}",
        look.say("exposure.plan.footnote", tolerance=f"{tolerance:g}", method=method),
        _table(points, look) if single and points is not None else _count_table(lines, names, look),
        patients=single,
    )


def _band(figure: go.Figure, tolerance: float, look: Look) -> None:
    figure.add_shape(
        type="rect", x0=100 - tolerance, x1=100 + tolerance, y0=0, y1=1, yref="paper", layer="below",
        fillcolor=look.palette.treatment, opacity=0.14, line={"width": 0},
    )  # fmt: skip
    figure.add_shape(type="line", x0=100, x1=100, y0=0, y1=1, yref="paper", layer="below",
                     line={"color": look.palette.muted, "width": 1, "dash": "dot"})  # fmt: skip


def _dots(figure: go.Figure, points: pd.DataFrame, level: dict[tuple[str, str], int], look: Look) -> None:
    """Draw every patient in a lane of its own within the row, those off the plan as a filled diamond."""
    colours = look.palette
    codes = sorted(points["PCODE"].unique(), key=lambda code: int(code[1:]))
    lane = dict(zip(codes, np.linspace(_SPREAD, -_SPREAD, len(codes)) if len(codes) > 1 else [0.0], strict=True))
    columns = ["PCODE", "LINE", "AVAL", "AVALU", "PLAN", "PCTPLAN"]
    for flag in ("Y", "N"):
        part = points[points["OKFL"] == flag]
        rows = np.array([level[key] for key in zip(part["EXTRT"], part["LINE"], strict=True)], dtype=float)
        off = flag == "N"
        figure.add_scatter(
            x=np.clip(part["PCTPLAN"].to_numpy("float64"), _LEAST, _MOST),
            y=rows + part["PCODE"].map(lane).to_numpy("float64"),
            mode="markers+text" if off else "markers",
            marker={
                "symbol": "diamond" if off else "circle-open",
                "size": 10 if off else 8,
                "color": colours.grade[3] if off else colours.treatment,
                "line": {"width": 1.4},
            },
            text=[f" {code} " for code in part["PCODE"]] if off else None,
            textposition=np.where(np.arange(len(part)) % 2 == 0, "middle right", "middle left").tolist(),
            textfont={"size": SMALL, "color": colours.text},
            customdata=part["PCODE"].to_numpy(),
            hovertext=[
                look.say("exposure.plan.hover", patient=escape(code), line=look.say(f"exposure.line.{line}"),
                         given=f"{given:.4g}", unit=_unit(unit, look), plan=f"{plan:.4g}", percent=f"{share:.0f}")
                for code, line, given, unit, plan, share in part[columns].itertuples(index=False)
            ],
            hoverinfo="text",
            name="off" if off else "planned",
        )  # fmt: skip


def _unit(unit: object, look: Look) -> str:
    if unit == "days":
        return look.say("exposure.unit.days")
    return str(unit).replace("10^8 cells", look.say("exposure.unit.cells"))


def _stacks(figure: go.Figure, lines: Sequence[LineCount], level: dict[tuple[str, str], int], look: Look) -> None:
    colours = look.palette
    fills = {"half": (colours.grade[3], ""), "less": (colours.grade[2], "/"), "within": (colours.treatment, ""),
             "more": (colours.background, "\\")}  # fmt: skip
    for place, share in enumerate(_SHARES):
        counts = [item.shares[place] for item in lines]
        fill, pattern = fills[share]
        name = look.say(f"exposure.share.{share}")
        figure.add_bar(
            x=counts,
            y=[level[item.component, item.line] for item in lines],
            orientation="h",
            width=0.6,
            marker={"color": fill, "line": {"width": 1, "color": colours.treatment},
                    "pattern": {"shape": pattern, "fgcolor": colours.text, "solidity": 0.2}},
            text=[f"{n}" if n else "" for n in counts],
            textposition="inside",
            textangle=0,
            textfont={"size": SMALL},
            hovertext=[f"{name}: {n}" for n in counts],
            hoverinfo="text",
            name=share,
        )  # fmt: skip


def _table(points: pd.DataFrame, look: Look) -> pd.DataFrame:
    words = {"Y": look.say("exposure.column.yes"), "N": look.say("exposure.column.no")}
    return pd.DataFrame(
        {
            look.say("column.patient"): points["PCODE"].to_numpy(),
            look.say("exposure.column.component"): [look.say(f"chart.lane.{name}") for name in points["EXTRT"]],
            look.say("exposure.column.what"): [look.say(f"exposure.line.{name}") for name in points["LINE"]],
            look.say("exposure.column.given"): points["AVAL"].round(2).to_numpy(),
            look.say("exposure.column.planned"): points["PLAN"].round(2).to_numpy(),
            look.say("column.unit"): [_unit(unit, look) for unit in points["AVALU"]],
            look.say("exposure.column.percent"): points["PCTPLAN"].round(1).to_numpy(),
            look.say("exposure.column.as_planned"): [words[flag] for flag in points["OKFL"]],
        }
    )


def _count_table(lines: Sequence[LineCount], names: Sequence[str], look: Look) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("exposure.column.what"): list(names),
            look.say("exposure.column.as_planned"): [rate_text(item.as_planned, look) for item in lines],
            **{look.say(f"exposure.share.{share}"): [item.shares[i] for item in lines]
               for i, share in enumerate(_SHARES)},
        }
    )  # fmt: skip
