"""Adverse events by the band of days in which they began, stacked by grade: for many patients, or without persons."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.ae_levels import LEVELS, Scale
from ..analysis.ae_terms import BY_EVENT
from ..analysis.ae_time_bars import OnsetBands
from .ae_rows import add_key, level_name
from .ae_time_line import component_name
from .theme import SMALL, Look, base_figure
from .view import FigureView

_HEIGHT = 380


def band_name(first: float, last: float, component: str, look: Look) -> str:
    """Return a band in words: "before", "1–7", "85 and later"; study days from ATG or the first dose, else days."""
    if first != first:
        return look.say("ae_time.band.before")
    shift = 1 if component in ("ATG", "DOSE") else 0
    if last != last:
        return look.say("ae_time.band.later", first=int(first) + shift)
    return f"{int(first) + shift}–{int(last) + shift}"


def figure_bands(bands: OnsetBands, scale: Scale, look: Look, *, total: int) -> FigureView:
    """Return one bar per band.

    Parameters
    ----------
    bands : of the safety set. scale : what the levels mean. total : patients of the safety set.
    """
    rows = bands.rows
    names = [band_name(a, b, bands.component, look) for a, b in zip(rows["FROM"], rows["TO"], strict=True)]
    under = [look.say("ae_time.band.under", x=x, n=n) for x, n in zip(rows["PATIENTS"], rows["OBSERVED"], strict=True)]
    figure = base_figure(look, _HEIGHT, margin=(64, 16, 66, 74))
    _bars(figure, rows, names, scale, look)
    top = max(int(rows["EVENTS"].max()), 1)
    component = component_name(bands.component, look)
    figure.update_layout(
        barmode="stack",
        xaxis={"range": [-0.6, len(rows) - 0.4], "showgrid": False, "fixedrange": True,
               "tickvals": list(range(len(rows))),
               "ticktext": [f"{name}<br>{words}" for name, words in zip(names, under, strict=True)],
               "title": {"text": look.say(f"ae_time.axis.{bands.component}"), "standoff": 10}},
        yaxis={"range": [0, top * 1.12], "title": {"text": look.say("ae_time.band.events"), "standoff": 6},
               "fixedrange": True},
    )  # fmt: skip
    present = [level for level, column in enumerate(BY_EVENT) if rows[column].any()]
    add_key(figure, present, scale, look, serious=False)
    events = int(rows["EVENTS"].sum())
    n = int(rows["OBSERVED"].iloc[0])
    title = look.say("ae_time.line.title", x=events, n=n, component=component)
    alt = "; ".join(f"{name} {x}" for name, x in zip(names, rows["EVENTS"], strict=True))
    foot = [look.say("ae_time.band.footnote")]
    if bands.without:
        foot.append(look.say("ae_time.without", n=bands.without, component=component))
    if bands.undated:
        foot.append(look.say("ae_time.undated", n=bands.undated))
    return FigureView(
        figure,
        title,
        look.say("ae_time.band.subtitle", component=component, n=n, total=total),
        f"{title} {alt}",
        " ".join(foot),
        _table(bands, names, scale, look),
        patients=False,
    )


def _bars(figure: go.Figure, rows: pd.DataFrame, names: list[str], scale: Scale, look: Look) -> None:
    """Stack the events of each band, worst at the foot, their sum on top."""
    colours = look.palette
    places = list(range(len(rows)))
    for level in reversed(range(LEVELS)):
        counts = rows[BY_EVENT[level]].to_numpy("int64")
        if not counts.any():
            continue
        figure.add_bar(
            x=places,
            y=counts,
            width=0.72,
            marker={
                "color": colours.grade.get(level, colours.background),
                "line": {"width": 1, "color": colours.muted if level < 2 else colours.grade[level]},
                "pattern": {"shape": "" if level else "/", "fgcolor": colours.muted, "size": 5},
            },
            hovertext=[
                look.say("ae_time.band.hover", band=name, level=level_name(level, scale, look), n=int(n))
                for name, n in zip(names, counts, strict=True)
            ],
            hoverinfo="text",
            name=f"level {level}",
        )
    figure.add_scatter(
        x=places, y=rows["EVENTS"], mode="text", text=[str(n) for n in rows["EVENTS"]], textposition="top center",
        textfont={"size": SMALL, "color": colours.text}, hoverinfo="skip", cliponaxis=False, name="totals",
    )  # fmt: skip


def _table(bands: OnsetBands, names: list[str], scale: Scale, look: Look) -> pd.DataFrame:
    rows = bands.rows
    columns = {
        look.say(f"ae_time.axis.{bands.component}"): names,
        look.say("ae.column.events"): rows["EVENTS"].to_numpy(),
        look.say("ae.column.patients"): rows["PATIENTS"].to_numpy(),
        look.say("ae_time.column.observed"): rows["OBSERVED"].to_numpy(),
    }
    for level in reversed(range(LEVELS)):
        if rows[BY_EVENT[level]].any():
            name = look.say("ae.column.level_events", level=level_name(level, scale, look))
            columns[name] = rows[BY_EVENT[level]].to_numpy()
    return pd.DataFrame(columns)
