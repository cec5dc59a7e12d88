"""The endpoint settings, one click away; anything but the primary setting stamps SENSITIVITY."""

from __future__ import annotations

import streamlit as st

from ..model.vocabulary import Origin
from ..protocol.study import INDEPENDENCE, MAX_WINDOW_DAYS
from ..services.context import View
from . import session
from .words import labels, language, t


def endpoint_controls(view: View) -> None:
    """Draw rule set, origin, window and independence; say whether they are the primary setting."""
    primary, endpoint = view.settings.primary, view.endpoint
    usable = [rules.rule_id for rules in view.rule_sets.values() if rules.enabled]
    in_force = {
        "criteria": endpoint.criteria,
        "origin": str(endpoint.origin),
        "window": endpoint.window_days,
        "support": endpoint.independence,
    }
    for key, value in in_force.items():
        st.session_state[key] = value
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            t("ui.response.criteria"),
            usable,
            key="criteria",
            format_func={code: view.rule_sets[code].title[language()] for code in usable}.__getitem__,
            help=_closed_rules(view),
            placeholder=t("ui.choose_one"),
            width=170,
        )
        st.selectbox(
            t("ui.response.origin"),
            [str(origin) for origin in Origin],
            key="origin",
            format_func=labels("ui.origin."),
            placeholder=t("ui.choose_one"),
            width=230,
        )
        st.number_input(t("ui.response.window"), 1, MAX_WINDOW_DAYS, key="window", width=120)
        st.selectbox(
            t("ui.response.independence"),
            INDEPENDENCE,
            key="support",
            format_func=labels("ui.independence."),
            placeholder=t("ui.choose_one"),
            width=310,
        )
        if not view.primary:
            st.button(t("ui.response.primary"), on_click=session.to_primary, args=(primary,), icon=":material/undo:")
    if view.primary:
        signed = view.settings.signed_by
        st.caption(t("ui.response.is_primary_signed", name=signed) if signed else t("ui.response.is_primary"))
    else:
        st.badge(t("ui.rule.sensitivity"), icon=":material/warning:", color="orange")
    mark = view.rules.mark
    if mark in ("M", "L"):
        st.caption(t(f"ui.mark.{mark}"))


def _closed_rules(view: View) -> str:
    """Return which rule sets cannot be chosen, and why."""
    lang = language()
    closed = [rules for rules in view.rule_sets.values() if not rules.enabled]
    return "\n\n".join(f"**{rules.title[lang]}**: {t(rules.why_not)}" for rules in closed)
