"""Dates as whole days: ISO 8601 text to days since 1970-01-01, offsets and study days.

Days are held as ``float64`` with NaN for a missing date, so that comparisons with a missing date are false.

Source: CONTRACT "Days": offset = date - origin; study day = offset + 1 from the origin on, offset before it, no day 0.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from .lookup import text_codes

Days = np.ndarray

_EPOCH = date(1970, 1, 1).toordinal()
_MISSING = (np.nan, np.nan)
_DISTINCT_KEPT = 200_000
_DATE_LENGTH = 10


def day_number(value: date) -> float:
    """Return days since 1970-01-01."""
    return float(value.toordinal() - _EPOCH)


@lru_cache(maxsize=_DISTINCT_KEPT)
def _bounds(text: str) -> tuple[float, float]:
    parts = text.split("-")
    try:
        if len(parts) == 3 and all(parts):
            day = day_number(date(int(parts[0]), int(parts[1]), int(parts[2])))
            return day, day
        year = int(parts[0])
        if len(parts) > 1 and parts[1]:
            month = int(parts[1])
            first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        else:
            first, last = date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return _MISSING
    return day_number(first), day_number(last)


def possible_days(dtc: pd.Series) -> tuple[Days, Days]:
    """Return the earliest and the latest day each ISO 8601 text may mean; equal for a whole date.

    Parameters
    ----------
    dtc : text, possibly partial ("2026-03", "2026") or with a time; NaN where missing.
    """
    codes, distinct = text_codes(dtc)
    table = np.array([_bounds(text[:_DATE_LENGTH]) for text in distinct] + [_MISSING])  # -1 (missing) takes the last
    return table[codes, 0], table[codes, 1]


def whole_days(dtc: pd.Series) -> Days:
    """Return the day of each whole date; NaN for a partial or missing one."""
    first, last = possible_days(dtc)
    return np.where(first == last, first, np.nan)


def earliest_days(dtc: pd.Series) -> Days:
    """Return the earliest day each possibly partial date may mean."""
    return possible_days(dtc)[0]


def as_dates(days: Days) -> np.ndarray:
    """Return days as ``datetime64[s]`` (NaT where missing), the date type of every derived frame."""
    known = ~np.isnan(days)
    out = np.full(days.shape, np.datetime64("NaT"), "datetime64[D]")
    out[known] = days[known].astype("int64").astype("datetime64[D]")
    return out.astype("datetime64[s]")


def as_days(dates: pd.Series | np.ndarray) -> Days:
    """Return ``datetime64`` dates as days since 1970-01-01 (NaN where missing)."""
    values = np.asarray(dates, dtype="datetime64[D]")
    return np.where(np.isnat(values), np.nan, values.astype("int64"))


def offset(day: Days, origin: Days) -> Days:
    """Return day - origin, 0 on the origin itself."""
    return day - origin


def study_day(day: Days, origin: Days) -> Days:
    """Return the study day: offset + 1 from the origin on, offset before it; there is no day 0."""
    difference = offset(day, origin)
    return difference + (difference >= 0)
