"""A table with one result per row: results, units and normal limits as cells of the form."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..form import load_form
from ..lis_names import read_range
from ..text import map_unique_text
from .column_cells import generic_code, generic_columns, melted, read_column
from .contribution import KEYS, Contribution
from .mapping import HIGH, LOW, RANGE, RESULT, TEST, UNIT, ColumnMap, TableMap
from .source_table import SourceTable
from .words import test_of


def long_parts(
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
    generic = generic_columns(table, mapping, "")
    limits = _limits(table, mapping)
    parts = []
    for sheet in ("LAB", "VS", "CSA"):
        rows = table.body.index[known & results.notna() & targets.str.startswith(f"{sheet}.").fillna(False)]
        if not len(rows):
            continue
        form_sheet = load_form().sheets[sheet]
        codes = {code: c for target, c in generic.items() if (code := generic_code(form_sheet, target))}
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
    rest = melted(table, values.astype("str"), sources, {})
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
