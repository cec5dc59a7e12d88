"""Who was treated: age, sex, severity and results before treatment, counted or as median and range.

Decisions
---------
- Results are those of the last day before treatment (`shifts.derive_shifts`, BASE); a value "<x" enters as x.
- Categories are counted among everybody handed over; what was not entered is a category of its own.

Source: domain facts, section 2 ("Baseline"); ICH E3, section 11.2.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

MISSING = "MISSING"
CATEGORIES = ("SEX", "SEVERITY")
COLUMNS = ["CODE", "LEVEL", "N", "TOTAL", "MEDIAN", "LOW", "HIGH"]


def summarise_baseline(
    dm: pd.DataFrame, shifts: pd.DataFrame, subjects: Sequence[str], tests: Sequence[str]
) -> pd.DataFrame:
    """Return one row per category, and one per number.

    Parameters
    ----------
    dm : of the cut. shifts : from `shifts.derive_shifts`. subjects : USUBJID of the treated. tests : codes, in order.

    Returns
    -------
    CODE (AGE, SEX, SEVERITY or a test), LEVEL (category; "" for numbers), N (of the category, or with a value), TOTAL,
    MEDIAN, LOW, HIGH (NaN for categories and where nobody has a value).
    """
    mine = dm[dm["USUBJID"].isin(subjects)]
    total = len(subjects)
    rows: list[tuple[object, ...]] = [_numbers("AGE", mine["AGE"], total)]
    for name in CATEGORIES:
        rows += [(name, level, n, total, *[float("nan")] * 3) for level, n in _levels(mine[name])]
    based = shifts[shifts["USUBJID"].isin(subjects) & (shifts["SERIES"] == "")]
    rows += [_numbers(test, based.loc[based["TEST"] == test, "BASE"], total) for test in tests]
    return pd.DataFrame(rows, columns=COLUMNS)


def _numbers(code: str, values: pd.Series, total: int) -> tuple[object, ...]:
    known = values.astype("float64").dropna()
    return code, "", len(known), total, known.median(), known.min(), known.max()


def _levels(column: pd.Series) -> list[tuple[str, int]]:
    counts = column.fillna(MISSING).value_counts().sort_index()
    found = {str(level): int(n) for level, n in counts.items()}
    missing = found.pop(MISSING, 0)
    return [*found.items(), *([(MISSING, missing)] if missing else [])]
