"""The contract of each sheet, as a pandera schema made from the form: types, required cells, ranges, readability."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ..model.problem import Problem
from .form import Column, Sheet, bilingual_term, load_form
from .values import MISSING_TOKEN, TypedSheet

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

_ISSUE = "?"  # suffix of the column that holds the code of what is wrong with a cell
_READABLE, _RANGE, _REQUIRED = "readable", "out_of_range", "required_missing"


def sheet_schema(sheet: Sheet, present: Container[str], doubtful: Container[str]) -> DataFrameSchema:
    """Return the contract of a sheet's typed values and their issues.

    Parameters
    ----------
    present : columns the sheet has; a missing one is a finding of its own. doubtful : columns with issues.
    """
    import pandera.pandas as pa

    columns: dict[str, pa.Column] = {}
    for column in sheet.all_columns:
        if column.code not in present:
            continue
        checks = [_range_check(column)] if column.is_number else []
        if column.required:
            checks.append(pa.Check(lambda cells: cells.notna(), name=_REQUIRED, ignore_na=False))
        if checks:
            columns[column.code] = pa.Column(float if column.is_number else None, checks=checks, nullable=True)
        if column.code in doubtful:
            readable = pa.Check(lambda issues: issues.isna(), name=_READABLE)
            columns[column.code + _ISSUE] = pa.Column(checks=readable, nullable=True)
    return pa.DataFrameSchema(columns)


def _range_check(column: Column):  # type: ignore[no-untyped-def]
    import pandera.pandas as pa

    low = float("-inf") if column.minimum is None else column.minimum
    high = float("inf") if column.maximum is None else column.maximum
    return pa.Check(lambda cells: cells.between(low, high), name=_RANGE)


def validate_sheet(typed: TypedSheet) -> list[Problem]:
    """Return every breach of a sheet's contract, cell by cell."""
    from pandera.errors import SchemaErrors

    if typed.values.empty:
        return []
    sheet = typed.source.sheet
    doubtful = [str(code) for code in typed.issues if typed.issues[code].notna().any()]
    issues = typed.issues[doubtful]
    cells = pd.concat([typed.values, issues.mask(issues == MISSING_TOKEN).add_suffix(_ISSUE)], axis=1)
    try:
        sheet_schema(sheet, typed.source.headers, doubtful).validate(cells, lazy=True)
    except SchemaErrors as errors:
        return _problems(typed, errors.failure_cases) + _missing_tokens(typed, doubtful)
    return _missing_tokens(typed, doubtful)


def _problems(typed: TypedSheet, failures: pd.DataFrame) -> list[Problem]:
    problems = []
    for name, check, failure, row in failures[["column", "check", "failure_case", "index"]].itertuples(index=False):
        code = str(name).removesuffix(_ISSUE)
        column = typed.source.sheet.column(code)
        if check == _REQUIRED and isinstance(typed.issues.at[row, code], str) and _unreadable(typed, row, code):
            continue  # said once: the cell is filled, but cannot be read
        kind = str(failure) if check == _READABLE else str(check)
        value = typed.source.typed(row, code)
        problems.append(typed.source.problem(kind, int(row), code, value, **_params(kind, column)))
    return problems


def _params(kind: str, column: Column) -> dict[str, str]:
    if kind == _RANGE:
        return {"minimum": _shown(column.minimum), "maximum": _shown(column.maximum)}
    if kind == "choice_unknown":
        codes = load_form().lists[column.list_name]
        return {"choices": " / ".join(bilingual_term(column.list_name, code) for code in codes)}
    return {}


def _unreadable(typed: TypedSheet, row: int, code: str) -> bool:
    return bool(typed.issues.at[row, code] != MISSING_TOKEN)


def _shown(limit: float | None) -> str:
    return "∞" if limit is None else f"{limit:g}"


def _missing_tokens(typed: TypedSheet, doubtful: Sequence[str]) -> list[Problem]:
    """Return one note per column in which words such as 未查 stand for "no value"."""
    problems = []
    for code in doubtful:
        rows = typed.issues.index[typed.issues[code] == MISSING_TOKEN]
        if len(rows):
            value = typed.source.typed(rows[0], str(code))
            problems.append(typed.source.problem("missing_token", int(rows[0]), str(code), value, n=len(rows)))
    return problems
