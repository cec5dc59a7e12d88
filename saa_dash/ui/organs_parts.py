"""The answers of the liver and kidney page, and the patient looked at."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..analysis.proportions import Proportion
from ..services.organs import CyclosporinePage, KidneyPage, LiverPage
from . import chart, session
from .words import t

_FIGURES = ("edish", "kdigo", "csa_range")  # a click in them chooses the patient


def answers(liver: LiverPage, kidney: KidneyPage, csa: CyclosporinePage) -> None:
    """Draw the answers in one line: x/n and exact limits, or why there is none."""
    with st.container(horizontal=True, gap="medium"):
        _rate(t("organs.answer.hy"), liver.quadrants["HY"])
        _rate(t("organs.answer.candidates"), liver.candidates)
        _rate(t("organs.answer.injured"), kidney.counts.injured)
        share = csa.all
        if share is None or not share.samples:
            _metric(t("organs.answer.range"), "–", t("organs.answer.none_range"))
            return
        value = f"{share.in_range}/{share.samples} · {100 * share.fraction:.0f}%"
        _metric(t("organs.answer.range"), value, t("organs.answer.samples", x=share.samples, n=share.patients))


def _rate(label: str, rate: Proportion) -> None:
    _metric(label, f"{rate.events}/{rate.total}", limits(rate) if rate.total else t("organs.answer.none_range"))


def limits(rate: Proportion) -> str:
    """Return per cent and exact limits of a rate that has a denominator."""
    share, lower, upper = (f"{100 * value:.0f}" for value in (rate.estimate, rate.lower, rate.upper))
    return t("ae.rate.limits", percent=share, lower=lower, upper=upper)


def _metric(label: str, value: str, words: str) -> None:
    st.metric(label, value, words, delta_color="off", delta_arrow="off", width="content")


def choose_patient(codes: Sequence[str], first: str) -> str:
    """Let the patient be chosen by name, and lead to the patient's page."""
    if st.session_state.get(session.PATIENT) not in codes:
        st.session_state[session.PATIENT] = first if first in codes else codes[0]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(t("organs.choose"), codes, key=session.PATIENT, placeholder=t("ui.choose_one"), width=170)
        code = str(st.session_state[session.PATIENT])
        if st.button(t("organs.to_patient", patient=code), icon=":material/person:", key="organs_open"):
            chart.open_patient(chart.Selection(((code,),)))
    return code


def take_clicks(codes: Sequence[str]) -> None:
    """Look at the patient whose mark was just clicked, before anything is drawn; a later choice from the list stays."""
    for key in _FIGURES:
        held = chart.clicked(key).points
        code, seen = str(held[0][0]) if held else "", f"_{key}_clicked"
        if code in codes and code != st.session_state.get(seen):
            st.session_state[session.PATIENT] = code
        st.session_state[seen] = code
