"""Adverse events as rows: the table of terms, what is behind a mark, and the listings; a row opens its patient."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from ..analysis.ae_summary import Answer, Recorded
from ..analysis.ae_terms import TermTable
from ..model.provenance import Provenance
from ..report import event_tables
from ..services.adverse_events import Listings
from . import places, session
from .ae_words import event_table, soc_names
from .choosable import choosable
from .download import offer_table
from .words import language, t


def open_event(code: str, day: float | None) -> None:
    """Go to a patient, around the study day of an event where it is known."""
    st.session_state[session.GO_TO] = code
    if day is not None and day == day:
        st.session_state[session.GO_TO_DAY] = int(day)
    places.go("patients")


def terms_table(table: TermTable, names: Mapping[str, str]) -> pd.DataFrame:
    """Return every class and term with counts, limits and levels in words."""
    return event_tables.terms_table(table, names, language())


def rows_table(rows: pd.DataFrame, table: pd.DataFrame, key: str, provenance: Provenance) -> None:
    """Draw a table whose rows open their patient around the day; `rows` holds PCODE and the day, in the same order."""
    chosen = choosable(table, key, whole=True)
    offer_table(table, key, provenance)
    if chosen is not None:
        row = rows.iloc[chosen]
        open_event(str(row["PCODE"]), float(row["ASTDY" if "ASTDY" in rows else "ADY"]))


def listings(lists: Listings, answers: Mapping[str, Answer], recorded: Recorded, provenance: Provenance) -> None:
    """Draw serious events, deaths, discontinuations and who left; nothing found is said with its upper limit."""
    with st.container(border=True):
        _serious(lists, answers["SERIOUS"], recorded, provenance)
    with st.container(border=True):
        _head("deaths", lists.deaths, answers["DEATH"])
        if len(lists.deaths):
            rows_table(lists.deaths, event_tables.deaths_table(lists.deaths, language()), "ae_deaths", provenance)
    with st.container(border=True):
        _discontinuations(lists, answers["DISCONTINUED"], provenance)


def count_words(rows: pd.DataFrame, events: bool = True) -> str:
    """Return how many patients, and events if asked for; zero in words."""
    if rows.empty:
        return t("ae.list.none")
    patients = t("ae.list.patients", n=rows["PCODE"].nunique())
    return f"{t('ae.chart.events', n=len(rows))}{t('ae.chart.comma')}{patients}" if events else patients


def _head(name: str, rows: pd.DataFrame, answer: Answer | None = None) -> None:
    st.markdown(f"**{t(f'ae.list.{name}')}** · {count_words(rows, name == 'serious')}")
    rate = answer.patients if answer else None
    if rate is not None and rate.total and not len(rows):
        st.caption(t("ae.rate.zero", total=rate.total, upper=f"{100 * rate.upper:.1f}"))


def _serious(lists: Listings, answer: Answer, recorded: Recorded, provenance: Provenance) -> None:
    if not recorded.serious:
        st.markdown(f"**{t('ae.list.serious')}** · {t('ae.list.serious_not_recorded')}")
    else:
        _head("serious", lists.serious, answer)
    if len(lists.serious):
        rows_table(lists.serious, event_table(lists.serious, recorded, why=True), "ae_serious_list", provenance)
    if not recorded.relation:
        st.caption(t("ae.list.no_relation"))
    elif not recorded.components:
        st.caption(t("ae.list.overall_relation"))
    if recorded.serious and len(lists.doubtful):
        st.caption(t("ae.list.doubtful", count=count_words(lists.doubtful)))
        with st.expander(t("ae.list.doubtful_rows"), icon=":material/rule:"):
            rows_table(lists.doubtful, event_table(lists.doubtful, recorded, why=True), "ae_doubtful", provenance)


def _discontinuations(lists: Listings, answer: Answer, provenance: Provenance) -> None:
    if answer.patients is None:
        st.markdown(f"**{t('ae.list.discontinuations')}** · {t('ae.list.action_not_recorded')}")
    else:
        _head("discontinuations", lists.discontinuations, answer)
    if len(lists.discontinuations):
        rows = lists.discontinuations
        rows_table(rows, event_tables.stopped_table(rows, language()), "ae_discontinuations", provenance)
    _head("leaving", lists.leaving)
    if len(lists.leaving):
        rows_table(lists.leaving, event_tables.leaving_table(lists.leaving, language()), "ae_leaving", provenance)


def term_names(table: TermTable) -> Mapping[str, str]:
    """Return the classes of a table in words."""
    return soc_names(table.rows["SOC"].unique())
