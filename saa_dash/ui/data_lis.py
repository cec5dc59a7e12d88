"""Pasting results from a hospital laboratory system: recognised, asked about, put into a workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from ..access.policy import Permission
from ..i18n import label
from ..model.errors import UserError
from ..model.principal import Principal
from ..services.imports import remember_names
from ..services.lis import Merged, Paste, add_to_workbook, lab_codes, read_paste, write_new_workbook
from ..services.location import data_dir
from .data_form import XLSX
from .data_import import replace_staged, staged_workbook
from .download import offer
from .errors import tell
from .table_files import plain_csv
from .typed_date import read_typed_date
from .words import labels, language, t

_SKIP = ""
_SEXES = ("", "M", "F")
_MERGED = "_lis_merged"  # what the last addition gave
_EMPTIED = "_lis_emptied"  # the paste has gone into a workbook
_TEXT = "lis_text"


def lis_panel(principal: Principal) -> None:
    """Draw the paste area, what was recognised, the questions about unknown names, and the ways on."""
    with st.expander(t("ui.data.lis"), icon=":material/content_paste:"):
        st.markdown(t("ui.lis.help"))
        _outcome()
        left, right = st.columns(2)
        subject = left.text_input(t("ui.data.lis_subject"), key="lis_subject").strip()
        day = read_typed_date(right.text_input(t("ui.data.lis_date"), key="lis_date", placeholder="2026-03-05").strip())
        if st.session_state.pop(_EMPTIED, False):
            st.session_state[_TEXT] = ""  # what was added shall not be added again
        text = st.text_area(t("ui.data.lis_text"), key=_TEXT, height=160, placeholder=t("ui.data.lis_example"))
        if not text.strip():
            return
        paste = read_paste(principal, data_dir(), text, subject=subject, day=day)
        if not paste.results and not paste.unknown:
            st.info(t("ui.data.lis_empty"), icon=":material/info:")
            return
        _recognised(paste)
        if paste.unknown:
            _ask(principal, paste)
        if paste.has_limits and (sex := _sex()):
            paste = read_paste(principal, data_dir(), text, subject=subject, day=day, sex=sex)
        _ways_on(principal, paste, subject)


def _recognised(paste: Paste) -> None:
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
    if paste.left_out:
        st.caption(t("ui.lis.left_out", n=paste.left_out))


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
            format_func=lambda code: label(lang, "lab_test", code) if code else ignore,
        )
        for name in paste.unknown
    }
    if st.button(t("ui.data.lis_remember"), key="lis_remember", icon=":material/bookmark_add:"):
        remember_names(principal, data_dir(), {name: code for name, code in answers.items() if code})
        st.rerun()


def _sex() -> str | None:
    """Ask whose the printed limits are; None where they are everybody's."""
    chosen = st.radio(
        t("ui.lis.sex"),
        _SEXES,
        key="lis_sex",
        format_func=labels("ui.lis.sex_"),
        horizontal=True,
        help=t("ui.lis.sex_help"),
    )
    return chosen or None


def _ways_on(principal: Principal, paste: Paste, subject: str) -> None:
    """Offer the uploaded workbook with the rows in it, else a new one; and the rows alone."""
    if not subject:
        st.caption(t("ui.data.lis_need_subject"))
        return
    if not paste.results:
        return
    if paste.undated:
        st.warning(t("ui.lis.no_date"), icon=":material/event:")
        return
    workbook = staged_workbook()
    if workbook is not None:
        st.caption(t("ui.lis.add_help", name=workbook.name))
        if st.button(t("ui.lis.add"), key="lis_add", type="primary", icon=":material/playlist_add:"):
            _add(principal, workbook, paste)
    else:
        st.caption(t("ui.lis.fresh_help"))
        lang = language()
        new = t("ui.lis.fresh_download")
        offer(
            new,
            lambda: _new_workbook(principal, paste, lang),
            t("ui.lis.fresh_file"),
            "lis_new",
            mime=XLSX,
            needs=Permission.IMPORT,
        )
    offer(
        t("ui.lis.csv_download"),
        lambda: plain_csv(paste.rows),
        "LAB.csv",
        "lis",
        mime="text/csv",
        needs=Permission.IMPORT,
    )


def _add(principal: Principal, workbook: Path, paste: Paste) -> None:
    try:
        with st.spinner(t("ui.lis.adding")):
            merged = add_to_workbook(principal, data_dir(), workbook, paste.rows)
    except UserError as error:
        tell(error)
        return
    replace_staged(merged.path)
    st.session_state[_MERGED] = merged
    st.session_state[_EMPTIED] = True
    st.rerun()


def _outcome() -> None:
    """Say what was added last, as long as that workbook waits to be published, and offer it to keep."""
    merged: Merged | None = st.session_state.get(_MERGED)
    if merged is None or staged_workbook() != merged.path:
        return
    st.success(t("ui.lis.added", name=merged.path.name, rows=merged.rows, n=merged.values), icon=":material/check:")
    if merged.left_out:
        tests = " · ".join(label(language(), "lab_test", code) for code in merged.left_out)
        st.warning(t("ui.lis.unit_lost", tests=tests), icon=":material/warning:")
    offer(
        t("ui.lis.merged_download"),
        merged.path.read_bytes,
        merged.path.name,
        "lis_merged",
        mime=XLSX,
        needs=Permission.IMPORT,
    )


def _new_workbook(principal: Principal, paste: Paste, lang: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "form.xlsx"
        write_new_workbook(principal, out, paste.rows, lang)
        return out.read_bytes()
