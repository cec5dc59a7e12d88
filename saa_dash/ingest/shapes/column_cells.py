"""The cells of single columns as the form reads them, each with where it stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from ..dates import read_date
from ..form import DATE_KINDS, Sheet
from ..numbers import is_missing_token
from ..text import half_width, map_unique_text
from .contribution import CELL
from .fit import month_word, reorder
from .mapping import DATE, SUBJECT, TIME, VISIT, ColumnMap, TableMap, form_column
from .source_table import SourceTable


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


def generic_columns(table: SourceTable, mapping: TableMap, visit: str) -> dict[str, ColumnMap]:
    """Return the columns that serve all sheets by target; those of a visit win for that visit."""
    found: dict[str, ColumnMap] = {}
    for column in mapping.columns:
        shared = column.target in (SUBJECT, VISIT, DATE, TIME) and column.source in table.body
        if shared and column.visit in ("", visit) and (column.target not in found or column.visit):
            found[column.target] = column
    return found


def generic_code(sheet: Sheet, target: str) -> str:
    """Return the column of a sheet that a target for all sheets means there, "" where it has none."""
    if target == DATE:
        return sheet.start_column
    if target == TIME:
        return next((column.code for column in sheet.columns if column.kind == "time"), "")
    return target if target in sheet.codes else ""


def melted(
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
