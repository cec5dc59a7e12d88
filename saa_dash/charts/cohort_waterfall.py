"""The best unsupported change of each patient from baseline, sorted, one panel per lineage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.waterfall import LEVELS, LineageChange
from .theme import SMALL, Look, axis_style, base_figure, escape
from .view import FigureView

_HEIGHT = 430
_GAP = 0.055  # between panels, share of the width
_EXACT_BELOW = 10  # changes smaller than this are written with two digits
_NAMED = 16  # up to so many bars carry code and change
# How far the best value came: fill, second code beside the strength of the colour.
_PATTERN = {"CR": "", "FREE": "/", "BELOW": "", "": ""}
_STRENGTH = {"CR": 1, "FREE": 0.6, "BELOW": 0.28, "": 0.8}
_OUTLINED = 60  # up to so many bars
_SIGN = {"CR": "■", "FREE": "▨", "BELOW": "□"}


def figure_waterfall(changes: Sequence[LineageChange], look: Look, *, notes: Sequence[str]) -> FigureView:
    """Return the panels of all lineages.

    Parameters
    ----------
    notes : who has no bar and why, under the figure.
    """
    figure = base_figure(look, _HEIGHT, margin=(52, 12, 56, 40))
    width = (1 - _GAP * (len(changes) - 1)) / len(changes)
    for i, change in enumerate(changes):
        left = i * (width + _GAP)
        _panel(figure, change, look, "" if i == 0 else str(i + 1), (left, left + width))
    figure.update_layout(uniformtext={"minsize": SMALL, "mode": "show"})
    title = look.say("cohort.waterfall.title", parts=_joined(look, [_finding(change, look) for change in changes]))
    judged = any(change.limits for change in changes)
    return FigureView(
        figure,
        title,
        look.offer("cohort.waterfall.subtitle"),
        look.say("cohort.waterfall.alt", title=title),
        " ".join(
            [
                _key(look, many=any(len(change.bars) > _OUTLINED for change in changes)) if judged else "",
                look.say("cohort.waterfall.footnote"),
                *notes,
            ]
        ).strip(),
        _table(changes, look),
    )


def _joined(look: Look, parts: Sequence[str]) -> str:
    return look.say("cohort.separator").join(parts)


def _finding(change: LineageChange, look: Look) -> str:
    return look.say(
        "cohort.waterfall.finding",
        name=look.say(f"chart.lineage.{change.lineage}"),
        x=change.risen,
        n=change.patients,
    )


def _key(look: Look, *, many: bool) -> str:
    """Return what the fills mean; of many bars by strength alone."""
    levels = [look.say(f"cohort.level.{level}") for level in LEVELS]
    if many:
        return look.say("cohort.waterfall.strength", levels=" → ".join(levels))
    signed = " · ".join(f"{_SIGN[level]} {words}" for level, words in zip(LEVELS, levels, strict=True))
    return signed + look.say("cohort.stop")


def _panel(figure: go.Figure, change: LineageChange, look: Look, suffix: str, domain: tuple[float, float]) -> None:
    bars, colours = change.bars, look.palette
    named = len(bars) <= _NAMED
    colour = colours.lineage[change.lineage]
    place = np.arange(len(bars))
    for level in (*LEVELS, ""):
        here = (bars["LEVEL"] == level).to_numpy(bool)
        if here.any():
            _bars(figure, bars[here], place[here], change.lineage, level, look, suffix, named, len(bars))
    low, high = float(bars["CHG"].min(skipna=True)) if len(bars) else 0, float(bars["CHG"].max()) if len(bars) else 1
    low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or 1) * 0.12
    figure.update_layout(
        {
            f"xaxis{suffix}": {
                **axis_style(look),
                "domain": list(domain),
                "anchor": f"y{suffix}",
                "range": [-0.7, max(len(bars), 6) - 0.3],
                "tickvals": place if named else [],
                "ticktext": [escape(code) for code in bars["PCODE"]] if named else [],
                "showgrid": False,
            },
            f"yaxis{suffix}": {
                **axis_style(look),
                "domain": [0, 1],
                "anchor": f"x{suffix}",
                "range": [low - (room if low < 0 else room / 3), high + room],
                "zeroline": True,
                "zerolinecolor": colours.muted,
                "zerolinewidth": 1,
                "nticks": 7,
            },
        }
    )
    figure.add_annotation(
        x=0,
        y=1,
        xref=f"x{suffix} domain",
        yref=f"y{suffix} domain",
        xanchor="left",
        yanchor="bottom",
        yshift=24,
        text=f"<b>{look.say(f'chart.lineage.{change.lineage}')}</b> {look.say(f'unit.{change.lineage}')}",
        showarrow=False,
        font={"size": SMALL, "color": colour},
    )


def _bars(
    figure: go.Figure,
    bars: pd.DataFrame,
    place: np.ndarray,
    lineage: str,
    level: str,
    look: Look,
    suffix: str,
    named: bool,
    total: int,
) -> None:
    colours = look.palette
    colour = colours.lineage[lineage]
    many = total > _OUTLINED  # too thin for outline and pattern: strength of the colour alone
    mixed = _mixed(colour, colours.background, _STRENGTH[level])
    change = bars["CHG"].to_numpy("float64")
    figure.add_bar(
        x=place,
        y=change,
        xaxis=f"x{suffix}",
        yaxis=f"y{suffix}",
        width=1.0 if many else 0.72,
        marker={
            "color": mixed if many else colours.background if level == "BELOW" else colour,
            "line": {"width": 0 if many else 1.4, "color": colour},
            "pattern": {
                "shape": "" if many else _PATTERN[level],
                "fgcolor": colours.background,
                "size": 6,
                "solidity": 0.35,
                "fillmode": "overlay",
            },
        },
        text=[_short(value) for value in change] if named else None,
        textposition="outside",
        cliponaxis=False,
        textfont={"size": SMALL, "color": colours.muted},
        customdata=[[code, int(day)] for code, day in zip(bars["PCODE"], bars["ADY"], strict=True)],
        hovertext=_hovers(bars, lineage, look),
        hoverinfo="text",
        name=f"{lineage}-{level}" if level else lineage,
    )
    if not named:
        return
    # no change has no length: a mark on the zero line shows that somebody stands there
    flat = change == 0
    figure.add_scatter(
        x=place[flat],
        y=change[flat],
        xaxis=f"x{suffix}",
        yaxis=f"y{suffix}",
        mode="markers",
        marker={"symbol": "line-ew", "size": 14, "line": {"width": 2.4, "color": colour}},
        hoverinfo="skip",
        name="zero",
    )


def _mixed(colour: str, background: str, strength: float) -> str:
    """Return a colour let down with the background: bars thinner than a pixel lie over one another."""
    parts = [[int(name[i : i + 2], 16) for i in (1, 3, 5)] for name in (colour, background)]
    return "#" + "".join(f"{round(strength * a + (1 - strength) * b):02X}" for a, b in zip(*parts, strict=True))


def _short(change: float) -> str:
    """Return a change as it stands over its bar; the hover and the table tell it exactly."""
    words = f"{abs(change):.2g}" if abs(change) < _EXACT_BELOW else f"{abs(change):.0f}"
    return f"−{words}" if change < 0 else words


def _number(value: float, sign: object) -> str:
    return f"{escape(sign) if isinstance(sign, str) else ''}{value:.4g}"


def _hovers(bars: pd.DataFrame, lineage: str, look: Look) -> list[str]:
    unit = look.say(f"unit.{lineage}")
    out = []
    bases, bests = _texts(bars["BASE"], bars["BASECENS"]), _texts(bars["AVAL"], bars["CENS"])
    for code, base, best, day, change, level, held in zip(
        bars["PCODE"], bases, bests, bars["ADY"], bars["CHG"], bars["LEVEL"], bars["BASEHELD"], strict=True
    ):
        text = look.say(
            "cohort.waterfall.hover", patient=escape(code), base=base, best=best, unit=unit, day=int(day),
            change=f"{change:+.4g}",
        )  # fmt: skip
        if level:
            text += "<br>" + look.say(f"cohort.level.{level}")
        if held:
            text += "<br>" + look.say("cohort.waterfall.base_held")
        out.append(text)
    return out


def _table(changes: Sequence[LineageChange], look: Look) -> pd.DataFrame:
    parts = []
    for change in changes:
        bars = change.bars
        parts.append(
            pd.DataFrame(
                {
                    look.say("cohort.column.lineage"): look.say(f"chart.lineage.{change.lineage}"),
                    look.say("column.patient"): bars["PCODE"],
                    look.say("cohort.column.baseline"): _texts(bars["BASE"], bars["BASECENS"]),
                    look.say("cohort.column.base_held"): [
                        look.say("term.yn.Y") if held else look.say("term.yn.N") for held in bars["BASEHELD"]
                    ],
                    look.say("cohort.column.best"): _texts(bars["AVAL"], bars["CENS"]),
                    look.say("column.study_day"): bars["ADY"].astype("Int64"),
                    look.say("cohort.column.change"): [f"{value:+.4g}" for value in bars["CHG"]],
                    look.say("column.unit"): look.say(f"unit.{change.lineage}"),
                    look.say("cohort.column.level"): [
                        look.say(f"cohort.level.{level}") if level else "" for level in bars["LEVEL"]
                    ],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _texts(values: pd.Series, signs: pd.Series) -> list[str]:
    return [f"{sign}{value:.4g}" for value, sign in zip(values, signs.fillna(""), strict=True)]
