"""Who changed from visit to visit: the ribbons, and beside them the patients, each opening how it was decided."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..analysis.pcode_order import patient_order
from ..charts.response_flow import figure_flow, flow_code
from ..charts.theme import Look
from ..services.response import ResponsePage
from . import chart, state
from .choosable import choosable
from .download import offer_table
from .not_shown import not_behind
from .response_why import trace
from .words import labels, t

_KINDS = ("BETTER", "WORSE", "NE")
_ALL = "ALL"
_KIND = "change_kind"


def changes_block(page: ResponsePage, look: Look, rule: str, *, single: bool) -> None:
    """Draw the block.

    Parameters
    ----------
    rule : rule set and origin in words. single : single patients may be seen.
    """
    left, right = st.columns([6, 5], gap="medium")
    with left:
        figure = figure_flow(page.changes, page.strips, look, rule=rule)
        picked = chart.show(figure, "flow", state.provenance(rule=rule), select=single)
    with right:
        if not single:
            not_behind()
            return
        code = str(picked.points[0][0]) if picked.points else ""
        _who(page, code)


def _who(page: ResponsePage, code: str) -> None:
    st.markdown(f"**{t('response.flow.who')}**")
    changed = page.changes[page.changes["KIND"].isin(_KINDS)]
    counts = changed["KIND"].value_counts()
    if code:
        codes = [flow_code(*row) for row in page.changes[["WEEK", "BEFORE", "AFTER"]].itertuples(index=False)]
        rows = page.changes[[one == code for one in codes]]
        st.caption(t("response.flow.chosen"))
    else:
        options = [_ALL, *(kind for kind in _KINDS if counts.get(kind, 0))]
        if st.session_state.get(_KIND) not in options:
            st.session_state[_KIND] = _ALL
        words = labels("response.flow.kind.")
        shown = {kind: f"{words(kind)} {len(changed) if kind == _ALL else counts[kind]}" for kind in options}
        st.segmented_control(
            t("response.flow.who"),
            options,
            key=_KIND,
            format_func=shown.__getitem__,
            required=True,
            label_visibility="collapsed",
        )
        kind = st.session_state[_KIND]
        rows = changed if kind == _ALL else changed[changed["KIND"] == kind]
    if rows.empty:
        st.markdown(t("response.flow.nobody"))
        return
    _rows(page, rows)


def _rows(page: ResponsePage, rows: pd.DataFrame) -> None:
    rows = rows.sort_values(["WEEK", "PCODE"], key=patient_order).reset_index(drop=True)
    reasons = page.rows.set_index(["PCODE", "AVISITN"])["REASON"]
    why = reasons.reindex(pd.MultiIndex.from_frame(rows[["PCODE", "WEEK"]])).tolist()
    table = pd.DataFrame(
        {
            t("column.patient"): rows["PCODE"],
            t("response.flow.visits"): [
                t("response.flow.between", first=int(a), then=int(b))
                for a, b in zip(rows["FROM"], rows["WEEK"], strict=True)
            ],
            t("response.flow.change"): rows["BEFORE"] + " → " + rows["AFTER"],
            t("column.reason"): [
                t(f"response.reason.{code}") if isinstance(code, str) and code else "" for code in why
            ],
        }
    )
    at = choosable(table, "change_rows")
    asked = None if at is None else (str(rows["PCODE"].iloc[at]), int(rows["WEEK"].iloc[at]))
    if asked and asked != st.session_state.get("_change_asked"):
        st.session_state["_change_asked"] = asked
        trace(*asked)
        st.rerun()
    st.session_state["_change_asked"] = asked
    st.caption(t("response.flow.hint"))
    offer_table(table, "response_changes", state.provenance())
