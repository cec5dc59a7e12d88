"""What is chosen on the page of curves: question, parameter, unit of the axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from ..analysis.landmarks import TIME_UNITS, TimeUnit
from ..services.survival import GROUPS
from .words import labels, t

UNIT = "tte_unit"


def group(first: str = "") -> str:
    """Return the group of parameters chosen; `first` is shown until another one is."""
    return _choose("tte_group", tuple(GROUPS), "ui.survival.group.", t("ui.survival.parameter"), first)


def parameter(group_name: str, params: Sequence[str]) -> str:
    """Return the parameter chosen of a group."""
    return _choose(f"tte_{group_name}", tuple(params), "term.param_short.", t("ui.survival.parameter"))


def unit() -> TimeUnit:
    """Return the unit of the axis."""
    return cast(TimeUnit, _choose(UNIT, TIME_UNITS, "curves.unit.", t("curves.unit.label")))


def _choose(key: str, options: Sequence[str], words: str, label: str, first: str = "") -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = first or options[0]
    st.segmented_control(
        label,
        options,
        key=key,
        format_func=labels(words),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(st.session_state[key])
