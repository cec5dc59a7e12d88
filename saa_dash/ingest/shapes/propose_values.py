"""Proposals for what typed values mean and which unit numbers are in."""

from __future__ import annotations

import re
from difflib import get_close_matches

import pandas as pd

from ...i18n.catalogue import LANGUAGES, term
from ..form import load_form
from ..lis_names import is_unit
from ..numbers import is_missing_token, read_number
from ..text import fold
from ..units import TestUnits, canonical_unit, lab_units
from ..values import choice_words
from .mapping import TEST, VISIT, ColumnMap, form_column
from .source_table import SourceTable
from .words import test_of, value_words, visit_of

MAX_VALUES = 60  # distinct values of a column that are asked about
_BRACKETED = re.compile(r"[\[(（【]\s*([^\])）】]+?)\s*[\])）】]")
_ALIKE = 0.85
# Codes that some exports use although they mean nothing by themselves; a guess that must be looked at.
_GUESSES = {"sex": {"1": "M", "2": "F"}, "yn": {"1": "Y", "2": "N"}}


def list_of(target: str) -> str:
    """Return the code list that the values of a target come from, "" where they are free."""
    if target == VISIT:
        return "visit"
    column = form_column(target)
    return column.list_name if column is not None and column.kind in ("yn", "choice") else ""


def open_values(texts: pd.Series, target: str) -> dict[str, int]:
    """Return the distinct values that the form does not understand by itself, with how often they stand there."""
    counts = texts.dropna().value_counts()
    if target == TEST:
        return {str(text): int(n) for text, n in counts.items()}
    words = choice_words(load_form(), list_of(target)) if list_of(target) else {}
    return {
        str(text): int(n)
        for text, n in counts.head(MAX_VALUES).items()
        if words and fold(str(text)) not in words and not is_missing_token(str(text))
    }


def propose_values(texts: pd.Series, target: str) -> dict[str, str]:
    """Return what the values of a column probably mean; values nobody can tell are absent."""
    meant = {text: _meaning(text, target) for text in open_values(texts, target)}
    return {text: code for text, code in meant.items() if code}


def is_guess(text: str, target: str, code: str) -> bool:
    """Tell whether a meaning is only a custom of some exports, such as 1 for male."""
    return _GUESSES.get(list_of(target), {}).get(text) == code and bool(re.fullmatch(r"\d", text))


def _meaning(text: str, target: str) -> str:
    if target == TEST:
        return test_of(text)
    list_name = list_of(target)
    if target == VISIT or list_name == "visit":
        return visit_of(text)
    key = fold(text)
    known = value_words(list_name).get(key) or _GUESSES.get(list_name, {}).get(text)
    if known:
        return known
    terms = {fold(term(lang, list_name, code)): code for code in load_form().lists[list_name] for lang in LANGUAGES}
    near = get_close_matches(key, terms, n=1, cutoff=_ALIKE)
    return terms[near[0]] if near and len(key) > 3 else ""


def propose_unit(table: SourceTable, column: ColumnMap) -> tuple[str, str]:
    """Return the unit of a column of laboratory values and why: ``header``, ``unit_row``, ``range``, ``fits``.

    Where nothing names a unit and the values are plausible in the standard one, that is proposed (``fits``); where
    they are not, none is (``none``).
    """
    if column.sheet not in ("LAB", "CSA"):
        return "", ""
    test = lab_units()["CSA" if column.sheet == "CSA" else column.code] if _is_test(column) else None
    if test is None:
        return "", ""
    for text in _unit_texts(column.source):
        unit = canonical_unit(test, text)
        if unit:
            return unit, "header"
    unit = canonical_unit(test, table.units.get(column.source, ""))
    if unit:
        return unit, "unit_row"
    return unit_by_range(table.body[column.source], test)


def _is_test(column: ColumnMap) -> bool:
    return column.target == "CSA.LBORRES" or column.code in lab_units()


def _unit_texts(header: str) -> list[str]:
    parts = re.split(r"[\s_,]+", header)
    tails = ["".join(parts[n:]) for n in range(1, len(parts))] + ["/".join(parts[n:]) for n in range(1, len(parts))]
    return [*_BRACKETED.findall(header), *(text for text in tails if is_unit(text)), "%" if "%" in header else ""]


def unit_by_range(texts: pd.Series, test: TestUnits) -> tuple[str, str]:
    """Return the unit that the middle value of a column points to, by the hints of units.toml."""
    numbers = [read_number(text.replace(",", ".")).value for text in texts.dropna().head(500)]
    middle = pd.Series([number for number in numbers if number is not None], dtype=float).median()
    for hint in test.hints:
        if (hint.below != float("-inf") and middle < hint.below) or middle > hint.above:
            return hint.unit, "range"
    low, high = test.plausible
    return (test.standard, "fits") if low <= middle <= high else ("", "none")
