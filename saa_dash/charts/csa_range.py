"""Cyclosporine troughs in the range of the protocol: days with a known level, all together and by patient."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.csa import STATES, TimeInRange
from ..model.protocol import TargetRange
from .theme import SMALL, Look, base_figure, escape
from .view import FigureView

MAX_ROWS = 40  # patients drawn: those least often in range
_ROW = 26
_PATTERN = {"LOW": "/", "IN": "", "HIGH": "\\", "UNKNOWN": "x"}


def figure_csa_range(
    total: TimeInRange, rows: pd.DataFrame | None, target: TargetRange, look: Look, *, treated: int
) -> FigureView:
    """Return one bar per patient, its length the number of samples; everybody together for who may not see patients.

    Parameters
    ----------
    rows : PCODE and the columns of `analysis.csa.derive_time_in_range`, None without the right to see patients.
    """
    table = _rows(total, rows, look)
    shown = table.head(MAX_ROWS) if rows is not None else table
    n = len(shown)
    figure = base_figure(look, 74 + max(_ROW * n, 40), margin=(72, 110, 24, 44))
    level = np.arange(n, 0, -1)
    base = np.zeros(n)
    for state in STATES:
        count = shown[state].to_numpy("int64")
        _bar(figure, state, shown, count, base.copy(), level, look)
        base = base + count
    for y, x, inside, samples in zip(level, base, shown["IN"], shown["SAMPLES"], strict=True):
        figure.add_annotation(
            x=x,
            y=y,
            xanchor="left",
            xshift=6,
            showarrow=False,
            text=look.say(
                "organs.range.share", x=int(inside), n=int(samples), percent=f"{100 * inside / max(samples, 1):.0f}"
            ),
            font={"size": SMALL, "color": look.palette.text},
        )
    figure.update_layout(
        barmode="overlay",
        xaxis={
            "title": {"text": look.say("organs.range.axis"), "standoff": 8},
            "rangemode": "tozero",
            "fixedrange": True,
        },
        yaxis={
            "tickvals": level.tolist(),
            "ticktext": shown["NAME"].tolist(),
            "range": [0.3, n + 0.7],
            "showgrid": False,
            "fixedrange": True,
        },
    )
    title = look.say("organs.range.title", low=f"{target.low:g}", high=f"{target.high:g}")
    answer = look.say("organs.range.answer", x=total.in_range, n=total.samples, patients=total.patients, total=treated)
    cut = (
        ""
        if rows is None or len(rows) <= MAX_ROWS
        else " " + look.say("organs.range.some", n=MAX_ROWS, total=len(rows))
    )
    return FigureView(
        figure,
        title,
        (answer if rows is None else f"{answer} · {look.offer('organs.range.subtitle')}") + cut,
        f"{title} {answer}",
        look.say("organs.range.footnote", low=f"{target.low:g}", high=f"{target.high:g}"),
        _table(table, look, named=rows is not None),
        patients=rows is not None,
    )


def _rows(total: TimeInRange, rows: pd.DataFrame | None, look: Look) -> pd.DataFrame:
    """Return what is drawn, least often in range first."""
    if rows is None:
        counts = {"LOW": total.low, "IN": total.in_range, "HIGH": total.high, "UNKNOWN": total.unknown}
        return pd.DataFrame([{"NAME": look.say("organs.range.everybody"), "SAMPLES": total.samples, **counts}])
    order = rows.assign(_o=rows["PCODE"].str.slice(1).astype("int64")).sort_values(["FRACTION", "_o"])
    return order.assign(NAME=order["PCODE"]).reset_index(drop=True)


def _bar(
    figure: go.Figure,
    state: str,
    shown: pd.DataFrame,
    count: np.ndarray,
    base: np.ndarray,
    level: np.ndarray,
    look: Look,
) -> None:
    colours = look.palette
    if not count.any():
        return
    name = look.say(f"organs.level.{state}")
    figure.add_bar(
        x=count,
        y=level,
        base=base,
        orientation="h",
        width=0.7,
        marker={
            "color": colours.treatment if state == "IN" else colours.background,
            "line": {"width": 1, "color": colours.treatment},
            "pattern": {
                "shape": _PATTERN[state],
                "fgcolor": colours.treatment,
                "solidity": 0.25,
                "fillmode": "overlay",
            },
        },
        customdata=shown["NAME"].to_numpy(),
        hovertext=[
            look.say("organs.range.hover", patient=escape(who), state=name, x=int(x), n=int(samples))
            for who, x, samples in zip(shown["NAME"], count, shown["SAMPLES"], strict=True)
        ],
        hoverinfo="text",
        name=state,
    )


def _table(rows: pd.DataFrame, look: Look, *, named: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            look.say("column.patient" if named else "organs.column.who"): rows["NAME"].to_numpy(),
            look.say("organs.range.axis"): rows["SAMPLES"].to_numpy("int64"),
            **{look.say(f"organs.level.{state}"): rows[state].to_numpy("int64") for state in STATES},
            look.say("organs.column.share"): (100 * rows["IN"] / rows["SAMPLES"].clip(lower=1)).round(1).to_numpy(),
        }
    )
