"""Why a patient-visit is what it is: the square clicked, the steps of the decision, what spoke against a response."""

from __future__ import annotations

import streamlit as st

from ..analysis.pcode_order import patient_order
from ..model.principal import Principal
from ..model.vocabulary import Origin
from ..services.context import View
from ..services.response import ResponsePage, response_trace
from ..services.response_against import AgainstOn, response_against
from . import chart, session
from .lab_rows import open_at
from .words import say, t

TRACED, _CLICKED = "_traced", "_traced_click"


def trace_card(principal: Principal, view: View, pcode: str, week: int) -> None:
    """Show how one patient-visit was decided, what spoke against it, and the way to the day of it."""
    with st.container(border=True, key="trace"):
        st.markdown(f"**{t('ui.response.trace_title', patient=pcode, week=week)}**")
        lines = response_trace(principal, view, pcode, week)
        st.markdown("\n".join(f"- {say(line)}" for line in lines))
        against = response_against(principal, view, pcode, week)
        if against:
            st.markdown(f"**{t('response.against.title')}**")
        with st.container(horizontal=True, gap="small"):
            for number, one in enumerate(against):
                if one.day is None:
                    st.caption(t("response.against.undated", kind=t(f"trace.support.what.{one.kind}")))
                elif st.button(_words(one), icon=":material/event:", key=f"against_{number}"):
                    open_at(pcode, one.day)
            if st.button(t("ui.response.to_patient", patient=pcode), icon=":material/person:", key="trace_patient"):
                open_at(pcode, None)
        if against and view.endpoint.origin != Origin.ATG_START:
            st.caption(t("response.against.from_atg"))


def _words(one: AgainstOn) -> str:
    what = t(f"trace.support.what.{one.kind}")
    if not one.test:
        return t("response.against.transfused", kind=what, day=one.day)
    return t("response.against.held", kind=what, day=one.day, test=t(f"chart.lineage.{one.test}"))


def choose_trace(page: ResponsePage) -> tuple[str, int] | None:
    """Let patient and week be chosen by name where there are too many squares to click; None until a patient is."""
    codes = page.rows.drop_duplicates("PCODE").sort_values("PCODE", key=patient_order)["PCODE"].tolist()
    session.allow("trace_patient_code", codes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            t("ui.response.why_patient"),
            codes,
            index=None,
            key="trace_patient_code",
            placeholder=t("ui.choose_one"),
            width=240,
        )
        week = st.segmented_control(
            t("column.visit"),
            [strip.week for strip in page.strips],
            key="trace_week",
            format_func={s.week: t("chart.week", n=s.week) for s in page.strips}.__getitem__,
            required=True,
            default=page.strips[-1].week if "trace_week" not in st.session_state else None,
            label_visibility="collapsed",
        )
    return (str(code), int(week)) if code and week else None


def pick(selection: chart.Selection) -> tuple[str, int] | None:
    """Return patient and week of a clicked square; the last one clicked stays open until another is."""
    clicked = selection.points[0] if selection.points else None
    if clicked and clicked != st.session_state.get(_CLICKED):
        trace(str(clicked[0]), int(str(clicked[1])))
    st.session_state[_CLICKED] = clicked
    held = st.session_state.get(TRACED)
    return held if held else None


def trace(pcode: str, week: int) -> None:
    """Ask for the card of a patient-visit."""
    st.session_state[TRACED] = (pcode, week)
