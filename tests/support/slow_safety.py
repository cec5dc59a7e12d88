"""Grades and treatment-emergence a second time: slow, value by value, from the words of the rules."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction

LOW = {"ANC": ("1.5", "1.0", "0.5"), "WBC": ("3", "2", "1"), "PLAT": ("75", "50", "25"), "HGB": ("100", "80")}
ENZYMES = {"ALT": ("1.5", "3", "5", "20"), "AST": ("1.5", "3", "5", "20"), "ALP": ("2", "2.5", "5", "20"),
           "GGT": ("2", "2.5", "5", "20")}  # fmt: skip


def exact(number: float | None) -> Fraction | None:
    """The decimal that was typed, not its binary neighbour."""
    return None if number is None else Fraction(repr(number))


def grade_count(test: str, value: Fraction, lower: Fraction | None) -> int | None:
    """Below the third limit 4 (haemoglobin has two limits), …, below the lower limit of normal 1."""
    limits = [Fraction(text) for text in LOW[test]]
    for grade in range(len(limits) + 1, 1, -1):
        if value < limits[grade - 2]:
            return grade
    if lower is None:
        return None
    return 1 if value < lower else 0


def _above(value: Fraction, unit: Fraction, multiples: tuple[str, ...], *, first_included: bool = False) -> int:
    grade = 0
    for number, multiple in enumerate(multiples, start=1):
        limit = Fraction(multiple) * unit
        if value > limit or (number == 1 and first_included and value == limit):
            grade = number
    return grade


def grade_chemistry(
    test: str, value: Fraction, upper: Fraction | None, base: Fraction | None, base_upper: Fraction | None
) -> int | None:
    """By the upper limit of normal, or by the baseline where that is abnormal; creatinine by whichever is worse."""
    if test == "CREAT":
        if upper is None:
            return None
        by_limit = _above(value, upper, ("1", "1.5", "3", "6"))
        if base is None:
            return by_limit
        by_base = 3 if value > 3 * base else 2 if value > Fraction("1.5") * base else 0
        return max(by_limit, by_base)
    limit_of_base = upper if base_upper is None else base_upper
    if base is not None and limit_of_base is None:
        return None
    if base is not None and limit_of_base is not None and base > limit_of_base:
        if test == "BILI":
            return _above(value, base, ("1", "1.5", "3", "10"))
        return _above(value, base, ENZYMES[test], first_included=True)
    if upper is None:
        return None
    by_uln = ("1", "1.5", "3", "10") if test == "BILI" else ("1", *ENZYMES[test][1:])
    return _above(value, upper, by_uln)


def possible(text: str | None) -> tuple[date | None, date | None]:
    """The earliest and the latest day that a date, whole or not, may mean."""
    if not text:
        return None, None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    if len(parts) == 2:
        return date(*parts, 1), date(*parts, monthrange(*parts)[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def onset_and_emergence(start: str | None, end: str | None, dose: date | None) -> tuple[date | None, bool]:
    """The day an event is taken to have begun, and whether that was on or after the first dose."""
    first, last = possible(start)
    ended_before = dose is not None and end is not None and (possible(end)[1] or dose) < dose
    if dose is None:
        return first, False
    if first is not None and first == last:
        return first, first >= dose
    if ended_before or (last is not None and last < dose):
        return first, False
    if first is None or first < dose:
        return dose, True
    return first, True
