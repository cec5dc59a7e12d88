"""Folding of typed words, so that width, case and spaces do not matter when they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pandas as pd

_SPACE = re.compile(r"\s+")
_BRACKETS = re.compile(r"[\[(【][^\])】]*[\])】]")


def half_width(text: str) -> str:
    """Return `text` trimmed, full-width letters, digits and signs made half-width."""
    return unicodedata.normalize("NFKC", text).strip()


def fold(text: str) -> str:
    """Return the comparison form of a word: half-width, no spaces or underscores, case-folded."""
    return _SPACE.sub("", half_width(text)).replace("_", "").casefold()


def header_keys(text: str) -> tuple[str, ...]:
    """Return the comparison forms of a header: as typed, and without what stands in brackets and the mark ``*``."""
    plain = half_width(text).strip("*").strip()
    return tuple(dict.fromkeys((fold(plain), fold(_BRACKETS.sub("", plain).strip("* ")))))


def map_unique(values: pd.Series, function: Callable[[str], object]) -> pd.Series:
    """Apply `function` to each distinct text of `values` once; missing stays missing (object dtype)."""
    codes, uniques = pd.factorize(values)
    results = pd.Series([function(value) for value in uniques], dtype=object)
    return pd.Series(results.reindex(codes).to_numpy(), index=values.index, dtype=object)


def map_unique_text(values: pd.Series, function: Callable[[str], str | None]) -> pd.Series:
    """Apply `function` to each distinct value of `values` once and return text; missing stays missing."""
    codes, uniques = pd.factorize(values)
    words = pd.array([function(value) for value in uniques], dtype="str")
    return pd.Series(words.take(codes, allow_fill=True), index=values.index)
