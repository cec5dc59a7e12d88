"""Session state: what the bar and the pages remember, and its mirror in the URL.

Widget keys stand in one place so that a link, a language switch and a page change treat them alike. Options are neutral
codes; words come from the catalogue through `format_func`.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ..i18n import LANGUAGES
from ..model.filters import EndpointChoice, Filters
from ..model.settings import EndpointSettings
from . import url_state
from .words import DEFAULT_LANGUAGE

LANG, CUT, SEVERITY, SEX, AGE, PATIENTS = "lang", "cut", "f_severity", "f_sex", "f_age", "f_patients"
POPULATION = "f_population"
PATIENT = "patient"
DAY, SPAN = "day", "span"  # the study day looked around on the patient's page, and how many days on either side
NEW_CUT = "_new_cut"  # a cut just published: shown next
GO_TO = "_go_to"  # a patient to open: set by a click, taken over before any widget is drawn
GO_TO_VIEW = "_go_to_view"  # the parameters of a saved view to open
GO_TO_DAY = "_go_to_day"  # the study day to look around there
FILTER_KEYS = (POPULATION, SEVERITY, SEX, AGE, PATIENTS)
# Settings of single pages that a link carries: widget key by short name in the URL.
EXTRA = {"view": "view", "lin": "lineage", "rules": "criteria", "origin": "origin", "win": "window", "ind": "support"}
EXTRA |= {"day": DAY, "span": SPAN}
AE_FILTER = "ae_filter"  # conditions on adverse events, as one code
EXTRA |= {"ae": AE_FILTER}
# laboratory, vital signs: test, what is drawn of it, how, and the cell of the shift table
EXTRA |= {"t": "lab_test", "lm": "lab_measure", "ls": "lab_style", "lc": "lab_cell"}
EXTRA |= {"vt": "vs_test", "vm": "vs_measure", "vs": "vs_style", "vc": "vs_cell"}
# time to event: question, and the parameter of each; sensitivity table; adverse events: what is counted, how deep
EXTRA |= {"tg": "tte_group", "tr": "tte_recovery", "tq": "tte_response", "ts": "tte_survival"}
EXTRA |= {"tu": "tte_unit", "tb": "tte_by_severity", "ps": "pe_system"}
EXTRA |= {"sw": "sensitivity_week", "au": "ae_unit", "ad": "ae_depth"}
# cohort: question, test, measure, style, origin, order, level of recovery
COHORT_QUESTION, COHORT_TEST, COHORT_MEASURE, COHORT_STYLE = "cohort_q", "cohort_test", "cohort_measure", "cohort_style"
COHORT_ORIGIN, COHORT_SORT, COHORT_LEVEL = "cohort_origin", "cohort_sort", "cohort_level"
EXTRA |= {"cq": COHORT_QUESTION, "ct": COHORT_TEST, "cm": COHORT_MEASURE, "cs": COHORT_STYLE}
EXTRA |= {"ca": COHORT_ORIGIN, "co": COHORT_SORT, "cl": COHORT_LEVEL}
# the profile of one patient: groups of tracks, axis of the counts, order of the stepper
PROFILE_TRACKS, PROFILE_AXIS, PATIENT_ORDER = "profile_tracks", "profile_axis", "patient_order"
EXTRA |= {"ptr": PROFILE_TRACKS, "pax": PROFILE_AXIS, "po": PATIENT_ORDER}
# the safety board: the cut compared with, the exploratory stopping rule
DSMB_SINCE, DSMB_RULE = "dsmb_since", "dsmb_rule"
EXTRA |= {"since": DSMB_SINCE, "bd": DSMB_RULE}
# liver and kidney: axes and cuts of the plane
EDISH_KIND, EDISH_AMT, EDISH_BILI = "edish_kind", "edish_amt", "edish_bili"
EXTRA |= {"ek": EDISH_KIND, "ea": EDISH_AMT, "eb": EDISH_BILI}
# presenting: the tray by its code; the meeting mode, which no link and no saved view ends
TRAY, MEETING = "tray", "meeting"
EXTRA |= {"ty": TRAY, "mt": MEETING}
# adverse events: part of the page; over time: where days count from, rows and unit of the rates, class of the curve
AE_PART, AE_FROM, AE_KIND, AE_PER, AE_CLASS = "ae_part", "ae_from", "ae_kind", "ae_per", "ae_first_class"
EXTRA |= {"ap": AE_PART, "af": AE_FROM, "ak": AE_KIND, "aw": AE_PER, "acl": AE_CLASS}
# data review: what to look at, the check, the table and the rows of it, the queries; the rest is no part of a link
REVIEW_PART, REVIEW_CHECK, REVIEW_DOMAIN, REVIEW_STATE = "review_part", "review_check", "review_domain", "review_state"
REVIEW_SHOW, REVIEW_PATIENT, REVIEW_SINCE, REVIEW_QUERY = "review_show", "review_patient", "review_since", "review_no"
EXTRA |= {"rvp": REVIEW_PART, "rvc": REVIEW_CHECK, "rvd": REVIEW_DOMAIN, "rvs": REVIEW_STATE, "rvq": REVIEW_SHOW}
# What a link leaves out, and what holds where it says nothing.
USUAL: dict[str, object] = {"view": "one", "lin": "ANC", "span": 3, "sw": 12, "au": "patients", "ad": "top"}
USUAL |= {"tu": "days", "tb": False, "mt": False}
USUAL |= {"tg": "recovery", "tr": "TTANC05", "tq": "TTRESP", "ts": "OS"}
USUAL |= {"ptr": "treatment.csa.liver.events", "pax": "log", "po": "number"}
USUAL |= {"ek": "e", "ea": "3", "eb": "2"}
USUAL |= {"lm": "value", "ls": "auto", "vm": "value", "vs": "auto"}
USUAL |= {"cq": "courses", "cm": "value", "cs": "auto", "ca": "atg_start", "co": "response", "cl": "first"}
USUAL |= {"bd": "p90"}
USUAL |= {"rvp": "checks", "rvs": "any", "rvq": "open"}
USUAL |= {"ap": "counts", "af": "ATG", "ak": "CLASS", "aw": "weeks", "acl": "SERUM_SICKNESS"}
_CELLS = ("lab_cell", "vs_cell")
_STUDY, _AGES = "_study", "_ages"  # study of the cut shown last, and the ages its slider ran over
_SWITCHES = ("tb", "mt")
_NUMBERS = ("win", "day", "span", "sw")
_READY = "_from_url"


def start() -> None:
    """Take over what the link says, in a new session and after Back or Forward, and the patient that a click asked for.

    The browser asks with the address it went back to; anything else that differs from the address written last is this
    session's own.
    """
    state = st.session_state
    if NEW_CUT in state:
        state[CUT] = state.pop(NEW_CUT)
    if GO_TO_VIEW in state:
        take_over(url_state.decode(state.pop(GO_TO_VIEW)))
    if GO_TO in state:
        state[PATIENT], state["view"] = state.pop(GO_TO), "one"
        state[DAY] = state.pop(GO_TO_DAY, None)
    if _READY in state and not by_history():
        # what a run does not assign is gone once that run leaves for another page
        keep(LANG, PATIENT, *EXTRA.values())
        return
    link = url_state.decode(st.query_params.to_dict())
    if _READY in state:
        take_over(link)
        return
    state[LANG] = link.lang or DEFAULT_LANGUAGE
    _take_selection(link)
    for short, value in link.extra.items():
        state[EXTRA[short]] = _typed(short, value)
    state[_READY] = True


def by_history() -> bool:
    """Tell whether Back or Forward of the browser asked for this run."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def take_over(link: url_state.UrlState) -> None:
    """Show what a link says; what it does not say is as it usually is."""
    state = st.session_state
    state[LANG] = link.lang or state.get(LANG) or DEFAULT_LANGUAGE
    _take_selection(link)
    present = {name: state.get(name) for name in (TRAY, MEETING)}
    for short, name in EXTRA.items():
        state[name] = _typed(short, link.extra[short]) if short in link.extra else USUAL.get(short)
    state.update({name: value for name, value in present.items() if value and not (name == TRAY and state[TRAY])})


def _take_selection(link: url_state.UrlState) -> None:
    state, chosen = st.session_state, link.filters
    state[CUT], state[PATIENT] = link.cut, link.patient
    state[SEVERITY], state[SEX], state[PATIENTS] = list(chosen.severity), list(chosen.sex), list(chosen.patients)
    state[POPULATION], state[AGE] = chosen.population or None, chosen.age


def _typed(short: str, value: str) -> object:
    if short in _SWITCHES:
        return value == str(True)
    return int(value) if short in _NUMBERS else value


def show_study(study: str) -> bool:
    """Take note of the study that is shown; tell whether it is another one than before.

    Its patients are other persons: who was chosen, the day and the cell looked at, do not stand for anybody in it. Call
    it before the selection is read.
    """
    state = st.session_state
    if state.get(AGE) and tuple(state[AGE]) == state.get(_AGES):
        state[AGE] = None  # all ages of the cut shown last: nobody chose them
    other = state.get(_STUDY, study) != study
    state[_STUDY] = study
    if other:
        for name in (PATIENT, DAY, *_CELLS):
            state.pop(name, None)
        state[PATIENTS], state[AGE] = [], None
    return other


def offer_ages(low: int, high: int) -> None:
    """Set the ages that the slider shows: those chosen, as far as the cut has them, else all."""
    held = st.session_state.get(AGE)
    chosen = (max(low, held[0]), min(high, held[1])) if held else (low, high)
    st.session_state[AGE] = chosen if chosen[0] <= chosen[1] else (low, high)
    st.session_state[_AGES] = (low, high)


def keep(*names: str) -> None:
    """Keep widget values whose widget is not drawn on this page: Streamlit drops them otherwise."""
    for name in names:
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def relabel() -> None:
    """After a language switch: assign every widget's code again, so that its label is drawn anew."""
    if st.session_state.get(LANG) not in LANGUAGES:
        st.session_state[LANG] = DEFAULT_LANGUAGE
    keep(CUT, *FILTER_KEYS, PATIENT, *EXTRA.values(), *_boxes())


def _boxes() -> list[str]:
    """Return the keys of other boxes that hold codes: with an old label they would count as changed."""
    held = {name: value for name, value in st.session_state.items() if isinstance(name, str) and name[:1] != "_"}
    return [name for name, value in held.items() if isinstance(value, str)]


def filters() -> Filters:
    """Return the selection in force."""
    state = st.session_state
    age = state.get(AGE)
    return Filters(
        population=str(state.get(POPULATION) or ""),
        severity=tuple(state.get(SEVERITY) or ()),
        sex=tuple(state.get(SEX) or ()),
        age=(int(age[0]), int(age[1])) if age else None,
        patients=tuple(state.get(PATIENTS) or ()),
    )


def reset_filters() -> None:
    """Show all patients again."""
    for name in (SEVERITY, SEX, PATIENTS):
        st.session_state[name] = []
    st.session_state[AGE] = st.session_state[POPULATION] = None


def allow(name: str, options: Iterable[object]) -> None:
    """Drop what a stale link or an older cut left in a widget's state and its options do not hold."""
    options = list(options)
    value = st.session_state.get(name)
    if isinstance(value, list):
        st.session_state[name] = [code for code in value if code in options]
    elif value not in options:
        st.session_state.pop(name, None)


def endpoint() -> EndpointChoice:
    """Return the endpoint settings chosen on the pages; a field of None means the primary setting."""
    state = st.session_state
    return EndpointChoice(
        criteria=state.get("criteria"),
        origin=state.get("origin"),
        window_days=state.get("window"),
        independence=state.get("support"),
    )


def to_primary(primary: EndpointSettings) -> None:
    """Go back to the study's primary endpoint settings."""
    state = st.session_state
    state["criteria"], state["origin"] = primary.criteria, str(primary.origin)
    state["window"], state["support"] = primary.window_days, primary.independence
