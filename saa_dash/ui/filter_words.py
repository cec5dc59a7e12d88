"""The selection in force, in words."""

from __future__ import annotations

from ..i18n import term
from ..model.filters import Filters
from .words import language, t


def filter_words(filters: Filters) -> list[str]:
    """Return the selection in force, one phrase per filter."""
    lang = language()
    words = []
    if filters.severity:
        words.append("/".join(term(lang, "severity", code) for code in filters.severity))
    if filters.sex:
        words.append("/".join(term(lang, "sex", code) for code in filters.sex))
    if filters.age:
        words.append(t("ui.filter.age", low=filters.age[0], high=filters.age[1]))
    if filters.patients:
        words.append(" ".join(filters.patients))
    return words
