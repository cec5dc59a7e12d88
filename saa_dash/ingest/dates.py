"""Dates and times as people type them, turned into ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .text import half_width

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(25_569, 73_416)  # 1970-01-01 … 2100-12-31; other five-digit numbers are no dates
_YEARS = range(1900, 2100)
_MONTHS = {
    name: n
    for n, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}

_TIME = r"(?:[T\s]\s*(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?"
_FULL = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})" + _TIME)
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ENGLISH = re.compile(r"(\d{1,2})[-\s]([a-z]{3})[a-z]*[-\s.,]+(\d{4})", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_UNKNOWN_PART = r"(?:UK|UN|UNK|XX|\?\?)"
_MONTH = re.compile(r"(\d{4})\s*[-/]\s*(\d{1,2})(?:\s*[-/]\s*" + _UNKNOWN_PART + ")?", re.IGNORECASE)
_CHINESE_MONTH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月")
_YEAR = re.compile(
    r"(\d{4})\s*(?:年|[-/]\s*" + _UNKNOWN_PART + r"(?:\s*[-/]\s*" + _UNKNOWN_PART + ")?)?", re.IGNORECASE
)
_DAY_FIRST = re.compile(r"\d{1,2}\s*([-/.])\s*\d{1,2}\s*\1\s*(?:\d{4}|\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})[:.时](\d{2})(?::\d{2}(?:\.\d+)?|分)?")
_DAY_FRACTION = re.compile(r"0?\.\d+")


@dataclass(frozen=True)
class ReadDate:
    """A date as read: ISO text (perhaps partial) and time of day, or the code of what is wrong."""

    iso: str | None = None
    time: str | None = None
    issue: str | None = None


def read_date(text: str, *, partial: bool = False) -> ReadDate:
    """Read a typed date.

    Parameters
    ----------
    text : real dates arrive as ISO text, Excel serials as five digits; see the patterns above for the rest.
    partial : True where year and month, or the year alone, may stand.

    Returns
    -------
    ``issue`` is ``date_ambiguous`` for 05/03/2026 and other day-month orders, ``date_partial`` for a partial date
    where a whole one is asked for, ``date_unreadable`` else.
    """
    typed = half_width(text)
    for pattern, order in ((_FULL, (1, 3, 4)), (_CHINESE, (1, 2, 3)), (_COMPACT, (1, 2, 3))):
        match = pattern.fullmatch(typed)
        if match:
            year, month, day = (int(match[group]) for group in order)
            return _whole(year, month, day, match.groupdict().get("time"))
    match = _ENGLISH.fullmatch(typed)
    if match and match[2].lower() in _MONTHS:
        return _whole(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    match = _SERIAL.fullmatch(typed)
    if match and int(match[1]) in _SERIALS:
        return ReadDate((_EXCEL_EPOCH + timedelta(days=int(match[1]))).isoformat())
    if _DAY_FIRST.fullmatch(typed):
        return ReadDate(issue="date_ambiguous")
    iso = _partial(typed)
    if iso is None:
        return ReadDate(issue="date_unreadable")
    return ReadDate(iso) if partial else ReadDate(issue="date_partial")


def _whole(year: int, month: int, day: int, clock: str | None = None) -> ReadDate:
    try:
        read = date(year, month, day)
    except ValueError:
        return ReadDate(issue="date_unreadable")
    if year not in _YEARS:
        return ReadDate(issue="date_unreadable")
    time = read_time(clock) if clock else None
    return ReadDate(read.isoformat(), time)


def _partial(typed: str) -> str | None:
    match = _MONTH.fullmatch(typed) or _CHINESE_MONTH.fullmatch(typed)
    if match and int(match[1]) in _YEARS and 1 <= int(match[2]) <= 12:
        return f"{match[1]}-{int(match[2]):02d}"
    match = _YEAR.fullmatch(typed)
    return match[1] if match and int(match[1]) in _YEARS else None


def read_time(text: str) -> str | None:
    """Return a time of day as ``HH:MM`` (seconds dropped), None if it is none; a day fraction is an Excel time."""
    typed = half_width(text)
    if _DAY_FRACTION.fullmatch(typed):
        minutes = round(float(typed) * 1440)
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
    match = _CLOCK.fullmatch(typed)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return f"{int(match[1]):02d}:{match[2]}"
