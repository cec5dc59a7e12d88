"""Foreign sheets as tables: where the header is, what the columns are called, and their cells by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ...model.problem import Problem
from ..codes import make_problem
from ..dates import read_date
from ..identifiers import HEADER_SEARCH_ROWS
from ..lis_names import is_unit
from ..numbers import read_number
from ..raw import RawSheet
from .mapping import signature_of

_MIN_UNITS = 2  # a row of units names at least so many


@dataclass(frozen=True)
class SourceTable:
    """One table of a source.

    Parameters
    ----------
    file, sheet : as the user named them. part : instrument of a REDCap export, else "".
    header_row : row of the header as the spreadsheet shows it.
    headers : all columns in order, made unique; an empty header is ``#n``.
    body : text cells, one column per header, index = spreadsheet row.
    units : unit by header, where a row of units stands below the header.
    set_aside : number of values by header in columns that only serve the exporting system.
    evidence : columns by which the exporting system was recognised, where the table is one part of its export.
    """

    file: str
    sheet: str
    part: str
    header_row: int
    headers: tuple[str, ...]
    body: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the table for people: sheet, and instrument where there is one."""
        return f"{self.sheet} · {self.part}" if self.part else self.sheet

    @property
    def signature(self) -> str:
        """Return what a table of the same headers is recognised by."""
        return signature_of(self.headers)

    def problem(
        self, code: str, row: int | None = None, column: str = "", value: str = "", **params: object
    ) -> Problem:
        """Return a problem at a place of this table."""
        return make_problem(code, file=self.file, sheet=self.sheet, row=row, column=column, value=value, **params)


def read_table(raw: RawSheet, known: Callable[[str], bool]) -> tuple[SourceTable | None, list[Problem]]:
    """Return a sheet as a table and what is wrong with it; no table where there is no header or no row below it.

    Parameters
    ----------
    known : tells whether a text is a name that some column is known by.
    """
    if raw.cells.empty:
        return None, [make_problem("sheet_empty", file=raw.file, sheet=raw.name)]
    header_row = _header_row(raw.cells, known)
    if header_row is None:
        return None, [make_problem("header_missing", file=raw.file, sheet=raw.name)]
    headers, twice = _headers(raw.cells, header_row)
    body = raw.cells.loc[raw.cells.index > header_row].set_axis(headers, axis=1)
    used = [name for name in headers if not name.startswith("#") or body[name].notna().any()]
    body = body[used]
    body, units = _take_units(body)
    problems = [
        make_problem("header_twice", file=raw.file, sheet=raw.name, row=header_row, column=old, read_as=new)
        for new, old in twice.items()
    ]
    if body.empty:
        return None, [*problems, make_problem("sheet_empty", file=raw.file, sheet=raw.name)]
    return SourceTable(raw.file, raw.name, "", header_row, tuple(used), body, units), problems


def _header_row(cells: pd.DataFrame, known: Callable[[str], bool]) -> int | None:
    """Return the row among the first ones with most known names, then with most words; the earlier of two alike."""
    best, found = (0, 0.0), None
    for row, texts in cells.head(HEADER_SEARCH_ROWS).iterrows():
        filled = [str(text) for text in texts.dropna()]
        words = sum(not _is_value(text) for text in filled)
        score = (sum(map(known, filled)), words / max(len(cells.columns), 1))
        if words * 2 > len(filled) and score > best:
            best, found = score, int(row)  # type: ignore[call-overload]
    return found if found is None else _lowest(cells, found, known)


def _lowest(cells: pd.DataFrame, row: int, known: Callable[[str], bool]) -> int:
    """Return the lower row of a two-row header: words, mostly known names, some cells left to the upper row."""
    below = cells.loc[cells.index > row].head(1)
    texts = [str(text) for text in below.iloc[0].dropna()] if len(below) else []
    part = 0 < len(texts) < len(cells.columns) and not any(map(_is_value, texts))
    return int(below.index[0]) if part and sum(map(known, texts)) * 2 > len(texts) else row


def _is_value(text: str) -> bool:
    return read_number(text).value is not None or read_date(text, partial=True).issue != "date_unreadable"


def _headers(cells: pd.DataFrame, header_row: int) -> tuple[list[str], dict[str, str]]:
    """Return unique headers, and those that were made so with what they were.

    An empty header takes the words of the cell above it: a merged cell keeps them in its first row.
    """
    above = cells.loc[cells.index < header_row]
    last = above.iloc[-1].to_dict() if len(above) else {}
    names: list[str] = []
    twice: dict[str, str] = {}
    for position, text in cells.loc[header_row].items():
        name = str(text) if isinstance(text, str) else ""
        if not name and isinstance(last.get(position), str):
            name = str(last[position])
        name = " ".join(name.split()) or f"#{int(position) + 1}"  # type: ignore[call-overload]
        unique, number = name, 2
        while unique in names:
            unique, number = f"{name} ({number})", number + 1
        if unique != name:
            twice[unique] = name
        names.append(unique)
    return names, twice


def _take_units(body: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows without a row of units that stands first, and the units."""
    if body.empty:
        return body, {}
    first = body.iloc[0].dropna()
    units = {str(name): str(text) for name, text in first.items() if is_unit(str(text))}
    numbers = sum(read_number(str(text)).value is not None for text in first)
    if len(units) < _MIN_UNITS or numbers or len(units) * 2 < len(first):
        return body, {}
    return body.iloc[1:], units
