"""What can be taken along from a tray: one page, figures for a paper, tables for a paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.cut import CutInfo
from ..model.principal import Principal
from ..report.exhibit import FIGURE, Exhibit
from ..services import takeaway
from ..services.location import data_dir
from ..services.making import Progress
from . import state
from .download import offer
from .making import watched
from .plot.files import ASSETS
from .table_files import XLSX
from .words import labels, language, t

HTML, ZIP = "text/html", "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MADE = "_takeaway_made"  # files of this session by what they are, as long as nothing else is asked for
_COLUMN, _FORMATS = "takeaway_column", "takeaway_formats"
_COLUMNS, _KINDS = ("single", "onehalf", "double"), ("svg", "pdf", "png")

Made = dict[str, bytes]
Make = Callable[[Progress], Made]


@dataclass(frozen=True)
class _Kind:
    """One thing to take along.

    Parameters
    ----------
    name : html, figures or tables. asked : tells what it is made of; other than before, and it is made anew.
    """

    name: str
    icon: str
    asked: Callable[[], str]
    make: Make
    synthetic: bool
    ready: bool = True


def takeaway_block(principal: Principal, exhibits: Sequence[Exhibit]) -> None:
    """Offer what can be taken along, to who may have totals; nothing is drawn for others.

    Parameters
    ----------
    exhibits : of the tray, in order; without any there are the tables of the cut.
    """
    if not can_permission(principal, Permission.EXPORT_AGGREGATES):
        return
    with st.container(border=True, key="takeaway"):
        st.markdown(f"## **{t('takeaway.block.head')}**")
        st.caption(t("takeaway.block.about"))
        tray, synthetic = cache(lambda: _name_of(exhibits)), any(one.provenance.synthetic for one in exhibits)
        if exhibits:
            _page(principal, exhibits, tray, synthetic)
        if any(one.kind == FIGURE for one in exhibits):
            _figures(principal, exhibits, tray, synthetic)
        cut = state.get().cut
        if cut is not None:
            _tables(principal, exhibits, tray, cut)


def _page(principal: Principal, exhibits: Sequence[Exhibit], tray: Callable[[], str], synthetic: bool) -> None:
    lang = language()

    def make(told: Progress) -> Made:
        return {"html": takeaway.tray_page(principal, data_dir(), exhibits, ASSETS, lang, progress=told)}

    _offer(_Kind("html", "html", lambda: f"{tray()} {lang}", make, synthetic))


def _figures(principal: Principal, exhibits: Sequence[Exhibit], tray: Callable[[], str], synthetic: bool) -> None:
    lang = language()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        column, formats = _choose()

        def make(told: Progress) -> Made:
            made = takeaway.paper_figures(principal, data_dir(), exhibits, column, formats, lang, progress=told)
            return {"zip": made}

        asked = f"{lang} {column} {formats}"
        _offer(_Kind("figures", "image", lambda: f"{tray()} {asked}", make, synthetic, ready=bool(formats)))


def _tables(principal: Principal, exhibits: Sequence[Exhibit], tray: Callable[[], str], cut: CutInfo) -> None:
    lang = language()

    def make(told: Progress) -> Made:
        return takeaway.paper_tables(principal, data_dir(), cut.cut_id, exhibits, lang, progress=told)

    kind = _Kind("tables", "table", lambda: f"{tray()} {lang} {cut.cut_id}", make, cut.synthetic)
    _offer(kind, cut=cut.cut_id)


def _choose() -> tuple[str, list[str]]:
    """Draw width and files of figures."""
    for key, first in ((_COLUMN, _COLUMNS[0]), (_FORMATS, list(_KINDS))):
        st.session_state.setdefault(key, first)
    st.segmented_control(
        t("takeaway.block.column"), _COLUMNS, key=_COLUMN, format_func=labels("takeaway.column."), required=True
    )
    st.pills(
        t("takeaway.block.formats"), _KINDS, key=_FORMATS, format_func=str.upper, selection_mode="multi"
    )  # fmt: skip
    return str(st.session_state[_COLUMN]), sorted(st.session_state[_FORMATS], key=_KINDS.index)


def _offer(kind: _Kind, **params: object) -> None:
    """Draw the button that makes one thing, and what it made."""
    held: dict[str, tuple[str, Made]] = st.session_state.setdefault(_MADE, {})
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        wanted = st.button(
            t(f"takeaway.block.{kind.name}"), key=f"takeaway_{kind.name}", icon=f":material/{kind.icon}:",
            help=t(f"takeaway.block.{kind.name}_help", **params), disabled=not kind.ready,
        )  # fmt: skip
        if wanted:
            held.pop(kind.name, None)
            made = watched(kind.make)
            if made is not None:
                held[kind.name] = (kind.asked(), made)
        if kind.name in held and held[kind.name][0] == kind.asked():
            files = held[kind.name][1]
            for ending, data in files.items():
                _download(kind, ending, data)


def _download(kind: _Kind, ending: str, data: bytes) -> None:
    mime = {"html": HTML, "zip": ZIP, "docx": DOCX, "xlsx": XLSX}[ending]
    word = ending if kind.name == "tables" else kind.name
    stem = f"{'SYNTHETIC_' if kind.synthetic else ''}saa_dash_{kind.name}"
    name = f"{stem}_{hashlib.blake2b(data, digest_size=4).hexdigest()}.{ending}"
    offer(
        t(f"takeaway.block.download_{word}"), lambda: data, name, f"takeaway_{ending}", mime=mime,
        needs=Permission.EXPORT_AGGREGATES,
    )  # fmt: skip


def _name_of(exhibits: Sequence[Exhibit]) -> str:
    """Return a name of what exhibits show, the words of their presenter and their cuts."""
    digest = hashlib.blake2b(digest_size=12)
    for one in exhibits:
        digest.update(f"{one.digest} {one.caption} {one.provenance}".encode())
    return digest.hexdigest()
