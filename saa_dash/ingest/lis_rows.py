"""Results of a laboratory printout in the shape of the LAB sheet, so that they take the way of every import."""

from __future__ import annotations

from collections.abc import Mapping

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
    All values of a test are given in the unit of its first result; what cannot be converted to it is left out, see
    `not_convertible`.
    """
    tests = load_form().sheets["LAB"].tests
    results = _in_order(paste)
    units = _units(results)
    cells: dict[tuple[str | None, str | None], dict[str, str]] = {}
    for result in results:
        value = _in_unit(result, units[result.code])
        if value is not None:
            cells.setdefault((result.date or date, result.time), {}).setdefault(result.code, value)
    rows = [
        {"SUBJID": subject, "VISIT": visit, "LBDTC": day, "LBTM": time, **values}
        for (day, time), values in cells.items()
    ]
    limits = [{"SUBJID": row, **_limit_cells(row, results, units, sex)} for row in LIMIT_ROWS]
    used = [code for code in tests if code in units]
    return pd.DataFrame([*limits, *rows], columns=["SUBJID", "VISIT", "LBDTC", "LBTM", *used], dtype=object)


def not_convertible(paste: LisPaste) -> tuple[LisResult, ...]:
    """Return the results that `lab_rows` leaves out: a percentage of a test that is also given as a count."""
    results = _in_order(paste)
    units = _units(results)
    return tuple(result for result in results if _in_unit(result, units[result.code]) is None)


def _in_order(paste: LisPaste) -> list[LisResult]:
    """Return the results of tests that the form has, absolute counts before percentages."""
    tests = load_form().sheets["LAB"].tests
    return sorted((result for result in paste.results if result.code in tests), key=lambda result: result.unit == "%")


def _units(results: list[LisResult]) -> dict[str, str]:
    units: dict[str, str] = {}
    for result in results:
        units.setdefault(result.code, _unit(result))
    return units


def _unit(result: LisResult) -> str:
    test = lab_units()[result.code]
    return (canonical_unit(test, result.unit) if result.unit else None) or test.standard


def _in_unit(result: LisResult, unit: str) -> str | None:
    """Return the value of a result in another unit of its test; None where the two cannot be converted."""
    factors, own = lab_units()[result.code].factors, _unit(result)
    number, ratio = read_number(result.value), (factors.get(own), factors.get(unit))
    if own == unit:
        return result.value
    if number.value is None or not all(isinstance(factor, int | float) for factor in ratio):
        return None
    value = number.value * float(ratio[0]) / float(ratio[1])  # type: ignore[arg-type]
    return f"{number.censor or ''}{value:.12g}"


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

    Units and limits that the sheet has stay; pasted values and limits are converted to its units. Tests that are new
    to the sheet bring their unit and limits along. A value that cannot be converted is left out.
    """
    limits, rows = _split(lab.astype(object))
    new_limits, new_rows = _split(pasted.astype(object))
    new_rows = new_rows.copy()
    for code in [name for name in new_limits if name in load_form().sheets["LAB"].tests]:
        unit, own = new_limits.at["UNIT", code], limits.at["UNIT", code] if code in limits else None
        if not isinstance(own, str):
            limits[code] = new_limits[code]
            continue
        target = canonical_unit(lab_units()[code], own) or own
        new_rows[code] = _converted(code, new_rows[code], str(unit), target)
        limits[code] = limits[code].fillna(_converted(code, new_limits[code].drop("UNIT"), str(unit), target))
    return pd.concat([limits.reset_index(), rows, new_rows], ignore_index=True)


def _converted(code: str, values: pd.Series, unit: str, target: str) -> pd.Series:
    """Return values of a test in another unit; missing where they cannot be converted."""
    if unit == target:
        return values
    cells = [_in_unit(LisResult(code, str(value), unit), target) if pd.notna(value) else None for value in values]
    return pd.Series(cells, index=values.index, dtype=object)


def _split(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the limit rows, indexed by their code, and the data rows."""
    is_limit = frame["SUBJID"].isin(LIMIT_ROWS)
    return frame[is_limit].set_index("SUBJID").reindex(list(LIMIT_ROWS)), frame[~is_limit]
