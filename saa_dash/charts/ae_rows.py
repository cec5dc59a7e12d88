"""Rows of adverse events: a name, what happened to whom, and the share of patients with its interval beside x/n."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from ..analysis.ae_levels import LEVELS, LEVELS_OF, Scale
from .theme import SMALL, Look, base_figure, escape

LEFT, RIGHT = (0.0, 0.60), (0.66, 1.0)
MAX_SQUARES = 40  # more marks than this in one row are drawn as a bar
_ROW, _TWO_LINES = 25, 35  # px of a row with a name of one line, of two
_NAME = 30  # letters of a name on one line
_MANY = 100  # more patients than this get per cents with a decimal
_LETTER, _GAP = 6.4, 26  # px of a letter of the answers at the right, and around them
_CJK = 0x2E80  # characters from here on are Chinese
_TOP, _BOTTOM = 66, 34  # above the plot: key, headings, and the stamp of synthetic data


@dataclass(frozen=True)
class Row:
    """One row.

    Parameters
    ----------
    name : as the reader knows it. head : whether it heads the rows below it.
    patients, total, estimate, lower, upper : share of patients; limits in 0…1. events : how many.
    levels : patients or events by level 0…5, for bars. data : `customdata` of its marks.
    """

    name: str
    head: bool
    patients: int
    total: int
    estimate: float
    lower: float
    upper: float
    events: int
    levels: tuple[int, ...]
    data: tuple[str | int, ...]


def percent(share: float, total: int) -> str:
    """Return a share in per cent, with a decimal where there are many patients: 999 of 1000 is not 100."""
    return f"{100 * share:.{1 if total > _MANY else 0}f}"


def exact_text(row: Row, look: Look) -> str:
    """Return "5/10  50% (19–81%)"; zero as "0/10, upper limit 30.8%"."""
    if not row.total:
        return look.say("chart.rate.none", x=row.patients, n=row.total)
    if not row.patients:
        return look.say("ae.rate.zero", total=row.total, upper=f"{100 * row.upper:.1f}")
    share, lower, upper = (percent(value, row.total) for value in (row.estimate, row.lower, row.upper))
    return look.say("chart.rate.text", x=row.patients, n=row.total, percent=share, lower=lower, upper=upper)


def level_name(level: int, scale: Scale, look: Look) -> str:
    """Return "grade 3" or "severe"; "not graded" for level 0."""
    return look.say(f"ae.level.{scale}.{level}")


def rows_figure(rows: Sequence[Row], look: Look, left: str) -> tuple[go.Figure, list[float]]:
    """Return an empty figure with the names, both axes and their headings, and the height of each row.

    Parameters
    ----------
    left : what the marks at the left are.
    """
    colours = look.palette
    names = [_wrapped(row) for row in rows]
    heights = [_TWO_LINES if "<br>" in name else _ROW for name in names]
    total = sum(heights)
    longest = max((_width(answer_text(row, look)) for row in rows), default=0)
    figure = base_figure(look, total + _TOP + _BOTTOM, margin=(8, round(_LETTER * longest) + _GAP, _TOP, _BOTTOM))
    levels, used = [], 0.0
    for height in heights:
        levels.append(total - used - height / 2)
        used += height
    figure.update_yaxes(
        range=[0, max(total, 1)],
        tickvals=levels,
        ticktext=names,
        tickfont={"size": SMALL, "color": colours.text},
        showgrid=False,
        automargin=True,
        fixedrange=True,
    )
    figure.update_layout(
        xaxis={"domain": list(LEFT), "showgrid": False, "fixedrange": True},
        xaxis2={"domain": list(RIGHT), "anchor": "y", "zeroline": False, "fixedrange": True, "gridcolor": colours.grid},
        barmode="stack",
    )
    for text, where in ((left, LEFT), (look.say("ae.chart.share"), RIGHT)):
        figure.add_annotation(
            x=where[0], y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=22, text=text,
            showarrow=False, font={"size": SMALL, "color": colours.muted},
        )  # fmt: skip
    return figure, levels


def _width(text: str) -> int:
    """Return the width of a text in letters; a Chinese character is as wide as two."""
    return sum(2 if ord(letter) > _CJK else 1 for letter in text)


def _wrapped(row: Row) -> str:
    lines = textwrap.wrap(row.name, _NAME) or [""]
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), _NAME, placeholder="…")]
    text = "<br>".join(escape(line) for line in lines)
    return f"<b>{text}</b>" if row.head else text


def add_shares(figure: go.Figure, rows: Sequence[Row], levels: Sequence[float], look: Look) -> None:
    """Draw a dot with its interval per row and the answer in words at the right edge."""
    colours = look.palette
    known = [(row, y) for row, y in zip(rows, levels, strict=True) if row.total]
    top = max((row.upper for row, _ in known), default=1.0)
    top = 1.0 if top > 0.6 else top * 1.06
    figure.add_scatter(
        x=[row.estimate for row, _ in known],
        y=[y for _, y in known],
        xaxis="x2",
        mode="markers",
        marker={
            "size": [9 if row.head else 7 for row, _ in known],
            "color": colours.accent,
            "symbol": ["circle" if row.patients else "circle-open" for row, _ in known],
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row.upper - row.estimate for row, _ in known],
            "arrayminus": [row.estimate - row.lower for row, _ in known],
            "color": colours.accent,
            "thickness": 1.3,
            "width": 3,
        },
        customdata=[list(row.data) for row, _ in known],
        hovertext=[f"{escape(row.name)}<br>{answer_text(row, look)}" for row, _ in known],
        hoverinfo="text",
        name="share",
    )
    step = next(s for s in (0.02, 0.05, 0.1, 0.25) if top / s <= 5 or s == 0.25)
    ticks = [step * i for i in range(int(top / step + 1e-9) + 1)]
    figure.update_layout(
        xaxis2={
            "range": [-0.02 * top, 1.02 * top],
            "tickvals": ticks,
            "ticktext": [f"{100 * tick:.0f}%" if tick == ticks[-1] else f"{100 * tick:.0f}" for tick in ticks],
            "tickfont": {"size": SMALL, "color": colours.muted},
        }
    )
    figure.add_scatter(  # one trace: hundreds of annotations take Plotly a minute
        x=[1.02 * top] * len(rows),
        y=list(levels),
        xaxis="x2",
        mode="text",
        text=["\u2002" + answer_text(row, look) for row in rows],  # clear of a dot at 100%
        textposition="middle right",
        textfont={"size": SMALL, "color": colours.text},
        cliponaxis=False,
        hoverinfo="skip",
        name="answers",
    )


def answer_text(row: Row, look: Look) -> str:
    """Return the share in words and the number of events."""
    if not row.patients:
        return exact_text(row, look)
    return f"{exact_text(row, look)} · {look.say('ae.chart.events', n=row.events)}"


def add_bars(
    figure: go.Figure, rows: Sequence[Row], levels: Sequence[float], scale: Scale, look: Look, words: str
) -> None:
    """Draw each row as a bar stacked by level, worst first.

    Parameters
    ----------
    words : catalogue entry of the hover, with name, level and n.
    """
    colours = look.palette
    for level in reversed(range(LEVELS)):
        counts = [row.levels[level] for row in rows]
        if not any(counts):
            continue
        name = level_name(level, scale, look)
        figure.add_bar(
            x=counts,
            y=list(levels),
            orientation="h",
            width=[13.0] * len(rows),
            marker={
                "color": colours.grade.get(level, colours.background),
                "line": {"width": 1, "color": colours.muted if level < 2 else colours.grade[level]},
                "pattern": {"shape": "" if level else "/", "fgcolor": colours.muted, "size": 5},
            },
            customdata=[[*row.data, level] for row in rows],
            hovertext=[
                look.say(words, name=escape(row.name), level=name, n=n) for row, n in zip(rows, counts, strict=True)
            ],
            hoverinfo="text",
            name=f"level {level}",
        )


def add_squares(
    figure: go.Figure, marks: pd.DataFrame, data: list[list[str | int]], size: int, scale: Scale, look: Look
) -> None:
    """Draw one square per row of `marks`: colour and digit the level, thick outline serious.

    Parameters
    ----------
    marks : X, Y, LEVEL, SERIOUS, HOVER (escaped). data : `customdata` of each. size : px of a square.
    """
    colours = look.palette
    level = marks["LEVEL"]
    plain = level.map({n: colours.muted if n < 2 else colours.grade[n] for n in range(LEVELS)})
    figure.add_scatter(
        x=marks["X"],
        y=marks["Y"],
        mode="markers+text" if size >= 15 else "markers",
        marker={
            "symbol": "square",
            "size": size,
            "color": level.map({n: colours.grade.get(n, colours.background) for n in range(LEVELS)}),
            "line": {
                "width": marks["SERIOUS"].map({True: 3.0, False: 1.0}).tolist(),
                "color": plain.mask(marks["SERIOUS"], colours.text),
            },
        },
        text=level.map({n: look.say(f"ae.mark.{scale}.{n}") for n in range(LEVELS_OF[scale])}),
        textfont={
            "size": SMALL,
            "color": level.map({0: look.palette.text} | look.palette.on_grade),
        },
        customdata=data,
        hovertext=marks["HOVER"],
        hoverinfo="text",
        name="marks",
    )


def add_key(figure: go.Figure, present: Sequence[int], scale: Scale, look: Look, *, serious: bool) -> None:
    """Name the colours of the levels that occur in one line above the plot, worst first."""
    colours = look.palette
    parts = [
        f'<span style="color:{colours.grade[level] if level > 1 else colours.muted}">'
        f"{'■' if level > 1 else '□' if level else '▨'}</span> {level_name(level, scale, look)}"
        for level in sorted(present, reverse=True)
    ]
    if serious:
        parts.append(look.say("ae.chart.thick"))
    figure.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=42, text="\u2003".join(parts),
        showarrow=False, font={"size": SMALL, "color": colours.text},
    )  # fmt: skip
