"""The selection in force, in words."""

from __future__ import annotations

from ..access.redaction import AGE_BANDS
from ..i18n import term
from ..model.filters import Filters
from .words import language, t


def age_words(low: int, high: int) -> str:
    """Return a range of ages, years, in words; the outermost bands have one end."""
    if low == AGE_BANDS[0][0]:
        return t("redaction.age_to", high=high)
    if high == AGE_BANDS[-1][1]:
        return t("redaction.age_from", low=low)
    return t("ui.filter.age", low=low, high=high)


def filter_words(filters: Filters) -> list[str]:
    """Return the selection in force, one phrase per filter."""
    lang = language()
    words = []
    if filters.population:
        words.append(t(f"bar.population_name.{filters.population}"))
    if filters.severity:
        words.append("/".join(term(lang, "severity", code) for code in filters.severity))
    if filters.sex:
        words.append("/".join(term(lang, "sex", code) for code in filters.sex))
    if filters.age:
        words.append(age_words(*filters.age))
    if filters.patients:
        words.append(" ".join(filters.patients))
    return words
