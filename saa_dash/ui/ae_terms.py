"""Classes and terms on the page: what is drawn, what a click opens, the table of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import streamlit as st

from ..analysis.ae_terms import UNITS, Unit
from ..charts.ae_terms import DEPTHS, Depth, figure_terms, shown_rows
from ..services.adverse_events import AdverseEventsPage, Target
from . import chart
from .ae_behind import Asked, new_point, rows_behind
from .ae_tables import term_names, terms_table
from .choosable import choosable
from .download import offer_table
from .words import labels, t

_OPEN = "_ae_open"


def unit_in_force() -> Unit:
    """Return what is counted, patients unless events are asked for."""
    return cast(Unit, st.session_state.get("ae_unit") or UNITS[0])


def _switch(key: str, options: tuple[str, ...], first: str, words: str) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = first
    st.segmented_control(
        t(f"ae.switch.{key}"),
        options,
        key=key,
        format_func=labels(f"{words}."),
        required=True,
        persist_state="session",
    )
    return str(st.session_state[key])


def terms_block(page: AdverseEventsPage, asked: Asked, subtitle: str, method: str) -> None:
    """Draw the figure, what a click in it opens, and the table.

    Parameters
    ----------
    subtitle : population and conditions. method : name of the interval.
    """
    table, names, unit = page.terms, term_names(page.terms), asked.unit
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _switch("ae_unit", UNITS, UNITS[0], "ae.unit")
        depth = cast(Depth, _switch("ae_depth", DEPTHS, "top", "ae.depth"))
        opened = _opened([code for code in names if (table.rows["SOC"] == code).any()], names)
    shown = shown_rows(table, depth, opened)
    if shown.empty:
        upper = f"{100 * table.rows['UPPER'].iloc[0]:.1f}"
        st.info(t("ae.nothing" if table.total else "ae.nobody", total=table.total, upper=upper), icon=":material/info:")
        _notes(page, 0)
        return
    drawn = figure_terms(
        table, shown, page.marks, chart.look(), unit=unit, names=names, subtitle=subtitle, method=method
    )
    picked = chart.show(drawn, "terms", asked.provenance, select=asked.single)
    _notes(page, len(table.rows[table.rows["PATIENTS"] > 0]) - len(shown))
    point = new_point(picked, "terms")
    if point:
        st.session_state[_OPEN] = target_of(point)
    target = st.session_state.get(_OPEN)
    if isinstance(target, Target) and asked.single:
        rows_behind(asked, target, target.term or names.get(target.soc) or t("ae.chart.any"), _OPEN)
    with st.expander(t("ae.table"), icon=":material/table_rows:"):
        _table(page, asked, method)


def _opened(codes: list[str], names: Mapping[str, str]) -> frozenset[str]:
    held = [code for code in st.session_state.get("ae_socs") or [] if code in codes]
    st.session_state["ae_socs"] = held
    st.multiselect(
        t("ae.switch.ae_socs"),
        codes,
        key="ae_socs",
        format_func=dict(names).__getitem__,
        placeholder=t("ae.switch.none_opened"),
        width=330,
    )
    return frozenset(st.session_state["ae_socs"])


def _notes(page: AdverseEventsPage, hidden: int) -> None:
    """Say what is not drawn and what the conditions could not decide."""
    notes = [
        t("ae.note.hidden", n=hidden) if hidden else "",
        t("ae.note.unassessable", n=page.unassessable) if page.unassessable else "",
        t("ae.note.unentered", n=page.unentered) if page.unentered else "",
        t("ae.note.ungraded", n=page.ungraded) if page.ungraded else "",
        t("ae.note.undated", n=page.undated) if page.undated else "",
        t("ae.note.typed", n=page.terms.typed) if page.terms.typed else "",
    ]
    if any(notes):
        st.caption(" ".join(note for note in notes if note))


def target_of(point: Sequence[object]) -> Target:
    """Return what a mark stands for: a dot holds kind, class and term, a bar the level too, a square the patient."""
    kind, soc, term, *rest = (str(part) for part in point)
    return Target(kind, soc, term, int(rest[0]) if rest else -1, rest[1] if len(rest) > 1 else "")


def _table(page: AdverseEventsPage, asked: Asked, method: str) -> None:
    """Draw all classes and terms; a row opens what is behind it, for who may see that."""
    table = terms_table(page.terms, term_names(page.terms))
    chosen = choosable(table, "ae_terms_table", whole=True, opens=asked.single)
    note = t("ui.response.rates", method=method)
    offer_table(table, "adverse_events", asked.provenance, patients=False, note=note)
    if chosen is not None and chosen != st.session_state.get("_ae_row"):
        rows = page.terms.rows[page.terms.rows["PATIENTS"] > 0]
        kind, soc, term = rows.iloc[chosen][["KIND", "SOC", "PT"]]
        st.session_state[_OPEN] = Target(str(kind), str(soc), str(term))
        st.session_state["_ae_row"] = chosen
        st.rerun()
    st.session_state["_ae_row"] = chosen
