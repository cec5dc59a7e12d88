"""Exposure-adjusted incidence rates with exact limits: first events at the left, all events at the right."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.ae_time_rates import ExposureRates
from ..analysis.landmarks import DAYS_OF, TimeUnit
from ..i18n import event_name
from .ae_complications import class_name
from .theme import BODY, SMALL, Look, base_figure, escape
from .view import FigureView

PER = 100  # patient-weeks or patient-months that a rate refers to
TOP = 20  # rows drawn; the table has all of them
UNITS: tuple[TimeUnit, ...] = ("weeks", "months")
_SIDES = {"": (0.0, 0.22), "EV": (0.55, 0.77)}  # where each axis lies; its numbers stand at its right
_ROW, _TOP, _BOTTOM = 26, 66, 44
_LETTERS = 30


def figure_exposure_rates(rates: ExposureRates, look: Look, *, unit: TimeUnit, names: Mapping[str, str]) -> FigureView:
    """Return one row per class or term with both rates.

    Parameters
    ----------
    unit : weeks or months. names : system organ classes in words.
    """
    rows = _scaled(rates, unit)
    labels = [row_name(kind, name, names, look) for kind, name in zip(rows["KIND"], rows["NAME"], strict=True)]
    shown, drawn = rows.head(TOP + 1), labels[: TOP + 1]
    figure = base_figure(look, _TOP + _BOTTOM + _ROW * len(shown), margin=(8, 12, _TOP, _BOTTOM))
    y = np.arange(len(shown), 0, -1)
    figure.update_yaxes(
        range=[0.4, len(shown) + 0.6], tickvals=y, ticktext=[_short(name) for name in drawn], automargin=True,
        showgrid=False, fixedrange=True, tickfont={"size": SMALL, "color": look.palette.text},
    )  # fmt: skip
    for prefix in _SIDES:
        _side(figure, shown, drawn, y, prefix, unit, look)
    any_row = rows.iloc[0]
    numbers = {name.lower(): number(float(any_row[name])) for name in ("RATE", "LOWER", "UPPER")}
    title = look.say("ae_time.rate.title", unit=unit_words(unit, look), **numbers)
    alt = look.say("pack.list.semicolon").join(
        f"{name} {rate_words(row, '', look)}" for name, (_, row) in zip(drawn, shown.iterrows(), strict=True)
    )
    left = len(rows) - len(shown)
    foot = look.say("ae_time.rate.footnote", unit=unit_words(unit, look))
    if left:
        foot += look.say("ae_time.rate.left", n=left)
    time = rates.days / DAYS_OF[unit]
    return FigureView(
        figure,
        title,
        look.say("ae_time.rate.subtitle", n=rates.subjects, time=f"{time:.1f}", unit=look.say(f"ae_time.rate.{unit}")),
        f"{title} {alt}",
        foot,
        rate_table(rows, labels, unit, names, look),
        patients=False,
    )


def _scaled(rates: ExposureRates, unit: TimeUnit) -> pd.DataFrame:
    """Return the rates per `PER` of the unit, and the time at risk in the unit."""
    days = DAYS_OF[unit]
    columns = ["RATE", "LOWER", "UPPER", "EVRATE", "EVLOWER", "EVUPPER"]
    rows = rates.rows.assign(TIME=rates.rows["DAYS"] / days, EVTIME=rates.days / days)
    return rows.assign(**{name: rows[name] * days * PER for name in columns})


def unit_words(unit: TimeUnit, look: Look) -> str:
    """Return "100 patient-weeks"."""
    return look.say(f"ae_time.rate.per_{unit}", n=PER)


def row_name(kind: str, name: str, names: Mapping[str, str], look: Look) -> str:
    """Return the name of a row in words."""
    if kind == "ALL":
        return look.say("ae.chart.any")
    if kind == "CLASS":
        return class_name(name, look)
    if kind == "SOC":
        return names.get(name) or name
    return event_name(look.lang, name) or look.say("ae.chart.no_term")


def _short(name: str) -> str:
    return escape(name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…")


def number(value: float) -> str:
    """Return a rate with three digits that say something."""
    if math.isnan(value) or not value:
        return "–" if value else "0"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def rate_words(row: pd.Series, prefix: str, look: Look) -> str:
    """Return "3 / 139.1: 2.16 (0.44–6.30)": patients or events, time, rate and limits."""
    n = int(row["EVENTS" if prefix else "PATIENTS"])
    parts = {name.lower(): number(float(row[f"{prefix}{name}"])) for name in ("RATE", "LOWER", "UPPER")}
    return look.say("ae_time.rate.text", x=n, time=f"{row[f'{prefix}TIME']:.1f}", **parts)


def _side(
    figure: go.Figure, rows: pd.DataFrame, names: list[str], y: np.ndarray, prefix: str, unit: TimeUnit, look: Look
) -> None:
    colours, axis = look.palette, "x2" if prefix else "x"
    known = rows[f"{prefix}UPPER"].to_numpy("float64")
    rate, lower = rows[f"{prefix}RATE"].to_numpy("float64"), rows[f"{prefix}LOWER"].to_numpy("float64")
    top = _reach(rate, known)
    beyond = rate > top
    words = [rate_words(row, prefix, look) for _, row in rows.iterrows()]
    counts = rows["EVENTS" if prefix else "PATIENTS"].to_numpy("int64")
    figure.add_scatter(
        x=np.where(beyond, top * 0.965, rate),
        y=y,
        xaxis=axis,
        mode="markers",
        marker={"size": 8, "color": colours.accent,
                "symbol": np.select([beyond, counts > 0], ["triangle-right", "circle"], "circle-open").tolist()},
        error_x={"type": "data", "symmetric": False, "array": np.where(beyond, 0, np.minimum(known, top) - rate),
                 "arrayminus": np.where(beyond, 0, rate - lower), "color": colours.accent, "thickness": 1.3,
                 "width": 3},
        hovertext=[f"{escape(name)}<br>{text}" for name, text in zip(names, words, strict=True)],
        hoverinfo="text",
        name=f"{prefix or 'FIRST'} rate",
    )  # fmt: skip
    figure.add_scatter(
        x=[top] * len(rows), y=y, xaxis=axis, mode="text", text=["\u2002" + text for text in words],
        textposition="middle right",
        textfont={"size": SMALL, "color": colours.text}, cliponaxis=False, hoverinfo="skip", name=f"{prefix} words",
    )  # fmt: skip
    first, last = _SIDES[prefix]
    style = {"domain": [first, last], "range": [-0.03 * top, top], "fixedrange": True, "nticks": 5, "zeroline": False,
             "gridcolor": colours.grid, "tickfont": {"size": SMALL, "color": colours.muted}}  # fmt: skip
    figure.update_layout({"xaxis2" if prefix else "xaxis": {**style, **({"anchor": "y"} if prefix else {})}})
    figure.add_annotation(
        x=first, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=36,
        text=f"<b>{look.say('ae_time.rate.events' if prefix else 'ae_time.rate.first')}</b>",
        showarrow=False, font={"size": BODY, "color": colours.text},
    )  # fmt: skip
    figure.add_annotation(
        x=first, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=20,
        text=look.say("ae_time.rate.columns_events" if prefix else "ae_time.rate.columns_first",
                      unit=unit_words(unit, look)),
        showarrow=False, font={"size": SMALL, "color": colours.muted},
    )  # fmt: skip


def _reach(rate: np.ndarray, upper: np.ndarray) -> float:
    """Return where the axis ends: "any event" may lie far above all rows, and must not press them to the left."""
    others = upper[1:] if len(upper) > 1 else upper
    known = others[np.isfinite(others)]
    return float(known.max()) * 1.05 if len(known) else 1.0


def rate_table(
    rows: pd.DataFrame, labels: list[str], unit: TimeUnit, names: Mapping[str, str], look: Look
) -> pd.DataFrame:
    """Return all rows with patients, events, time and both rates."""
    per = unit_words(unit, look)
    columns: dict[str, object] = {look.say("ae_time.column.row"): labels}
    if (rows["SOC"] != "").any():
        columns[look.say("ae.column.soc")] = [names.get(code, code) for code in rows["SOC"]]
    for prefix in _SIDES:
        kind = "events" if prefix else "first"
        columns |= {
            look.say(f"ae_time.column.{kind}"): rows["EVENTS" if prefix else "PATIENTS"].to_numpy(),
            look.say(f"ae_time.column.time_{kind}_{unit}"): rows[f"{prefix}TIME"].round(2).to_numpy(),
            look.say(f"ae_time.column.rate_{kind}", unit=per): rows[f"{prefix}RATE"].round(3).to_numpy(),
            look.say(f"ae_time.column.lower_{kind}"): rows[f"{prefix}LOWER"].round(3).to_numpy(),
            look.say(f"ae_time.column.upper_{kind}"): rows[f"{prefix}UPPER"].round(3).to_numpy(),
        }
    return pd.DataFrame(columns)
