"""Who is where on study: one bar per patient from day 1 to the last contact, events as marks.

The bar has the colour of the response only while response is assessed; what follows withdrawal, transplant or another
end up to the last contact is a thin line without colour.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import Swimmer
from ..analysis.stretches import AFTER
from .occupancy import figure_occupancy
from .swimmer_letters import place_letters
from .theme import DAY_ONE, SMALL, Look, base_figure, escape, study_day_ticks
from .view import FigureView

MAX_LANES = 80  # more patients than this are counted instead
_BAR, _THIN = 0.62, 0.1  # of a row: how high the bar is, and the line after it
_GREY = ("", "NYD")
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
    last = float(patients["LAST"].max()) if n else 85
    _bars(figure, swimmer, look, level)
    _after(figure, swimmer, look, level)
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
    _letters(figure, swimmer, look, level, last)
    _events(figure, swimmer.events, look, level)
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
    return FigureView(
        figure,
        title,
        _subtitle(rule, look),
        _alt(swimmer, title, look),
        _key(swimmer, rule, look),
        _table(swimmer, look),
    )


def _subtitle(rule: str, look: Look) -> str:
    return look.say("chart.swimmer.subtitle", rule=rule) if rule else look.say("chart.swimmer.subtitle_plain")


def _alt(swimmer: Swimmer, title: str, look: Look) -> str:
    thin = swimmer.states.loc[swimmer.states["STATE"] == AFTER, "PCODE"].nunique()
    return f"{title} {look.say('chart.swimmer.alt_after', n=thin)}" if thin else title


def _bars(figure: go.Figure, swimmer: Swimmer, look: Look, level: dict[str, int]) -> None:
    colours = look.palette
    for state in (*_GREY, "NE", "NR", "PR", "CR"):
        part = swimmer.states[swimmer.states["STATE"] == state]
        if part.empty:
            continue
        fill = colours.surface if state in _GREY else colours.response[state]
        name = look.say("chart.swimmer.before") if state == "" else look.say(f"term.response.{state}")
        figure.add_bar(
            x=part["TO"] - part["FROM"],
            y=part["PCODE"].map(level),
            base=part["FROM"],
            orientation="h",
            width=_BAR,
            marker={"color": fill, "line": {"color": colours.grid if state in _GREY else fill, "width": 1}},
            customdata=part["PCODE"],
            hovertext=[
                look.say("chart.swimmer.state", patient=escape(p), state=name, start=int(a), end=int(b))
                for p, a, b in zip(part["PCODE"], part["FROM"], part["TO"], strict=True)
            ],
            hoverinfo="text",
            name=state or "before",
        )
    figure.update_layout(barmode="overlay")


def _after(figure: go.Figure, swimmer: Swimmer, look: Look, level: dict[str, int]) -> None:
    """Draw what follows the end of the assessment as a thin line."""
    part = swimmer.states[swimmer.states["STATE"] == AFTER].merge(
        swimmer.patients[["PCODE", "LAST", "END", "ENDED"]], on="PCODE"
    )
    if part.empty:
        return
    figure.add_bar(
        x=part["TO"] - part["FROM"],
        y=part["PCODE"].map(level),
        base=part["FROM"],
        orientation="h",
        width=_THIN,
        marker={"color": look.palette.muted},
        customdata=part["PCODE"],
        hovertext=[
            look.say(
                "chart.swimmer.after_hover",
                patient=escape(p),
                event=event_name(why, look),
                day=int(end),
                last=int(last),
            )
            for p, why, end, last in zip(part["PCODE"], part["ENDED"], part["END"], part["LAST"], strict=True)
        ],
        hoverinfo="text",
        name="after",
    )


def _letters(figure: go.Figure, swimmer: Swimmer, look: Look, level: dict[str, int], last: float) -> None:
    """Write the response on each stretch that is long enough, beside the marks that stand on it."""
    coloured = swimmer.states[~swimmer.states["STATE"].isin([*_GREY, AFTER])]
    placed = place_letters(coloured, swimmer.events, last)
    if placed.empty:
        return
    figure.add_scatter(
        x=placed["AT"],
        y=placed["PCODE"].map(level),
        mode="text",
        text=placed["STATE"],
        textfont={"size": SMALL, "color": [look.palette.on_response[state] for state in placed["STATE"]]},
        customdata=placed["PCODE"],
        hoverinfo="skip",
        name="letters",
    )


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


def _key(swimmer: Swimmer, rule: str, look: Look) -> str:
    present = [kind for kind in EVENTS if (swimmer.events["KIND"] == kind).any()]
    words = look.say("chart.swimmer.after" if rule else "chart.swimmer.after_plain")
    after = [words] if (swimmer.states["STATE"] == AFTER).any() else []
    return " · ".join(
        [f"{EVENTS[k][2]} {event_name(k, look)}" for k in present] + [look.say("chart.swimmer.arrow"), *after]
    )


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
    joined = text.groupby("PCODE")["_t"].agg(look.say("pack.list.semicolon").join)
    p = swimmer.patients
    return pd.DataFrame(
        {
            look.say("column.patient"): p["PCODE"].to_numpy(),
            look.say("column.last_day"): p["LAST"].astype("Int64").to_numpy(),
            look.say("chart.swimmer.assessed"): [
                look.say("chart.swimmer.assessed_to", event=event_name(why, look), day=int(end))
                if why
                else look.say("chart.swimmer.assessed_still")
                for why, end in zip(p["ENDED"], p["END"], strict=True)
            ],
            look.say("column.followed"): [look.say("term.yn.Y") if o else look.say("term.yn.N") for o in p["ONGOING"]],
            look.say("column.events"): p["PCODE"].map(joined).fillna("").to_numpy(),
        }
    )
