"""Adverse events in the reader's words: classes, filters, tables of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ..analysis.ae_filter import EventFilter
from ..analysis.ae_levels import Scale
from ..analysis.ae_summary import Recorded
from ..analysis.components import AE_COMPONENTS
from ..report import event_tables, names
from .words import language, t


def soc_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Return each system organ class in the reader's words; one that no list knows as it is typed."""
    return names.soc_names(codes, language())


def component_name(suffix: str) -> str:
    """Return the short name of a component by the suffix of the AE columns."""
    return t(f"chart.lane.{AE_COMPONENTS[suffix]}")


def level_words(grade: int, scale: Scale) -> str:
    """Return "grade 3 or more", or "severe"."""
    top = 5 if scale is Scale.GRADE else 3
    name = t(f"ae.level.{scale}.{grade}")
    return name if grade == top else t("ae.filter.at_least", level=name)


def filter_words(wanted: EventFilter, scale: Scale) -> list[str]:
    """Return the conditions in force, the population left out."""
    words = [t("ae.filter.emergent") if wanted.emergent else t("ae.filter.all_events")]
    if wanted.serious:
        words.append(t("ae.filter.serious"))
    if wanted.relation:
        words.append(relation_words(wanted.relation))
    if wanted.classes:
        words.append("/".join(t(f"term.complication.{code}") for code in wanted.classes))
    if wanted.grade:
        words.append(level_words(wanted.grade, scale))
    if wanted.window == "DAY":
        words.append(t("ae.filter.days", first=_end(wanted.first), last=_end(wanted.last)))
    elif wanted.window:
        words.append(t("ae.filter.after", n=wanted.last, infusion=wanted.window[-1]))
    return words


def _end(day: int | None) -> str:
    return "…" if day is None else str(day)


def relation_words(relation: str) -> str:
    """Return "related to …"."""
    if not relation:
        return t("ae.filter.any_relation")
    if relation == "ANY":
        return t("ae.filter.related")
    return t("ae.filter.related_to", component=component_name(relation))


def event_table(rows: pd.DataFrame, recorded: Recorded, *, why: bool = False) -> pd.DataFrame:
    """Return rows of ADAE as a table in the reader's words; columns the study does not fill are left out.

    Parameters
    ----------
    rows : with PCODE. why : name what makes an event serious even where none is marked serious.
    """
    return event_tables.event_table(rows, recorded, language(), why=why)
