"""What a page shows when something goes wrong: a sentence and a remedy, or an error id, never a traceback."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from ..model.errors import UserError
from .words import say, t

_LOG = logging.getLogger("saa_dash")


def tell(error: UserError) -> None:
    """Show a user's error: what, where and the remedy."""
    st.error(f"{say(error.message)}\n\n{say(error.remedy)}", icon=":material/error:")


def done(change: Callable[[], object], said: str) -> bool:
    """Make a change before the run; what speaks against it is kept in the session under `said` for the page to show."""
    try:
        change()
    except UserError as error:
        st.session_state[said] = f"{say(error.message)} {say(error.remedy)}"
        return False
    return True


@contextmanager
def shielded() -> Iterator[None]:
    """Turn whatever a page raises into words; a defect gets an id that stands in the log too."""
    try:
        yield
    except (RerunException, StopException):
        raise
    except UserError as error:
        tell(error)
    except Exception as error:
        number = uuid.uuid4().hex[:8]
        _LOG.exception("page failed, error id %s (%s)", number, type(error).__name__)
        st.error(t("ui.defect", id=number), icon=":material/bug_report:")
