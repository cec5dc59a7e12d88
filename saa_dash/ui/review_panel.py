"""The rows chosen on the review page: values, what changed, history; marking, commenting and querying them."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.errors import UserError
from ..model.principal import Principal
from ..services.context import View
from ..services.review_deeds import MAX_TEXT, comment_rows, mark_reviewed, raise_query, undo_review
from ..services.review_detail import RowDetail, SeenRow, Value, review_detail
from . import session
from .ae_tables import open_event
from .errors import tell
from .gaps import plain
from .review_queries import query_box
from .review_state import chosen_rows, do, forget_rows, fresh
from .review_words import cell_words, table_words, time_words, variable_words
from .words import t

_TALL = 480
_COLOURS: dict[str, Literal["blue", "orange"]] = {"REVIEWED": "blue", "CHANGED": "orange"}
_FORM = {"CM": "CMCAT", "IE": "IETESTCD", "LB": "LBTESTCD"}  # which form a row is on, or which question


def rows_panel(principal: Principal, view: View) -> None:
    """Draw the panel of the rows chosen; without any, how to choose some."""
    domain, numbers = chosen_rows()
    if not numbers:
        if st.session_state.get(session.REVIEW_PART) != "queries":
            st.caption(t("review.panel.choose"))
        return
    since = str(st.session_state.get(session.REVIEW_SINCE) or "")
    by_rows = st.session_state.get(session.REVIEW_PART) == "rows"
    try:
        detail = review_detail(principal, view, domain, numbers, since if by_rows else "")
    except UserError as error:
        tell(error)
        st.button(t("review.panel.close"), on_click=forget_rows, key="review_put_away", icon=":material/close:")
        return
    with st.container(border=True):
        _head(detail)
        left, right = st.columns([6, 5], gap="medium")
        with left:
            _values(detail)
            _history(detail)
        with right:
            for query in detail.queries:
                query_box(principal, view, query)
            if can_permission(principal, Permission.REVIEW):
                _marking(principal, view, detail)
            if can_permission(principal, Permission.QUERY):
                _asking(principal, view, detail)


def _head(detail: RowDetail) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        patients = t("review.comma").join(detail.pcodes)
        title = t("review.panel.title", table=table_words(detail.domain), patients=patients)
        st.markdown(f"**{title}**", width="content")
        if len(detail.numbers) > 1:
            st.badge(t("review.panel.many", n=len(detail.numbers)), color="gray")
        else:
            state = detail.rows[0].state
            st.badge(t(f"review.state.{state}"), color=_COLOURS.get(state, "gray"))
        if st.button(t("review.panel.open_patient"), key="review_open", icon=":material/person:", type="tertiary"):
            open_event(detail.pcodes[0], None)
        st.button(
            t("review.panel.close"), key="review_put_away", icon=":material/close:", type="tertiary",
            on_click=forget_rows,
        )  # fmt: skip


def _values(detail: RowDetail) -> None:
    table = values_table(detail)
    st.dataframe(
        table, hide_index=True, width="stretch", height="content" if len(table) <= 12 else _TALL, placeholder="",
        key="review_values",
        column_config={t("review.panel.variable"): st.column_config.Column(pinned=True, width=170)},
    )  # fmt: skip
    if len(detail.numbers) > len(detail.rows):
        st.caption(t("review.panel.more", n=len(detail.numbers) - len(detail.rows)))
    for row in detail.rows[:1]:
        if row.place and len(detail.numbers) == 1:
            file, sheet, line = row.place
            st.caption(plain(t("review.panel.source", file=file, sheet=sheet, row=line)))


def values_table(detail: RowDetail) -> pd.DataFrame:
    """Return the values side by side: of one row with what they were, of several as they are."""
    code = detail.rows[0].values.get(_FORM.get(detail.domain, ""), Value("")).text
    names = [name for name in detail.variables if any(_told(row, name) for row in detail.rows)]
    names.sort(key=lambda name: not any(_differs(row, name) for row in detail.rows))  # what changed stands first
    columns = {t("review.panel.variable"): [variable_words(detail.domain, name, code) for name in names]}
    if len(detail.rows) == 1:
        row = detail.rows[0]
        columns[t("review.panel.now")] = [cell_words(name, row.values[name]) for name in names]
        if row.reviewed:
            columns[t("review.panel.then")] = [_old(row.reviewed.get(name), name) for name in names]
        if row.since is None:
            columns[t("review.panel.before")] = [t("review.panel.new") for _ in names]
        elif row.since:
            columns[t("review.panel.before")] = [_old(row.since.get(name), name) for name in names]
        return pd.DataFrame(columns)
    for row in detail.rows:
        columns[f"{row.pcode} · {t('review.row', n=row.row)}"] = [_both(row, name) for name in names]
    return pd.DataFrame(columns)


def _told(row: SeenRow, name: str) -> bool:
    return bool(row.values[name].text) or _differs(row, name)


def _differs(row: SeenRow, name: str) -> bool:
    return name in row.reviewed or name in (row.since or {})


def _old(value: Value | None, name: str) -> str:
    """Return an earlier value, marked; nothing where it is as now."""
    return "" if value is None else f"◉ {cell_words(name, value) or t('review.empty')}"


def _both(row: SeenRow, name: str) -> str:
    now = cell_words(name, row.values[name])
    old = row.reviewed.get(name) or (row.since or {}).get(name)
    if old is None:
        return now
    return t("review.panel.arrow", old=cell_words(name, old) or t("review.empty"), new=now or t("review.empty"))


def _history(detail: RowDetail) -> None:
    if not detail.history:
        st.caption(t("review.panel.history_none"))
        return
    many = len(detail.numbers) > 1
    table = {
        t("review.panel.history_at"): [time_words(event.at) for event in detail.history],
        t("review.panel.history_who"): [event.actor for event in detail.history],
        t("review.panel.history_what"): [
            t(f"review.event.{event.kind}", number=event.number) for event in detail.history
        ],
        t("review.panel.history_text"): [event.text for event in detail.history],
    }
    if many:
        table[t("review.rows.number")] = [str(event.row) for event in detail.history]
    with st.expander(t("review.panel.history", n=len(detail.history)), expanded=True, icon=":material/history:"):
        st.dataframe(pd.DataFrame(table), hide_index=True, width="stretch", placeholder="", key="review_history")


def _marking(principal: Principal, view: View, detail: RowDetail) -> None:
    domain, numbers = detail.domain, detail.numbers
    with st.container(border=True, gap="small"):
        st.markdown(f"**{t('review.panel.deeds')}**")
        comment = st.text_input(
            t("review.panel.comment"), key=fresh("review_comment"), max_chars=MAX_TEXT,
            help=t("review.panel.comment_more", n=MAX_TEXT),
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            words = t("review.panel.mark", n=len(numbers))
            if st.button(words, key="review_mark", type="primary", icon=":material/done_all:"):
                do(lambda: _marked(mark_reviewed(principal, view, domain, numbers, str(comment or ""))))
            if st.button(t("review.panel.only_comment"), key="review_only_comment", icon=":material/comment:"):
                do(lambda: _commented(comment_rows(principal, view, domain, numbers, str(comment or ""))))
            if detail.own and st.button(t("review.panel.undo"), key="review_undo", icon=":material/undo:"):
                do(lambda: t("review.done.undo", n=undo_review(principal, view, domain, numbers)))


def _marked(marked: int) -> str:
    return t("review.done.mark", n=marked) if marked else t("review.done.mark_none")


def _commented(_: int) -> str:
    return t("review.done.comment")


def _asking(principal: Principal, view: View, detail: RowDetail) -> None:
    domain, numbers = detail.domain, detail.numbers
    code = detail.rows[0].values.get(_FORM.get(domain, ""), Value("")).text
    words = {"": variable_words(domain, "")} | {name: variable_words(domain, name, code) for name in detail.variables}
    with st.container(border=True, gap="small"):
        st.markdown(f"**{t('review.panel.ask')}**")
        variable = st.selectbox(
            t("review.panel.ask_variable"), list(words), key=fresh(f"review_variable_{domain}"),
            format_func=words.__getitem__,
        )  # fmt: skip
        text = st.text_area(t("review.panel.ask_text"), key=fresh("review_question"), max_chars=MAX_TEXT, height=68)
        if st.button(t("review.panel.ask_do", n=len(numbers)), key="review_ask", icon=":material/contact_support:"):

            def asked() -> str:
                raised = raise_query(principal, view, domain, numbers, str(variable or ""), str(text or ""))
                return t("review.done.ask", n=len(raised), number=raised[0])

            do(asked)
