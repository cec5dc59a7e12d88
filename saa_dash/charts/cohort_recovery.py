"""Recovery of the three lineages: per patient three lanes over study days, with the support given meanwhile."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.recovery import THRESHOLDS
from ..analysis.trilineage import (
    BASELINE,
    LINEAGES,
    OPEN,
    RECOVERED,
    RIVAL,
    LineageSummary,
    Trilineage,
)
from .cohort_marks import support_name
from .cohort_recovery_table import lane_table
from .theme import BODY, DAY_ONE, SMALL, Look, base_figure, escape, study_day_ticks
from .view import FigureView

MAX_PATIENTS = 20  # more than this are paged
_LANE = 15  # px
_PATIENT = 3.7  # lanes a patient takes, the gap included


def figure_trilineage(page: Trilineage, codes: list[str], look: Look, *, rule: str) -> FigureView:
    """Return the lanes of some patients.

    Parameters
    ----------
    codes : P-codes drawn, from top to bottom. rule : rule set and origin in words.
    """
    n = len(codes)
    lanes = page.lanes[page.lanes["PCODE"].isin(codes)]
    figure = base_figure(look, 92 + round(_LANE * _PATIENT * n), margin=(104, 16, 12, 52))
    y = {(code, lineage): (n - i) * _PATIENT - j for i, code in enumerate(codes) for j, lineage in enumerate(LINEAGES)}
    shown = lanes.assign(Y=_places(lanes, y))
    _tracks(figure, shown, look)
    _growth(figure, _placed(page.growth, codes, y), look)
    _transfusions(figure, _placed(page.transfusions, codes, y), shown, look)
    _marks(figure, shown, look)
    last = float(np.nanmax([29.0, *lanes["LASTDY"], *lanes["DAY"]]))
    ticks, words = study_day_ticks(last)
    figure.update_layout(
        annotations=[*figure.layout.annotations, *_names(codes, y, look)],
        shapes=[*figure.layout.shapes, *_bands(codes, look)],
        barmode="overlay",
        xaxis={
            "range": [-9, last * 1.02 + 2], "tickvals": ticks, "ticktext": words,
            "title": {"text": look.say(DAY_ONE[page.day_one])},
        },
        yaxis={
            "range": [_PATIENT - 3.2, n * _PATIENT + 0.75], "tickvals": list(y.values()),
            "ticktext": [look.say(f"cohort.short.{lineage}") for _, lineage in y],
            "tickfont": {"size": SMALL, "color": look.palette.muted}, "showgrid": False, "fixedrange": True,
        },
    )  # fmt: skip
    title = _title(page, look)
    return FigureView(
        figure,
        title,
        look.offer("cohort.recovery.subtitle", thresholds=_thresholds(page.summaries, look), rule=rule),
        look.say("cohort.recovery.alt", title=title, n=n),
        look.say("cohort.recovery.footnote"),
        lane_table(page, look),
    )


def _title(page: Trilineage, look: Look) -> str:
    parts = look.say("cohort.separator").join(
        look.say(
            "cohort.recovery.part", name=look.say(f"chart.lineage.{s.lineage}"), x=s.recovered.events,
            n=s.recovered.total,
        )
        for s in page.summaries
    )  # fmt: skip
    return look.say("cohort.recovery.title", x=page.all_three.events, n=page.all_three.total, parts=parts)


def _thresholds(summaries: tuple[LineageSummary, ...], look: Look) -> str:
    return look.say("cohort.separator").join(
        f"{look.say(f'cohort.short.{s.lineage}')} ≥{s.threshold:g} {look.say(f'unit.{s.lineage}')}" for s in summaries
    )


def _places(frame: pd.DataFrame, y: dict[tuple[str, str], float]) -> np.ndarray:
    return np.array([y[key] for key in zip(frame["PCODE"], frame["LINEAGE"], strict=True)], dtype="float64")


def _placed(frame: pd.DataFrame, codes: list[str], y: dict[tuple[str, str], float]) -> pd.DataFrame:
    part = frame[frame["PCODE"].isin(codes)]
    return part.assign(Y=_places(part, y))


def _names(codes: list[str], y: dict[tuple[str, str], float], look: Look) -> list[dict[str, object]]:
    return [
        {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -54, "y": y[code, LINEAGES[1]], "showarrow": False,
         "text": f"<b>{escape(code)}</b>", "font": {"size": BODY, "color": look.palette.text}}
        for code in codes
    ]  # fmt: skip


def _bands(codes: list[str], look: Look) -> list[dict[str, object]]:
    """Return a pale band behind every second patient."""
    n = len(codes)
    return [
        {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": (n - i) * _PATIENT - 2.85,
         "y1": (n - i) * _PATIENT + 0.85, "fillcolor": look.palette.surface, "line": {"width": 0}, "layer": "below"}
        for i in range(0, n, 2)
    ]  # fmt: skip


def _segments(frame: pd.DataFrame, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return horizontal stretches as one line with gaps."""
    gap = np.full(len(frame), np.nan)
    return np.column_stack([first, last, gap]).ravel(), np.column_stack([frame["Y"], frame["Y"], gap]).ravel()


def _tracks(figure: go.Figure, lanes: pd.DataFrame, look: Look) -> None:
    """Draw day 1 to the last count as a thin line, and what follows the recovery as a thick one."""
    known = lanes[lanes["LASTDY"].notna()]
    x, y = _segments(known, np.ones(len(known)), np.fmax(known["LASTDY"].to_numpy("float64"), 1))
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": look.palette.muted, "width": 1}, opacity=0.55, hoverinfo="skip",
        name="followed",
    )  # fmt: skip
    for lineage in LINEAGES:
        part = known[(known["LINEAGE"] == lineage) & known["STATUS"].isin([RECOVERED, BASELINE])]
        if part.empty:
            continue
        x, y = _segments(part, part["DAY"].fillna(1.0).to_numpy("float64"), part["LASTDY"].to_numpy("float64"))
        figure.add_scatter(
            x=x, y=y, mode="lines", line={"color": look.palette.lineage[lineage], "width": 4}, opacity=0.45,
            hoverinfo="skip", name=f"since-{lineage}",
        )  # fmt: skip


def _growth(figure: go.Figure, growth: pd.DataFrame, look: Look) -> None:
    if growth.empty:
        return
    figure.add_bar(
        x=growth["TO"] - growth["FROM"] + 1,
        base=growth["FROM"] - 0.5,
        y=growth["Y"] - 0.3,
        orientation="h",
        width=0.26,
        marker={"color": look.palette.treatment, "line": {"width": 0}},
        customdata=[[code, int(max(day, 1))] for code, day in zip(growth["PCODE"], growth["FROM"], strict=True)],
        hovertext=[
            look.say(
                "cohort.recovery.growth", patient=escape(code), name=support_name(kind, look), start=int(a), end=int(b)
            )
            for code, kind, a, b in zip(growth["PCODE"], growth["CLAS"], growth["FROM"], growth["TO"], strict=True)
        ],
        hoverinfo="text",
        name="growth",
    )


def _transfusions(figure: go.Figure, given: pd.DataFrame, lanes: pd.DataFrame, look: Look) -> None:
    """Draw a tick for each transfusion from a week before day 1 on, a tall one for the last of the lineage."""
    if given.empty:
        return
    last = lanes[["PCODE", "LINEAGE", "LASTTX"]]
    rows = given[given["ADY"] >= -7].merge(last, on=["PCODE", "LINEAGE"], how="left")
    final = (rows["ADY"] == rows["LASTTX"]).to_numpy(bool)
    for part, tall in ((rows[~final], False), (rows[final], True)):
        figure.add_scatter(
            x=part["ADY"],
            y=part["Y"],
            mode="markers",
            marker={
                "symbol": "line-ns",
                "size": 13 if tall else 6,
                "line": {"width": 2.4 if tall else 1.4, "color": look.palette.text if tall else look.palette.muted},
            },
            customdata=[[code, int(day)] for code, day in zip(part["PCODE"], part["ADY"], strict=True)],
            hovertext=[
                look.say(
                    "cohort.recovery.last_transfusion" if tall else "cohort.recovery.transfusion",
                    patient=escape(code), name=support_name(kind, look), day=int(day),
                )
                for code, kind, day in zip(part["PCODE"], part["CLAS"], part["ADY"], strict=True)
            ],
            hoverinfo="text",
            name="last-transfusion" if tall else "transfusion",
        )  # fmt: skip


def _marks(figure: go.Figure, lanes: pd.DataFrame, look: Look) -> None:
    """Draw first value, recovery, candidate, competing event and what was reached at baseline already."""
    colours = look.palette
    for lineage in LINEAGES:
        part = lanes[lanes["LINEAGE"] == lineage]
        colour = colours.lineage[lineage]
        early = part[part["FIRSTDY"].notna() & (part["FIRSTDY"] != part["DAY"]) & part["STATUS"].ne(BASELINE)]
        _dots(figure, early, "FIRSTDY", look, f"first-{lineage}", "circle-open", 6, colour, "cohort.recovery.first")
        found = part[part["STATUS"] == RECOVERED]
        _dots(figure, found, "DAY", look, f"recovered-{lineage}", "circle", 12, colour, "cohort.recovery.found")
        _dots(figure, found, "CNFDY", look, f"confirmed-{lineage}", "line-ns", 9, colour, "cohort.recovery.confirmed")
        waiting = part[part["STATUS"] == OPEN]
        _dots(figure, waiting, "DAY", look, f"open-{lineage}", "diamond-open", 12, colour, "cohort.recovery.open")
        held = part[part["STATUS"] == BASELINE].assign(DAY=1.0)
        _dots(figure, held, "DAY", look, f"baseline-{lineage}", "square", 9, colour, "cohort.recovery.baseline")
    rival = lanes[lanes["STATUS"] == RIVAL]
    _dots(figure, rival, "DAY", look, "competing", "cross", 10, colours.text, "cohort.recovery.rival")


def _dots(
    figure: go.Figure,
    part: pd.DataFrame,
    day: str,
    look: Look,
    name: str,
    symbol: str,
    size: int,
    colour: str,
    words: str,
) -> None:
    rows = part[part[day].notna()]
    if rows.empty:
        return
    thin = symbol.endswith(("-open", "-ns"))
    figure.add_scatter(
        x=rows[day],
        y=rows["Y"],
        mode="markers",
        marker={
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"width": 2 if thin else 1, "color": colour if thin else look.palette.background},
        },
        customdata=[[code, int(at)] for code, at in zip(rows["PCODE"], rows[day], strict=True)],
        hovertext=[
            look.say(
                words, patient=escape(code), name=look.say(f"chart.lineage.{lineage}"), day=int(at),
                what=look.say(f"term.ttedesc.{what}") if what != "AT_BASELINE" else "",
                limit=f"{THRESHOLDS[param][1]:g}",
            )
            for code, lineage, at, what, param in zip(
                rows["PCODE"], rows["LINEAGE"], rows[day], rows["WHAT"], rows["PARAMCD"], strict=True
            )
        ],
        hoverinfo="text",
        name=name,
    )  # fmt: skip
