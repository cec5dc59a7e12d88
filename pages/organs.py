"""Liver, kidney and cyclosporine: is there a liver signal and in whom, stages of kidney injury, levels in range."""

from __future__ import annotations

import streamlit as st

from saa_dash.services.gaps import gaps
from saa_dash.services.organs import cyclosporine_page, kidney_page, liver_page, organ_course
from saa_dash.ui import organs_kidney as kidney_parts
from saa_dash.ui import organs_liver as liver_parts
from saa_dash.ui import organs_parts as parts
from saa_dash.ui import state
from saa_dash.ui.empty import ready
from saa_dash.ui.words import t


def _organs(here: state.PageState) -> None:
    view, who = state.view(), here.principal
    liver = liver_page(who, view, liver_parts.plane_asked())
    kidney, csa = kidney_page(who, view), cyclosporine_page(who, view)
    if not liver.treated:
        st.info(t("organs.nobody"), icon=":material/info:")
        return
    parts.answers(liver, kidney, csa)
    day_one = gaps(who, view).day_one
    course = None
    with st.container(border=True):
        liver_parts.plane_controls(liver.plane)
        if view.sight.patients:
            parts.take_clicks(view.chosen_pcodes)
            code = parts.choose_patient(view.chosen_pcodes, liver_parts.notable(liver))
            course = organ_course(who, view, code)
        liver_parts.liver_block(liver, course)
    with st.container(border=True):
        kidney_parts.kidney_block(kidney, day_one)
    if course is not None:
        with st.container(border=True):
            kidney_parts.course_block(course, day_one)
    with st.container(border=True):
        kidney_parts.range_block(csa)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if ready(here):
        _organs(here)


render()
