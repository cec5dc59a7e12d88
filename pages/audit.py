"""Audit: is the trail whole, who did what, and who has which role."""

from __future__ import annotations

import streamlit as st

from saa_dash.ui import audit_parts as parts
from saa_dash.ui import role_parts, state


def render() -> None:
    """Draw the page."""
    principal = state.get().principal
    parts.verdict(principal)
    with st.container(border=True):
        parts.trail(principal)
    if role_parts.may_manage(principal):
        with st.container(border=True):
            role_parts.role_table(principal)


render()
