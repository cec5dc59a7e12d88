"""ISO 8601 dates of SDTM: whole, partial, with a time of day."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from ..text import map_unique_text

PARTIAL, UNREADABLE, WITHOUT_YEAR = "partial", "unreadable", "without_year"
_DATE = re.compile(r"(\d{4})(?:-(\d{2}|-)(?:-(\d{2}|-))?)?(?:T(?P<time>[\d:.\-+Z]+))?")
_TIME = re.compile(r"([01]\d|2[0-3])(?::?([0-5]\d)(?::?[0-5]\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?")
_NO_YEAR = re.compile(r"--?(\d{2}|-)?-(\d{2}|-)?(?:T.*)?|-----T.*")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS = range(1850, 2100)


@dataclass(frozen=True)
class SdtmDates:
    """Dates of a column: ISO 8601 text as the tables of a cut have it, and what is special about each."""

    values: pd.Series
    kinds: pd.Series


def read_dates(texts: pd.Series) -> SdtmDates:
    """Read a --DTC column.

    ``2013-08-06T12:00:30`` becomes ``2013-08-06T12:00``; an hour without minutes is dropped; ``2013---15`` is the year
    2013; a time zone is dropped, the local day counts.

    Returns
    -------
    values : missing where nothing can be read. kinds : `PARTIAL`, `UNREADABLE`, `WITHOUT_YEAR` or missing.
    """
    return SdtmDates(
        map_unique_text(texts, lambda text: _read(text)[0]), map_unique_text(texts, lambda text: _read(text)[1])
    )


def _read(text: str) -> tuple[str | None, str | None]:
    match = _DATE.fullmatch(text)
    if match is None:
        return None, WITHOUT_YEAR if _NO_YEAR.fullmatch(text) else UNREADABLE
    year, month, day = match[1], match[2], match[3]
    if int(year) not in _YEARS:
        return None, UNREADABLE
    if month in (None, "-"):
        return year, PARTIAL
    if not 1 <= int(month) <= 12:
        return None, UNREADABLE
    if day in (None, "-"):
        return f"{year}-{month}", PARTIAL
    if not _exists(int(year), int(month), int(day)):
        return None, UNREADABLE
    time = match["time"]
    clock = _TIME.fullmatch(time) if time and time[0] != "-" else None
    if time and time[0] != "-" and clock is None:
        return None, UNREADABLE
    return f"{year}-{month}-{day}" + (f"T{clock[1]}:{clock[2]}" if clock and clock[2] else ""), None


def _exists(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] and (month != 2 or day < 29 or leap)
