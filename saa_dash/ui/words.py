"""The catalogue in the session's language."""

from __future__ import annotations

import streamlit as st

from ..i18n import render, translate
from ..model.message import Message

DEFAULT_LANGUAGE = "zh"


def language() -> str:
    """Return the language of the session."""
    return str(st.session_state.get("lang") or DEFAULT_LANGUAGE)


def t(key: str, /, **params: object) -> str:
    """Return a catalogue entry in the session's language."""
    return translate(language(), key, **params)


def say(message: Message) -> str:
    """Return a message in the session's language."""
    return render(message, language())
