"""A file that is made while the reader watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ..model.errors import UserError
from ..model.message import Message
from ..services.making import Progress
from .errors import tell
from .words import say

Made = TypeVar("Made")


def watched(make: Callable[[Progress], Made], words: str = "") -> Made | None:
    """Return what is made, under a bar that goes with it; what speaks against it is told, and None returned.

    Parameters
    ----------
    words : on the bar until the first step is told.
    """
    bar = st.progress(0.0, words)

    def told(message: Message, share: float) -> None:
        bar.progress(min(share, 1.0), say(message))

    try:
        return make(told)
    except UserError as error:
        tell(error)
        return None
    finally:
        bar.empty()
