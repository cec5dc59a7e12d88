"""The mark that a browser keeps while a meeting lasts, so that no new address shows more than the meeting does.

A typed address, a bookmark or a link in a mail begins a new session, which knows nothing of the one before. A cookie
goes with its very first message, so that nothing is drawn before the mark is seen. It takes rights away and gives none;
who deletes it sees what they may see anyway.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

from . import eyes, session

NAME = "saa_meeting"
SECONDS = 12 * 3600  # a browser that is closed without leaving forgets the meeting after that
_PROGRAM = Path(__file__).parent / "assets" / "meeting.js"
_VALUE = re.compile(r"(?:[0-9a-f]{8}|-)")  # the code of the tray
_KNOWN, _LEFT = "_meeting_known", "_meeting_left"
_UNSEEN = '<style>[data-testid="stElementContainer"]:has(.meeting-mark) { display: none; }</style>'


def take_up() -> None:
    """Begin a new session in the meeting that its browser is in; call it before it is asked who is there."""
    state = st.session_state
    cookies = dict(st.context.cookies)
    if _KNOWN in state or not cookies:  # none: the line to the browser may be down just now
        return
    state[_KNOWN] = True
    mark = str(cookies.get(NAME, ""))
    if _VALUE.fullmatch(mark):
        state[session.MEETING] = True
        state[session.TRAY] = state.get(session.TRAY) or mark.strip("-") or None


def leave() -> None:
    """Take the mark away with the next run: in the whole browser, where no other window sets it again."""
    st.session_state[_KNOWN] = True
    st.session_state[_LEFT] = int(st.session_state.get(_LEFT) or 0) + 1


def draw() -> None:
    """Set the mark, or take it away; on every page, since each may be come back to."""
    tray = str(st.session_state.get(session.TRAY) or "-")
    mark = tray if eyes.meeting() and _VALUE.fullmatch(tray) else "-" if eyes.meeting() else ""
    left = str(st.session_state.get(_LEFT) or "")
    body = _program().replace("__MARK__", mark).replace("__LEFT__", left)
    st.html(f'{_UNSEEN}<div class="meeting-mark"></div><script>{body}</script>', unsafe_allow_javascript=True)


@cache
def _program() -> str:
    text = _PROGRAM.read_text("utf-8")
    return text.replace("__NAME__", NAME).replace("__SECONDS__", str(SECONDS))
