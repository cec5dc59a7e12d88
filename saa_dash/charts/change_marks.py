"""Marks of what changed since an earlier cut: a ring is new, a ring with a dot changed, crossed out gone.

They are laid over a figure that is drawn already: any figure whose marks have a patient and a place can bear them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..analysis.results import Swimmer
from ..i18n.change_words import change_words
from ..model.change import MARKS, Change
from .swimmer import MAX_LANES
from .theme import Look, escape
from .view import FigureView

# Symbol, size in px and width of the line, by mark.
SYMBOLS = {"NEW": ("circle-open", 23, 2.2), "CHANGED": ("circle-open-dot", 23, 2.2), "GONE": ("x-thin-open", 17, 2.6)}
_DRAWN = ("death", "sae", "response")  # groups that have a place on the way through the study


def add_change_marks(
    figure: go.Figure,
    look: Look,
    marks: pd.DataFrame,
    *,
    axes: tuple[str, str] = ("x", "y"),
) -> None:
    """Draw the marks, one trace per kind, named ``change_NEW`` and so on.

    Parameters
    ----------
    marks : PCODE, X, Y (data units), MARK (of `model.change.MARKS`), WORDS (hover, escaped).
    """
    for mark in MARKS:
        part = marks[marks["MARK"] == mark]
        if part.empty:
            continue
        symbol, size, width = SYMBOLS[mark]
        figure.add_scatter(
            x=part["X"].tolist(),
            y=part["Y"].tolist(),
            xaxis=axes[0],
            yaxis=axes[1],
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": look.palette.text, "line": {"width": width}},
            customdata=part["PCODE"].to_numpy(object),
            hovertext=part["WORDS"].tolist(),
            hoverinfo="text",
            name=f"change_{mark}",
        )


def marks_key(look: Look, present: Iterable[str]) -> str:
    """Return what the marks mean, of those that are present."""
    return look.say("changes.comma").join(
        f"{look.say(f'changes.sign.{mark}')} {look.say(f'changes.mark.{mark}')}"
        for mark in MARKS
        if mark in set(present)
    )


def mark_swimmer(view: FigureView, swimmer: Swimmer, told: Sequence[Change], look: Look) -> FigureView:
    """Return a swimmer figure with rings where death, serious events and response changed.

    Parameters
    ----------
    view : from `swimmer.figure_swimmer` of the same swimmer. told : changes, `who` a P-code. Where patients are counted
        instead of drawn the footnote says that nothing is marked.
    """
    marks = _marks(told, look)
    if len(swimmer.patients) > MAX_LANES:
        note = look.say("changes.not_marked", n=MAX_LANES)
        return replace(view, footnote=f"{view.footnote} {note}".strip())
    codes = swimmer.patients["PCODE"]
    level = dict(zip(codes, range(len(codes), 0, -1), strict=True))
    marks = marks[marks["PCODE"].isin(list(level))]
    last = marks["PCODE"].map(dict(zip(codes, swimmer.patients["LAST"], strict=True)))
    placed = marks.assign(X=np.fmin(marks["X"], last), Y=marks["PCODE"].map(level))
    # of several on one spot the worst one's mark, with the words of all
    spots = placed.groupby(["PCODE", "X", "Y"], sort=False)
    add_change_marks(view.figure, look, spots.agg(MARK=("MARK", "first"), WORDS=("WORDS", "<br>".join)).reset_index())
    words = marks.groupby("PCODE")["PLAIN"].agg(look.say("pack.list.semicolon").join)
    table = view.table.assign(
        **{look.say("changes.column"): view.table[look.say("column.patient")].map(words).astype("object").fillna("")}
    )
    key = look.say("changes.marked", key=marks_key(look, marks["MARK"])) if len(marks) else look.say("changes.unmarked")
    return replace(view, footnote=f"{view.footnote} · {key}" if view.footnote else key, table=table)


def _marks(told: Sequence[Change], look: Look) -> pd.DataFrame:
    rows = []
    for change in told:
        if change.group not in _DRAWN or change.day is None:
            continue
        words = change_words(change, look.lang)
        line = look.say("changes.hover", patient=change.who, change=words, day=change.day)
        rows.append((change.who, float(change.day), change.mark, escape(line), words))
    return pd.DataFrame(rows, columns=["PCODE", "X", "MARK", "WORDS", "PLAIN"])
