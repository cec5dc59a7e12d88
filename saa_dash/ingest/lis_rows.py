"""Results of a laboratory printout in the shape of the LAB sheet, so that they take the way of every import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from .form import LIMIT_ROWS, load_form
from .lis import LisPaste, LisResult
from .numbers import read_number
from .units import canonical_unit, lab_units


def lab_rows(
    paste: LisPaste, *, subject: str, date: str | None = None, visit: str | None = None, sex: str | None = None
) -> pd.DataFrame:
    """Return the results in the shape of the LAB sheet, one row per sampling, with its UNIT and limit rows.

    Parameters
    ----------
    subject : SUBJID of the person whose printout it is.
    date : ISO date of results that carry none of their own.
    sex : M or F: whose limits the printed ones are; None takes them for both.

    Of several results of a test at one time an absolute count goes before a percentage, else the first one stands.
    All values of a test are given in the unit of its first result.
    """
    tests = load_form().sheets["LAB"].tests
    results = [result for result in paste.results if result.code in tests]
    results = sorted(results, key=lambda result: result.unit == "%")
    units: dict[str, str] = {}
    for result in results:
        unit = _unit(result)
        units.setdefault(result.code, unit)
    cells: dict[tuple[str | None, str | None], dict[str, str]] = {}
    for result in results:
        same = _in_unit(result, units[result.code])
        cells.setdefault((result.date or date, result.time), {}).setdefault(result.code, same.value)
    rows = [
        {"SUBJID": subject, "VISIT": visit, "LBDTC": day, "LBTM": time, **values}
        for (day, time), values in cells.items()
    ]
    limits = [{"SUBJID": row, **_limit_cells(row, results, units, sex)} for row in LIMIT_ROWS]
    used = [code for code in tests if code in units]
    return pd.DataFrame([*limits, *rows], columns=["SUBJID", "VISIT", "LBDTC", "LBTM", *used], dtype=object)


def _unit(result: LisResult) -> str:
    test = lab_units()[result.code]
    return (canonical_unit(test, result.unit) if result.unit else None) or test.standard


def _in_unit(result: LisResult, unit: str) -> LisResult:
    """Return a result in another unit of its test; as it is where the two cannot be converted."""
    factors, own = lab_units()[result.code].factors, _unit(result)
    number, ratio = read_number(result.value), (factors.get(own), factors.get(unit))
    if own == unit or number.value is None or not all(isinstance(factor, int | float) for factor in ratio):
        return result
    value = number.value * float(ratio[0]) / float(ratio[1])  # type: ignore[arg-type]
    return replace(result, value=f"{number.censor or ''}{value:.12g}", unit=unit)


def _limit_cells(row: str, results: list[LisResult], units: Mapping[str, str], sex: str | None) -> dict[str, object]:
    if row == "UNIT":
        return dict(units)
    if sex is not None and not row.endswith(sex):
        return {}
    cells: dict[str, object] = {}
    for result in results:
        limit = result.limits.low if row.startswith("LLN") else result.limits.high
        if limit is not None and _unit(result) == units[result.code]:
            cells.setdefault(result.code, limit)
    return cells


def merge_lab(lab: pd.DataFrame, pasted: pd.DataFrame) -> pd.DataFrame:
    """Return the LAB sheet with the rows of a paste behind its own.

    Units and limits that the sheet has stay; pasted values are converted to them. Tests that are new to the sheet
    bring their unit and limits along.
    """

    limits, rows = _split(lab.astype(object))
    new_limits, new_rows = _split(pasted.astype(object))
    new_rows = new_rows.copy()
    for code in [name for name in new_limits if name in load_form().sheets["LAB"].tests]:
        unit, own = new_limits.at["UNIT", code], limits.at["UNIT", code] if code in limits else None
        if not isinstance(own, str):
            limits[code] = new_limits[code]
        elif own != unit:
            target = canonical_unit(lab_units()[code], own) or own
            new_rows[code] = [
                _in_unit(LisResult(code, str(value), str(unit)), target).value if pd.notna(value) else None
                for value in new_rows[code]
            ]
    return pd.concat([limits.reset_index(), rows, new_rows], ignore_index=True)


def _split(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the limit rows, indexed by their code, and the data rows."""
    is_limit = frame["SUBJID"].isin(LIMIT_ROWS)
    return frame[is_limit].set_index("SUBJID").reindex(list(LIMIT_ROWS)), frame[~is_limit]
