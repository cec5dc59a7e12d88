"""A date typed into a field of a page, read as the form's dates are read."""

from __future__ import annotations

from datetime import date

import streamlit as st

from .words import t


def read_typed_date(typed: str) -> date | None:
    """Return the date, None while it is missing or wrong (which is said).

    Parameters
    ----------
    typed : e.g. ``2026-07-31``, ``2026/7/31``, ``2026年7月31日``.
    """
    from ..ingest.dates import read_date

    if not typed.strip():
        return None
    found = read_date(typed)
    if found.iso is None or found.issue:
        st.warning(t("ui.data.cutoff_bad"), icon=":material/event:")
        return None
    return date.fromisoformat(found.iso)
