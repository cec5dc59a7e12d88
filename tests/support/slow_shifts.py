"""Shift tables counted a second time: value by value from the rows of the transport files, in plain Python.

Grades as the words of CTCAE 5.0 have them, in the units of the laboratory: a multiple of a limit needs no conversion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

# Limits of grades 2, 3 (and 4) in the units of the package: 10^9/L, and g/dL for haemoglobin.
COUNTS = {"PLAT": (75, 50, 25), "WBC": (3, 2, 1), "HGB": (10, 8)}
MULTIPLES = {"ALT": ("1", "3", "5", "20"), "AST": ("1", "3", "5", "20"), "ALP": ("1", "2.5", "5", "20"),
             "GGT": ("1", "2.5", "5", "20"), "BILI": ("1", "1.5", "3", "10"),
             "CREAT": ("1", "1.5", "3", "6")}  # fmt: skip
OF_BASELINE = {"ALT": "1.5", "AST": "1.5", "ALP": "2", "GGT": "2"}  # where grade 1 begins, included
Cell = tuple[str, str]


def number(text: Any) -> Fraction | None:
    """The decimal that was typed, without a sign before it."""
    text = str(text).strip().lstrip("<>") if text == text and text is not None else ""
    try:
        return Fraction(text)
    except ValueError:
        return None


def grade(test: str, row: Mapping[str, Any], base: Mapping[str, Any] | None) -> int | None:
    """Grade of a result; `base` only for results on treatment."""
    value, low, high = (number(row[name]) for name in ("LBORRES", "LBORNRLO", "LBORNRHI"))
    if value is None:
        return None
    if test in COUNTS:
        passed = [n for n, limit in enumerate(COUNTS[test], start=2) if value < limit]
        return max(passed) if passed else None if low is None else int(value < low)
    if str(row["LBORRES"]).startswith("<"):
        return 0  # lies anywhere below: at least no grade
    if high is None:
        return None
    by_limit = _above(value, high, MULTIPLES[test])
    if base is None:
        return by_limit
    start, start_high = number(base["LBORRES"]), number(base["LBORNRHI"]) or high
    assert start is not None
    if test == "CREAT":
        return max(by_limit, 3 if value > 3 * start else 2 if value > Fraction(3, 2) * start else 0)
    if start <= start_high:
        return by_limit
    by_base = _above(value, start, MULTIPLES[test])
    if test in OF_BASELINE and by_base <= 1:
        return int(value >= Fraction(OF_BASELINE[test]) * start)
    return by_base


def _above(value: Fraction, unit: Fraction, multiples: Iterable[str]) -> int:
    return sum(value > Fraction(multiple) * unit for multiple in multiples)


def place(low: Fraction | None, high: Fraction | None, value: Fraction) -> str:
    """Low, normal or high by limits that are normal themselves."""
    return "LOW" if low is not None and value < low else "HIGH" if high is not None and value > high else "NORMAL"


def first_doses(ex: Iterable[Mapping[str, Any]]) -> dict[str, date]:
    """Day of the first dose of each treated subject."""
    days: dict[str, date] = {}
    for row in ex:
        day = date.fromisoformat(row["EXSTDTC"][:10])
        days[row["USUBJID"]] = min(day, days.get(row["USUBJID"], day))
    return days


def split(
    rows: Iterable[Mapping[str, Any]], dtc: str, value: str, start: date, cutoff: date
) -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]:
    """The baseline (last day before the first dose; of a day the latest time, else the lowest) and what came later."""
    known = [row for row in rows if len(row[dtc]) >= 10 and number(row[value]) is not None]
    known = [row for row in known if date.fromisoformat(row[dtc][:10]) <= cutoff]
    before = [row for row in known if date.fromisoformat(row[dtc][:10]) < start]
    before.sort(key=lambda row: (row[dtc][:10], row[dtc][11:], -(number(row[value]) or 0)))
    return before[-1] if before else None, [row for row in known if date.fromisoformat(row[dtc][:10]) >= start]


def graded_shift(test: str, rows: Iterable[Mapping[str, Any]], start: date, cutoff: date) -> tuple[Cell, bool]:
    """Cell of one subject, and whether it is for the worse."""
    base, later = split(rows, "LBDTC", "LBORRES", start, cutoff)
    before = grade(test, base, None) if base else None
    grades = [g for g in (grade(test, row, base) for row in later) if g is not None]
    after = max(grades) if grades else None
    worse = after is not None and after > (before or 0)
    return (_level(before), _level(after)), worse


def ranged_shift(base: str | None, later: Iterable[str]) -> tuple[Cell, bool]:
    """Cell of one subject from its places in the limits, and whether it is for the worse."""
    places = set(later)
    outside = places - {"NORMAL"}
    after = "BOTH" if len(outside) == 2 else next(iter(outside or places), "UNKNOWN")
    return (base or "UNKNOWN", after), bool(outside - {base})


def _level(value: int | None) -> str:
    return "UNKNOWN" if value is None else str(value)


def tally(cells: Mapping[str, tuple[Cell, bool]]) -> tuple[Counter[Cell], int]:
    """Patients by cell, and how many got worse."""
    return Counter(cell for cell, _ in cells.values()), sum(worse for _, worse in cells.values())
