"""Data review in words: findings, values, times."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..i18n import has_key, label
from ..i18n.change_words import value_words, variable_label
from ..model.change import Variable
from ..services.context import View
from ..services.review_checks import CheckLine
from ..services.review_detail import Value
from .words import language, t

_EMPTY = ""


def rule_words(line: CheckLine, view: View) -> str:
    """Return the rule of a check with its limits."""
    return t(f"review.rule.{line.code}", **line.params, tolerance=view.settings.tolerance.infusion_days)


def finding_words(code: str, row: Mapping[str, object]) -> str:
    """Return a finding as a sentence; patient and day stand beside it."""
    names = {name: _name(str(row[name.upper()]), str(row[f"{name.upper()}LIST" if name == "more" else "LIST"]))
             for name in ("name", "more")}  # fmt: skip
    return t(f"review.found.{code}", **names, a=_number(row["A"]), b=_number(row["B"]))


def _name(text: str, vocabulary: str) -> str:
    lang = language()
    if vocabulary == "column":
        return variable_label(lang, Variable("DM", text))
    if vocabulary == "table":
        return table_words(text)
    if vocabulary == "lineages":
        return t("review.comma").join(label(lang, "lab_test", code) for code in text.split(","))
    return label(lang, vocabulary, text) if vocabulary and text else text


def _number(value: object) -> str:
    number = float(str(value))
    return f"{number:g}" if number == number else "?"


def table_words(domain: str) -> str:
    """Return the name of a table."""
    key = f"changes.word.table.{domain}"
    return t(key) if has_key(language(), key) else domain


def variable_words(domain: str, name: str, code: str = "") -> str:
    """Return the label of a column on the form; "" is the row as a whole."""
    return variable_label(language(), Variable(domain, name, code)) if name else t("review.queries.whole")


def cell_words(name: str, value: Value) -> str:
    """Return a value as it is shown."""
    if not value.text:
        return _EMPTY
    if value.day:
        return t("review.day", n=int(float(value.text)))
    return value_words(language(), name, value.text, value.unit)


def column_words(name: str, column: pd.Series) -> pd.Series:
    """Return a column of a table in words; numbers stay numbers, study days are whole ones."""
    if name.endswith("DTC") and pd.api.types.is_numeric_dtype(column):
        return column.astype("Int64")
    if pd.api.types.is_numeric_dtype(column) and value_words(language(), name, "1") == "1":
        return column
    texts = column.astype("object").where(column.notna(), None)
    lang = language()
    known = {text: value_words(lang, name, str(text)) for text in texts.dropna().unique()}
    return texts.map(known).astype("object")


def time_words(at: str) -> str:
    """Return a time of the record as it is shown everywhere."""
    return at.replace("T", " ").rstrip("Z")
