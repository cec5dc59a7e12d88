"""The CRF form as typed data: sheets, columns, code lists and their labels in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ..i18n import catalogue
from ..model.vocabulary import LAB_TESTS, VITAL_SIGNS

_FORM_FILE = Path(__file__).with_name("crf.toml")

KINDS = frozenset({"id", "text", "date", "pdate", "time", "int", "num", "yn", "choice", "terms"})
DATE_KINDS = frozenset({"date", "pdate"})
LIMIT_ROWS = ("UNIT", "LLN_M", "ULN_M", "LLN_F", "ULN_F")
INFO_SHEET = "INFO"

_WIDE_TERMS = {"lab": "lab_test", "vital": "vital_sign"}
_WIDE_UNITS: dict[str, Mapping[str, str]] = {"lab": LAB_TESTS, "vital": VITAL_SIGNS}


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    kind : one of `KINDS`; a test column of a wide sheet is ``num`` and `censored`.
    list_name : code list of a ``yn``, ``choice`` or ``terms`` column.
    unit : standard unit of a number, shown in the header.
    minimum, maximum : hard limits of typing, both permitted.
    table : table the column goes to where it is not the sheet's.
    censored : True where "<0.1" and ">1000" are permitted.
    suffixes : words permitted behind a number beside its unit.
    is_test : True for a test column of a wide sheet.
    """

    code: str
    kind: str
    required: bool = False
    list_name: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    table: str = ""
    censored: bool = False
    suffixes: tuple[str, ...] = ()
    is_test: bool = False

    @property
    def is_number(self) -> bool:
        """Tell whether the cells are numbers."""
        return self.kind in ("int", "num")


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form; `columns` are the fixed ones, `tests` the codes of the test columns behind them.

    Parameters
    ----------
    table : table of the cut the rows go to.
    wide : ``lab`` or ``vital`` where each row holds many tests, else "".
    category : constant CMCAT of the rows, else "".
    test : constant test code of the rows, else "".
    """

    code: str
    table: str
    columns: tuple[Column, ...]
    tests: tuple[str, ...] = ()
    wide: str = ""
    category: str = ""
    test: str = ""

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Fixed columns, then one numeric column per test."""
        units = _WIDE_UNITS.get(self.wide, {})
        tests = (Column(code, "num", unit=units[code], minimum=0, censored=True, is_test=True) for code in self.tests)
        return (*self.columns, *tests)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all columns in the order of the form."""
        return tuple(column.code for column in self.all_columns)

    @property
    def has_limit_rows(self) -> bool:
        """Tell whether the rows UNIT, LLN_M … stand between header and data."""
        return self.wide == "lab"

    @property
    def start_column(self) -> str:
        """Return the date a row begins with: the first date column; "" for the subjects, who have several."""
        dates = (column.code for column in self.columns if column.kind in DATE_KINDS)
        return "" if self.table == "DM" else next(dates, "")

    def column(self, code: str) -> Column:
        """Return the column `code`; raises KeyError for an unknown one."""
        for column in self.all_columns:
            if column.code == code:
                return column
        raise KeyError(f"{self.code} has no column {code}")


@dataclass(frozen=True)
class Form:
    """The whole form: its version, sheets by code in order, code lists by name, and further words per list and code."""

    version: int
    sheets: Mapping[str, Sheet]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def _column(code: str, spec: Mapping[str, Any]) -> Column:
    kind = spec["kind"]
    if kind not in KINDS:
        raise ValueError(f"crf.toml: column {code} has unknown kind {kind!r}; use one of {sorted(KINDS)}")
    return Column(
        code=code,
        kind=kind,
        required=spec.get("req", False),
        list_name="yn" if kind == "yn" else spec.get("list", ""),
        unit=spec.get("unit", ""),
        minimum=spec.get("min"),
        maximum=spec.get("max"),
        table=spec.get("table", ""),
        censored=spec.get("censored", False),
        suffixes=tuple(spec.get("suffixes", ())),
    )


def _sheet(code: str, spec: Mapping[str, Any]) -> Sheet:
    return Sheet(
        code=code,
        table=spec["table"],
        columns=tuple(_column(name, column) for name, column in spec["columns"].items()),
        tests=tuple(spec.get("tests", ())),
        wide=spec.get("wide", ""),
        category=spec.get("category", ""),
        test=spec.get("test", ""),
    )


@cache
def load_form() -> Form:
    """Return the form described by crf.toml."""
    raw = tomllib.loads(_FORM_FILE.read_text("utf-8"))
    sheets = {code: _sheet(code, spec) for code, spec in raw.items() if isinstance(spec, dict) and "columns" in spec}
    lists = {name: tuple(codes) for name, codes in raw["lists"].items()}
    aliases = {
        name: {code: tuple(words) for code, words in codes.items()} for name, codes in raw.get("aliases", {}).items()
    }
    return Form(version=raw["version"], sheets=sheets, lists=lists, aliases=aliases)


def column_label(lang: str, sheet: Sheet, code: str) -> str:
    """Return the label of a column: its own, else the one common to all sheets, else the test's term."""
    if code in sheet.tests:
        return catalogue.term(lang, _WIDE_TERMS[sheet.wide], code)
    own = f"crf.{sheet.code}.{code}.label"
    return catalogue.translate(lang, own if catalogue.has_key(lang, own) else f"crf.common.{code}.label")


def column_note(lang: str, sheet: Sheet, code: str) -> str:
    """Return the note of a column: what to fill in."""
    if code in sheet.tests:
        return catalogue.translate(lang, f"crf.{sheet.code}.test_note")
    own = f"crf.{sheet.code}.{code}.note"
    return catalogue.translate(lang, own if catalogue.has_key(lang, own) else f"crf.common.{code}.note")


def bilingual(zh: str, en: str) -> str:
    """Join a Chinese and an English wording, Chinese first; one where both are the same."""
    return zh if zh == en else f"{zh} {en}"


def header(sheet: Sheet, code: str) -> str:
    """Return the header as the workbook shows it: ``中文 English [unit]``."""
    text = bilingual(column_label("zh", sheet, code), column_label("en", sheet, code))
    unit = sheet.column(code).unit
    return f"{text} [{catalogue.term('en', 'unit', unit)}]" if unit else text


def sheet_title(lang: str, code: str) -> str:
    """Return the title of a sheet."""
    return catalogue.translate(lang, f"crf.{code}.title")


def bilingual_term(list_name: str, code: object) -> str:
    """Return the bilingual term of a code as a cell shows it; "" for a missing code."""
    return bilingual(catalogue.term("zh", list_name, code), catalogue.term("en", list_name, code))
