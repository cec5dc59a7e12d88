"""Present: what was collected, in order, for a meeting."""

from __future__ import annotations

import streamlit as st

from saa_dash.services import cuts, trays
from saa_dash.services.location import data_dir
from saa_dash.ui import collect, eyes, meeting, places, state, tray_check, tray_exports, tray_head, tray_items
from saa_dash.ui.empty import empty_installation
from saa_dash.ui.words import t


def _empty() -> None:
    with st.container(border=True):
        st.subheader(t("present.empty.title"))
        st.markdown(t("present.empty.steps"))
        with st.container(horizontal=True, gap="small"):
            for page, icon in (("overview", "dashboard"), ("response", "grid_on"), ("survival", "timeline")):
                places.link(page, t("present.empty.go", page=t(f"ui.page.{page}.title")), f":material/{icon}:")


def _body(here: state.PageState) -> None:
    principal = here.principal
    known = trays.list_trays(principal, data_dir())
    name = collect.current(principal)
    tray = trays.read_tray(principal, data_dir(), name) if known else None
    tray_head.draw(principal, known, tray)
    if tray is None or not tray.items:
        _empty()
    else:
        made = cuts.list_cuts(principal, data_dir())
        tray_check.draw(principal, tray, made, here.cut)
        tray_items.draw(principal, tray, made)
    if not eyes.meeting():
        tray_exports.draw(here, tray)


def render() -> None:
    """Draw the page."""
    here = state.get()
    if meeting.shows():
        meeting.show(here.principal)
    elif here.view is None:
        empty_installation()
    else:
        _body(here)


render()
