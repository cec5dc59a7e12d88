"""What the slow reference knows about one patient: dates, milestones, counts. Plain loops, no frames, no speed.

Written from the text of the domain facts alone, without a look at `saa_dash.analysis`; the two are made to agree by
the tests in tests/agreement.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from functools import wraps
from itertools import pairwise
from typing import Any

Row = dict[str, object]
Tables = dict[str, list[Row]]
Count = dict[str, object]

STUDY_END = date(2026, 10, 31)
LINEAGES = ("ANC", "HGB", "PLAT", "ARC")


class Own(dict):  # type: ignore[type-arg]
    """The tables of one patient, which remember what has been looked up in them: plain, but not ten times over."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.known: dict[object, object] = {}


def remembered(look_up: Callable[..., Any]) -> Callable[..., Any]:
    """Ask once per patient and question."""

    @wraps(look_up)
    def ask(tables: Tables, *question: object) -> Any:
        if not isinstance(tables, Own):
            return look_up(tables, *question)
        key = (look_up.__name__, *(tuple(q) if isinstance(q, dict | list) else q for q in question))
        if key not in tables.known:
            tables.known[key] = look_up(tables, *question)
        return tables.known[key]

    return ask


@remembered
def rows_of(tables: Tables, name: str, subject: str) -> list[Row]:
    """Rows of one table that belong to one patient."""
    return [row for row in tables.get(name, []) if row["USUBJID"] == subject]


def date_range(text: object) -> tuple[date, date] | None:
    """First and last day an ISO date, whole or partial, can mean; None for a missing one."""
    if not isinstance(text, str) or not text:
        return None
    parts = [int(part) for part in text[:10].split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        last = calendar.monthrange(parts[0], parts[1])[1]
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], last)
    return date(*parts), date(*parts)


def whole_date(text: object) -> date | None:
    """The day of a whole ISO date; None for a missing or partial one."""
    span = date_range(text)
    return span[0] if span and span[0] == span[1] else None


def clock(text: object) -> str:
    """The time of day of an ISO date, "" without one."""
    return text.partition("T")[2] if isinstance(text, str) else ""


def first_of(days: list[date | None]) -> date | None:
    """Earliest of the days that are known."""
    known = [day for day in days if day is not None]
    return min(known) if known else None


def last_of(days: list[date | None]) -> date | None:
    """Latest of the days that are known."""
    known = [day for day in days if day is not None]
    return max(known) if known else None


# ------------------------------------------------------------------------------------------------ milestones


@remembered
def treatment_days(tables: Tables, subject: str) -> dict[str, date | None]:
    """First and last ATG day and the first cord blood infusion, from actual dates."""
    dm = rows_of(tables, "DM", subject)[0]
    starts, ends, infusions = [], [], []
    for row in rows_of(tables, "EX", subject):
        if row["EXTRT"] == "RATG" and given(row):
            starts.append(whole_date(row["EXSTDTC"]))
            ends.append(whole_date(row["EXENDTC"]) or whole_date(row["EXSTDTC"]))  # a row without an end is one day
        if row["EXTRT"] == "UCBMNC" and given(row):
            infusions.append(whole_date(row["EXSTDTC"]))
    # "ATGSTDTC/ATGENDTC as typed (EX rows win where they differ)"
    return {
        "atg_start": first_of(starts) or whole_date(dm["ATGSTDTC"]),
        "atg_end": last_of(ends) or last_of([whole_date(dm["ATGSTDTC"]), whole_date(dm["ATGENDTC"])]),
        "first_infusion": first_of(infusions),
    }


def given(row: Row) -> bool:
    """Whether an exposure row stands for something given: a dose of zero was not."""
    return row["EXDOSE"] is None or float(row["EXDOSE"]) > 0


@remembered
def events_of(tables: Tables, subject: str, cutoff: date) -> dict[str, date | None]:
    """First death, HSCT, salvage and withdrawal up to the cut-off ("later deaths listed apart")."""
    found: dict[str, list[date | None]] = {"DEATH": [], "HSCT": [], "SALVAGE": [], "WITHDRAWAL": []}
    for row in rows_of(tables, "DS", subject):
        if row["DSDECOD"] in found:
            found[str(row["DSDECOD"])].append(whole_date(row["DSSTDTC"]))
    found["DEATH"].append(whole_date(rows_of(tables, "DM", subject)[0]["DTHDTC"]))
    return {kind: first_of([d for d in days if d is not None and d <= cutoff]) for kind, days in found.items()}


# Table and column of every dated contact with a living patient; a partial date counts from its earliest day.
CONTACTS = {
    "SV": ("SVSTDTC",),
    "LB": ("LBDTC",),
    "VS": ("VSDTC",),
    "PE": ("PEDTC",),
    "RS": ("RSDTC",),
    "EX": ("EXSTDTC",),
    "CM": ("CMSTDTC",),
    "AE": ("AESTDTC",),
    "DM": ("RFICDTC", "ENRLDTC"),
}


@remembered
def last_alive(tables: Tables, subject: str, cutoff: date) -> date | None:
    """The last-known-alive date up to the cut-off, typed or shown by later contact; of the dead, that of death."""
    death = events_of(tables, subject, cutoff)["DEATH"]
    if death is not None:
        return death
    typed = whole_date(rows_of(tables, "DM", subject)[0]["LSTALVDTC"])
    spans = [
        date_range(r[c]) for name, columns in CONTACTS.items() for r in rows_of(tables, name, subject) for c in columns
    ]
    return last_of(
        [typed and min(typed, cutoff), *(span[0] for span in spans if span is not None and span[0] <= cutoff)]
    )


# ------------------------------------------------------------------------------------------------ counts


@remembered
def counts_of(tables: Tables, subject: str, test: str) -> dict[date, Count]:
    """The one value per day of one test: "Same-day duplicates: the latest time, else the lowest value"."""
    by_day: dict[date, list[Row]] = {}
    for row in rows_of(tables, "LB", subject):
        day = whole_date(row["LBDTC"])
        if row["LBTESTCD"] == test and day is not None and row["LBSTRESN"] is not None:
            by_day.setdefault(day, []).append(row)
    chosen = {}
    for day, rows in by_day.items():
        latest = max(clock(row["LBDTC"]) for row in rows)
        candidates = [row for row in rows if clock(row["LBDTC"]) == latest]
        row = min(candidates, key=how_low)
        chosen[day] = {
            "date": day,
            "value": float(row["LBSTRESN"]),
            "sign": row["LBCENS"] or "",
            "lln": row["LBSTNRLO"],
        }
    return chosen


def how_low(row: Row) -> tuple[float, int]:
    """Order of two values of a day: "<0.1" is lower than 0.1, and ">0.1" higher."""
    return float(row["LBSTRESN"]), {"<": 0, "": 1, ">": 2}[str(row["LBCENS"] or "")]


def is_below(count: Count, limit: float) -> bool | None:
    """Whether a count is below a limit; None where "<" or ">" leaves it open. ("<0.1" is a value below 0.1.)"""
    value, sign = float(count["value"]), count["sign"]
    if sign == "<":
        return True if value <= limit else None
    if sign == ">":
        return False if value >= limit else None
    return value < limit


def possible(count: Count | None, wbc: Count | None, limits: tuple[float, ...]) -> list[float]:
    """Representatives of every value a count can have, as far as the limits can tell them apart.

    Rule 5: a missing ANC lies between 0 and WBC. Rule 6: "every possible value of what is missing".
    """
    bounds = [float(c["value"]) for c in (count, wbc) if c is not None]
    steps = sorted({0.0, *limits, *bounds})
    grid = steps + [(a + b) / 2 for a, b in pairwise(steps)] + [steps[-1] + 1000]
    if count is None and wbc is not None and wbc["sign"] != ">":
        return [v for v in grid if v < wbc["value"] or (v == wbc["value"] and wbc["sign"] == "")] or [0.0]
    if count is None:
        return grid
    if count["sign"] == "<":
        return [v for v in grid if v < count["value"]] or [0.0]
    if count["sign"] == ">":
        return [v for v in grid if v > count["value"]]
    return [float(count["value"])]
