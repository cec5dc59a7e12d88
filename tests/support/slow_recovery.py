"""Recovery times of one patient, as section 3 of the domain facts has them."""

from __future__ import annotations

from datetime import date, timedelta

from support.slow_facts import (
    Count,
    Tables,
    counts_of,
    events_of,
    first_of,
    is_below,
    last_of,
    rows_of,
    treatment_days,
    whole_date,
)
from support.slow_support import is_supported, stretches, visits_of

from saa_dash.model.settings import EndpointSettings

THRESHOLDS = {
    "TTANC05": ("ANC", 0.5),
    "TTANC10": ("ANC", 1.0),
    "TTPLT20": ("PLAT", 20.0),
    "TTPLT50": ("PLAT", 50.0),
    "TTPLT100": ("PLAT", 100.0),
    "TTHB80": ("HGB", 80.0),
    "TTHB100": ("HGB", 100.0),
}
FREE_DAYS = 28
ABSENT = {"AT_RISK": False}


def outcome(start: date, day: date, code: int, known_free: date) -> dict[str, object]:
    """One row of ADTTE; code 0 censored, 1 event, 2 competing."""
    return {
        "AT_RISK": True,
        "ADT": day,
        "AVAL": (day - start).days,
        "CNSR": 0 if code else 1,
        "EVNTCD": code,
        "LOWDT": known_free,
    }


def baseline(tables: Tables, subject: str, test: str) -> Count | None:
    """Last value before the first ATG dose ("Baseline")."""
    start = treatment_days(tables, subject)["atg_start"]
    days = counts_of(tables, subject, test)
    before = [day for day in days if start is not None and day < start]
    return days[max(before)] if before else None


def competing_day(tables: Tables, subject: str, cutoff: date) -> date | None:
    """First of what competes: "death and HSCT/salvage"."""
    events = events_of(tables, subject, cutoff)
    return first_of([events["DEATH"], events["HSCT"], events["SALVAGE"]])


def start_of(tables: Tables, subject: str, cutoff: date, settings: EndpointSettings) -> date | None:
    """The origin of a treated patient; None without one, or where death, HSCT or salvage came before it."""
    days = treatment_days(tables, subject)
    start, rival = days[settings.origin.value], competing_day(tables, subject, cutoff)
    if days["atg_start"] is None or start is None or (rival is not None and rival < start):
        return None
    return start


def recovery(tables: Tables, subject: str, param: str, cutoff: date, settings: EndpointSettings) -> dict[str, object]:
    """Time to the first confirmed unsupported value at or above a threshold."""
    test, limit = THRESHOLDS[param]
    start = start_of(tables, subject, cutoff, settings)
    if start is None:
        return ABSENT
    # "At or above the threshold at baseline = not at risk for it, listed."
    before = baseline(tables, subject, test)
    if before is not None and is_below(before, limit) is False:
        return ABSENT
    events = events_of(tables, subject, cutoff)
    stop = first_of([events["HSCT"], events["SALVAGE"]])
    # "Counts after HSCT/salvage do not exist for this purpose."
    counts = counts_of(tables, subject, test)
    seen = [counts[day] for day in sorted(counts) if day >= start and (stop is None or day <= stop)]
    kinds = [kind_of(tables, subject, test, count, limit, cutoff) for count in seen]
    rival = competing_day(tables, subject, cutoff)
    for i, kind in enumerate(kinds):
        if kind != "HIGH":
            continue
        verdict = within(seen, kinds, i, settings) if settings.recovery_rule == "confirmed" else three(seen, kinds, i)
        if rival is not None and rival < seen[i]["date"]:
            return outcome(start, rival, 2, rival)
        if verdict == "CONFIRMED":
            return outcome(start, seen[i]["date"], 1, previous_day(seen, i, start))
        if verdict == "OPEN":
            if rival is not None:
                return outcome(start, rival, 2, rival)
            # "A candidate still open at the end of data: censored at its date, and listed."
            return outcome(start, seen[i]["date"], 0, seen[i]["date"]) | {"OPEN": True}
        # "If a candidate fails, the search goes on with the next."
    if rival is not None:
        return outcome(start, rival, 2, rival)
    # "Never a candidate: censored at the last count of that lineage."
    last = seen[-1]["date"] if seen else start
    return outcome(start, last, 0, last)


def kind_of(tables: Tables, subject: str, test: str, count: Count, limit: float, cutoff: date) -> str:
    """HIGH: unsupported and at or above; LOW: below, supported or not; neither for all else.

    "a supported value below counts as below. Supported high values neither confirm nor break."
    """
    below = is_below(count, limit)
    if below is True:
        return "LOW"
    if below is False and not is_supported(tables, subject, test, count["date"], cutoff):
        return "HIGH"
    return "NEITHER"


def within(seen: list[Count], kinds: list[str], i: int, settings: EndpointSettings) -> str:
    """What becomes of a candidate: "another unsupported value ≥ threshold 7–35 d later (both ends included) and no

    value below the threshold between them".
    """
    for j in range(i + 1, len(seen)):
        gap = (seen[j]["date"] - seen[i]["date"]).days
        if kinds[j] == "LOW" or gap > settings.confirm_max:
            return "FAILED"
        if kinds[j] == "HIGH" and gap >= settings.confirm_min:
            return "CONFIRMED"
    return "OPEN"


def three(seen: list[Count], kinds: list[str], i: int) -> str:
    """The transplant rule: unsupported values at or above the threshold on three consecutive days."""
    for j in (i + 1, i + 2):
        if j == len(seen):
            return "OPEN"
        if kinds[j] != "HIGH" or (seen[j]["date"] - seen[i]["date"]).days != j - i:
            return "FAILED"
    return "CONFIRMED"


def previous_day(seen: list[Count], i: int, start: date) -> date:
    """Last day known event-free: the count before the event."""
    return seen[i - 1]["date"] if i else start


# ------------------------------------------------------------------------------------------------ red cells


def red_cell_independence(tables: Tables, subject: str, cutoff: date, settings: EndpointSettings) -> dict[str, object]:
    """Red-cell independence: "the day after the transfusion that opens the first documented ≥28 d free stretch".

    A transfusion that may have been given on several days leaves none of them free.
    """
    start, atg = start_of(tables, subject, cutoff, settings), treatment_days(tables, subject)["atg_start"]
    if start is None:
        return ABSENT
    given = [(first, last) for _, first, last in stretches(tables, subject, ("RBC",), cutoff)]
    # "not transfused in the 28 d before ATG = not at risk"; look-backs include both ends and the same day
    if not any(first <= atg and last >= atg - timedelta(days=FREE_DAYS) for first, last in given):
        return ABSENT
    rival = competing_day(tables, subject, cutoff)
    end = documented_to(tables, subject, given, cutoff)
    given = [(first, min(last, end)) for first, last in given if first <= end]
    openers = sorted({last for _, last in given if last >= atg - timedelta(days=FREE_DAYS)})
    for day in openers:
        following = first_of([first for first, last in given if last > day])
        until = end if following is None else min(end, following - timedelta(days=1))
        if (until - day).days >= FREE_DAYS and until >= start:
            return outcome(start, max(day + timedelta(days=1), start), 1, max(day, start))
    # "death inside it competes"
    if rival is not None:
        return outcome(start, rival, 2, rival)
    # "shorter follow-up is censored at its start"
    opens = min(openers[-1] + timedelta(days=1), end) if openers else start
    return outcome(start, max(opens, start), 0, max(opens, start))


def documented_to(tables: Tables, subject: str, given: list[tuple[date, date]], cutoff: date) -> date:
    """Last day up to which transfusions are documented: the last visit, the last-known-alive date as typed or a later

    transfusion; cut-off, death, HSCT and salvage end it.
    """
    typed = whole_date(rows_of(tables, "DM", subject)[0]["LSTALVDTC"])
    end = last_of([*visits_of(tables, subject), typed, *(first for first, _ in given)])
    return min(day for day in (end, competing_day(tables, subject, cutoff), cutoff) if day is not None)
