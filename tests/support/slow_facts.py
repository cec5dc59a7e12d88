"""What the slow reference knows about one patient: dates, counts, support. Plain loops, no frames, no speed.

Written from the text of the domain facts alone, without a look at `saa_dash.analysis`; the two are made to agree by
the tests in tests/agreement.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

Row = dict[str, object]
Tables = dict[str, list[Row]]
Count = dict[str, object]

STUDY_END = date(2026, 10, 31)
LINEAGES = ("ANC", "HGB", "PLAT", "ARC")

# "red cells 14 d for Hb, platelets 7 d for PLT, G-CSF 7 d (pegylated 14 d) for ANC, rhTPO/TPO-RA other than the
# study's hetrombopag for PLT, EPO for Hb": TPO and EPO take the look-back of their lineage, the text gives no other.
LOOK_BACK = {
    "ANC": {"GCSF": 7, "PEGGCSF": 14},
    "HGB": {"RBC": 14, "EPO": 14},
    "PLAT": {"PLATELET": 7, "TPO": 7, "TPORA": 7},
    "ARC": {},
}
QUESTION = {"ANC": "GCSFYN", "HGB": "RBCYN", "PLAT": "PLTYN"}


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


def treatment_days(tables: Tables, subject: str) -> dict[str, date | None]:
    """First and last ATG day and the first cord blood infusion, from actual dates."""
    dm = rows_of(tables, "DM", subject)[0]
    starts, ends, infusions = [], [], []
    for row in rows_of(tables, "EX", subject):
        if row["EXTRT"] == "RATG" and given(row):
            starts.append(whole_date(row["EXSTDTC"]))
            ends.append(whole_date(row["EXENDTC"]) or whole_date(row["EXSTDTC"]))
        if row["EXTRT"] == "UCBMNC" and given(row):
            infusions.append(whole_date(row["EXSTDTC"]))
    # "ATGSTDTC/ATGENDTC as typed (EX rows win where they differ)"
    return {
        "atg_start": first_of(starts) or whole_date(dm["ATGSTDTC"]),
        "atg_end": last_of(ends) or whole_date(dm["ATGENDTC"]),
        "first_infusion": first_of(infusions),
    }


def given(row: Row) -> bool:
    """Whether an exposure row stands for something given: a dose of zero was not."""
    return row["EXDOSE"] is None or float(row["EXDOSE"]) > 0


def events_of(tables: Tables, subject: str, cutoff: date) -> dict[str, date | None]:
    """First death, HSCT, salvage and withdrawal up to the cut-off ("later deaths listed apart")."""
    found: dict[str, list[date | None]] = {"DEATH": [], "HSCT": [], "SALVAGE": [], "WITHDRAWAL": []}
    for row in rows_of(tables, "DS", subject):
        if row["DSDECOD"] in found:
            found[str(row["DSDECOD"])].append(whole_date(row["DSSTDTC"]))
    found["DEATH"].append(whole_date(rows_of(tables, "DM", subject)[0]["DTHDTC"]))
    return {kind: first_of([d for d in days if d is not None and d <= cutoff]) for kind, days in found.items()}


# ------------------------------------------------------------------------------------------------ counts


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


# ------------------------------------------------------------------------------------------------ support


def stretches(tables: Tables, subject: str, classes: dict[str, int], cutoff: date) -> list[tuple[str, date, date]]:
    """Class, first and last possible day of every record of support of the given classes."""
    found = []
    for row in rows_of(tables, "CM", subject):
        if row["CMCLAS"] not in classes or is_study_hetrombopag(row):
            continue
        start, end = date_range(row["CMSTDTC"]), date_range(row["CMENDTC"])
        if start is None:
            continue
        last = max(start[1], end[1]) if end else start[1]
        if row["CMENRF"] == "Y" and not end:
            last = max(last, cutoff)
        found.append((str(row["CMCLAS"]), start[0], last))
    return found


def is_study_hetrombopag(row: Row) -> bool:
    """Hetrombopag typed among the concomitant medication is the study's own."""
    words = f"{row['CMTRT'] or ''} {row['CMDECOD'] or ''}".lower()
    return row["CMCLAS"] == "TPORA" and ("hetrombopag" in words or "海曲泊帕" in words)


def is_supported(tables: Tables, subject: str, test: str, day: date, cutoff: date) -> bool:
    """Whether a transfusion or growth factor lies in the look-back before a value ("same day counts as support").

    "Look-backs count date differences 0…limit, both ends included"; a record whose date is partial is "taken as
    inside the look-back" where one of its possible days is.
    """
    for kind, first, last in stretches(tables, subject, LOOK_BACK[test], cutoff):
        if first <= day and last >= day - timedelta(days=LOOK_BACK[test][kind]):
            return True
    return False


def transfused_between(tables: Tables, subject: str, kind: str, first: date, last: date, cutoff: date) -> bool:
    """Whether a transfusion of the class may lie between two days, both included."""
    return any(a <= last and b >= first for _, a, b in stretches(tables, subject, {kind: 0}, cutoff))
