"""The shell: who it is, which pages there are, the bar on top, then the page. Every run starts here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from saa_dash.access.pages import can_page
from saa_dash.model.principal import Principal
from saa_dash.ui import (
    address,
    bar,
    collect,
    eyes,
    identity,
    meeting,
    meeting_mark,
    own_words,
    page_head,
    places,
    refusal,
    session,
)
from saa_dash.ui.errors import shielded
from saa_dash.ui.words import t

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_PAGES = Path(__file__).resolve().parents[2] / "pages"
_ICON = Path(__file__).parent / "assets" / "icon.png"
_FIRST = "start"  # never seen in an address: the first page is ``/``
# Page file (without .py), icon; titles and help are ui.page.<name>.title / .help.
PAGES = (
    ("overview", ":material/dashboard:"),
    ("dsmb", ":material/gavel:"),
    ("patients", ":material/person:"),
    ("cohort", ":material/groups:"),
    ("response", ":material/grid_on:"),
    ("survival", ":material/timeline:"),
    ("adverse_events", ":material/health_and_safety:"),
    ("laboratory", ":material/labs:"),
    ("vital_signs", ":material/vital_signs:"),
    ("organs", ":material/nephrology:"),
    ("exposure", ":material/medication:"),
    ("present", ":material/co_present:"),
    ("methods", ":material/menu_book:"),
    ("data", ":material/database:"),
    ("review", ":material/fact_check:"),
    ("audit", ":material/shield_person:"),
)
# What the menu gathers under a word, `ui.section.<name>`; other pages stand in the menu themselves.
SECTIONS = {
    "patients": ("patients", "cohort"),
    "efficacy": ("response", "survival"),
    "safety": ("adverse_events", "laboratory", "vital_signs", "organs", "exposure"),
    "records": ("data", "review", "methods", "audit"),
}


def main() -> None:
    """Draw the shell and run the page that was asked for."""
    # a file of our own: the browser would fetch the icon of a Material name from outside
    st.set_page_config(page_title="SAA Dash", page_icon=str(_ICON), layout="wide")
    session.start()
    meeting_mark.take_up()
    own_words.speak()
    with shielded():
        refusal.check_guard()
        principal = identity.current_principal()
        page = _page_asked_for(principal)
        places.enter(page)
        page_head.draw(page.title)
        meeting.start()
        bar.draw(principal)
        collect.tell()
        page.run()


def _page_asked_for(principal: Principal) -> StreamlitPage:
    """Offer the pages that a principal may open; each of the others only says that it may not be opened."""
    allowed = [name for name, _ in PAGES if can_page(principal, name)]
    refusal.check_any(allowed)
    pages = {
        name: st.Page(
            _PAGES / f"{name}.py" if name in allowed else refusal.page(principal, name, allowed[0]),
            title=t(f"ui.page.{name}.title"),
            icon=icon,
            url_path=name if name != allowed[0] else _FIRST,
            default=name == allowed[0],
            visibility="visible" if name in allowed else "hidden",
            help=t(f"ui.page.{name}.help"),
        )
        for name, icon in PAGES
    }
    places.remember(pages, allowed)
    address.carry_over()
    return st.navigation(_menu(pages, _by_name(allowed[0])), position="hidden" if eyes.meeting() else "top")


def _menu(pages: Mapping[str, StreamlitPage], first: StreamlitPage) -> dict[str, list[StreamlitPage]]:
    """Return the pages by the word that they stand under, "" for those that stand alone."""
    gathered = {name for names in SECTIONS.values() for name in names}
    menu = {"": [*(page for name, page in pages.items() if name not in gathered), first]}
    for section, names in SECTIONS.items():
        menu[t(f"ui.section.{section}")] = [pages[name] for name in names if name in pages]
    return menu


def _by_name(name: str) -> StreamlitPage:
    """Return the first page under its own name too, for who types it: the server knows it as ``/`` alone."""
    return st.Page(
        _PAGES / f"{name}.py",
        title=t(f"ui.page.{name}.title"),
        url_path=name,
        visibility="hidden",
        icon=dict(PAGES)[name],
    )


main()
