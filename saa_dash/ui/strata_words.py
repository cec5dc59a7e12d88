"""What is said about the size of groups that stand side by side."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from .words import t

SMALL_STRATUM = 30  # patients below which a group is said to be too small to compare


def size_warning(sizes: Mapping[str, int]) -> None:
    """Say how many patients each group has, as a warning where one is small; groups are never tested.

    Parameters
    ----------
    sizes : patients by name of the group.
    """
    told = t("ui.response.comma").join(t("curves.strata.size", name=name, n=n) for name, n in sizes.items())
    if min(sizes.values()) < SMALL_STRATUM:
        st.warning(t("curves.strata.warning", sizes=told), icon=":material/groups:")
    else:
        st.caption(t("curves.strata.describes", sizes=told))
