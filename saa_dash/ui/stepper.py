"""Choosing a patient: by name, or one step on, by number or worst first."""

from __future__ import annotations

import streamlit as st

from ..services.patients import Ranked, worst_first
from . import session, state
from .words import labels, t

ORDERS = ("number", "worst")


def _step(codes: list[str], by: int) -> None:
    now = st.session_state.get(session.PATIENT)
    index = codes.index(now) if now in codes else 0
    st.session_state[session.PATIENT] = codes[(index + by) % len(codes)]


def choose_patient(here: state.PageState) -> str:
    """Draw the stepper over the selected patients and return the chosen P-code."""
    view = state.view()
    if st.session_state.get(session.PATIENT_ORDER) not in ORDERS:
        st.session_state[session.PATIENT_ORDER] = ORDERS[0]
    ranked = worst_first(here.principal, view) if st.session_state[session.PATIENT_ORDER] == "worst" else ()
    codes = [one.pcode for one in ranked] or view.chosen_pcodes
    if st.session_state.get(session.PATIENT) not in codes:
        st.session_state[session.PATIENT] = codes[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _button("step_back", ":material/chevron_left:", codes, -1, t("ui.patients.previous"), "Left")
        st.selectbox(
            t("column.patient"),
            codes,
            key=session.PATIENT,
            placeholder=t("ui.choose_one"),
            label_visibility="collapsed",
            width=140,
        )
        _button("step_on", ":material/chevron_right:", codes, 1, t("ui.patients.next"), "Right")
        st.caption(_position(codes, ranked), width="content", help=t("profile.order.help"))
        st.segmented_control(
            t("profile.order.label"),
            ORDERS,
            key=session.PATIENT_ORDER,
            format_func=labels("profile.order."),
            required=True,
            label_visibility="collapsed",
            width="content",
            persist_state="session",
        )
    return str(st.session_state[session.PATIENT])


def _button(key: str, icon: str, codes: list[str], by: int, words: str, shortcut: str) -> None:
    st.button("", key=key, icon=icon, on_click=_step, args=(codes, by), help=words, shortcut=shortcut)


def _position(codes: list[str], ranked: tuple[Ranked, ...]) -> str:
    """Return "3 of 10", and in the order of the worst what put the patient there."""
    place = codes.index(st.session_state[session.PATIENT])
    words = t("ui.patients.position", n=place + 1, total=len(codes))
    if not ranked:
        return words
    one = ranked[place]
    return f"{words} · {t(f'profile.why.{one.why}', value='' if one.value is None else f'{one.value:g}')}"
