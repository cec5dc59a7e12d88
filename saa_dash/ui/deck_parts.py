"""The finished deck on a page: choose language and template, make it, download it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..access.policy import Permission, can_permission
from ..access.presenting import can_present
from ..i18n.catalogue import LANGUAGES
from ..services.deck import DeckFile, make_deck
from ..services.location import data_dir
from . import state
from .download import offer
from .making import watched
from .words import labels, language, t

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_MADE = "_deck_made"  # the deck of this session, as long as nothing else is asked for
_LANG, _TEMPLATE = "deck_lang", "deck_template"


@dataclass(frozen=True)
class _Asked:
    """What a deck was made for."""

    cut: str
    lang: str
    template: str


def deck_block(here: state.PageState) -> None:
    """Offer the finished deck of the whole cut, to who may present; nothing is drawn for others."""
    if can_permission(here.principal, Permission.EXPORT_AGGREGATES) and can_present(here.principal):
        with st.container(border=True):
            _block(here)


def template_choice(key: str = _TEMPLATE) -> bytes | None:
    """Draw the choice of a template; return its bytes, None without one.

    Parameters
    ----------
    key : of the control; unique on the page.
    """
    held = st.file_uploader(t("deck.ui.template"), type=["pptx", "potx"], key=key)
    return None if held is None else held.getvalue()


def _block(here: state.PageState) -> None:
    st.markdown(f"## **{t('deck.ui.kind')}**")
    st.caption(t("deck.ui.about"))
    if st.session_state.get(_LANG) not in LANGUAGES:
        st.session_state[_LANG] = language()
    template = template_choice()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            t("deck.ui.lang"), LANGUAGES, key=_LANG, format_func=labels("pack.lang_"), placeholder=t("ui.choose_one"),
            width=130,
        )  # fmt: skip
        wanted = st.button(t("deck.ui.make"), key="deck_make", icon=":material/slideshow:")
    asked = _Asked(state.view().cut.cut_id, str(st.session_state[_LANG]), _name_of(template))
    if wanted:
        st.session_state[_MADE] = None
        _make(here, asked, template)
    made = st.session_state.get(_MADE)
    if made is not None and made[0] == asked:
        _offer(made[1])


def _name_of(template: bytes | None) -> str:
    import hashlib

    return "" if template is None else hashlib.blake2b(template, digest_size=8).hexdigest()


def _make(here: state.PageState, asked: _Asked, template: bytes | None) -> None:
    deck = watched(
        lambda told: make_deck(here.principal, data_dir(), asked.cut, asked.lang, template, progress=told),
        t("deck.progress.gather"),
    )
    if deck is not None:
        st.session_state[_MADE] = (asked, deck)


def _offer(deck: DeckFile) -> None:
    assert deck.cut is not None
    stem = f"{'SYNTHETIC_' if deck.cut.synthetic else ''}deck_{deck.cut.cut_id}_{deck.lang}"
    st.caption(t("deck.ui.ready", slides=deck.slides, charts=deck.charts, tables=deck.tables))
    offer(
        t("deck.ui.file"), lambda: deck.data, f"{stem}.pptx", "deck_pptx", mime=PPTX, needs=Permission.EXPORT_AGGREGATES
    )
