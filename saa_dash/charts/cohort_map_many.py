"""The response map of many patients: each visit a tall column of stretches of equal response."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.cohort_map import STATES, ResponseMap, runs_of
from ..analysis.schedule import WEEKS
from .theme import BODY, SMALL, Look, base_figure

_HEIGHT = 520


def draw_stretches(page: ResponseMap, look: Look) -> go.Figure:
    """Draw each visit as one tall column of stretches of equal response, patients in the same row throughout."""
    colours, n = look.palette, len(page.order)
    figure = base_figure(look, _HEIGHT, margin=(64, 12, 30, 36))
    runs = pd.concat(
        [
            runs_of(column.set_index("PCODE")["STATE"].reindex(list(page.order))).assign(PLACE=i)
            for i, column in enumerate([*(page.visits[page.visits["WEEK"] == week] for week in WEEKS), page.best])
        ]
    )
    heads = [*(look.say("chart.week", n=week) for week in WEEKS), look.say("cohort.map.best")]
    for state in STATES:
        part = runs[runs["STATE"] == state]
        if part.empty:
            continue
        name = look.say(f"term.response.{state}")
        figure.add_bar(
            x=part["PLACE"],
            y=part["N"],
            base=part["FROM"],
            width=0.86,
            marker={
                "color": colours.response[state],
                "line": {"width": 1 if state == "NYD" else 0, "color": colours.grid},
                "pattern": {
                    "shape": "/" if state == "NE" else "", "fgcolor": colours.background, "size": 6, "solidity": 0.2,
                    "fillmode": "overlay",
                },
            },
            text=[f"{state} {count}" if count > 0.03 * n else "" for count in part["N"]] if state != "NYD" else None,
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"size": SMALL, "color": colours.on_response[state]},
            hovertext=[
                look.say("cohort.map.run", where=heads[place], state=name, n=int(count))
                for place, count in zip(part["PLACE"], part["N"], strict=True)
            ],
            hoverinfo="text",
            name=state,
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        uniformtext={"minsize": SMALL, "mode": "hide"},
        xaxis={
            "tickvals": list(range(len(heads))), "ticktext": heads, "showgrid": False,
            "tickfont": {"size": BODY, "color": colours.text}, "fixedrange": True,
        },
        yaxis={"range": [n, 0], "title": {"text": look.say("chart.occupancy.axis")}, "fixedrange": True},
    )  # fmt: skip
    return figure


def count_table(page: ResponseMap, look: Look) -> pd.DataFrame:
    columns = {look.say("chart.week", n=week): page.visits[page.visits["WEEK"] == week] for week in WEEKS}
    columns[look.say("cohort.map.best")] = page.best
    counted = {name: rows["STATE"].value_counts() for name, rows in columns.items()}
    return pd.DataFrame(
        {look.say("column.response"): [look.say(f"term.response.{state}") for state in STATES]}
        | {name: [int(counts.get(state, 0)) for state in STATES] for name, counts in counted.items()}
    )
