"""Words that Streamlit holds in English only, put into the session's language by style sheet."""

from __future__ import annotations

import streamlit as st

from .words import t

MAX_MB = 20  # of one uploaded file
_DROP = '[data-testid="stFileUploaderDropzone"]'
_HINT = '[data-testid="InputInstructions"]'
# What is replaced → what is said instead.
_WORDS = {
    f'{_DROP} [data-testid="stBaseButton-secondary"] p': "ui.streamlit.choose_file",
    f'{_DROP} [data-testid="stFileUploaderDropzoneInstructions"] span': "ui.streamlit.file_limit",
    f'[class*="deck_template"] {_DROP} [data-testid="stFileUploaderDropzoneInstructions"] span': (
        "ui.streamlit.template_limit"
    ),
    f'[data-testid="stTextInput"] {_HINT}': "ui.streamlit.enter",
    f'[data-testid="stNumberInput"] {_HINT}': "ui.streamlit.enter",
    f'[data-testid="stTextArea"] {_HINT}': "ui.streamlit.ctrl_enter",
    '[data-testid="stStatusWidget"] button p': "ui.streamlit.stop",
    '[data-testid="stSkipToContent"]': "ui.streamlit.skip",
}
# The title of a figure: a heading that looks like the words around it.
_TITLE = '[data-testid="stMarkdown"] h2'
# A table's own download knows neither rights nor audit trail; `download.offer_table` stands beside each.
_HIDDEN = '[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"])'


def speak() -> None:
    """Put Streamlit's own words on this page into the session's language."""
    rules = [
        f'{what} {{ font-size: 0 !important; }} {what}::after {{ content: "{t(key, n=MAX_MB)}"; font-size: 0.8rem; }}'
        for what, key in _WORDS.items()
    ]
    rules.append(f"{_HIDDEN} {{ display: none; }}")
    rules.append(f"{_TITLE} {{ font-size: 14px; line-height: 1.6; padding: 0; margin: 0; letter-spacing: 0; }}")
    st.html(f"<style>{' '.join(rules)}</style>")
