"""The pages by name, and the ways between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from ..model.errors import Refused

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_KEY, _OPEN, _SHOWN = "_pages", "_pages_open", "_page_shown"


def remember(pages: Mapping[str, StreamlitPage], allowed: Collection[str]) -> None:
    """Hand the pages of this run to whoever links to them.

    Parameters
    ----------
    allowed : names of those that may be opened.
    """
    st.session_state[_KEY], st.session_state[_OPEN] = dict(pages), frozenset(allowed)


def enter(page: StreamlitPage) -> None:
    """Take note of the page that is shown."""
    pages: Mapping[str, StreamlitPage] = st.session_state[_KEY]
    # under its own name the first page is another one to the server
    st.session_state[_SHOWN] = next((name for name, known in pages.items() if known is page), page.url_path)


def stand(name: str) -> None:
    """Take note of the page that is run, where no menu led to it.

    Parameters
    ----------
    name : of the page.
    """
    st.session_state[_SHOWN] = name


def here() -> str:
    """Return the name of the page that is shown, "" while it is none of them."""
    return str(st.session_state.get(_SHOWN) or "")


def path_of(name: str) -> str:
    """Return the address of a page without parameters: "" for the first one."""
    return str(st.session_state[_KEY][name].url_path)


def exists(name: str) -> bool:
    """Tell whether there is such a page."""
    return name in st.session_state[_KEY]


def link(name: str, label: str, icon: str) -> None:
    """Draw a link to a page, where it may be opened."""
    if name in st.session_state[_OPEN]:
        st.page_link(st.session_state[_KEY][name], label=label, icon=icon)


def go(name: str) -> NoReturn:
    """Leave for a page.

    Raises
    ------
    Refused : it may not be opened.
    """
    if name not in st.session_state[_OPEN]:
        raise Refused("error.page_not_permitted", page=name)
    st.switch_page(st.session_state[_KEY][name])
