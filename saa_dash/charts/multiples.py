"""All patients side by side: one small panel each, one test, the same axes."""

from __future__ import annotations

import math

from ..analysis.results import Multiples
from .cohort_marks import CohortDrawing, axis_unit, colour_of, course_table, draw_marks, gapped, height_of
from .scale import Scale, scale_of
from .theme import BODY, SMALL, Look, axis_style, base_figure, dotted_limit, escape, log_ticks
from .view import FigureView

MAX_PANELS = 24  # more patients than this are paged
_DAYS = (1.0, 29.0, 57.0, 85.0, 169.0)
_ROW = 165  # px of one row of panels


def figure_multiples(multiples: Multiples, drawing: CohortDrawing, look: Look, *, columns: int = 5) -> FigureView:
    """Return one panel per patient on shared axes."""
    patients = [str(code) for code in multiples.patients["PCODE"].head(MAX_PANELS)]
    n = max(len(patients), 1)
    columns = min(columns, n)
    rows = math.ceil(n / columns)
    values = multiples.values[multiples.values[drawing.column].notna()]
    limits = multiples.limits if drawing.measure == "value" else ()
    scale = scale_of(values[drawing.column].to_numpy(), [value for value, _ in limits], log=drawing.log)
    span = (float(min([1.0, *values["ADY"]])), float(max([29.0, *values["ADY"]])))
    figure = base_figure(look, 56 + _ROW * rows, margin=(44, 64, 8, 52))
    gap_x, gap_y = 0.018, 0.13 / rows
    width = (1 - gap_x * (columns - 1)) / columns
    height = (1 - gap_y * rows) / rows
    axes: dict[str, object] = {}
    lines: list[dict[str, object]] = []
    names: list[dict[str, object]] = []
    colour = colour_of(multiples.test, look)
    for i, pcode in enumerate(patients):
        row, column = divmod(i, columns)
        suffix = "" if i == 0 else str(i + 1)
        x0, y1 = column * (width + gap_x), 1 - row * (height + gap_y) - gap_y
        axes[f"xaxis{suffix}"] = {
            **_day_axis(look, span, suffix, (x0, x0 + width)),
            "showticklabels": row == rows - 1 or i + columns >= n,
        }
        axes[f"yaxis{suffix}"] = _value_axis(look, scale, suffix, (y1 - height, y1), first_column=column == 0)
        lines += [dotted_limit(look, value, span, suffix) for value, _ in limits]
        names.append(_panel_name(look, suffix, pcode))
        if column == columns - 1 or i == n - 1:
            names += [_limit_name(look, suffix, scale, value, name) for value, name in limits]
        part = values[values["PCODE"] == pcode]
        x, y = gapped(part, height_of(part[drawing.column], scale))
        figure.add_scatter(
            x=x, y=y, xaxis=f"x{suffix}", yaxis=f"y{suffix}", mode="lines", line={"color": colour, "width": 1.4},
            hoverinfo="skip", name="line",
        )  # fmt: skip
        draw_marks(figure, part, drawing, scale, look, colour, size=4, axes=(f"x{suffix}", f"y{suffix}"))
    # all at once: a figure checks everything it holds again with each shape that is added singly
    figure.update_layout(**axes, shapes=lines, annotations=(*figure.layout.annotations, *names))
    return FigureView(
        figure,
        look.say("chart.multiples.title", name=drawing.name),
        look.say("cohort.multiples.subtitle", unit=axis_unit(drawing, look), n=len(patients),
                 origin=look.say(f"cohort.from.{multiples.origin}")),
        look.say("chart.multiples.alt", name=drawing.name, n=len(patients)),
        " ".join([look.say("chart.multiples.footnote"), *drawing.notes]),
        course_table(values, drawing, look),
    )  # fmt: skip


def _panel_name(look: Look, suffix: str, pcode: str) -> dict[str, object]:
    return {
        "x": 0,
        "y": 1,
        "xref": f"x{suffix} domain",
        "yref": f"y{suffix} domain",
        "yanchor": "bottom",
        "xanchor": "left",
        "text": f"<b>{escape(pcode)}</b>",
        "showarrow": False,
        "font": {"size": BODY, "color": look.palette.text},
    }


def _limit_name(look: Look, suffix: str, scale: Scale, value: float, name: str) -> dict[str, object]:
    return {
        "x": 1,
        "y": scale.on_axis(value),
        "xref": f"x{suffix} domain",
        "yref": f"y{suffix}",
        "xanchor": "left",
        "xshift": 3,
        "text": look.say(f"cohort.limit.{name}", value=f"{value:g}"),
        "showarrow": False,
        "font": {"size": SMALL, "color": look.palette.muted},
    }


def _day_axis(look: Look, span: tuple[float, float], suffix: str, domain: tuple[float, float]) -> dict[str, object]:
    pad = 0.03 * (span[1] - span[0])  # marks at the ends stay whole
    days = [day for day in _DAYS if day <= span[1]]
    return {
        **axis_style(look),
        "domain": list(domain),
        "anchor": f"y{suffix}",
        "range": [span[0] - pad, span[1] + pad],
        "tickvals": days,
        "ticktext": [f"{day:.0f}" for day in days],
    }


def _value_axis(
    look: Look, scale: Scale, suffix: str, domain: tuple[float, float], *, first_column: bool
) -> dict[str, object]:
    settings: dict[str, object] = {
        **axis_style(look),
        "domain": list(domain),
        "anchor": f"x{suffix}",
        "range": [scale.on_axis(scale.low), scale.on_axis(scale.high)],
        "showticklabels": first_column,
        "nticks": 4,
    }
    if scale.log:
        ticks, labels = log_ticks(scale.low, scale.high)
        settings |= {"type": "log", "tickvals": ticks, "ticktext": labels}
    return settings
