"""The filter of the bar: who is selected, and the rule that decides; what is chosen stands below as chips."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ..access.redaction import AGE_BANDS
from ..i18n import term
from ..model.filters import POPULATIONS
from ..model.vocabulary import Origin
from ..services.context import View
from . import session
from .filter_words import age_words, filter_words
from .words import labels, language, t

# Widgets of the bar stand for the pages' own: one key may be drawn once in a run.
_RULE, _ORIGIN = "bar_criteria", "bar_origin"


def filter_menu(view: View, single: bool) -> None:
    """Offer the filters.

    Parameters
    ----------
    single : whether single patients may be chosen.
    """
    with st.popover(t("ui.filter.title"), icon=":material/filter_alt:", key="filters_open"):
        _population()
        left, right = st.columns(2, gap="small")
        with left:
            _codes("severity", session.SEVERITY, view.severities)
        with right:
            _codes("sex", session.SEX, ("M", "F"))
        _age(view, single)
        if single:
            session.allow(session.PATIENTS, view.pcodes)
            st.multiselect(
                t("column.patient"),
                view.pcodes,
                key=session.PATIENTS,
                placeholder=t("ui.filter.all"),
                help=t("bar.patients_help"),
            )
        _rule(view)
        st.button(t("ui.filter.reset"), on_click=_reset, args=(view,), icon=":material/restart_alt:", key="reset_bar")


def _population() -> None:
    if st.session_state.get(session.POPULATION) not in POPULATIONS:
        st.session_state[session.POPULATION] = None
    st.selectbox(
        t("bar.population"),
        POPULATIONS,
        index=None,
        key=session.POPULATION,
        format_func=labels("bar.population_name."),
        placeholder=t("bar.everybody"),
        help="\n\n".join(
            f"**{t(f'bar.population_name.{code}')}**{t('bar.colon')}{t(f'bar.population_help.{code}')}"
            for code in POPULATIONS
        ),
    )


def _codes(name: str, key: str, options: list[str] | tuple[str, ...]) -> None:
    lang = language()
    session.allow(key, options)
    st.multiselect(
        t(f"column.{name}"),
        options,
        key=key,
        format_func=lambda code: term(lang, name, code),
        placeholder=t("ui.filter.all"),
    )


def _age(view: View, single: bool) -> None:
    low, high = view.ages
    if not single:
        st.selectbox(
            t("column.age"),
            AGE_BANDS,
            index=None,
            key=session.AGE,
            format_func={band: age_words(*band) for band in AGE_BANDS}.__getitem__,
            placeholder=t("ui.filter.all"),
        )
    elif low < high:
        session.offer_ages(low, high)
        st.slider(t("column.age"), low, high, key=session.AGE)


def _rule(view: View) -> None:
    """Offer rule set and origin; anything but the primary setting is a sensitivity analysis."""
    endpoint, lang = view.endpoint, language()
    usable = [rules.rule_id for rules in view.rule_sets.values() if rules.enabled]
    st.session_state[_RULE], st.session_state[_ORIGIN] = endpoint.criteria, str(endpoint.origin)
    left, right = st.columns(2, gap="small")
    left.selectbox(
        t("ui.response.criteria"),
        usable,
        key=_RULE,
        format_func={code: view.rule_sets[code].title[lang] for code in usable}.__getitem__,
        placeholder=t("ui.choose_one"),
        on_change=_hand_on(_RULE, "criteria"),
        help=t("bar.rule_help"),
    )
    right.selectbox(
        t("ui.response.origin"),
        [str(origin) for origin in Origin],
        key=_ORIGIN,
        format_func=labels("ui.origin."),
        placeholder=t("ui.choose_one"),
        on_change=_hand_on(_ORIGIN, "origin"),
    )


def _hand_on(mine: str, pages: str) -> Callable[[], None]:
    def changed() -> None:
        st.session_state[pages] = st.session_state[mine]

    return changed


def _reset(view: View) -> None:
    session.reset_filters()
    session.to_primary(view.settings.primary)


def _clear(name: str) -> None:
    st.session_state[name] = None if name in (session.AGE, session.POPULATION) else []


def chips(view: View) -> None:
    """Show each condition, and a rule that is not the primary one, as a chip that a click removes."""
    filters = view.filters
    chosen = (filters.population, filters.severity, filters.sex, filters.age, filters.patients)
    active = [name for name, value in zip(session.FILTER_KEYS, chosen, strict=True) if value]
    if not active and view.primary:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="chips"):
        for name, words in zip(active, filter_words(filters), strict=True):
            _chip(name, words, t("ui.filter.remove"), partial(_clear, name))
        if not view.primary:
            _chip("rule", _rule_words(view), t("bar.to_primary"), lambda: session.to_primary(view.settings.primary))
        if len(active) + (not view.primary) > 1:
            st.button(
                t("ui.filter.reset"),
                key="reset_chips",
                on_click=_reset,
                args=(view,),
                type="tertiary",
                icon=":material/restart_alt:",
            )


def _chip(name: str, words: str, about: str, remove: Callable[[], None]) -> None:
    st.button(words, key=f"chip_{name}", on_click=remove, icon=":material/close:", help=about)


def _rule_words(view: View) -> str:
    """Return what differs from the primary setting."""
    primary, endpoint = view.settings.primary, view.endpoint
    parts = []
    if endpoint.criteria != primary.criteria:
        parts.append(view.rules.title[language()])
    if endpoint.origin != primary.origin:
        parts.append(t("bar.from", origin=t(f"ui.origin.{endpoint.origin}")))
    if endpoint.window_days != primary.window_days:
        parts.append(t("bar.window", days=endpoint.window_days))
    if endpoint.independence != primary.independence:
        parts.append(t(f"ui.independence.{endpoint.independence}"))
    return " · ".join([t("bar.sensitivity"), *parts])
