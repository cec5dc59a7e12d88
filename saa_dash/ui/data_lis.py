"""Pasting results from a hospital laboratory system: recognised, asked about, taken along as laboratory rows."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from ..i18n import label
from ..model.principal import Principal
from ..services.imports import remember_names
from ..services.lis import Paste, lab_codes, read_paste
from ..services.location import data_dir
from .download import offer
from .words import language, t

_SKIP = ""


def lis_panel(principal: Principal) -> None:
    """Draw the paste area, what was recognised, and the questions about unknown names."""
    with st.expander(t("ui.data.lis"), icon=":material/content_paste:"):
        st.markdown(t("ui.data.lis_help"))
        left, right = st.columns(2)
        subject = left.text_input(t("ui.data.lis_subject"), key="lis_subject").strip()
        day = _day(right.text_input(t("ui.data.lis_date"), key="lis_date", placeholder="2026-03-05").strip())
        text = st.text_area(t("ui.data.lis_text"), key="lis_text", height=160, placeholder=t("ui.data.lis_example"))
        if not text.strip():
            return
        paste = read_paste(principal, data_dir(), text, subject=subject, day=day)
        if not paste.results and not paste.unknown:
            st.info(t("ui.data.lis_empty"), icon=":material/info:")
            return
        _recognised(paste, subject)
        if paste.unknown:
            _ask(principal, paste)


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed.replace("/", "-").replace(".", "-"))
    except ValueError:
        st.warning(t("ui.data.cutoff_bad"), icon=":material/event:")
        return None


def _recognised(paste: Paste, subject: str) -> None:
    lang = language()
    st.markdown(f"**{t('ui.data.lis_rows', n=len(paste.results))}**")
    table = pd.DataFrame(
        {
            t("column.test"): [label(lang, "lab_test", r.code) for r in paste.results],
            t("column.value"): [r.value for r in paste.results],
            t("column.unit"): [r.unit or "" for r in paste.results],
            t("ui.data.column.date"): [" ".join(filter(None, (r.date, r.time))) for r in paste.results],
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="lis_table")
    if not subject:
        st.caption(t("ui.data.lis_need_subject"))
        return
    csv = ("\ufeff" + paste.rows.to_csv(index=False, lineterminator="\r\n")).encode()
    offer(t("ui.data.lis_download"), lambda: csv, "LAB.csv", "lis", mime="text/csv")


def _ask(principal: Principal, paste: Paste) -> None:
    """Ask what each unknown name is; the answers are remembered for every later import."""
    lang = language()
    ignore = t("ui.data.lis_ignore")
    st.markdown(t("ui.data.lis_unknown", n=len(paste.unknown)))
    answers = {
        name: st.selectbox(
            name,
            (_SKIP, *lab_codes()),
            key=f"lis_name_{name}",
            placeholder=ignore,
            format_func=lambda code: label(lang, "lab_test", code) if code else ignore,
        )
        for name in paste.unknown
    }
    if st.button(t("ui.data.lis_remember"), key="lis_remember", icon=":material/bookmark_add:"):
        remember_names(principal, data_dir(), {name: code for name, code in answers.items() if code})
        st.rerun()
