"""System organ classes and preferred terms: who had what, how bad, and how many of how many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import pandas as pd

from ..analysis.ae_terms import BY_EVENT, BY_PATIENT, TermTable, Unit
from ..i18n import event_name
from .ae_rows import MAX_SQUARES, Row, add_bars, add_key, add_shares, add_squares, exact_text, level_name, rows_figure
from .theme import Look, escape
from .view import FigureView

Names = Mapping[str, str]  # SOC as coded → in the reader's words
Depth = Literal["soc", "top", "all"]
DEPTHS: tuple[Depth, ...] = ("soc", "top", "all")
TOP = 20  # preferred terms drawn unless all are asked for
_READ_OUT = 12  # rows named in the text for who cannot see the figure
_WIDE = 14  # squares stay side by side in a range of at least so many


def shown_rows(table: TermTable, depth: Depth, opened: frozenset[str]) -> pd.DataFrame:
    """Return the rows of the table to be drawn.

    Parameters
    ----------
    depth : ``soc`` classes only, ``top`` the most frequent terms with their classes, ``all``.
    opened : classes whose terms are drawn whatever the depth.
    """
    rows = table.rows[table.rows["PATIENTS"] > 0]
    term = (rows["KIND"] == "PT").to_numpy(bool)
    inside = rows["SOC"].isin(opened).to_numpy(bool)
    if depth == "all":
        return rows
    if depth == "soc":
        return rows[~term | inside]
    often = rows[term].sort_values(["PATIENTS", "EVENTS"], ascending=False, kind="stable").head(TOP)
    frequent = rows.index.isin(often.index)
    classes = rows["SOC"].isin(set(rows["SOC"][frequent | inside])).to_numpy(bool)
    return rows[frequent | (term & inside) | (~term & classes) | (rows["KIND"] == "ALL").to_numpy(bool)]


def figure_terms(
    table: TermTable,
    shown: pd.DataFrame,
    marks: pd.DataFrame | None,
    look: Look,
    *,
    unit: Unit,
    names: Names,
    subtitle: str,
    method: str,
) -> FigureView:
    """Return the rows of `shown`: squares where each patient can be drawn, else bars; shares with limits beside them.

    Parameters
    ----------
    shown : from `shown_rows`. marks : from `ae_terms.derive_marks` with PCODE, None for many patients.
    subtitle : population and conditions in words. method : name of the binomial interval.
    """
    name, columns = _namer(names, look), list(BY_PATIENT if unit == "patients" else BY_EVENT)
    rows = _rows(shown, table.total, columns, name)
    figure, levels = rows_figure(rows, look, look.say(f"ae.chart.left_{unit}"))
    longest = max((sum(row.levels) for row in rows if row.data[0] != "ALL"), default=1)
    squares = marks is not None and longest <= MAX_SQUARES
    if marks is not None and squares:
        drawn, data = _placed(marks, rows, levels, look, table, name)
        add_squares(figure, drawn, data, 17 if longest <= _WIDE else 9, table.scale, look)
        figure.update_layout(xaxis={"range": [0, max(longest, _WIDE)], "tickvals": [], "ticktext": []})
    else:
        add_bars(figure, rows, levels, table.scale, look, f"ae.chart.bar_{unit}")
        longest = max((sum(row.levels) for row in rows), default=1)
        figure.update_layout(xaxis={"range": [0, longest * 1.02], "showgrid": True, "nticks": 5})
    add_shares(figure, rows, levels, look)
    present = [level for level, column in enumerate(columns) if shown[column].sum()]
    add_key(figure, present, table.scale, look, serious=squares)
    title = _title(rows, look)
    alt = "; ".join(f"{row.name} {exact_text(row, look)}" for row in rows[:_READ_OUT])
    footnote = look.offer("ae.chart.footnote", method=method)
    return FigureView(figure, title, subtitle, f"{title} {alt}", footnote, pd.DataFrame())


def _rows(shown: pd.DataFrame, total: int, columns: list[str], name: Callable[[str, str, str], str]) -> list[Row]:
    numbers = shown[["PATIENTS", "ESTIMATE", "LOWER", "UPPER", "EVENTS"]].to_numpy("float64").tolist()
    levels = shown[columns].to_numpy("int64").tolist()
    keys = zip(shown["KIND"], shown["SOC"], shown["PT"], strict=True)
    return [
        Row(name(*key), key[0] != "PT", int(x), total, estimate, lower, upper, int(events), tuple(by_level), key)
        for key, (x, estimate, lower, upper, events), by_level in zip(keys, numbers, levels, strict=True)
    ]


def _title(rows: list[Row], look: Look) -> str:
    classes = [row for row in rows if row.data[0] == "SOC"]
    if not classes:
        return look.say("ae.chart.title_none")
    return look.say("ae.chart.title_one", name=classes[0].name, rate=exact_text(classes[0], look))


def _namer(names: Names, look: Look) -> Callable[[str, str, str], str]:
    def name(kind: str, soc: str, term: str) -> str:
        if kind == "ALL":
            return look.say("ae.chart.any")
        if kind == "SOC":
            return names.get(soc) or soc
        return event_name(look.lang, term) or look.say("ae.chart.no_term")

    return name


def _placed(
    marks: pd.DataFrame,
    rows: list[Row],
    levels: list[float],
    look: Look,
    table: TermTable,
    name: Callable[[str, str, str], str],
) -> tuple[pd.DataFrame, list[list[str | int]]]:
    """Return the squares of the rows drawn, side by side from the left, worst first."""
    height = {row.data: level for row, level in zip(rows, levels, strict=True)}
    keys = list(zip(marks["KIND"], marks["SOC"], marks["PT"], strict=True))
    y = pd.Series([height.get(key) for key in keys], index=marks.index, dtype="float64")
    part = marks[y.notna()].assign(Y=y)
    part = part.assign(X=part.groupby(["KIND", "SOC", "PT"], sort=False).cumcount() + 0.5)
    words = {level: level_name(level, table.scale, look) for level in part["LEVEL"].unique()}
    hover: list[str] = []
    data: list[list[str | int]] = []
    for kind, soc, term, code, level, serious, events, day in zip(
        part["KIND"], part["SOC"], part["PT"], part["PCODE"], part["LEVEL"], part["SERIOUS"], part["EVENTS"],
        part["FIRST"], strict=True,
    ):  # fmt: skip
        hover.append(mark_hover(look, code, name(kind, soc, term), words[level], serious, events, day))
        data.append([kind, soc, term, -1, code])
    return part.assign(HOVER=hover), data


def mark_hover(look: Look, code: str, name: str, level: str, serious: bool, events: int, day: float) -> str:
    """Return the hover of one patient's square: who, what, how bad, how often, since when."""
    parts = [level, look.say("ae.chart.events", n=int(events))]
    if serious:
        parts.append(look.say("ae.chart.serious"))
    if day == day:
        parts.append(look.say("ae.chart.first_day", day=int(day)))
    return f"{escape(code)}\u2003{escape(name)}<br>{look.say('ae.chart.comma').join(parts)}"
