"""Queries on the review page: the list with its export, and the chosen one to be answered, closed or reopened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.principal import Principal
from ..services.context import View
from ..services.review_deeds import MAX_TEXT, close_query, reopen_query
from ..services.review_queries import SeenQuery
from . import session, state
from .download import offer_table
from .gaps import plain
from .review_state import act, choose_rows, forget_rows, fresh, picked, tell_refused
from .review_words import table_words, time_words, variable_words
from .words import labels, t

SHOWN = ("open", "closed", "all")
_TALL = 388


def queries_block(principal: Principal, view: View, queries: Sequence[SeenQuery]) -> None:
    """Draw the block."""
    if st.session_state.get(session.REVIEW_SHOW) not in SHOWN:
        st.session_state[session.REVIEW_SHOW] = SHOWN[0]
    show = st.segmented_control(
        t("review.queries.show"), SHOWN, key=session.REVIEW_SHOW, format_func=labels("review.queries."), required=True,
        on_change=_forget,
    )  # fmt: skip
    listed = [query for query in queries if show == "all" or query.is_open == (show == "open")]
    if not listed:
        st.markdown(t("review.queries.none"))
        return
    st.caption(f"{t('review.queries.hint')} {t('review.times')}")
    table = queries_table(listed)
    key = fresh(f"review_queries_{show}")
    st.dataframe(
        table, hide_index=True, width="stretch", height="content" if len(table) <= 10 else _TALL, placeholder="",
        key=key, on_select=partial(_take, key, listed), selection_mode="single-row",
        column_config={t("review.queries.number"): st.column_config.Column(pinned=True, width=50)},
    )  # fmt: skip
    offer_table(table, "queries", state.provenance())
    number = st.session_state.get(session.REVIEW_QUERY)
    chosen = next((query for query in queries if query.number == number), None)
    if chosen is not None and not chosen.row:  # a row that is here shows its queries itself
        query_box(principal, view, chosen)


def _forget() -> None:
    st.session_state[session.REVIEW_QUERY] = None
    forget_rows()


def _take(key: str, listed: Sequence[SeenQuery]) -> None:
    _forget()
    for place in picked(key)[:1]:
        if place < len(listed):
            st.session_state[session.REVIEW_QUERY] = listed[place].number
            choose_rows([(listed[place].domain, listed[place].row)])


def queries_table(queries: Sequence[SeenQuery]) -> pd.DataFrame:
    """Return queries as they are shown."""
    last = [query.steps[-1] if query.steps else None for query in queries]

    def head(name: str) -> str:
        return t(f"review.queries.{name}")

    return pd.DataFrame(
        {
            head("number"): [query.number for query in queries],
            t("column.patient"): [query.pcode for query in queries],
            head("status"): [t(f"review.queries.{'open' if query.is_open else 'closed'}") for query in queries],
            head("age"): [query.days for query in queries],
            head("table"): [table_words(query.domain) for query in queries],
            head("variable"): [variable_words(query.domain, query.variable) for query in queries],
            head("text"): [query.text for query in queries],
            head("by"): [query.raised_by for query in queries],
            head("at"): [time_words(query.raised_at) for query in queries],
            head("row"): [t(f"review.became.{query.became}") for query in queries],
            head("answer"): [step.text if step else "" for step in last],
            head("answer_by"): [step.actor if step else "" for step in last],
            head("answer_at"): [time_words(step.at) if step else "" for step in last],
        }
    )


def query_box(principal: Principal, view: View, query: SeenQuery) -> None:
    """Show a query with what became of it, and how to close or reopen it."""
    with st.container(border=True, gap="small"):
        variable = variable_words(query.domain, query.variable)
        badge = "open" if query.is_open else "closed"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f"**{t('review.queries.head', number=query.number, variable=plain(variable))}**", width="content"
            )
            st.badge(t(f"review.queries.{badge}"), color="orange" if query.is_open else "gray")
        st.markdown(plain(query.text))
        st.caption(plain(t("review.queries.said", who=query.raised_by, at=time_words(query.raised_at))))
        for step in query.steps:
            st.markdown(plain(step.text))
            said = f"review.queries.{step.kind}_said"
            st.caption(plain(t(said, who=step.actor, at=time_words(step.at))))
        if can_permission(principal, Permission.QUERY):
            _answer(principal, view, query)


def _answer(principal: Principal, view: View, query: SeenQuery) -> None:
    name = "close" if query.is_open else "reopen"
    st.text_area(
        t("review.panel.answer") if query.is_open else t("review.panel.reason"),
        key=_box(name, query.number), max_chars=MAX_TEXT, height=68,
    )  # fmt: skip
    st.button(
        t(f"review.panel.{name}_do"), key=f"review_{name}_{query.number}",
        icon=":material/check:" if query.is_open else ":material/undo:",
        on_click=partial(_answered, principal, view, query.number, name, t(f"review.done.{name}", number=query.number)),
    )  # fmt: skip
    tell_refused(f"query {query.number}")


def _box(name: str, number: int) -> str:
    return fresh(f"review_{name}_text_{number}")


def _answered(principal: Principal, view: View, number: int, name: str, said: str) -> None:
    """Close or reopen a query; where somebody was faster, what was written goes into the box that stands there now."""
    text = str(st.session_state.get(_box(name, number)) or "")

    def deed() -> str:
        (close_query if name == "close" else reopen_query)(principal, view, number, text)
        return said

    other = _box("reopen" if name == "close" else "close", number)
    st.session_state[other] = text
    act(f"query {number}", deed)
