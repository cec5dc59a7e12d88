"""Who is where on study, many patients: how many in each state by study day, as stacked bars."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.occupancy import STATES, count_states, occupancy_days
from ..analysis.results import Swimmer
from .palette import Palette
from .theme import DAY_ONE, SMALL, Look, base_figure, study_day_ticks
from .view import FigureView

_PATTERN = {"LOST": "/", "WITHDRAWAL": "x", "NE": "/"}
_TOLD_DAYS = (1, 29, 57, 85, 169)


def figure_occupancy(swimmer: Swimmer, look: Look, *, rule: str, height: int = 420) -> FigureView:
    """Return one stack per week: patients by response state while followed, and by what ended it after.

    Parameters
    ----------
    rule : the response rule in words, "" where response is not assessed.
    """
    patients = swimmer.patients
    n, last = len(patients), float(patients["LAST"].max())
    days = occupancy_days(last)
    table = count_states(swimmer, days)
    figure = base_figure(look, height, margin=(52, 16, 44, 40))
    step = float(days[1] - days[0]) if len(days) > 1 else 7.0
    for state in STATES:
        part = table[table["STATE"] == state]
        if len(part):
            _bars(figure, part, state, n, step, look)
    values, labels = study_day_ticks(last)
    figure.update_xaxes(
        range=[1 - 0.6 * step, days[-1] + 0.6 * step],
        tickvals=values,
        ticktext=labels,
        title={"text": look.say(DAY_ONE[swimmer.day_one])},
        showgrid=False,
    )
    figure.update_yaxes(range=[0, n], title={"text": look.say("chart.occupancy.axis")})
    figure.update_layout(
        barmode="stack",
        bargap=0,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.01,
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"size": SMALL, "color": look.palette.text},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    still = int(patients["ONGOING"].sum())
    title = look.say("chart.swimmer.title", n=still, total=n)
    return FigureView(
        figure,
        title,
        look.say("chart.occupancy.subtitle", rule=rule) if rule else look.say("chart.occupancy.subtitle_plain"),
        look.say("chart.occupancy.alt", n=n, title=title),
        look.say("chart.occupancy.footnote"),
        _table(count_states(swimmer, days_told(last)), n, look),
        patients=False,
    )


def days_told(last: float) -> np.ndarray:
    """Return the days of the table: day 1 and the visits of weeks 4, 8, 12 and 24, as far as anybody came."""
    return np.array([float(day) for day in _TOLD_DAYS if day <= max(last, 1)])


def _name(state: str, look: Look) -> str:
    if state in STATES[:4]:
        return look.say(f"term.response.{state}")
    return look.say(f"chart.occupancy.{state or 'FOLLOWED'}")


def _colour(state: str, colours: Palette) -> str:
    fixed = {"": colours.treatment, "AHEAD": colours.surface, "COMPLETED": colours.grid, "DEATH": colours.text}
    return fixed.get(state) or colours.response.get(state, colours.muted)


def _bars(figure: go.Figure, part: pd.DataFrame, state: str, n: int, step: float, look: Look) -> None:
    colours, name = look.palette, _name(state, look)
    colour = _colour(state, colours)
    figure.add_bar(
        x=part["ADY"],
        y=part["N"],
        width=step,
        marker={
            "color": colour,
            "line": {"width": 0.5, "color": colours.grid if state == "AHEAD" else colours.background},
            "pattern": {
                "shape": _PATTERN.get(state, ""),
                "fgcolor": colours.background,
                "size": 5,
                "solidity": 0.25,
                "fillmode": "overlay",
            },
        },
        hovertext=[
            look.say("chart.occupancy.hover", day=int(day), state=name, x=int(x), n=n, percent=f"{100 * x / n:.0f}")
            for day, x in zip(part["ADY"], part["N"], strict=True)
        ],
        hoverinfo="text",
        name=name,
    )


def _table(told: pd.DataFrame, n: int, look: Look) -> pd.DataFrame:
    wide = told.pivot_table(index="ADY", columns="STATE", values="N", aggfunc="sum", fill_value=0)
    wide = wide[[state for state in STATES if state in wide]]
    shown = pd.DataFrame({look.say("column.study_day"): wide.index.astype(int)})
    for state in wide:
        shown[_name(str(state), look)] = [look.say("chart.rate.none", x=int(x), n=n) for x in wide[state]]
    return shown
