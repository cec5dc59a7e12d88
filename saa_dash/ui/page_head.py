"""What every page carries unseen: its name as the first heading, and words quiet but readable.

Streamlit writes captions in 60 % of the text's strength, which is 4.47:1 on white; here they have the muted colour of
the figures.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from ..charts.palette import PALETTES

_UNSEEN = "position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%);"
_CAPTION = '[data-testid="stCaptionContainer"]'


def draw(title: str) -> None:
    """Name the page for who hears it, and set the colour of quiet words.

    Parameters
    ----------
    title : of the page, in the session's language.
    """
    muted = PALETTES["dark" if st.context.theme.type == "dark" else "light"].muted
    place = '[data-testid="stElementContainer"]:has(.page-name)'
    style = f"{place} {{ position: absolute; }} {_CAPTION}, {_CAPTION} p {{ color: {muted}; opacity: 1; }}"
    st.html(f'<style>{style}</style><h1 class="page-name" style="{_UNSEEN}">{escape(title)}</h1>')
