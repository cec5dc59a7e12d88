"""The pages by name, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_KEY = "_pages"


def remember(pages: Mapping[str, StreamlitPage]) -> None:
    """Hand the pages of this run to whoever links to them."""
    st.session_state[_KEY] = dict(pages)


def exists(name: str) -> bool:
    """Tell whether there is such a page."""
    return name in st.session_state[_KEY]


def link(name: str, label: str, icon: str) -> None:
    """Draw a link to a page."""
    st.page_link(st.session_state[_KEY][name], label=label, icon=icon)


def go(name: str) -> NoReturn:
    """Leave for a page."""
    st.switch_page(st.session_state[_KEY][name])
