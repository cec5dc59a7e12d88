"""Cohort: all patients side by side, one question at a time."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.gaps import gaps
from saa_dash.ui import cohort_courses, cohort_parts, session, state
from saa_dash.ui.empty import ready
from saa_dash.ui.gaps import not_available
from saa_dash.ui.lab_parts import choose_code

QUESTIONS = ("courses", "waterfall", "map", "swimmer", "recovery")
_LACKING = {"map": "gap.response", "recovery": "gap.recovery"}


def _body(here: state.PageState) -> None:
    question = choose_code(session.COHORT_QUESTION, QUESTIONS, "cohort.question", "cohort.question.choose")
    held = gaps(here.principal, state.view())
    if held.response and question in _LACKING:
        with st.container(border=True):
            not_available(_LACKING[question], held.response)
        return
    draw = {
        "courses": cohort_courses.courses,
        "waterfall": cohort_parts.waterfall_part,
        "map": cohort_parts.map_part,
        "swimmer": cohort_parts.swimmer_part,
        "recovery": cohort_parts.recovery_part,
    }
    draw[question](here, held)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _body(here)


render()
