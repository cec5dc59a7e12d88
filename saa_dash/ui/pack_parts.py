"""The pack on the page of the board: choose language and comparison, make it, download both files."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..access.policy import Permission, can_permission
from ..i18n.catalogue import LANGUAGES
from ..model.cut import CutInfo
from ..services.changes import earlier_cuts
from ..services.location import data_dir
from ..services.pack import Pack, make_pack
from . import state
from .download import offer
from .making import watched
from .table_files import XLSX
from .words import labels, language, t

PDF = "application/pdf"
_MADE = "_pack_made"  # the pack of this session, as long as nothing else is asked for
_LANG, _SINCE, _NONE = "pack_lang", "pack_since", ""


@dataclass(frozen=True)
class _Asked:
    """What a pack was made for."""

    cut: str
    since: str
    lang: str


def pack_block(here: state.PageState) -> None:
    """Offer the pack of the whole cut, to who has the right to it; nothing is drawn for others."""
    if not can_permission(here.principal, Permission.EXPORT_PACK):
        return
    with st.container(border=True):
        _block(here)


def _block(here: state.PageState) -> None:
    known = {cut.cut_id: cut for cut in earlier_cuts(here.principal, state.view())}
    st.markdown(f"## **{t('pack.kind')}**")
    st.caption(t("pack.about"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = _choose(known)
        wanted = st.button(t("pack.button"), key="pack_make", icon=":material/picture_as_pdf:")
    if wanted:
        st.session_state[_MADE] = None
        _make(here, asked)
    made = st.session_state.get(_MADE)
    if made is not None and made[0] == asked:
        _offer(made[1])


def _choose(known: dict[str, CutInfo]) -> _Asked:
    """Draw language and comparison, the session's language and the cut before this one first."""
    for key, options, first in (
        (_LANG, LANGUAGES, language()),
        (_SINCE, (*known, _NONE), next(iter(known), _NONE)),
    ):
        if st.session_state.get(key) not in options:
            st.session_state[key] = first
    st.selectbox(t("pack.lang"), LANGUAGES, key=_LANG, format_func=labels("pack.lang_"), width=130)
    words = {cut_id: t("provenance.cut", cut=cut.created[:10], date=cut.cutoff) for cut_id, cut in known.items()}
    words[_NONE] = t("pack.since_none")
    st.selectbox(t("pack.since"), [*known, _NONE], key=_SINCE, format_func=words.__getitem__, width=330)
    return _Asked(state.view().cut.cut_id, str(st.session_state[_SINCE]), str(st.session_state[_LANG]))


def _make(here: state.PageState, asked: _Asked) -> None:
    pack = watched(
        lambda told: make_pack(here.principal, data_dir(), asked.cut, asked.since or None, asked.lang, progress=told),
        t("pack.progress.gather"),
    )
    if pack is not None:
        st.session_state[_MADE] = (asked, pack)


def _offer(pack: Pack) -> None:
    stem = f"{'SYNTHETIC_' if pack.cut.synthetic else ''}dsmb_pack_{pack.cut.cut_id}_{pack.lang}"
    st.caption(t("pack.ready", n=pack.tables, tables=pack.tables, figures=pack.figures))
    with st.container(horizontal=True, gap="xsmall"):
        offer(t("pack.pdf"), lambda: pack.pdf, f"{stem}.pdf", "pack_pdf", mime=PDF, needs=Permission.EXPORT_PACK)
        offer(
            t("pack.xlsx"), lambda: pack.workbook, f"{stem}.xlsx", "pack_xlsx", mime=XLSX, needs=Permission.EXPORT_PACK
        )  # fmt: skip
