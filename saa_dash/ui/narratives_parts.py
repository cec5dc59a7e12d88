"""Narratives on the page: one after the other, to be copied and downloaded; for who may see patients."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.principal import Principal
from ..report.narrative_words import Teller, narrative_file
from ..services.adverse_events import adverse_events_page
from ..services.context import View
from ..services.narratives import Narratives
from ..services.narratives import narratives as narratives_of
from . import chart, state
from .ae_tables import open_event
from .download import offer
from .gaps import plain
from .words import language, t

SHOWN = 10  # narratives on a page
_ALL = ""
_WHO, _PAGE = "narratives_who", "narratives_page"


def narratives(who: Principal, view: View) -> None:
    """Draw the narratives; nothing to narrate, and a role that sees aggregates only, are said."""
    if not can_permission(who, Permission.VIEW_PATIENTS):
        _aggregates(who, view)
        return
    found = narratives_of(who, view)
    rows = found.rows
    st.markdown(f"## **{t('narratives.title')}**")
    if rows.empty:
        st.info(
            t("narratives.zero" if found.recorded.serious else "narratives.zero_unrecorded"), icon=":material/info:"
        )
        return
    deaths = int((rows["KIND"] == "DEATH").sum())
    people = rows["PCODE"].nunique()
    st.markdown(t("narratives.answer", sae=len(rows) - deaths, deaths=deaths, n=len(rows), patients=people))
    st.caption(t("narratives.about"))
    _downloads(found)
    part = _chosen(rows)
    shown = Teller(language(), found.recorded, protocol=found.protocol, plain=plain)
    for place, row in enumerate(part.to_dict("records")):
        with st.container(border=True):
            st.markdown(f"**{shown.head(row)}**")
            st.markdown(shown.text(row))
            code = str(row["PCODE"])
            if st.button(t("narratives.open", patient=code), key=f"narrative_{place}", icon=":material/person:"):
                open_event(code, float(row["ASTDY"]))
    st.caption(chart.provenance_line(state.provenance()))
    with st.expander(t("narratives.copy"), icon=":material/content_copy:"):
        st.caption(t("narratives.copy_help"))
        st.code(_writer(found, part, marked=False)(), language=None, wrap_lines=True)


def _aggregates(who: Principal, view: View) -> None:
    """Say how many there are, and why they are not told."""
    answers = {answer.code: answer for answer in adverse_events_page(who, view).answers}
    rate = answers["DEATH"].patients
    deaths = rate.events if rate else 0
    st.info(t("narratives.not_shown", sae=answers["SERIOUS"].events, deaths=deaths), icon=":material/visibility_off:")


def _chosen(rows: pd.DataFrame) -> pd.DataFrame:
    """Let a patient be chosen, and a page where there are many."""
    codes = [_ALL, *rows["PCODE"].drop_duplicates()]
    if st.session_state.get(_WHO) not in codes:
        st.session_state[_WHO] = _ALL
    words = {code: code or t("narratives.everybody") for code in codes}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            t("narratives.choose"), codes, key=_WHO, format_func=words.__getitem__, placeholder=t("ui.choose_one"),
            width=220,
        )  # fmt: skip
        part = rows if st.session_state[_WHO] == _ALL else rows[rows["PCODE"] == st.session_state[_WHO]]
        pages = -(-len(part) // SHOWN)
        if pages < 2:
            return part
        held = st.session_state.get(_PAGE)
        st.session_state[_PAGE] = min(max(int(held or 1), 1), pages)
        page = st.number_input(t("narratives.page"), 1, pages, key=_PAGE, width=130)
        st.caption(t("narratives.of_pages", page=int(page), pages=pages), width="content")
    return part.iloc[(int(page) - 1) * SHOWN : int(page) * SHOWN]


def _downloads(found: Narratives) -> None:
    """Offer all narratives as files; written on the click, in the words of now."""
    provenance = state.provenance()
    stem = f"{'SYNTHETIC_' if provenance.synthetic else ''}narratives_{provenance.cut_id}"
    with st.container(horizontal=True, gap="xsmall"):
        for name, ending, marked in (("markdown", "md", True), ("plain", "txt", False)):
            make = partial(_bytes, _writer(found, found.rows, marked=marked))
            offer(t(f"narratives.{name}"), make, f"{stem}.{ending}", f"narratives_{ending}", mime="text/plain")


def _bytes(write: Callable[[], str]) -> bytes:
    return write().encode("utf-8")


def _writer(found: Narratives, rows: pd.DataFrame, *, marked: bool) -> Callable[[], str]:
    """Return what writes narratives as one text, under what they are about, when no session is at hand."""
    provenance = state.provenance()
    about = [chart.provenance_line(provenance, whole=True), t("narratives.about")]
    if provenance.synthetic:
        about.insert(0, t("synthetic.badge"))
    teller = Teller(language(), found.recorded, protocol=found.protocol)
    return partial(narrative_file, rows, teller, t("narratives.title"), about, marked=marked)
