"""Designed states for what a cut cannot show."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from ..model.message import Message
from .words import say, t


def plain(text: str) -> str:
    """Return data text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])", r"\\\1", text)


def not_available(title: str, reasons: Sequence[Message]) -> None:
    """Say what cannot be shown and why.

    Parameters
    ----------
    title : catalogue key of what is missing. reasons : one line each.
    """
    st.markdown(f"**{t(title)}**")
    st.info("\n\n".join(say(reason) for reason in reasons), icon=":material/info:")
