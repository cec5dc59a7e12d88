"""What can be taken away from the page for presenting: slides, the finished deck, a page, figures and tables."""

from __future__ import annotations

import hashlib

import streamlit as st

from ..access.policy import Permission
from ..i18n import LANGUAGES, translate
from ..model.principal import Principal
from ..services import trays
from ..services.deck import tray_deck
from ..services.location import data_dir
from ..store.trays import Tray, encode
from . import collect
from .deck_parts import PPTX, deck_block, template_choice
from .download import offer
from .making import watched
from .state import PageState
from .takeaway_parts import takeaway_block
from .words import language, t

_MADE = "_tray_deck_made"  # the deck of this session, as long as tray, language and template are the same


def draw(here: PageState, tray: Tray | None) -> None:
    """Draw what can be taken away.

    Parameters
    ----------
    tray : the open one; None or empty where there is nothing collected.
    """
    st.header(t("present.export.title"))
    if tray is not None and tray.items:
        with st.container(border=True, key="tray_deck"):
            _slides(here.principal, tray)
    deck_block(here)
    takeaway_block(here.principal, [] if tray is None else trays.exhibits(tray))


def _slides(principal: Principal, tray: Tray) -> None:
    st.markdown(f"## **{t('present.export.slides')}**")
    st.caption(t("present.export.slides_about", n=len(tray.items)))
    template = template_choice("tray_deck_template")
    asked = hashlib.blake2b(f"{encode(tray)}{language()}".encode() + (template or b""), digest_size=12).hexdigest()
    if st.button(t("present.export.make"), key="tray_deck_make", icon=":material/slideshow:"):
        st.session_state[_MADE] = (asked, _made(principal, tray, template))
    held: tuple[str, bytes | None] = st.session_state.get(_MADE, ("", None))
    made = held[1]
    if held[0] != asked or made is None:
        return
    synthetic = any(one.provenance.synthetic for one in trays.exhibits(tray))
    name = f"{'SYNTHETIC_' if synthetic else ''}tray_{collect.code_of(tray.name)}_{language()}.pptx"
    offer(t("deck.ui.file"), lambda: made, name, "tray_deck_pptx", mime=PPTX, needs=Permission.EXPORT_AGGREGATES)


def _own_name(tray: Tray) -> str:
    """Return what the presenter called a tray; "" for the name that the first one is given."""
    return "" if tray.name in {translate(lang, "present.first_name") for lang in LANGUAGES} else tray.name


def _made(principal: Principal, tray: Tray, template: bytes | None) -> bytes | None:
    return watched(
        lambda told: tray_deck(
            principal, data_dir(), trays.exhibits(tray), language(), template, told, name=_own_name(tray)
        ),
        t("deck.progress.gather"),
    )
