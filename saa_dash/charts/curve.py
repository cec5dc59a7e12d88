"""A curve with its at-risk table underneath, columns aligned to the axis ticks (the KMunicate form)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.pcode_order import patient_order
from ..analysis.results import Curve
from .theme import SMALL, Look, axis_style, base_figure, escape
from .view import FigureView

_ROW = 20  # px of one row of the table
_PLOT = 330  # px of the plot itself
_LINEAGE_OF = {"TTANC": "ANC", "TTPLT": "PLAT", "TTHB": "HGB", "TTRBC": "HGB"}


def curve_colour(param: str, look: Look) -> str:
    """Return the colour of a parameter's curve: its lineage's, that of CR or PR, else the accent."""
    colours = look.palette
    for prefix, lineage in _LINEAGE_OF.items():
        if param.startswith(prefix):
            return colours.lineage[lineage]
    return {"TTCR": colours.response["CR"], "TTRESP": colours.response["PR"], "DOR": colours.response["NR"],
            "TTREL": colours.response["NR"]}.get(param, colours.accent)  # fmt: skip


def figure_curve(curve: Curve, look: Look, *, method: str, origin: str) -> FigureView:
    """Return the curve, its limits, censoring ticks, and the numbers under it.

    Parameters
    ----------
    method : name of estimator and limits. origin : what time counts from, in words.
    """
    rows = ["n_risk", "n_censor", "n_event"] + (["n_rival"] if curve.competing else [])
    table = 26 + _ROW * len(rows)
    total = _PLOT + table + 64
    figure = base_figure(look, total, margin=(104, 24, 12, 8))
    split = (table + 44) / (total - 20)
    last = float(max(curve.at_risk["time"].max(), curve.steps["time"].max()))
    span = [-0.01 * last, last * 1.02]
    ticks = curve.at_risk["time"].tolist()
    _axes(figure, look, split, span, ticks, rows, origin)
    colour = curve_colour(curve.param, look)
    _draw(figure, curve, look, colour, last)
    _numbers(figure, curve, look, rows, colour)
    name = look.say(f"term.param.{curve.param}")
    n, events = len(curve.subjects), int((curve.subjects["EVNTCD"] == 1).sum())
    title = look.say("chart.curve.title", name=name, x=events, n=n)
    return FigureView(
        figure,
        title,
        look.say("chart.curve.subtitle_cif" if curve.competing else "chart.curve.subtitle_km", origin=origin),
        look.say("chart.curve.alt", name=name, x=events, n=n),
        look.say("chart.curve.footnote", method=method) + _not_estimable(curve, look),
        curve_table(curve, look),
    )


def _not_estimable(curve: Curve, look: Look) -> str:
    known = curve.steps["lower"].notna().any()
    return "" if known else look.say("chart.curve.no_limits")


def _axes(
    figure: go.Figure, look: Look, split: float, span: list[float], ticks: list[float], rows: list[str], origin: str
) -> None:
    colours = look.palette
    figure.update_layout(
        xaxis={
            **axis_style(look),
            "range": span,
            "tickvals": ticks,
            "ticktext": [f"{t:.0f}" for t in ticks],
            "title": {"text": look.say("chart.curve.axis", origin=origin), "font": {"color": colours.muted}},
            "anchor": "y",
        },
        yaxis={
            **axis_style(look),
            "domain": [split, 1],
            "range": [0, 1.02],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": ["0", "25", "50", "75", "100%"],
        },
        xaxis2={"range": span, "visible": False, "matches": "x", "anchor": "y2"},
        yaxis2={
            "domain": [0, split - 60 / figure.layout.height],
            "range": [0.4, len(rows) + 0.6],
            "tickvals": list(range(len(rows), 0, -1)),
            "ticktext": [look.say(f"chart.curve.{row}") for row in rows],
            "tickfont": {"size": SMALL, "color": colours.text},
            "ticklabelstandoff": 12,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
    )  # fmt: skip


def _step(times: np.ndarray, values: np.ndarray, last: float) -> tuple[np.ndarray, np.ndarray]:
    return np.append(times, last), np.append(values, values[-1])


def _draw(figure: go.Figure, curve: Curve, look: Look, colour: str, last: float) -> None:
    steps = curve.steps
    end = float(curve.subjects["AVAL"].max())
    time, estimate = _step(steps["time"].to_numpy(), steps["estimate"].to_numpy(), end)
    band = steps.dropna(subset=["lower", "upper"])
    if len(band):
        for name, fill in (("upper", None), ("lower", "tonexty")):
            x, y = _step(band["time"].to_numpy(), band[name].to_numpy(), end)
            figure.add_scatter(
                x=x,
                y=y,
                mode="lines",
                line={"shape": "hv", "width": 0, "color": colour},
                fill=fill,
                fillcolor=_transparent(colour),
                hoverinfo="skip",
                name=name,
            )
    if curve.competing and len(curve.rival):
        x, y = _step(curve.rival["time"].to_numpy(), curve.rival["estimate"].to_numpy(), end)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"shape": "hv", "width": 1.2, "dash": "dot", "color": look.palette.muted},
            hoverinfo="skip",
            name="rival",
        )
    figure.add_scatter(
        x=time,
        y=estimate,
        mode="lines",
        line={"shape": "hv", "width": 2.4, "color": colour},
        hovertext=[_hover(row, look) for row in steps.itertuples(index=False)] + [""],
        hoverinfo="text",
        name="estimate",
    )
    _marks(figure, curve, look, colour)


def _marks(figure: go.Figure, curve: Curve, look: Look, colour: str) -> None:
    """One mark per patient on the curve: a tick where censored, a dot where the event happened."""
    order = np.searchsorted(curve.steps["time"], curve.subjects["AVAL"], side="right") - 1
    height = curve.steps["estimate"].to_numpy()[np.maximum(order, 0)]
    for code, symbol, size in ((0, "line-ns-open", 10), (1, "circle", 6)):
        where = (curve.subjects["EVNTCD"] == code).to_numpy()
        part = curve.subjects[where]
        figure.add_scatter(
            x=part["AVAL"],
            y=height[where],
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 1.6, "color": colour}},
            customdata=part["PCODE"],
            hovertext=[
                look.say("chart.curve.patient", patient=escape(p), what=look.say(f"term.ttedesc.{d}"), day=int(t))
                for p, d, t in zip(part["PCODE"], part["EVNTDESC"], part["AVAL"], strict=True)
            ],
            hoverinfo="text",
            name="censored" if code == 0 else "event",
        )


def _numbers(figure: go.Figure, curve: Curve, look: Look, rows: list[str], colour: str) -> None:
    table = curve.at_risk
    for level, row in enumerate(rows):
        figure.add_scatter(
            x=table["time"],
            y=np.full(len(table), len(rows) - level),
            xaxis="x2",
            yaxis="y2",
            mode="text",
            cliponaxis=False,
            text=table[row].astype(str),
            textfont={"size": SMALL, "color": colour if row == "n_risk" else look.palette.text},
            hoverinfo="skip",
            name=row,
        )


def _transparent(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"


def _percent(value: float) -> str:
    return "–" if pd.isna(value) else f"{100 * value:.0f}%"


def _hover(row: tuple[float, ...], look: Look) -> str:
    time, estimate, lower, upper = row
    return look.say(
        "chart.curve.hover", day=int(time), estimate=_percent(estimate), lower=_percent(lower), upper=_percent(upper)
    )


def curve_table(curve: Curve, look: Look) -> pd.DataFrame:
    """Return each patient's time and outcome, in the reader's language."""
    rows = curve.subjects.sort_values(["AVAL", "PCODE"], key=patient_order)
    return pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("column.days"): rows["AVAL"].astype("Int64").to_numpy(),
            look.say("column.outcome"): [look.say(f"chart.curve.code_{int(code)}") for code in rows["EVNTCD"]],
            look.say("column.detail"): [look.say(f"term.ttedesc.{code}") for code in rows["EVNTDESC"]],
        }
    )
