"""The shift table with the patients behind a cell, chosen by a click or from a list."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from ..analysis.shifts import ShiftTable, is_severe
from ..charts.shift_grid import ANY, ShiftWords, cell_code, figure_shift, is_worse
from ..model.provenance import Provenance
from . import chart
from .lab_rows import patient_rows
from .not_shown import not_behind
from .words import t

SEVERE, WORSE = "S", "W"  # codes of all who worsened to grade 3 or 4, and of all who worsened

Describe = Callable[[pd.DataFrame], pd.DataFrame]


def cells_of(table: ShiftTable, rows: pd.DataFrame, levels: dict[str, str]) -> dict[str, str]:
    """Return the cells that hold anybody, by code, in words: the answers first, then what got worse, worst first."""
    out = {}
    severe = int((rows["WORSE"] & is_severe(rows)).sum())
    if severe:
        out[SEVERE] = t("lab.shift.all_severe", n=severe)
    if table.worsened:
        out[WORSE] = t("lab.shift.all_worse", n=table.worsened)
    counted = [
        (before, after, table.counts[i][j])
        for j, after in reversed(list(enumerate(table.levels)))
        for i, before in enumerate(table.levels)
        if table.counts[i][j]
    ]
    counted.sort(key=lambda cell: not is_worse(table, cell[0], cell[1]))
    for before, after, n in counted:
        out[cell_code(before, after)] = t("lab.shift.cell", before=levels[before], after=levels[after], n=n)
    for j, after in reversed(list(enumerate(table.levels))):
        total = sum(row[j] for row in table.counts)
        if total:
            out[cell_code(ANY, after)] = t("lab.shift.any", after=levels[after], n=total)
    return out


def rows_of(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the patients of a cell."""
    if code in (SEVERE, WORSE):
        worse = rows["WORSE"].astype(bool)
        return rows[worse & is_severe(rows)] if code == SEVERE else rows[worse]
    before, _, after = code.partition("-")
    mine = rows["AFTER"] == after
    return rows[mine] if before == ANY else rows[mine & (rows["BEFORE"] == before)]


def shift_block(
    prefix: str,
    subject: str,
    table: ShiftTable,
    rows: pd.DataFrame | None,
    words: ShiftWords,
    describe: Describe,
    provenance: Provenance,
) -> None:
    """Show the grid, and beside it who is behind the chosen cell.

    Parameters
    ----------
    prefix : of the keys. subject : test or body system, so that a click in another one does not count here.
    rows : PCODE, BEFORE, AFTER, WORSE, WORSTDY, one per treated patient; None for who may not see
        them. describe : rows → table, P-codes first.
    """
    if rows is None:
        chart.show(figure_shift(table, words, chart.look()), f"{prefix}_shift", provenance)
        not_behind()
        return
    cells, held = cells_of(table, rows, words.levels), f"{prefix}_cell"
    if st.session_state.get(held) not in cells:
        st.session_state[held] = next(iter(cells))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        figure = figure_shift(table, words, chart.look(), chosen=str(st.session_state[held]))
        picked = chart.show(figure, f"{prefix}_shift", provenance, select=True)
        _follow_click(prefix, subject, picked, cells)
    with right:
        st.markdown(f"**{t('lab.shift.who')}**")
        st.selectbox(
            t("lab.shift.choose"),
            list(cells),
            key=held,
            format_func=cells.__getitem__,
            placeholder=t("ui.choose_one"),
            label_visibility="collapsed",
        )
        code = str(st.session_state[held])
        behind = rows_of(rows, code).reset_index(drop=True)
        shown = describe(behind)
        patient_rows(shown, behind["WORSTDY"].tolist(), f"{prefix}_who", provenance, name=f"{prefix}_{subject}_{code}")


def _follow_click(prefix: str, subject: str, picked: chart.Selection, cells: dict[str, str]) -> None:
    """Choose the cell that was clicked, once: what is chosen later from the list stays."""
    code = str(picked.points[0][0]) if picked.points else ""
    seen = f"_{prefix}_clicked"
    if not code:
        st.session_state[seen] = None
    elif code in cells and st.session_state.get(seen) != (subject, code):
        st.session_state[seen] = (subject, code)
        st.session_state[f"{prefix}_cell"] = code
        st.rerun()
