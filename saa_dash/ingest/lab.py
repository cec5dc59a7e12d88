"""Laboratory results in standard units: units and limits of a sheet, conversion, plausibility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.problem import Problem
from .numbers import is_missing_token, read_number
from .units import PERCENT_RBC_FACTOR, RBC_PERCENT, TestUnits, canonical_unit
from .values import TypedSheet

# A part may not exceed its whole; compared in standard units.
_PARTS = (("ANC", "WBC"), ("ALC", "WBC"), ("BILDIR", "BILI"))
_DECIMALS = 9  # 11.3 g/dL is 113 g/L, not 113.00000000000001: thresholds are compared exactly
_LIMITS = {"M": ("LLN_M", "ULN_M"), "F": ("LLN_F", "ULN_F")}


@dataclass(frozen=True)
class StandardResults:
    """Results of a wide sheet in standard units.

    Parameters
    ----------
    values : one column per test with results, in standard units; index = spreadsheet row.
    units : unit as typed, in its canonical form, by test.
    limits : limit as typed by test and row code (LLN_M …), in the typed unit.
    factors : factor to the standard unit by test; NaN where it differs from row to row or is unknown.
    """

    values: pd.DataFrame
    units: Mapping[str, str]
    limits: Mapping[str, Mapping[str, float]]
    factors: Mapping[str, float]
    problems: tuple[Problem, ...]


def standardise_lab(typed: TypedSheet, tests: Mapping[str, TestUnits]) -> StandardResults:
    """Convert every test of the laboratory sheet to its standard unit and query what is implausible.

    Source of factors, ranges and hints: units.toml. A value in percent of the red cells is multiplied by the red
    cell count of the same row; where there is none the standard value stays empty.
    """
    used = [code for code in typed.source.sheet.tests if typed.values[code].notna().any()]
    problems: list[Problem] = []
    units: dict[str, str] = {}
    limits: dict[str, dict[str, float]] = {}
    factors: dict[str, float] = {}
    for code in used:
        units[code], issues = _unit(typed, tests[code])
        problems += issues
        limits[code], issues = _limits(typed, code)
        problems += issues
        factor = tests[code].factors.get(units[code], np.nan)
        factors[code] = np.nan if factor == RBC_PERCENT else float(factor)
    values = pd.DataFrame({code: (typed.values[code] * factors[code]).round(_DECIMALS) for code in used})
    for code in used:
        if tests[code].factors.get(units[code]) == RBC_PERCENT:
            values[code], issues = _percent_of_red_cells(typed, code, values.get("RBC"))
            problems += issues
        problems += query_implausible(typed, code, tests[code], values[code], units[code])
    problems += _parts_above_whole(typed, values)
    return StandardResults(values, units, limits, factors, tuple(problems))


def _unit(typed: TypedSheet, test: TestUnits) -> tuple[str, list[Problem]]:
    sheet = typed.source
    text = sheet.limits.at["UNIT", test.code] if "UNIT" in sheet.limits.index else None
    row = sheet.limit_rows.get("UNIT")
    if not isinstance(text, str):
        return test.standard, [sheet.problem("unit_missing", row, test.code, standard=test.standard)]
    unit = canonical_unit(test, text)
    if unit is not None:
        return unit, []
    known = " / ".join(test.factors)
    return text, [sheet.problem("unit_unknown", row, test.code, text, known=known)]


def _limits(typed: TypedSheet, code: str) -> tuple[dict[str, float], list[Problem]]:
    """Return the normal limits of a test as typed; a test without any is noted."""
    sheet = typed.source
    found: dict[str, float] = {}
    problems = []
    for kind in sheet.limits.index.drop("UNIT", errors="ignore"):
        text = sheet.limits.at[kind, code]
        if not isinstance(text, str) or is_missing_token(text):
            continue
        number = read_number(text)
        if number.value is None:
            problems.append(sheet.problem("number_unreadable", sheet.limit_rows[kind], code, text))
        else:
            found[str(kind)] = number.value
    for low, high in _LIMITS.values():
        if low in found and high in found and found[low] > found[high]:
            text = str(sheet.limits.at[high, code])
            problems.append(sheet.problem("limits_reversed", sheet.limit_rows[high], code, text, low=found[low]))
    if not found and not problems:
        problems.append(sheet.problem("limits_missing", None, code))
    return found, problems


def _percent_of_red_cells(typed: TypedSheet, code: str, rbc: pd.Series | None) -> tuple[pd.Series, list[Problem]]:
    percent = typed.values[code]
    red_cells = pd.Series(np.nan, index=percent.index) if rbc is None else rbc
    return (percent * red_cells * PERCENT_RBC_FACTOR).round(_DECIMALS), typed.flag(
        percent.notna() & red_cells.isna(), "arc_without_rbc", code
    )


def query_implausible(
    typed: TypedSheet, code: str, test: TestUnits, standard: pd.Series, unit: str, test_column: str | None = None
) -> list[Problem]:
    """Return a query for each value outside the plausible range, naming the unit that was probably meant.

    Parameters
    ----------
    standard : values in the standard unit. unit : unit they were typed in.
    test_column : form column of the value where it is not named like the test.
    """
    column = test_column or code
    low, high = test.plausible
    outside = standard.notna() & ~standard.between(low, high) & typed.extras[column].isna()
    params = {"low": low, "high": high, "unit": test.standard}
    problems: list[Problem] = []
    if unit == test.standard:
        for hint in test.hints:
            hinted = outside & ((standard < hint.below) & np.isfinite(hint.below) | (standard > hint.above))
            problems += typed.flag(hinted, "implausible_unit", column, meant=hint.unit, **params)
            outside &= ~hinted
    return problems + typed.flag(outside, "implausible", column, **params)


def _parts_above_whole(typed: TypedSheet, values: pd.DataFrame) -> list[Problem]:
    problems = []
    for part, whole in _PARTS:
        if part in values and whole in values:
            above = (values[part] > values[whole]) & typed.extras[part].isna() & typed.extras[whole].isna()
            whole_value = typed.source.data[whole]
            problems += typed.flag(above, "part_above_whole", part, whole=whole, whole_value=whole_value)
    return problems


def long_results(typed: TypedSheet, results: StandardResults, tests: Mapping[str, TestUnits]) -> pd.DataFrame:
    """Return one row per result, index = spreadsheet row.

    Columns: test, typed text, standard value, ``<``/``>``, and per row what is constant of the test.
    """
    used = list(results.values.columns)
    parts = {"orres": typed.source.data, "value": typed.values, "stresn": results.values, "censor": typed.extras}
    columns = {name: frame[used].melt(ignore_index=False)["value"] for name, frame in parts.items()}
    long = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
    long["test"] = np.repeat(used, len(typed.values)) if used else pd.Series(dtype="str")
    long["unit"] = long["test"].map(dict(results.units))
    long["standard"] = long["test"].map({code: tests[code].standard for code in used})
    long["row"] = np.tile(typed.values.index.to_numpy(), len(used))
    return long[long["value"].notna()].reset_index(drop=True)


def limits_of(long: pd.DataFrame, sex: pd.Series, results: StandardResults) -> pd.DataFrame:
    """Return the normal limits of each result as typed and in standard units, by the subject's sex.

    Where the sex is unknown a limit stands only if it is the same for both. Columns: lo, hi, stlo, sthi.
    """
    columns = {}
    for name, male, female in (("lo", "LLN_M", "LLN_F"), ("hi", "ULN_M", "ULN_F")):
        of_men = long["test"].map({code: rows.get(male, np.nan) for code, rows in results.limits.items()})
        of_women = long["test"].map({code: rows.get(female, np.nan) for code, rows in results.limits.items()})
        same = of_men.where(of_men == of_women)
        columns[name] = of_men.where(sex == "M", of_women.where(sex == "F", same)).astype(float)
    factor = long["test"].map(dict(results.factors)).astype(float)
    standard = {f"st{name}": (limit * factor).round(_DECIMALS) for name, limit in columns.items()}
    return pd.DataFrame(columns | standard)


def range_indicator(value: pd.Series, censor: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """Return LOW, NORMAL or HIGH against the limits, both limits normal; missing where that cannot be said."""
    below = (value < low) & (censor != ">") | (censor == "<") & (value <= low)
    above = (value > high) & (censor != "<") | (censor == ">") & (value >= high)
    known = value.notna() & (low.notna() | high.notna()) & censor.isna()
    choices = np.select([below, above, known], ["LOW", "HIGH", "NORMAL"], default="")
    indicator = pd.Series(choices, index=value.index, dtype="str")
    return indicator.mask(indicator == "")
