"""Laboratory cells in one unit per test, as the form has them; what was typed is kept beside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...model.problem import Problem
from ..numbers import read_number
from ..units import RBC_PERCENT, TestUnits, canonical_unit, lab_units
from .source_table import SourceTable

_DIGITS = ".15g"


def harmonise(cells: pd.DataFrame, tables: list[SourceTable]) -> tuple[pd.DataFrame, dict[str, str], list[Problem]]:
    """Return the cells with each test in its most frequent unit, that unit by test, and what is wrong with units.

    Parameters
    ----------
    cells : with the columns of a contribution and ``t``, the number of the table.

    Returns
    -------
    cells with ``typed_unit`` (canonical, missing where the value stands in the unit of the sheet) added; cells whose
    unit cannot be read or converted are left off, with an error each.
    """
    problems: list[Problem] = []
    parts = []
    units: dict[str, str] = {}
    for code, own in cells.groupby("code", sort=False):
        part, unit, found = _one_test(own, lab_units()[str(code)], tables)
        parts.append(part)
        problems += found
        if unit:
            units[str(code)] = unit
    return (pd.concat(parts).sort_values("order") if parts else cells.assign(typed_unit=np.nan)), units, problems


def _one_test(
    cells: pd.DataFrame, test: TestUnits, tables: list[SourceTable]
) -> tuple[pd.DataFrame, str, list[Problem]]:
    texts = cells["unit"].dropna().unique()
    canonical = cells["unit"].map({text: canonical_unit(test, text) for text in texts}).astype("str")
    unreadable = cells["unit"].notna() & canonical.isna()
    known = " / ".join(test.factors)
    problems = _firsts(cells[unreadable], "unit_unknown", tables, known=known)
    if canonical.notna().any() and (cells["unit"].isna()).any():
        problems += _firsts(cells[cells["unit"].isna()], "unit_missing", tables, standard=test.standard)
        canonical = canonical.where(canonical.notna() | unreadable, test.standard)
    cells, canonical = cells[~unreadable], canonical[~unreadable]
    if not canonical.notna().any():
        return cells.assign(typed_unit=np.nan), "", problems
    unit = str(canonical.value_counts().index[0])
    other = canonical != unit
    if not other.any():
        return cells.assign(typed_unit=np.nan), unit, problems
    factors = canonical.map({name: f for name, f in test.factors.items() if f != RBC_PERCENT}).astype(float)
    target = test.factors[unit]
    ratio = factors / (float(target) if target != RBC_PERCENT else np.nan)
    lost = other & ratio.isna()
    problems += _firsts(cells[lost], "unit_mix", tables, unit=unit)
    texts_out = [
        _converted(text, factor) if convert else text
        for text, factor, convert in zip(cells["text"], ratio, other & ~lost, strict=True)
    ]
    cells = cells.assign(text=texts_out, typed_unit=canonical.where(other))
    return cells[~lost], unit, problems


def _converted(text: str, factor: float) -> str:
    """Return a number in another unit, its sign kept; what is no number stays as it is, for the form to complain of."""
    number = read_number(text)
    if number.value is None:
        return text
    return f"{number.censor or ''}{round(number.value * factor, 9):{_DIGITS}}"


def _firsts(cells: pd.DataFrame, code: str, tables: list[SourceTable], **params: object) -> list[Problem]:
    """Return one problem per table, column and unit, at its first row."""
    firsts = cells.drop_duplicates(["t", "column", "unit"])
    return [
        tables[t].problem(code, int(row), column, unit if isinstance(unit, str) else "", **params)
        for t, row, column, unit in zip(firsts["t"], firsts["row"], firsts["column"], firsts["unit"], strict=True)
    ]
