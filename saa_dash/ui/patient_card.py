"""The card above a patient's figure: who it is and how it stands."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ..i18n import label, term
from ..services.patients import PatientPage
from . import places, session
from .data_report import problem_table
from .gaps import plain
from .review_words import table_words, time_words, variable_words
from .words import language, t

_COLOURS: dict[str, Literal["blue", "orange", "gray"]] = {
    "CR": "blue",
    "PR": "blue",
    "NR": "orange",
    "NE": "gray",
    "NYD": "gray",
}


def header_card(page: PatientPage) -> None:
    """Show age, sex, severity, day on study, response now and by week, what ended, and open queries."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="patient_card"):
        st.markdown(" · ".join(_who(page)), width="content")
        for week, code in sorted(page.responses.items()):
            st.badge(
                f"{t('chart.week', n=week)} {t('ui.not_due') if code == 'NYD' else code}",
                color=_COLOURS.get(code, "gray"),
                help=term(language(), "response", code) if code != "NYD" else t("term.response.NYD"),
            )
        _queries(page)


def _who(page: PatientPage) -> list[str]:
    lang, header = language(), page.header
    words = [
        f"**{page.pcode}**",
        term(lang, "sex", header.sex) or t("ui.patients.sex_unknown"),
        t("ui.patients.age", n=header.age) if header.age is not None else t("ui.patients.age_unknown"),
        label(lang, "severity", header.severity),
        # what ended it is told with its day below
        "" if header.status in dict(header.ended) else t(f"ui.status.{header.status}"),
    ]
    if header.day is not None:
        words.append(t("profile.card.day", n=header.day))
    if header.last_day is not None:
        words.append(t("profile.card.last", n=header.last_day))
    words += [t("profile.card.ended", name=t(f"chart.event.{kind}"), n=day) for kind, day in header.ended]
    if page.responses and header.status != "DEATH":
        words.append(_now(page.responses))
    return [word for word in words if word]


def _now(responses: dict[int, str]) -> str:
    """Return the response at the latest visit that was due."""
    seen = [week for week, code in responses.items() if code != "NYD"]
    if not seen:
        return t("profile.card.now_none")
    return f"**{t('profile.card.now', state=responses[max(seen)], week=max(seen))}**"


def _queries(page: PatientPage) -> None:
    """Show how many queries are open, those of the import and those that people raised, and which on a click."""
    number = len(page.queries) + len(page.raised)
    if not number:
        st.caption(t("profile.card.no_queries"), width="content")
        return
    with st.popover(t("ui.patients.queries", n=number), icon=":material/help:", width="content"):
        if page.raised:
            _raised(page)
        if any(query.sheet or query.file for query in page.queries):
            table = problem_table(page.queries, language()).drop(columns=t("ui.data.column.severity"))
            st.dataframe(table, hide_index=True, placeholder="", key="patient_queries")
        elif page.queries:
            st.caption(t("profile.card.queries_hidden"))


def _raised(page: PatientPage) -> None:
    """Show the open queries that people raised, and the way to where they are answered."""
    st.markdown(f"**{t('review.card.raised', n=len(page.raised))}**")
    for query in page.raised:
        about = f"{table_words(query.domain)} · {variable_words(query.domain, query.variable)}"
        st.markdown(f"**{query.number}** · {plain(about)}  \n{plain(query.text)}")
        st.caption(plain(t("review.queries.said", who=query.raised_by, at=time_words(query.raised_at))))
    if st.button(t("review.card.answer"), key="to_review", icon=":material/fact_check:", type="tertiary"):
        st.session_state[session.REVIEW_PART], st.session_state[session.REVIEW_SHOW] = "queries", "open"
        places.go("review")
