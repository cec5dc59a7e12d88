"""The rows of a table on the review page, by patient and state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ..model.principal import Principal
from ..services.changes import earlier_cuts
from ..services.context import View
from ..services.review_rows import ANY, SINCE, WANTED, RowFilter, RowList, review_rows
from . import session, state
from .download import offer_table
from .dsmb_changes import cut_words
from .review_state import forget_rows, fresh, take_picked
from .review_words import column_words, table_words, time_words, variable_words
from .words import labels, t

_TALL = 388
_FIXED = ("ROW", "PCODE", "ADY", "STATE", "OPEN", "BY", "AT", "KIND")


def rows_block(principal: Principal, view: View, known: Sequence[str]) -> None:
    """Draw the block.

    Parameters
    ----------
    known : tables with rows.
    """
    wanted = _wanted(principal, view, known)
    rows = review_rows(principal, view, wanted)
    if rows.rows.empty:
        st.markdown(t("review.rows.none"))
        return
    shown = len(rows.rows)
    st.caption(
        t("review.rows.all", n=shown) if shown == rows.total else t("review.rows.some", n=shown, total=rows.total)
    )
    table = rows_table(wanted, rows)
    key = fresh(f"review_rows_{wanted.domain}")
    places = [(wanted.domain, int(number)) for number in rows.rows["ROW"]]
    st.dataframe(
        table, hide_index=True, width="stretch", height="content" if len(table) <= 10 else _TALL, placeholder="",
        key=key, on_select=lambda: take_picked(key, places), selection_mode="multi-row",
        column_config={t("column.patient"): st.column_config.Column(pinned=True, width=70)} | _state_width(rows.rows),
    )  # fmt: skip
    offer_table(table, f"review_rows_{wanted.domain}", state.provenance())


def _state_width(rows: pd.DataFrame) -> dict[str, Any]:
    """Return room for the state of a row that changed: cut off, it would read as reviewed."""
    changed = bool((rows["STATE"] == "CHANGED").any())
    return {t("review.rows.state"): st.column_config.Column(width=190)} if changed else {}


def _wanted(principal: Principal, view: View, known: Sequence[str]) -> RowFilter:
    cuts = {cut.cut_id: cut_words(cut) for cut in earlier_cuts(principal, view)}
    for name, options, usual in (
        (session.REVIEW_DOMAIN, known, "AE" if "AE" in known else known[0]),
        (session.REVIEW_STATE, WANTED, ANY),
        (session.REVIEW_PATIENT, ["", *view.chosen_pcodes], ""),
        (session.REVIEW_SINCE, list(cuts), next(iter(cuts), None)),
    ):
        if st.session_state.get(name) not in options:
            st.session_state[name] = usual
    columns = st.columns([3, 4, 2, 4])
    names = {code: table_words(code) for code in known}
    everybody = t("review.rows.patient_all")
    domain = columns[0].selectbox(
        t("review.rows.domain"), known, key=session.REVIEW_DOMAIN, format_func=names.__getitem__, on_change=forget_rows
    )
    wanted = columns[1].selectbox(
        t("review.rows.wanted"), WANTED, key=session.REVIEW_STATE, format_func=labels("review.rows.want."),
        on_change=forget_rows,
    )  # fmt: skip
    pcode = columns[2].selectbox(
        t("review.rows.patient"), ["", *view.chosen_pcodes], key=session.REVIEW_PATIENT,
        format_func=lambda code: code or everybody, on_change=forget_rows,
    )  # fmt: skip
    since = ""
    if cuts:
        with columns[3]:
            since = st.selectbox(
                t("review.rows.since"), list(cuts), key=session.REVIEW_SINCE, format_func=cuts.__getitem__
            )
    elif wanted == SINCE:
        columns[3].caption(t("review.rows.since_none"))
    return RowFilter(str(domain), str(wanted), str(pcode or ""), str(since or ""))


def rows_table(wanted: RowFilter, found: RowList) -> pd.DataFrame:
    """Return rows as they are shown."""
    rows = found.rows
    table = {
        t("column.patient"): rows["PCODE"],
        t("review.rows.day"): rows["ADY"].astype("Int64"),
        t("review.rows.state"): [t(f"review.state.{code}") for code in rows["STATE"]],
    }
    if (rows["OPEN"] > 0).any():
        table[t("review.checks.queries")] = rows["OPEN"]
    if (rows["KIND"] != "").any():
        table[t("review.rows.kind")] = [t(f"changes.kind.{kind}") if kind else "" for kind in rows["KIND"]]
    for name in (str(name) for name in rows if name not in _FIXED):
        head = variable_words(wanted.domain, name)
        table[head if head not in table else f"{head} ({name})"] = column_words(name, rows[name])
    if rows["BY"].notna().any():
        table[t("review.rows.reviewed_by")] = rows["BY"].astype("object")
        table[t("review.rows.reviewed_at")] = [time_words(at) if isinstance(at, str) else "" for at in rows["AT"]]
    table[t("review.rows.number")] = rows["ROW"]
    return pd.DataFrame({name: pd.Series(column).reset_index(drop=True) for name, column in table.items()})
