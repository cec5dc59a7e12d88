"""The shell: who it is, which pages there are, the bar on top, then the page. Every run starts here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from saa_dash.ui import bar, own_words, places, session
from saa_dash.ui.errors import shielded
from saa_dash.ui.words import t

_PAGES = Path(__file__).resolve().parents[2] / "pages"
_ICON = Path(__file__).parent / "assets" / "icon.png"
# Page file (without .py), icon; titles and help are ui.page.<name>.title / .help.
PAGES = (
    ("overview", ":material/dashboard:"),
    ("patients", ":material/person:"),
    ("response", ":material/grid_on:"),
    ("survival", ":material/timeline:"),
    ("adverse_events", ":material/health_and_safety:"),
    ("laboratory", ":material/labs:"),
    ("vital_signs", ":material/vital_signs:"),
    ("methods", ":material/menu_book:"),
    ("data", ":material/database:"),
)


def main() -> None:
    """Draw the shell and run the page that was asked for."""
    # a file of our own: the browser would fetch the icon of a Material name from outside
    st.set_page_config(page_title="SAA Dash", page_icon=str(_ICON), layout="wide")
    session.start()
    own_words.speak()
    pages = {
        name: st.Page(
            _PAGES / f"{name}.py",
            title=t(f"ui.page.{name}.title"),
            icon=icon,
            url_path=name,
            default=name == "overview",
            help=t(f"ui.page.{name}.help"),
        )
        for name, icon in PAGES
    }
    places.remember(pages)
    page = st.navigation(list(pages.values()), position="top")
    with shielded():
        bar.draw()
        page.run()


main()
