"""Choosing a patient: by name, or one step on."""

from __future__ import annotations

import streamlit as st

from . import session, state
from .words import t


def _step(codes: list[str], by: int) -> None:
    now = st.session_state.get(session.PATIENT)
    index = codes.index(now) if now in codes else 0
    st.session_state[session.PATIENT] = codes[(index + by) % len(codes)]


def choose_patient(here: state.PageState) -> str:
    """Draw the stepper over the selected patients and return the chosen P-code."""
    assert here.view is not None
    codes = here.view.chosen_pcodes
    if st.session_state.get(session.PATIENT) not in codes:
        st.session_state[session.PATIENT] = codes[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "",
            key="step_back",
            icon=":material/chevron_left:",
            on_click=_step,
            args=(codes, -1),
            help=t("ui.patients.previous"),
            shortcut="Left",
        )
        st.selectbox(
            t("column.patient"),
            codes,
            key=session.PATIENT,
            placeholder=t("ui.choose_one"),
            label_visibility="collapsed",
            width=140,
        )
        st.button(
            "",
            key="step_on",
            icon=":material/chevron_right:",
            on_click=_step,
            args=(codes, 1),
            help=t("ui.patients.next"),
            shortcut="Right",
        )
        st.caption(t("ui.patients.position", n=codes.index(st.session_state[session.PATIENT]) + 1, total=len(codes)))
    return str(st.session_state[session.PATIENT])
