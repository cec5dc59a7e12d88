"""One table, read by its mapping: what it gives to each sheet of the form, cell by cell, with where it stood."""

from __future__ import annotations

import pandas as pd

from ...model.problem import Problem
from ..form import Sheet, load_form
from .column_cells import generic_code, generic_columns, melted, read_column
from .contribution import KEYS, Contribution, Taken
from .long_table import long_parts
from .mapping import SUBJECT, TEST, TableMap
from .source_table import SourceTable


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
        results, unknown = long_parts(table, mapping, carried)
        parts += results
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


def _rows_part(
    table: SourceTable, mapping: TableMap, sheet: Sheet, visit: str, carried: pd.DataFrame
) -> Contribution | None:
    """Return the cells of a sheet whose columns stand beside each other in the table."""
    own = [c for c in mapping.columns if c.sheet == sheet.code and c.visit in ("", visit) and c.source in table.body]
    if visit and not any(column.visit for column in own):
        own = own if visit == next(column.visit for column in mapping.columns if column.visit) else []
    generic = {
        code: column
        for target, column in generic_columns(table, mapping, visit).items()
        if (code := generic_code(sheet, target)) and not any(own_column.code == code for own_column in own)
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
    return Contribution(table, sheet.code, keys, melted(table, values[wanted], sources, units))
