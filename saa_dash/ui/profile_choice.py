"""What of a patient's profile is shown: groups of tracks, and the axis of the counts; remembered, and in the link."""

from __future__ import annotations

import streamlit as st

from ..charts.profile import GROUPS
from . import session
from .words import labels, t

AXES = ("log", "linear")
NONE = "none"  # no group at all: a link that says nothing means the usual ones
_PILLS = "_profile_pills"


def shown_groups() -> tuple[str, ...]:
    """Return the groups of tracks in force, in the order they are drawn."""
    code = str(st.session_state.get(session.PROFILE_TRACKS) or session.USUAL["ptr"])
    return tuple(name for name in GROUPS if name in code.split("."))


def _chosen() -> None:
    picked = st.session_state.get(_PILLS) or []
    st.session_state[session.PROFILE_TRACKS] = ".".join(name for name in GROUPS if name in picked) or NONE


def choose_tracks() -> tuple[tuple[str, ...], bool]:
    """Draw the choice; return the groups, and whether the counts have a linear axis."""
    if st.session_state.get(session.PROFILE_AXIS) not in AXES:
        st.session_state[session.PROFILE_AXIS] = AXES[0]
    st.session_state[_PILLS] = list(shown_groups())
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.pills(
            t("profile.choose.tracks"),
            GROUPS,
            selection_mode="multi",
            key=_PILLS,
            format_func=labels("profile.group."),
            on_change=_chosen,
            help=t("profile.choose.help"),
            width="content",
        )
        st.segmented_control(
            t("profile.choose.axis"),
            AXES,
            key=session.PROFILE_AXIS,
            format_func=labels("profile.axis."),
            required=True,
            width="content",
            persist_state="session",
        )
    return shown_groups(), st.session_state[session.PROFILE_AXIS] == "linear"
