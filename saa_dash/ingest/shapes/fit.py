"""Whether the values of a column can be what its name says: dates, numbers, yes or no, words of a list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from ..dates import read_date
from ..form import DATE_KINDS, Column, load_form
from ..numbers import is_missing_token, read_number
from ..text import fold, half_width
from ..values import choice_words
from .words import value_words

_SAMPLE = 300  # distinct values looked at
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?:[T\s]+.*)?")
_DECIMAL_COMMA = re.compile(r"[<>≤≥]?\s*-?\d+,\d+")
_THOUSANDS = re.compile(r"[<>≤≥]?\s*[1-9]\d{0,2}(,\d{3})+")
_MONTH_WORD = re.compile(r"(\d{1,2})([A-Za-z]{3})(\d{4})(.*)")
_CENTURY = 70  # 69 is 2069, 70 is 1970, as POSIX reads years of two digits


def sample(texts: pd.Series) -> list[str]:
    """Return some distinct values that are no words for "missing"."""
    return [text for text in texts.dropna().unique()[:_SAMPLE] if not is_missing_token(text)]


def _share(values: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 1.0


def is_date(text: str) -> bool:
    """Tell whether a text is a date, whole or partial, with the year first or last."""
    issue = read_date(month_word(text), partial=True).issue
    return issue is None or _YEAR_LAST.fullmatch(half_width(text)) is not None


def month_word(text: str) -> str:
    """Return ``05MAR2026`` as ``05-Mar-2026``; any other text as it is."""
    match = _MONTH_WORD.fullmatch(text.strip())
    return f"{match[1]}-{match[2]}-{match[3]}{match[4]}" if match else text


def fit(texts: pd.Series, column: Column) -> float:
    """Return the share of a column's values that the form column can hold, 1 for a column without values."""
    values = sample(texts)
    if column.kind in DATE_KINDS:
        return _share(values, is_date)
    if column.is_number:
        return _share(values, lambda text: read_number(text.replace(",", "."), (column.unit,)).value is not None)
    if column.kind == "time":
        return _share(values, lambda text: ":" in text or "." in text or "时" in text)
    if column.list_name and column.kind != "terms":
        words = set(choice_words(load_form(), column.list_name)) | set(value_words(column.list_name))
        return max(_share(values, lambda text: fold(text) in words), 0.5 if len(values) <= 12 else 0.0)
    return 1.0


def order_of(texts: pd.Series) -> tuple[str, bool]:
    """Return the order of day and month that dates with the year last prove, and whether there are such dates.

    The order is "" where every day could be a month, or where the dates contradict each other.
    """
    found = [match for match in (_YEAR_LAST.fullmatch(half_width(text)) for text in texts.dropna().unique()) if match]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[2]) > 12 for match in found)
    order = "" if day_first == month_first else "dmy" if day_first else "mdy"
    return order, bool(found)


def reorder(text: str, order: str) -> str:
    """Return a date with the year last as ISO text, its time behind it; any other text as it is.

    Parameters
    ----------
    order : ``dmy`` or ``mdy``.
    """
    typed = half_width(text)
    match = _YEAR_LAST.fullmatch(typed)
    if match is None:
        return text
    first, second, year = match[1], match[2], match[3]
    day, month = (first, second) if order == "dmy" else (second, first)
    if len(year) == 2:
        year = f"{'20' if int(year) < _CENTURY else '19'}{year}"
    rest = typed[match.end(3) :].strip()
    return f"{year}-{int(month):02d}-{int(day):02d}" + (f" {rest}" if rest else "")


def has_decimal_comma(texts: pd.Series) -> bool:
    """Tell whether the numbers of a column have a decimal comma: one of them cannot be a number of thousands."""
    values = [half_width(text) for text in sample(texts) if "," in text]
    commas = all(_DECIMAL_COMMA.fullmatch(text) for text in values)
    return bool(values) and commas and any(not _THOUSANDS.fullmatch(text) for text in values)
