"""Which sheet and column is which: by code, Chinese, English or bilingual label, in any order."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from ..i18n.catalogue import LANGUAGES, translate
from ..model.problem import Problem
from .codes import make_problem
from .form import INFO_SHEET, LIMIT_ROWS, Form, Sheet, bilingual_term, column_label, sheet_title
from .identifiers import HEADER_SEARCH_ROWS, INITIALS, identifier_column
from .raw import RawSheet, RawSource
from .text import fold, header_keys, map_unique_text

_ALIASES_FILE = Path(__file__).with_name("lis_aliases.toml")


@dataclass(frozen=True)
class FormSheet:
    """An incoming sheet recognised as one of the form's.

    Parameters
    ----------
    headers : header as typed by column code, only for columns that are there.
    header_row : row of the header as the spreadsheet shows it.
    data : text cells, one column per form column code (all of them), index = spreadsheet row.
    limits : rows UNIT, LLN_M … as text, index = their code; empty where the sheet has none.
    limit_rows : spreadsheet row of each limit row.
    foreign_values : number of values in columns the form does not know, by header.
    """

    sheet: Sheet
    file: str
    name: str
    headers: Mapping[str, str]
    header_row: int
    data: pd.DataFrame
    limits: pd.DataFrame
    limit_rows: Mapping[str, int]
    foreign_values: Mapping[str, int]

    def problem(
        self, code: str, row: int | None = None, column: str = "", value: str = "", **params: object
    ) -> Problem:
        """Return a problem at a form column of this sheet, named as the user named it."""
        header = self.headers.get(column) or self._label(column)
        return make_problem(code, file=self.file, sheet=self.name, row=row, column=header, value=value, **params)

    def _label(self, column: str) -> str:
        return column if column not in self.sheet.codes else column_label("zh", self.sheet, column)

    def typed(self, row: int, column: str) -> str:
        """Return a cell as typed, "" for an empty one."""
        value = self.data.at[row, column]
        return value if isinstance(value, str) else ""


def _both_orders(zh: str, en: str) -> tuple[str, ...]:
    return zh, en, f"{zh} {en}", f"{en} {zh}"


@cache
def test_aliases() -> Mapping[str, tuple[str, ...]]:
    """Return the names laboratories give the tests, by test code."""
    raw = tomllib.loads(_ALIASES_FILE.read_text("utf-8"))
    return {code: tuple(words) for code, words in raw["aliases"].items()}


def _own_sheets() -> tuple[str, ...]:
    """Return the names of the sheets that hold no data: the instructions, and the list of an earlier marked copy."""
    titles = (sheet_title(lang, INFO_SHEET) for lang in LANGUAGES)
    lists = (translate(lang, "markup.sheet") for lang in LANGUAGES)
    return (*_both_orders(*titles), *_both_orders(*lists))


def _sheet_words(form: Form) -> dict[str, str]:
    words: dict[str, str] = {}
    for code in (*form.sheets, INFO_SHEET):
        zh, en = (sheet_title(lang, code) for lang in LANGUAGES)
        if code == INFO_SHEET:
            words[fold(code)] = code  # its title is that of the instructions
            continue
        names = (code, *_both_orders(zh, en), *_both_orders(zh, code), *_both_orders(en, code))
        words.update(dict.fromkeys(map(fold, names), code))
    return words


def _column_words(sheet: Sheet) -> dict[str, str]:
    words: dict[str, str] = {}
    for column in sheet.all_columns:
        zh, en = (column_label(lang, sheet, column.code) for lang in LANGUAGES)
        names = [column.code, *_both_orders(zh, en)]
        names += test_aliases().get(column.code, ()) if column.is_test else ()
        for name in names:
            for key in header_keys(name):
                words.setdefault(key, column.code)
    return words


def recognise(
    source: RawSource, form: Form, mappings: Mapping[str, str]
) -> tuple[dict[str, FormSheet], dict[str, str], list[Problem]]:
    """Recognise all sheets of a source.

    Parameters
    ----------
    mappings : further names of sheets and columns → their code, as the user assigned them.

    Returns
    -------
    recognised sheets by code, the entries of the INFO sheet, and what was not recognised.
    """
    words = _sheet_words(form) | {fold(name): code for name, code in mappings.items() if code in form.sheets}
    guide = {fold(name) for name in _own_sheets()}
    found: dict[str, FormSheet] = {}
    info: dict[str, str] = {}
    problems: list[Problem] = []
    for raw in source.sheets:
        code = words.get(fold(raw.name))
        if fold(raw.name) in guide:
            continue
        if code is None:
            problems.append(make_problem("sheet_unknown", file=raw.file, sheet=raw.name, n=len(raw.cells)))
        elif code == INFO_SHEET:
            info = _info(raw)
        elif code in found:
            problems.append(make_problem("sheet_duplicate", file=raw.file, sheet=raw.name, other=found[code].name))
        else:
            sheet, issues = _form_sheet(raw, form.sheets[code], mappings)
            problems += issues
            if sheet is not None:
                found[code] = sheet
    return found, info, problems


def _info(raw: RawSheet) -> dict[str, str]:
    if raw.cells.shape[1] < 2:
        return {}
    rows = raw.cells[raw.cells[0].notna() & raw.cells[1].notna()]
    return {fold(str(key)): str(value) for key, value in zip(rows[0], rows[1], strict=True)}


def _form_sheet(raw: RawSheet, sheet: Sheet, mappings: Mapping[str, str]) -> tuple[FormSheet | None, list[Problem]]:
    words = _column_words(sheet)
    words |= {key: code for name, code in mappings.items() if code in sheet.codes for key in header_keys(name)}
    header_row = _header_row(raw, words)
    if header_row is None:
        if raw.cells.empty:
            return None, []
        return None, [make_problem("header_missing", file=raw.file, sheet=raw.name)]
    header = pd.Series(raw.cells.loc[header_row])
    body = raw.cells.loc[raw.cells.index > header_row]
    positions, foreign, problems = _columns(raw, header, body, words)
    headers = {code: str(header[position]) for code, position in positions.items()}
    data = body[list(positions.values())].set_axis(list(positions), axis=1).reindex(columns=list(sheet.codes))
    data = data.astype("str")
    kinds = _limit_kinds(sheet, data)
    limits = data[kinds.notna()].set_axis(kinds.dropna().to_list(), axis=0)
    limit_rows = {str(kind): int(row) for row, kind in kinds.dropna().items()}  # type: ignore[call-overload]
    entered = body[kinds.isna()].notna().any(axis=1)
    data = data[kinds.isna()][entered]
    foreign_values = {name: int(body.loc[data.index, position].notna().sum()) for position, name in foreign.items()}
    found = FormSheet(
        sheet,
        raw.file,
        raw.name,
        headers,
        header_row,
        data,
        limits[~limits.index.duplicated()],
        limit_rows,
        foreign_values,
    )
    if len(data):
        problems += [
            found.problem("column_missing", header_row, column.code)
            for column in sheet.columns
            if column.required and column.code not in headers
        ]
    return found, problems


def _header_row(raw: RawSheet, words: Mapping[str, str]) -> int | None:
    """Return the row among the first ones with the most recognised names; None if there is none."""
    best, row_found = 0, None
    for row, cells in raw.cells.head(HEADER_SEARCH_ROWS).iterrows():
        hits = sum(any(key in words for key in header_keys(str(name))) for name in cells.dropna())
        if hits > best:
            best, row_found = hits, int(row)  # type: ignore[call-overload]
    return row_found


def _columns(
    raw: RawSheet, header: pd.Series, body: pd.DataFrame, words: Mapping[str, str]
) -> tuple[dict[str, int], dict[int, str], list[Problem]]:
    positions: dict[str, int] = {}
    foreign: dict[int, str] = {}
    problems: list[Problem] = []
    row = int(header.name)  # type: ignore[call-overload]
    for position, name in header.items():
        text = "" if pd.isna(name) else str(name)
        values = body[position]
        code = next((words[key] for key in header_keys(text) if key in words), None)
        where = {"file": raw.file, "sheet": raw.name, "row": row, "column": text}
        if code is not None and code in positions:
            other = str(header[positions[code]])
            problems.append(make_problem("column_duplicate", **where, other=other))
        elif code is not None:
            positions[code] = int(position)  # type: ignore[call-overload]
        elif values.notna().any():
            foreign[int(position)] = text  # type: ignore[call-overload]
            if identifier_column(text) in (None, INITIALS):
                kind = "initials_left_out" if identifier_column(text) == INITIALS else "column_unknown"
                problems.append(make_problem(kind, **where, n=int(values.notna().sum())))
    return positions, foreign, problems


@cache
def _limit_words() -> Mapping[str, str]:
    words: dict[str, str] = {}
    for code in LIMIT_ROWS:
        term = bilingual_term("limit_row", code)
        zh, en = (translate(lang, f"term.limit_row.{code}") for lang in LANGUAGES)
        words.update(dict.fromkeys(map(fold, (code, term, zh, en, f"{en} {zh}")), code))
    return words


def _limit_kinds(sheet: Sheet, data: pd.DataFrame) -> pd.Series:
    """Return which rows are limit rows: their code, else missing."""
    if not sheet.has_limit_rows:
        return pd.Series(index=data.index, dtype="str")
    return map_unique_text(data["SUBJID"], lambda text: _limit_words().get(fold(text)))
