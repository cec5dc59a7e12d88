"""What stands under every figure besides its words: the rows behind chosen marks, its numbers, how they came about.

Each works on its own, without the page being drawn anew, and is made when it is opened.
"""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from ..charts.view import FigureView
from ..model.provenance import Provenance
from ..report.exhibit import TABLE
from . import capture, collect, places, session, state
from .download import offer_table
from .errors import shielded
from .how import how_computed
from .words import t

Points = tuple[tuple[object, ...], ...]
_MOST_BUTTONS = 8  # patients that have a button each
_NAMED = 20  # patients named
_SHOWN, _TALL = 10, 390  # rows before a table scrolls, and its height then, px


def has_patients(view: FigureView) -> bool:
    """Tell whether the table of a figure names patients, so that rows can be shown behind its marks."""
    return t("column.patient") in view.table


def is_cleared(key: str) -> bool:
    """Tell whether the rows behind the box in a figure were cleared away, so that the box has to go too.

    Parameters
    ----------
    key : the figure's.
    """
    return _name(key) in st.session_state


def draw(view: FigureView, key: str, provenance: Provenance, picked: Points) -> None:
    """Offer what stands behind a figure.

    Parameters
    ----------
    key : the figure's. picked : `customdata` of the marks chosen in it, P-code first.
    """
    _behind(view, key, picked)
    if not view.table.empty:
        _numbers(view, key, provenance)
    how_computed(key, provenance)


@st.fragment
def _numbers(view: FigureView, key: str, provenance: Provenance) -> None:
    folded = st.expander(t("ui.numbers"), icon=":material/table_rows:", key=f"{key}_numbers", on_change="rerun")
    if folded.open:
        with folded, shielded():
            _table(view.table, f"{key}_table")
            offer_table(view.table, key, provenance, patients=view.patients)
            if not capture.is_titled(key):
                collect.button(TABLE, key)


def _table(table: pd.DataFrame, key: str) -> None:
    st.dataframe(
        table,
        hide_index=True,
        placeholder="",
        key=key,
        height="content" if len(table) <= _SHOWN else _TALL,
    )


def _behind(view: FigureView, key: str, picked: Points) -> None:
    """Show the rows of the patients whose marks are in a box, until it goes or they are cleared away."""
    codes = sorted({str(point[0]) for point in picked if point})
    cleared = _name(key)
    if not codes:
        st.session_state.pop(cleared, None)
    if not codes or st.session_state.get(cleared) == codes:
        return
    known = set(state.view().pcodes) if state.view().sight.patients else set()
    codes = [code for code in codes if code in known]
    if not codes or not has_patients(view):
        return
    rows = view.table[view.table[t("column.patient")].isin(codes)]
    with st.container(border=True, key=f"{key}_behind"):
        st.markdown(f"**{t('under.rows', n=len(rows))}**")
        st.caption(t("under.patients", codes=_named(codes)))
        _table(rows, f"{key}_behind_table")
        with st.container(horizontal=True, gap="xsmall"):
            for code in codes[:_MOST_BUTTONS]:
                if st.button(t("under.open", patient=code), key=f"{key}_open_{code}", icon=":material/person:"):
                    st.session_state[session.GO_TO] = code
                    places.go("patients")
            clear = partial(_clear, cleared, codes)
            st.button(t("under.clear"), key=f"{key}_clear", icon=":material/close:", type="tertiary", on_click=clear)


def _named(codes: list[str]) -> str:
    shown = " ".join(codes[:_NAMED])
    return shown if len(codes) <= _NAMED else t("under.more", codes=shown, n=len(codes) - _NAMED)


def _name(key: str) -> str:
    return f"_{key}_cleared"


def _clear(cleared: str, codes: list[str]) -> None:
    st.session_state[cleared] = codes
