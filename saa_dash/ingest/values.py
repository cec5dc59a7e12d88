"""Text cells of a sheet turned into typed values; what cannot be read is kept as the code of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ..i18n.catalogue import LANGUAGES, term
from ..model.problem import Problem
from .dates import read_date, read_time
from .form import DATE_KINDS, Column, Form
from .numbers import is_missing_token, read_number
from .recognise import FormSheet
from .text import fold, half_width

MISSING_TOKEN = "missing_token"


_WHOLE = re.compile(r"^(\d+)\.0$")  # line number 1 of a column with gaps, as some programs export it
_PLAIN = r"\d{1,15}(?:\.\d{1,15})?"


class _Read(NamedTuple):
    value: object = None
    extra: str | None = None  # "<" or ">" of a number, time of day of a date
    issue: str | None = None


@dataclass(frozen=True)
class TypedSheet:
    """A sheet with typed values.

    Parameters
    ----------
    values : one column per form column; numbers float, the rest text (codes, ISO dates); index = spreadsheet row.
    extras : ``<``/``>`` of numbers and time of day of dates, same shape.
    issues : code of what is wrong with a cell, same shape.
    """

    source: FormSheet
    values: pd.DataFrame
    extras: pd.DataFrame
    issues: pd.DataFrame

    def flag(self, rows: pd.Series, code: str, column: str, **params: object) -> list[Problem]:
        """Return one problem per row where `rows` is true.

        Parameters
        ----------
        params : values for the sentence; a Series gives each row its own.
        """
        problems = []
        for row in rows.index[rows.fillna(False).astype(bool)]:
            own = {name: value[row] if isinstance(value, pd.Series) else value for name, value in params.items()}
            problems.append(self.source.problem(code, int(row), column, self.source.typed(row, column), **own))
        return problems


def choice_words(form: Form, list_name: str) -> Mapping[str, str]:
    """Return what is understood for a code list: folded word → code; the code itself wins over any word."""
    words: dict[str, str] = {}
    aliases = form.aliases.get(list_name, {})
    for code in form.lists[list_name]:
        zh, en = (term(lang, list_name, code) for lang in LANGUAGES)
        for word in (zh, en, f"{zh} {en}", f"{en} {zh}", *aliases.get(code, ())):
            words.setdefault(fold(word), code)
    return words | {fold(code): code for code in form.lists[list_name]}


def _choice_reader(form: Form, column: Column) -> Callable[[str], _Read]:
    words = choice_words(form, column.list_name)

    def read(text: str) -> _Read:
        code = words.get(fold(text))
        if code is not None:
            return _Read(code)
        if column.kind == "terms":
            return _Read(text)
        return _Read(issue=MISSING_TOKEN if is_missing_token(text) else "choice_unknown")

    return read


def _number_reader(column: Column) -> Callable[[str], _Read]:
    units = {term(lang, "unit", column.unit) for lang in LANGUAGES if column.unit}
    suffixes = tuple(units | {column.unit} | set(column.suffixes))

    def read(text: str) -> _Read:
        if column.kind == "num" and re.fullmatch(_PLAIN, text, re.ASCII):
            return _Read(float(text))
        if is_missing_token(text):
            return _Read(issue=MISSING_TOKEN)
        number = read_number(text, suffixes)
        if number.issue:
            return _Read(issue=number.issue)
        if number.censor and not column.censored:
            return _Read(issue="number_censored")
        if column.kind == "int" and number.value is not None and not float(number.value).is_integer():
            return _Read(issue="not_whole")
        return _Read(number.value, number.censor)

    return read


def _date_reader(column: Column) -> Callable[[str], _Read]:
    def read(text: str) -> _Read:
        if is_missing_token(text):
            return _Read(issue=MISSING_TOKEN)
        found = read_date(text, partial=column.kind == "pdate")
        return _Read(found.iso, found.time, found.issue)

    return read


def _read_time_cell(text: str) -> _Read:
    if is_missing_token(text):
        return _Read(issue=MISSING_TOKEN)
    time = read_time(text)
    return _Read(time, issue=None if time else "time_unreadable")


def _reader(form: Form, column: Column) -> Callable[[str], _Read]:
    if column.list_name:
        return _choice_reader(form, column)
    if column.kind in ("int", "num"):
        return _number_reader(column)
    if column.kind in DATE_KINDS:
        return _date_reader(column)
    if column.kind == "time":
        return _read_time_cell
    if column.kind == "id":
        return lambda text: _Read(_WHOLE.sub(r"\1", half_width(text)).upper())
    return lambda text: _Read(_WHOLE.sub(r"\1", text))


def as_typed(texts: pd.Series) -> pd.Series:
    """Return results as typed, zeros at the end of a decimal left off: a spreadsheet does not keep them, a CSV may."""
    texts = texts.astype("str")  # without any row pandas takes a column of text for numbers
    plain = texts.str.fullmatch(_PLAIN).fillna(False) & texts.str.contains(".", regex=False).fillna(False)
    return texts.mask(plain, texts.str.rstrip("0").str.rstrip("."))


class _Cells(NamedTuple):
    """Value, extra and issue of every cell of a column."""

    value: np.ndarray | ExtensionArray
    extra: ExtensionArray
    issue: ExtensionArray


def _read_column(texts: pd.Series, column: Column, form: Form) -> _Cells:
    """Read each distinct text of a column once."""
    codes, uniques = pd.factorize(texts)
    reader = _reader(form, column)
    read = [reader(text) for text in uniques]
    values: np.ndarray | ExtensionArray
    if column.is_number:
        numbers = [np.nan if item.value is None else item.value for item in read]
        values = np.array([*numbers, np.nan], dtype=float)[codes]  # code −1, no text, takes the last one
    else:
        values = _texts([item.value for item in read], codes)
    return _Cells(values, _texts([item.extra for item in read], codes), _texts([item.issue for item in read], codes))


def _texts(words: list[Any], codes: np.ndarray) -> ExtensionArray:
    return pd.array(words, dtype="str").take(codes, allow_fill=True)


def type_sheet(sheet: FormSheet, form: Form) -> TypedSheet:
    """Read every cell of a sheet according to its column."""
    read = {column.code: _read_column(sheet.data[column.code], column, form) for column in sheet.sheet.all_columns}
    values, extras, issues = (
        pd.DataFrame({code: cells[part] for code, cells in read.items()}, index=sheet.data.index)
        for part in range(len(_Cells._fields))
    )
    return TypedSheet(sheet, values, extras, issues)
