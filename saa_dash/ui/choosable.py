"""A table of which a row can be clicked."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from .words import t

_ROWS, _TALL = 10, 388  # rows before a table scrolls, and its height then, px


def choosable(table: pd.DataFrame, key: str, *, whole: bool = False, opens: bool = True) -> int | None:
    """Draw a table, patients kept in view, and return the place of the row that is clicked, None without one.

    Parameters
    ----------
    whole : as tall as Streamlit draws it. opens : rows can be clicked.
    """
    patient = t("column.patient")
    event = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height="auto" if whole else "content" if len(table) <= _ROWS else _TALL,
        placeholder="",
        key=key,
        on_select="rerun" if opens else "ignore",
        selection_mode="single-row",
        column_config={patient: st.column_config.Column(pinned=True)} if patient in table else None,
    )
    chosen = picked_row(event)
    return chosen if chosen is not None and chosen < len(table) else None


def picked_row(event: object) -> int | None:
    """Return the row that was clicked in a table, None without one."""
    chosen = event.get("selection", {}).get("rows", []) if isinstance(event, Mapping) else []
    return int(chosen[0]) if chosen else None
