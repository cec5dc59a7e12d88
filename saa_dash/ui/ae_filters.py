"""The conditions on adverse events above their figure; a link carries them as one code."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ..analysis.ae_filter import ANY, WINDOWS, EventFilter, decode_filter, encode_filter
from ..analysis.ae_levels import LEVELS_OF, POPULATIONS
from ..services.adverse_events import AdverseEventsPage
from . import session
from .ae_words import level_words, relation_words
from .words import t

# Widget key → field of the filter.
_WIDGETS = {
    "ae_population": "population",
    "ae_emergent": "emergent",
    "ae_serious": "serious",
    "ae_relation": "relation",
    "ae_classes": "classes",
    "ae_grade": "grade",
    "ae_window": "window",
    "ae_first": "first",
    "ae_last": "last",
}
_DAYS = {"DAY": (1, 28), "INF1": (0, 14), "INF2": (0, 14)}  # offered when a window is chosen
_FAR = 9999


def chosen_filter() -> EventFilter:
    """Return the filter in force."""
    return decode_filter(str(st.session_state.get(session.AE_FILTER) or ""))


def _take_over() -> None:
    """Make the filter of what the widgets hold; a window just chosen starts with days of its own."""
    state, old = st.session_state, chosen_filter()
    held = {field: state[key] for key, field in _WIDGETS.items() if key in state}
    held["classes"] = tuple(held.get("classes") or ())
    new = replace(old, **held)
    if new.window != old.window:
        first, last = _DAYS.get(new.window, (None, None))
        new = replace(new, first=first, last=last)
    state[session.AE_FILTER] = encode_filter(new)


def _reset() -> None:
    st.session_state[session.AE_FILTER] = ""


def filter_controls(page: AdverseEventsPage, wanted: EventFilter) -> None:
    """Draw the conditions the study can answer, and the way back to the default."""
    for key, field in _WIDGETS.items():
        value = getattr(wanted, field)
        st.session_state[key] = list(value) if field == "classes" else value
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _choose("ae_population", POPULATIONS, _populations(page), width=215)
        if page.recorded.relation:
            relations = ("", ANY, *page.recorded.components)
            _choose("ae_relation", relations, {code: relation_words(code) for code in relations}, width=190)
        grades = tuple(range(LEVELS_OF[page.recorded.scale]))
        if len(grades) > 1:
            words: dict[object, str] = {grade: level_words(grade, page.recorded.scale) for grade in grades if grade}
            _choose("ae_grade", grades, {0: t("ae.filter.any_level"), **words}, width=165)
        if page.classes:
            _classes(page)
        _window(wanted)
        st.toggle(t("ae.filter.emergent"), key="ae_emergent", on_change=_take_over)
        if page.recorded.serious:
            st.toggle(t("ae.filter.serious"), key="ae_serious", on_change=_take_over)
        if wanted != EventFilter():
            st.button(t("ae.filter.reset"), key="ae_reset", on_click=_reset, icon=":material/restart_alt:")


def _populations(page: AdverseEventsPage) -> dict[object, str]:
    return {code: t(f"ae.population.{code}", total=page.populations[code]) for code in POPULATIONS}


def _choose(key: str, options: tuple[object, ...], words: dict[object, str], *, width: int) -> None:
    if st.session_state[key] not in options:
        st.session_state[key] = options[0]
    st.selectbox(
        t(f"ae.filter.label.{key.removeprefix('ae_')}"),
        options,
        key=key,
        format_func=words.__getitem__,
        on_change=_take_over,
        placeholder=t("ui.choose_one"),
        width=width,
    )


def _classes(page: AdverseEventsPage) -> None:
    options = [code for code in page.classes if code in _known_classes()]
    st.session_state["ae_classes"] = [code for code in st.session_state["ae_classes"] if code in options]
    words = {code: t(f"term.complication.{code}") for code in options}
    st.multiselect(
        t("ae.filter.label.classes"),
        options,
        key="ae_classes",
        format_func=words.__getitem__,
        on_change=_take_over,
        placeholder=t("ui.filter.all"),
        width=230,
    )


def _known_classes() -> frozenset[str]:
    from ..analysis.ae_summary import CLASSES

    return frozenset(CLASSES)


def _window(wanted: EventFilter) -> None:
    options = ("", *WINDOWS)
    _choose("ae_window", options, {code: t(f"ae.filter.window.{code or 'NONE'}") for code in options}, width=175)
    if wanted.window == "DAY":
        st.number_input(t("ae.filter.label.first"), -_FAR, _FAR, None, key="ae_first", on_change=_take_over, width=105)
    if wanted.window:
        low = -_FAR if wanted.window == "DAY" else 0
        label = t("ae.filter.label.last" if wanted.window == "DAY" else "ae.filter.label.within")
        st.number_input(label, low, _FAR, None, key="ae_last", on_change=_take_over, width=105)
