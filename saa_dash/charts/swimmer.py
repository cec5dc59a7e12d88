"""Who is where on study: one bar per patient from day 1 to the last contact, events as marks."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import Swimmer
from .occupancy import figure_occupancy
from .theme import DAY_ONE, SMALL, Look, base_figure, escape, study_day_ticks
from .view import FigureView

MAX_LANES = 80  # more patients than this are counted instead
_LABELLED = 0.04  # share of the axis that a bar needs for its letters
# Symbol, size and glyph of each event; the catalogue holds chart.event.<KIND> or cohort.event.<KIND>.
EVENTS = {
    "SAE": ("square", 13, "□"),
    "INFUSION": ("diamond", 10, "◆"),
    "INDEPENDENT": ("circle", 11, "○"),
    "RELAPSE": ("triangle-down", 11, "▼"),
    "HSCT": ("star", 12, "★"),
    "SALVAGE": ("star-triangle-up", 11, "▲"),
    "DEATH": ("cross", 12, "✚"),
    "WITHDRAWAL": ("x", 10, "✖"),
    "LOST": ("x-thin-open", 10, "×"),
    "COMPLETED": ("circle", 8, "●"),
}
_OWN_WORDS = ("INDEPENDENT", "SAE")


def figure_swimmer(swimmer: Swimmer, look: Look, *, rule: str) -> FigureView:
    """Return bars coloured by response state with event marks and an arrow where the patient is still followed.

    Parameters
    ----------
    rule : the response rule in words, "" where response is not assessed. More than `MAX_LANES` patients are counted
        (`occupancy`) instead of drawn one by one.
    """
    if len(swimmer.patients) > MAX_LANES:
        return figure_occupancy(swimmer, look, rule=rule)
    colours = look.palette
    patients = swimmer.patients.reset_index(drop=True)
    n = len(patients)
    row = 26 if n <= 30 else 14
    figure = base_figure(look, 64 + max(row * n, 60), margin=(52, 24, 8, 40))
    level = dict(zip(patients["PCODE"], range(n, 0, -1), strict=True))
    _bars(figure, swimmer, look, level, 0.62)
    ongoing = patients[patients["ONGOING"]]
    figure.add_scatter(
        x=ongoing["LAST"] + 1.5,
        y=ongoing["PCODE"].map(level),
        mode="markers",
        marker={"symbol": "triangle-right", "size": 9, "color": colours.muted},
        customdata=ongoing["PCODE"],
        hovertext=[look.say("chart.swimmer.ongoing", patient=escape(p)) for p in ongoing["PCODE"]],
        hoverinfo="text",
        name="ongoing",
    )
    _events(figure, swimmer.events, look, level)
    last = float(patients["LAST"].max()) if n else 85
    values, labels = study_day_ticks(last)
    figure.update_xaxes(
        range=[-3, last * 1.03 + 4],
        tickvals=values,
        ticktext=labels,
        title={"text": look.say(DAY_ONE[swimmer.day_one])},
    )
    figure.update_yaxes(
        range=[0.4, n + 0.6],
        tickvals=list(level.values()),
        ticktext=list(level.keys()),
        tickfont={"size": SMALL, "color": colours.text},
        showgrid=False,
    )
    still = int(patients["ONGOING"].sum())
    title = look.say("chart.swimmer.title", n=still, total=n)
    table = _table(swimmer, look)
    return FigureView(figure, title, _subtitle(rule, look), title, _key(swimmer.events, look), table)


def _subtitle(rule: str, look: Look) -> str:
    return look.say("chart.swimmer.subtitle", rule=rule) if rule else look.say("chart.swimmer.subtitle_plain")


def _bars(figure: go.Figure, swimmer: Swimmer, look: Look, level: dict[str, int], width: float) -> None:
    colours = look.palette
    for state in ("", "NYD", "NE", "NR", "PR", "CR"):
        part = swimmer.states[swimmer.states["STATE"] == state]
        if part.empty:
            continue
        fill = colours.surface if state in ("", "NYD") else colours.response[state]
        name = look.say("chart.swimmer.before") if state == "" else look.say(f"term.response.{state}")
        figure.add_bar(
            x=part["TO"] - part["FROM"],
            y=part["PCODE"].map(level),
            base=part["FROM"],
            orientation="h",
            width=width,
            marker={"color": fill, "line": {"color": colours.grid if state in ("", "NYD") else fill, "width": 1}},
            text=_labels(part, state, float(swimmer.states["TO"].max())),
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"size": SMALL, "color": colours.on_response.get(state, colours.muted)},
            customdata=part["PCODE"],
            hovertext=[
                look.say("chart.swimmer.state", patient=escape(p), state=name, start=int(a), end=int(b))
                for p, a, b in zip(part["PCODE"], part["FROM"], part["TO"], strict=True)
            ],
            hoverinfo="text",
            name=state or "before",
        )
    figure.update_layout(barmode="overlay", uniformtext={"minsize": 11, "mode": "show"})


def _labels(part: pd.DataFrame, state: str, last: float) -> list[str]:
    """Return the code for each bar that is wide enough to hold it."""
    if state in ("", "NYD"):
        return [""] * len(part)
    return [state if width >= _LABELLED * last else "" for width in part["TO"] - part["FROM"]]


def _events(figure: go.Figure, events: pd.DataFrame, look: Look, level: dict[str, int]) -> None:
    colours = look.palette
    for kind, (symbol, size, _) in EVENTS.items():
        part = events[(events["KIND"] == kind) & events["PCODE"].isin(list(level))]
        if part.empty:
            continue
        name = event_name(kind, look)
        hollow = kind in _OWN_WORDS
        figure.add_scatter(
            x=part["ADY"],
            y=part["PCODE"].map(level),
            mode="markers",
            marker={
                "symbol": symbol,
                "size": size,
                "color": colours.background if hollow else colours.infusion if kind == "INFUSION" else colours.text,
                "line": {"color": colours.text if hollow else colours.background, "width": 2 if hollow else 1.2},
            },
            customdata=part["PCODE"],
            hovertext=[
                look.say("chart.swimmer.event", patient=escape(p), event=name, day=int(d))
                for p, d in zip(part["PCODE"], part["ADY"], strict=True)
            ],
            hoverinfo="text",
            name=kind,
        )


def _key(events: pd.DataFrame, look: Look) -> str:
    present = [kind for kind in EVENTS if (events["KIND"] == kind).any()]
    return " · ".join([f"{EVENTS[k][2]} {event_name(k, look)}" for k in present] + [look.say("chart.swimmer.arrow")])


def event_name(kind: str, look: Look) -> str:
    """Return the name of a kind of event."""
    return look.say(f"cohort.event.{kind}" if kind in _OWN_WORDS else f"chart.event.{kind}")


def _table(swimmer: Swimmer, look: Look) -> pd.DataFrame:
    events = swimmer.events.sort_values("ADY")
    text = events.assign(
        _t=[
            look.say("chart.swimmer.cell", event=event_name(k, look), day=int(d))
            for k, d in zip(events["KIND"], events["ADY"], strict=True)
        ]
    )
    joined = text.groupby("PCODE")["_t"].agg("; ".join)
    p = swimmer.patients
    return pd.DataFrame(
        {
            look.say("column.patient"): p["PCODE"].to_numpy(),
            look.say("column.last_day"): p["LAST"].astype("Int64").to_numpy(),
            look.say("column.followed"): [look.say("term.yn.Y") if o else look.say("term.yn.N") for o in p["ONGOING"]],
            look.say("column.events"): p["PCODE"].map(joined).fillna("").to_numpy(),
        }
    )
