"""One table, read by its mapping: what it gives to each sheet of the form, cell by cell, with where it stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ...model.problem import Problem
from ..dates import read_date
from ..form import DATE_KINDS, Sheet, load_form
from ..lis_names import read_range
from ..numbers import is_missing_token
from ..text import half_width, map_unique_text
from .fit import month_word, reorder
from .mapping import DATE, HIGH, LOW, RANGE, RESULT, SUBJECT, TEST, TIME, UNIT, VISIT, ColumnMap, TableMap, form_column
from .source_table import SourceTable
from .words import test_of

# What makes a row of these sheets: cells of the same subject and sample come together from several tables and rows.
KEYS: Mapping[str, tuple[str, ...]] = {
    "SUBJ": ("SUBJID",),
    "LAB": ("SUBJID", "VISIT", "LBDTC", "LBTM"),
    "VS": ("SUBJID", "VSDTC", "VSTM"),
}
CELL = ("code", "text", "typed", "row", "column", "unit", "lo", "hi")


@dataclass(frozen=True)
class Contribution:
    """Cells of one table for one sheet.

    Parameters
    ----------
    keys : one row per row of the table and visit, columns of `KEYS` (none for other sheets).
    cells : index = that of `keys`; columns `CELL`: form column, text as the form reads it, text as typed, spreadsheet
        row, header, unit and normal limits as typed.
    """

    table: SourceTable
    sheet: str
    keys: pd.DataFrame
    cells: pd.DataFrame


@dataclass(frozen=True)
class Taken:
    """What became of the cells of one table.

    Parameters
    ----------
    carried : same shape as the table's body, True where the cell went into the form.
    unknown_tests : results by name of a test that nothing is said of.
    """

    table: SourceTable
    carried: pd.DataFrame
    unknown_tests: Mapping[str, int] = field(default_factory=dict)

    @property
    def values_in(self) -> int:
        """Return the number of filled cells, those of the exporting system included."""
        return int(self.table.body.notna().to_numpy().sum()) + sum(self.table.set_aside.values())

    @property
    def values_out(self) -> int:
        """Return the number of filled cells that went into the form."""
        return int((self.table.body.notna() & self.carried).to_numpy().sum())

    @property
    def rows_out(self) -> int:
        """Return the number of rows of which something went into the form."""
        return int(self.carried.any(axis=1).sum())

    @property
    def left_out(self) -> dict[str, int]:
        """Return the number of values left out by column."""
        lost = (self.table.body.notna() & ~self.carried).sum()
        return {str(name): int(n) for name, n in lost.items() if n} | dict(self.table.set_aside)


def contribute(table: SourceTable, mapping: TableMap) -> tuple[list[Contribution], Taken, list[Problem]]:
    """Return what a table gives to the sheets of the form, what became of its cells, and what is wrong."""
    carried = pd.DataFrame(False, index=table.body.index, columns=table.body.columns)
    parts: list[Contribution] = []
    visits = list(dict.fromkeys(column.visit for column in mapping.columns if column.visit)) or [""]
    specific = {column.sheet for column in mapping.columns if column.sheet}
    sheets = [s for s in mapping.sheets if not mapping.is_long or (s in specific and s not in ("LAB", "VS"))]
    for sheet in sheets:
        for visit in visits:
            part = _rows_part(table, mapping, load_form().sheets[sheet], visit, carried)
            if part is not None:
                parts.append(part)
    unknown: dict[str, int] = {}
    problems: list[Problem] = []
    if mapping.is_long:
        long_parts, unknown = _long_parts(table, mapping, carried)
        parts += long_parts
        problems += [
            table.problem(
                "test_left_out", _first_row(table, mapping, name), column=_source(mapping, TEST), value=name, n=n
            )
            for name, n in unknown.items()
        ]
    return parts, Taken(table, carried, unknown), problems


def _source(mapping: TableMap, target: str) -> str:
    column = mapping.column(target)
    return column.source if column else ""


def _first_row(table: SourceTable, mapping: TableMap, name: str) -> int:
    texts = table.body[_source(mapping, TEST)]
    return int(texts.index[texts == name][0])


def read_column(table: SourceTable, column: ColumnMap) -> pd.Series:
    """Return the cells of a column as the form reads them: values translated, dates ISO, decimal points."""
    texts = table.body[column.source]
    if column.values:
        texts = map_unique_text(texts, lambda text: column.values.get(text, text) or None)
    kind = getattr(form_column(column.target), "kind", "")
    if column.target == DATE or kind in DATE_KINDS:
        return map_unique_text(texts, _date_reader(column.order))
    if column.decimal == ",":
        return map_unique_text(texts, lambda text: text.replace(".", "").replace(",", "."))
    if column.target == SUBJECT:
        return map_unique_text(texts, lambda text: half_width(text).upper().removesuffix(".0"))
    return texts


def _date_reader(order: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        ordered = reorder(month_word(text), order) if order else month_word(text)
        found = read_date(ordered, partial=True)
        if found.iso is None:
            return ordered if is_missing_token(text) or not order else text
        return f"{found.iso} {found.time}" if found.time else found.iso

    return read


def _generic(table: SourceTable, mapping: TableMap, visit: str) -> dict[str, ColumnMap]:
    """Return the columns that serve all sheets by target; those of a visit win for that visit."""
    found: dict[str, ColumnMap] = {}
    for column in mapping.columns:
        shared = column.target in (SUBJECT, VISIT, DATE, TIME) and column.source in table.body
        if shared and column.visit in ("", visit) and (column.target not in found or column.visit):
            found[column.target] = column
    return found


def _generic_code(sheet: Sheet, target: str) -> str:
    """Return the column of a sheet that a target for all sheets means there, "" where it has none."""
    if target == DATE:
        return sheet.start_column
    if target == TIME:
        return next((column.code for column in sheet.columns if column.kind == "time"), "")
    return target if target in sheet.codes else ""


def _rows_part(
    table: SourceTable, mapping: TableMap, sheet: Sheet, visit: str, carried: pd.DataFrame
) -> Contribution | None:
    """Return the cells of a sheet whose columns stand beside each other in the table."""
    own = [c for c in mapping.columns if c.sheet == sheet.code and c.visit in ("", visit) and c.source in table.body]
    if visit and not any(column.visit for column in own):
        own = own if visit == next(column.visit for column in mapping.columns if column.visit) else []
    generic = {
        code: column
        for target, column in _generic(table, mapping, visit).items()
        if (code := _generic_code(sheet, target)) and not any(own_column.code == code for own_column in own)
    }
    makes_rows = [column for column in own if column.code in sheet.codes]
    if not makes_rows and sheet.start_column in generic and sheet.code not in KEYS:
        makes_rows = [generic[sheet.start_column]]
    if not makes_rows:
        if sheet.code != "SUBJ" or SUBJECT not in generic:
            return None
        makes_rows = [generic[SUBJECT]]
    present = table.body[[column.source for column in makes_rows]].notna().any(axis=1)
    rows = table.body.index[present]
    columns = {column.code: column for column in own} | generic
    texts = {code: read_column(table, column).loc[rows] for code, column in columns.items()}
    values = pd.DataFrame(texts, index=rows).astype("str")
    if visit and "VISIT" in sheet.codes and "VISIT" not in values:
        values["VISIT"] = visit
    for target, value in mapping.constants.items():
        name, _, code = target.partition(".")
        if name == sheet.code and code in sheet.codes and code not in values:
            values[code] = value
    for code, column in columns.items():
        carried.loc[rows, column.source] |= values[code].notna()
    keys = values.reindex(columns=list(KEYS.get(sheet.code, ())))
    sources = {code: column.source for code, column in columns.items()}
    units = {column.code: column.unit or table.units.get(column.source, "") for column in own}
    wanted = [code for code in values if code not in keys]
    return Contribution(table, sheet.code, keys, _melt(table, values[wanted], sources, units))


def _melt(
    table: SourceTable, values: pd.DataFrame, sources: Mapping[str, str], units: Mapping[str, str]
) -> pd.DataFrame:
    parts = []
    for code in values:
        filled = values[code].dropna()
        source = sources.get(str(code), "")
        typed = table.body.loc[filled.index, source] if source else filled
        parts.append(
            pd.DataFrame(
                {
                    "code": str(code),
                    "text": filled,
                    "typed": typed,
                    "row": filled.index,
                    "column": source,
                    "unit": units.get(str(code)) or np.nan,
                    "lo": np.nan,
                    "hi": np.nan,
                },
                index=filled.index,
            )
        )
    return pd.concat(parts) if parts else pd.DataFrame(columns=list(CELL))


def _long_parts(
    table: SourceTable, mapping: TableMap, carried: pd.DataFrame
) -> tuple[list[Contribution], dict[str, int]]:
    """Return the results of a table with one result per row, and how many results each unknown test has."""
    test, result = mapping.column(TEST), mapping.column(RESULT)
    if test is None or result is None:
        return [], {}
    names = table.body[test.source]
    targets = map_unique_text(names, lambda name: test.values.get(name, test_of(name)))
    results = read_column(table, result)
    known = targets.notna() & (targets != "")
    said = names.map(lambda name: name in test.values).fillna(False).astype(bool) & (targets == "")
    unknown = names[~known & ~said & results.notna()].value_counts().to_dict()
    generic = _generic(table, mapping, "")
    limits = _limits(table, mapping)
    parts = []
    for sheet in ("LAB", "VS", "CSA"):
        rows = table.body.index[known & results.notna() & targets.str.startswith(f"{sheet}.").fillna(False)]
        if not len(rows):
            continue
        form_sheet = load_form().sheets[sheet]
        codes = {code: c for target, c in generic.items() if (code := _generic_code(form_sheet, target))}
        values = pd.DataFrame({code: read_column(table, c).loc[rows] for code, c in codes.items()}, index=rows)
        for column in (*codes.values(), *_parts_of_result(mapping)):
            carried.loc[rows, column.source] = True
        units = _unit_texts(table, mapping, targets).loc[rows]
        cells = pd.DataFrame(
            {
                "code": targets.loc[rows].str.partition(".")[2],
                "text": results.loc[rows],
                "typed": table.body.loc[rows, result.source],
                "row": rows,
                "column": result.source,
                "unit": units,
                "lo": limits["lo"].loc[rows],
                "hi": limits["hi"].loc[rows],
            },
            index=rows,
        )
        parts.append(_levels(table, values, cells, codes) if sheet == "CSA" else _samples(table, sheet, values, cells))
    return parts, {str(name): int(n) for name, n in unknown.items()}


def _parts_of_result(mapping: TableMap) -> list[ColumnMap]:
    return [c for c in mapping.columns if c.target in (TEST, RESULT, UNIT, LOW, HIGH, RANGE)]


def _samples(table: SourceTable, sheet: str, values: pd.DataFrame, cells: pd.DataFrame) -> Contribution:
    return Contribution(table, sheet, values.reindex(columns=list(KEYS[sheet])).astype("str"), cells)


def _levels(
    table: SourceTable, values: pd.DataFrame, cells: pd.DataFrame, codes: Mapping[str, ColumnMap]
) -> Contribution:
    """Return drug levels: one row of the form each, the time point as the test's meaning says."""
    values = values.assign(LBTPT=cells["code"])
    sources = {code: column.source for code, column in codes.items()}
    rest = _melt(table, values.astype("str"), sources, {})
    return Contribution(table, "CSA", pd.DataFrame(index=values.index), pd.concat([rest, cells.assign(code="LBORRES")]))


def _unit_texts(table: SourceTable, mapping: TableMap, targets: pd.Series) -> pd.Series:
    chosen = targets.map(dict(mapping.units)).astype("str")
    column = mapping.column(UNIT)
    if column is None:
        return chosen
    return read_column(table, column).astype("str").fillna(chosen)


def _limits(table: SourceTable, mapping: TableMap) -> pd.DataFrame:
    """Return the normal limits of each row as typed, from their own columns or a range."""
    limits = pd.DataFrame({"lo": np.nan, "hi": np.nan}, index=table.body.index, dtype="object")
    for name, target in (("lo", LOW), ("hi", HIGH)):
        column = mapping.column(target)
        if column is not None:
            limits[name] = read_column(table, column)
    column = mapping.column(RANGE)
    if column is not None:
        read = {text: read_range(text) for text in table.body[column.source].dropna().unique()}
        for name, side in (("lo", "low"), ("hi", "high")):
            texts = {text: f"{v:.15g}" for text, r in read.items() if r and (v := getattr(r, side)) is not None}
            limits[name] = limits[name].where(limits[name].notna(), table.body[column.source].map(texts))
    return limits.astype("str")
