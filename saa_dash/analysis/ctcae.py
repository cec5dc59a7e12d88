"""CTCAE grades of laboratory results, as columns.

Decisions
---------
- A value at a boundary has the lower grade: grades begin below or above their limit, never at it (grade 1 by an
  abnormal baseline excepted where the criteria say so). Limits are compared with a relative tolerance of 1e-9, for
  3.0 x ULN is rarely a whole binary number.
- The baseline is abnormal where it is above the upper limit of its own result, or, where that result had none, of the
  result graded. Without a baseline the upper limit of normal alone decides.
- Without the limit a grade needs there is no grade: a count of 5 without a lower limit is 0 or 1, a count of 0.4 is 4
  whatever the limit.
- "<x" and ">x" have the least severe grade they may mean; where they may mean a higher one, `at_least` says so.
- A result before treatment is graded by the limits alone: a baseline is no multiple of itself.

Source: CTCAE version 5.0; domain facts, section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..model.ctcae import HIGHEST_BY_VALUE, HighGrades, LowGrades, ToxicityCriteria
from .logic import ABOVE, BELOW

TOLERANCE = 1e-9

# What a grade was judged by, as places in `JUDGED_BY`; -1 without a grade.
JUDGED_BY = ("VALUE", "LLN", "ULN", "BASELINE")
BY_VALUE, BY_LLN, BY_ULN, BY_BASELINE = range(4)

INDICATORS = ("LOW", "NORMAL", "HIGH")


@dataclass(frozen=True)
class Results:
    """Results of one test, column by column; NaN where not known.

    Parameters
    ----------
    value : standard unit. reading : EXACT, BELOW or ABOVE. lower, upper : the laboratory's limits of normal.
    base, base_upper : the patient's baseline and the upper limit of that result; NaN for results before treatment.
    """

    value: np.ndarray
    reading: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    base: np.ndarray
    base_upper: np.ndarray


@dataclass(frozen=True)
class Graded:
    """Grades of results.

    Parameters
    ----------
    grade : 0…4, NaN without. at_least : the true grade may be higher ("<x", ">x"). by : what decided, place in
        `JUDGED_BY`, -1 without a grade.
    """

    grade: np.ndarray
    at_least: np.ndarray
    by: np.ndarray


def falls_below(value: np.ndarray, limit: np.ndarray | float) -> np.ndarray:
    """Tell where a value lies below a limit, more than rounding does."""
    return limit - value > TOLERANCE * np.abs(limit)


def rises_above(value: np.ndarray, limit: np.ndarray | float) -> np.ndarray:
    """Tell where a value lies above a limit, more than rounding does."""
    return value - limit > TOLERANCE * np.abs(limit)


def grade_low(results: Results, grades: LowGrades) -> Graded:
    """Return the grades of a test that is graded where it falls."""
    value, below, above = results.value, results.reading == BELOW, results.reading == ABOVE

    def graded(under: Mapping[int, np.ndarray], under_lln: np.ndarray) -> np.ndarray:
        out = np.where(np.isnan(results.lower), np.nan, under_lln.astype("float64"))
        for grade, condition in under.items():
            out = np.where(condition, grade, out)
        return out

    def under(limit: np.ndarray | float) -> np.ndarray:  # "<x" lies below x; ">x" may lie anywhere above
        return np.where(below, ~rises_above(value, limit), falls_below(value, limit) & ~above)

    limits = dict(sorted(grades.below.items()))
    exact = {grade: under(limit) for grade, limit in limits.items()}
    least = graded(exact, under(results.lower))
    by_value = np.logical_or.reduce(list(exact.values()))
    plain = {grade: falls_below(value, limit) for grade, limit in limits.items()}
    possible = graded(plain, falls_below(value, results.lower))
    most = np.where(below, max(limits), np.where(above, possible, least))
    none = np.isnan(value) | np.isnan(least)
    by = np.where(none, -1, np.where(by_value, BY_VALUE, BY_LLN))
    return Graded(np.where(none, np.nan, least), ~none & (most > least), by)


def grade_high(results: Results, grades: HighGrades) -> Graded:
    """Return the grades of a test that is graded where it rises."""
    value, below, above = results.value, results.reading == BELOW, results.reading == ABOVE

    def over(limit: np.ndarray, included: bool = False) -> np.ndarray:  # ">x" lies above x; "<x" may lie anywhere below
        certain = ~falls_below(value, limit)
        return np.where(above | (included & ~below), certain, rises_above(value, limit) & ~below) & ~np.isnan(limit)

    def graded(multiples: Mapping[int, float], unit: np.ndarray, first_included: bool) -> np.ndarray:
        out = np.zeros(len(value))
        for grade, multiple in sorted(multiples.items()):
            out = np.where(over(multiple * unit, first_included and grade == 1), grade, out)
        return out

    by_uln = np.where(np.isnan(results.upper), np.nan, graded(grades.uln, results.upper, False))
    by_base = graded(grades.baseline, results.base, grades.first_included)
    if grades.use == "either":
        relative = by_base > by_uln
        least = np.where(relative, by_base, by_uln)
    else:
        limit = np.where(np.isnan(results.base_upper), results.upper, results.base_upper)
        unknown = ~np.isnan(results.base) & np.isnan(limit)
        relative = rises_above(results.base, limit)
        least = np.where(unknown, np.nan, np.where(relative, by_base, by_uln))
    none = np.isnan(value) | np.isnan(least)
    at_least = ~none & ((above & (least < HIGHEST_BY_VALUE)) | (below & _may_be_graded(results, grades, relative)))
    by = np.where(none, -1, np.where(relative, BY_BASELINE, BY_ULN))
    return Graded(np.where(none, np.nan, least), at_least, by)


def _may_be_graded(results: Results, grades: HighGrades, relative: np.ndarray) -> np.ndarray:
    """Tell where a result "<x" may lie above the limit of grade 1."""
    first = np.where(relative, grades.baseline.get(1, np.nan) * results.base, grades.uln[1] * results.upper)
    return rises_above(results.value, first)


def grade_test(test: str, results: Results, criteria: ToxicityCriteria) -> Graded:
    """Return the grades of one test.

    Raises
    ------
    KeyError : the criteria do not grade this test.
    """
    if test in criteria.low:
        return grade_low(results, criteria.low[test])
    return grade_high(results, criteria.high[test])


def range_indicator(value: np.ndarray, reading: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return LOW, NORMAL or HIGH as places in `INDICATORS`, -1 where the limits of normal do not tell.

    One limit alone is enough where the laboratory gives only one. "<x" is LOW where x is at or below the lower limit,
    ">x" HIGH where x is at or above the upper one; otherwise such a value is NORMAL only where it cannot lie outside.
    """
    below, above = reading == BELOW, reading == ABOVE
    low = np.where(below, ~rises_above(value, lower), falls_below(value, lower) & ~above)
    high = np.where(above, ~falls_below(value, upper), rises_above(value, upper) & ~below)
    low, high = low & ~np.isnan(lower), high & ~np.isnan(upper)
    no_limits = np.isnan(lower) & np.isnan(upper)
    doubtful = (below & (~np.isnan(lower) | rises_above(value, upper))) | (
        above & (~np.isnan(upper) | falls_below(value, lower))
    )
    normal = ~np.isnan(value) & ~no_limits & ~doubtful
    return np.select([low, high, normal], [0, 2, 1], -1)
