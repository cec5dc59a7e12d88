"""Classes and terms on the page: what is drawn, what a click opens, the table of all of them."""

from __future__ import annotations

from typing import cast

import streamlit as st

from ..analysis.ae_filter import EventFilter
from ..analysis.ae_terms import UNITS, Unit
from ..charts.ae_terms import DEPTHS, Depth, figure_terms, shown_rows
from ..model.principal import Principal
from ..model.provenance import Provenance
from ..services.adverse_events import AdverseEventsPage, Target, event_rows
from ..services.context import View
from . import chart
from .ae_tables import count_words, picked_row, rows_table, term_names, terms_table
from .ae_words import event_table
from .download import offer_table
from .words import labels, t

_OPEN, _SEEN = "_ae_open", "_ae_seen"


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


def terms_block(
    principal: Principal,
    view: View,
    page: AdverseEventsPage,
    wanted: EventFilter,
    words: tuple[str, str, Provenance],
) -> None:
    """Draw the figure, what a click in it opens, and the table.

    Parameters
    ----------
    words : subtitle (population and conditions), name of the interval, provenance.
    """
    subtitle, method, provenance = words
    table, names, unit = page.terms, term_names(page.terms), unit_in_force()
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
    picked = chart.show(drawn, "terms", provenance, select=True)
    _notes(page, len(table.rows[table.rows["PATIENTS"] > 0]) - len(shown))
    _open_mark(picked)
    _behind(principal, view, page, wanted, provenance)
    with st.expander(t("ae.table"), icon=":material/table_rows:"):
        _table(page, provenance)


def _opened(codes: list[str], names: object) -> frozenset[str]:
    words = dict(cast(dict[str, str], names))
    held = [code for code in st.session_state.get("ae_socs") or [] if code in codes]
    st.session_state["ae_socs"] = held
    st.multiselect(
        t("ae.switch.ae_socs"),
        [code for code in codes if code in words],
        key="ae_socs",
        format_func=words.__getitem__,
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


def _open_mark(picked: chart.Selection) -> None:
    """Remember the mark last clicked; a click that is still held opens nothing anew."""
    points = picked.points[:1]
    if points and points != st.session_state.get(_SEEN):
        kind, soc, term, *rest = points[0]
        level, code = (rest + ["", ""])[:2] if rest else (-1, "")
        st.session_state[_OPEN] = Target(str(kind), str(soc), str(term), int(str(level)), str(code or ""))
    st.session_state[_SEEN] = points


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def _behind(
    principal: Principal, view: View, page: AdverseEventsPage, wanted: EventFilter, provenance: Provenance
) -> None:
    """Draw the rows behind the mark that was clicked."""
    target = st.session_state.get(_OPEN)
    if not isinstance(target, Target):
        return
    rows = event_rows(principal, view, wanted, target, unit_in_force())
    names = term_names(page.terms)
    what = target.term or names.get(target.soc) or t("ae.chart.any")
    level = t(f"ae.level.{page.recorded.scale}.{target.level}") if target.level >= 0 else ""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            head = " · ".join(part for part in (_plain(what), target.pcode, level, count_words(rows)) if part)
            st.markdown(f"**{head}**", width="content")
            st.button(t("ae.close"), key="ae_close", on_click=_close, icon=":material/close:")
        if len(rows):
            st.caption(t("ae.row_opens"))
            rows_table(rows, event_table(rows, page.recorded), "ae_rows", provenance)


def _plain(text: str) -> str:
    """Return data text without markdown of its own."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:" else letter for letter in text)


def _table(page: AdverseEventsPage, provenance: Provenance) -> None:
    """Draw all classes and terms; a row opens what is behind it."""
    table = terms_table(page.terms, term_names(page.terms))
    event = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        placeholder="",
        key="ae_terms_table",
        on_select="rerun",
        selection_mode="single-row",
    )
    offer_table(table, "adverse_events", provenance)
    chosen = picked_row(event)
    if chosen is not None and chosen != st.session_state.get("_ae_row"):
        rows = page.terms.rows[page.terms.rows["PATIENTS"] > 0]
        kind, soc, term = rows.iloc[chosen][["KIND", "SOC", "PT"]]
        st.session_state[_OPEN] = Target(str(kind), str(soc), str(term))
        st.session_state["_ae_row"] = chosen
        st.rerun()
    st.session_state["_ae_row"] = chosen
