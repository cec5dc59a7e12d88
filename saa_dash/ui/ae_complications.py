"""The registry's complications on the page: the figure, why a patient is counted, the rows behind a mark, the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from ..analysis.ae_filter import EventFilter
from ..analysis.ae_summary import CLASSES, ComplicationPanel
from ..analysis.complications import OVERALL
from ..charts.ae_complications import class_name, figure_complications
from ..i18n import event_name
from ..services.adverse_events import Target, event_rows
from . import chart
from .ae_answers import complication_table
from .ae_behind import Asked, new_point, rows_behind
from .download import offer_table
from .gaps import plain
from .words import language, t

_OPEN = "_ae_class"
_TERMS = 12  # terms of a class that are named


def complications(panel: ComplicationPanel, asked: Asked, subtitle: str, method: str) -> None:
    """Draw the complications: a square tells why its patient is counted, a bar or a dot opens the rows behind it.

    Parameters
    ----------
    asked : of treatment-emergent events of the population. subtitle : population. method : name of the interval.
    """
    view = figure_complications(panel, chart.look(), subtitle=subtitle, method=method)
    point = new_point(chart.show(view, "complications", asked.provenance, select=asked.single), "complications")
    if point:
        st.session_state[_OPEN] = mark_of(point)
    _behind(asked)
    with st.expander(t("ae.panel.table"), icon=":material/table_rows:"):
        table = complication_table(panel)
        st.dataframe(
            table, hide_index=True, width="stretch", placeholder="", key="complications_rows", height="content"
        )
        st.caption(t("safety.attribution"))
        note = f"{t('safety.attribution')} {t('ui.response.rates', method=method)}"
        offer_table(table, "complications", asked.provenance, patients=False, note=note)


def mark_of(point: Sequence[object]) -> tuple[str, int, str]:
    """Return class, level (-1 for all) and patient ("" for all) of a mark: a square holds patient, class and day."""
    if len(point) == 3:
        return str(point[1]), -1, str(point[0])
    return str(point[0]), int(str(point[1])) if len(point) > 1 else -1, ""


def _behind(asked: Asked) -> None:
    """Draw the rule by which the patients of the mark are counted, and their rows."""
    held = st.session_state.get(_OPEN)
    if held is None or not asked.single:
        return
    code, level, pcode = held
    classes = tuple(name for name in CLASSES if name != OVERALL) if code == OVERALL else (code,)
    mine = replace(asked, wanted=EventFilter(population=asked.wanted.population, classes=classes))
    name = class_name(code, chart.look())
    rule = _rule(mine, code, name)
    rows_behind(mine, Target("ALL", level=level, pcode=pcode), name, _OPEN, rule=rule)


def _rule(asked: Asked, code: str, name: str) -> list[str]:
    """Return why an event counts under a class: definition, window, counting, the terms that stand under it."""
    rows = event_rows(asked.principal, asked.view, asked.wanted, Target("ALL"), asked.unit)
    terms = rows["AEDECOD"].fillna(rows["AETERM"]).fillna("").value_counts()
    told = [
        t("ae.rule.term", term=plain(event_name(language(), str(term))), n=int(n))
        for term, n in terms.head(_TERMS).items()
    ]
    if len(terms) > _TERMS:
        told.append(t("ae.rule.more", n=len(terms) - _TERMS))
    return [
        t("ae.rule.any" if code == OVERALL else "ae.rule.definition", name=name),
        t("ae.rule.window", cutoff=asked.provenance.cutoff),
        t("ae.rule.counting"),
        t("ae.rule.terms", name=name, terms=t("ae.chart.comma").join(told)),
    ]
