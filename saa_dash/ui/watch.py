"""Notices a cut that was published elsewhere (the command line, another tab) while the page is open."""

from __future__ import annotations

import streamlit as st

from ..model.cut import CutInfo
from ..model.errors import Refused
from ..services.cuts import list_cuts
from ..services.location import data_dir
from . import session
from .identity import current_principal
from .words import t

_EVERY_SECONDS = 20


def _show(cut_id: str) -> None:
    st.session_state[session.NEW_CUT] = cut_id


@st.fragment(run_every=_EVERY_SECONDS)
def offer_new_cut(known: tuple[str, ...]) -> None:
    """Offer the newest cut where it is not among those the page knows; looks again on its own.

    Parameters
    ----------
    known : ids of the cuts when the page was drawn.
    """
    try:  # asked anew: this part of the page runs on its own, long after the page did
        newest: CutInfo | None = next(iter(list_cuts(current_principal(), data_dir())), None)
    except Refused:
        return
    if newest is None or newest.cut_id in known:
        return
    words = t("ui.bar.new_cut", date=newest.cutoff, label=newest.label or newest.cut_id[:15])
    if st.button(words, icon=":material/new_releases:", key="new_cut", on_click=_show, args=(newest.cut_id,)):
        st.rerun(scope="app")
