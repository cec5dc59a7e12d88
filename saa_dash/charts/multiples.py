"""All patients side by side: one small panel each, one lineage, the same axes."""

from __future__ import annotations

import math

import pandas as pd

from ..analysis.pcode_order import patient_order
from ..analysis.results import Multiples
from .lineage import LOG, add_values, axis_range
from .theme import BODY, Look, axis_style, base_figure, log_ticks
from .view import FigureView

MAX_PANELS = 24  # more patients than this are paged


def figure_multiples(multiples: Multiples, look: Look, *, columns: int = 5) -> FigureView:
    """Return one panel per patient on shared axes."""
    patients = multiples.patients.head(MAX_PANELS).reset_index(drop=True)
    n = max(len(patients), 1)
    columns = min(columns, n)
    rows = math.ceil(n / columns)
    figure = base_figure(look, 40 + 165 * rows, margin=(44, 34, 8, 36))
    span = axis_range(multiples.labs["AVAL"], multiples.lineage, multiples.thresholds)
    gap_x, gap_y = 0.018, 0.13 / rows
    width = (1 - gap_x * (columns - 1)) / columns
    height = (1 - gap_y * rows) / rows
    axes: dict[str, object] = {}
    lines: list[dict[str, object]] = []
    names: list[dict[str, object]] = []
    for i, (pcode, note) in enumerate(zip(patients["PCODE"], patients["NOTE"], strict=True)):
        row, column = divmod(i, columns)
        suffix = "" if i == 0 else str(i + 1)
        x0, y1 = column * (width + gap_x), 1 - row * (height + gap_y) - gap_y
        axes[f"xaxis{suffix}"] = {
            **_day_axis(look, multiples, suffix, (x0, x0 + width)),
            "showticklabels": row == rows - 1 or i + columns >= n,
        }
        axes[f"yaxis{suffix}"] = _value_axis(look, multiples, suffix, (y1 - height, y1), span, first_column=column == 0)
        lines += _thresholds(multiples, look, suffix)
        values = multiples.labs[multiples.labs["PCODE"] == pcode]
        opens = [pcode] * len(values)
        add_values(figure, f"y{suffix}", multiples.lineage, values, look, size=4, xaxis=f"x{suffix}", data=opens)
        names.append(_panel_name(look, suffix, str(pcode), str(note)))
    # all at once: a figure checks everything it holds again with each shape that is added singly
    figure.update_layout(**axes, shapes=lines, annotations=(*figure.layout.annotations, *names))
    name = look.say(f"chart.lineage.{multiples.lineage}")
    title = look.say("chart.multiples.title", name=name)
    return FigureView(
        figure,
        title,
        look.say("chart.multiples.subtitle", unit=look.say(f"unit.{multiples.lineage}"), n=len(patients)),
        look.say("chart.multiples.alt", name=name, n=len(patients)),
        look.say("chart.multiples.footnote"),
        _table(multiples, look),
    )


def _panel_name(look: Look, suffix: str, pcode: str, note: str) -> dict[str, object]:
    return {
        "x": 0,
        "y": 1,
        "xref": f"x{suffix} domain",
        "yref": f"y{suffix} domain",
        "yanchor": "bottom",
        "xanchor": "left",
        "text": f"<b>{pcode}</b>  {note}",
        "showarrow": False,
        "font": {"size": BODY, "color": look.palette.text},
    }


def _day_axis(look: Look, multiples: Multiples, suffix: str, domain: tuple[float, float]) -> dict[str, object]:
    pad = 0.03 * (multiples.last - multiples.first)  # marks at the ends stay whole
    days = [d for d in (1.0, 29.0, 57.0, 85.0, 169.0) if d <= multiples.last]
    return {
        **axis_style(look),
        "domain": list(domain),
        "anchor": f"y{suffix}",
        "range": [multiples.first - pad, multiples.last + pad],
        "tickvals": days,
        "ticktext": [f"{d:.0f}" for d in days],
    }


def _value_axis(
    look: Look,
    multiples: Multiples,
    suffix: str,
    domain: tuple[float, float],
    span: tuple[float, float],
    *,
    first_column: bool,
) -> dict[str, object]:
    settings: dict[str, object] = {
        **axis_style(look),
        "domain": list(domain),
        "anchor": f"x{suffix}",
        "range": list(span),
        "showticklabels": first_column,
        "nticks": 4,
    }
    if LOG[multiples.lineage]:
        ticks, labels = log_ticks(*span)
        settings |= {
            "type": "log",
            "range": [math.log10(span[0]), math.log10(span[1])],
            "tickvals": ticks,
            "ticktext": labels,
        }
    return settings


def _thresholds(multiples: Multiples, look: Look, suffix: str) -> list[dict[str, object]]:
    return [
        {
            "type": "line",
            "x0": 0,
            "x1": 1,
            "xref": f"x{suffix} domain",
            "y0": limit,
            "y1": limit,
            "yref": f"y{suffix}",
            "line": {"color": look.palette.muted, "width": 1, "dash": "dot"},
            "layer": "below",
        }
        for limit in multiples.thresholds
    ]


def _table(multiples: Multiples, look: Look) -> pd.DataFrame:
    labs = multiples.labs.sort_values(["PCODE", "ADY"], key=patient_order)
    return pd.DataFrame(
        {
            look.say("column.patient"): labs["PCODE"].to_numpy(),
            look.say("column.study_day"): labs["ADY"].astype("Int64").to_numpy(),
            look.say("column.value"): [f"{c}{v:g}" for c, v in zip(labs["CENS"].fillna(""), labs["AVAL"], strict=True)],
            look.say("column.unit"): look.say(f"unit.{multiples.lineage}"),
            look.say("column.support"): [look.say("term.yn.Y") if s else "" for s in labs["SUPPORTED"]],
        }
    )
