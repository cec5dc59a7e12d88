"""The catalogue in the session's language."""

from __future__ import annotations

from collections.abc import Callable

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


def labels(prefix: str = "") -> Callable[[object], str]:
    """Return a `format_func`: code → catalogue entry ``<prefix><code>``, in the language of this run.

    The language is taken now: Streamlit may call a format_func after the run, when the session is not at hand.
    """
    lang = language()
    return lambda code: translate(lang, f"{prefix}{code}")


def say(message: Message) -> str:
    """Return a message in the session's language."""
    return render(message, language())
