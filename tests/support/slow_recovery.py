"""Recovery times of one patient, as section 3 of the domain facts has them."""

from __future__ import annotations

from datetime import date, timedelta

from saa_dash.model.settings import EndpointSettings
from support.slow_facts import (
    Count,
    Tables,
    counts_of,
    events_of,
    first_of,
    is_below,
    is_supported,
    last_of,
    rows_of,
    stretches,
    treatment_days,
    whole_date,
)

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
    """"Baseline: last value before the first ATG dose." """
    start = treatment_days(tables, subject)["atg_start"]
    days = counts_of(tables, subject, test)
    before = [day for day in days if start is not None and day < start]
    return days[max(before)] if before else None


def competing_day(tables: Tables, subject: str, cutoff: date) -> date | None:
    """"death and HSCT/salvage compete"."""
    events = events_of(tables, subject, cutoff)
    return first_of([events["DEATH"], events["HSCT"], events["SALVAGE"]])


def recovery(
    tables: Tables, subject: str, param: str, cutoff: date, settings: EndpointSettings
) -> dict[str, object]:
    """Time to the first confirmed unsupported value at or above a threshold."""
    test, limit = THRESHOLDS[param]
    days = treatment_days(tables, subject)
    start = days[settings.origin.value]
    if days["atg_start"] is None or start is None:
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
        verdict = follow(seen, kinds, i, settings)
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


def follow(seen: list[Count], kinds: list[str], i: int, settings: EndpointSettings) -> str:
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


def previous_day(seen: list[Count], i: int, start: date) -> date:
    """Last day known event-free: the count before the event."""
    return seen[i - 1]["date"] if i else start


# ------------------------------------------------------------------------------------------------ red cells


def red_cell_independence(
    tables: Tables, subject: str, cutoff: date, settings: EndpointSettings
) -> dict[str, object]:
    """"the day after the transfusion that opens the first documented ≥28 d free stretch"."""
    days = treatment_days(tables, subject)
    start, atg = days[settings.origin.value], days["atg_start"]
    if atg is None or start is None:
        return ABSENT
    given = sorted((first, last) for _, first, last in stretches(tables, subject, {"RBC": 0}, cutoff))
    # "not transfused in the 28 d before ATG = not at risk"; look-backs include both ends and the same day
    if not any(first <= atg and last >= atg - timedelta(days=FREE_DAYS) for first, last in given):
        return ABSENT
    rival = competing_day(tables, subject, cutoff)
    end = end_of_follow_up(tables, subject, cutoff)
    # A transfusion on a partial date may have been given on its last possible day.
    transfused = sorted({min(last, end) for first, last in given if first <= end})
    transfused = [day for day in transfused if day >= atg - timedelta(days=FREE_DAYS)]
    for i, day in enumerate(transfused):
        opens = max(day + timedelta(days=1), start)
        following = transfused[i + 1] if i + 1 < len(transfused) else None
        if following is not None:
            if (following - day).days > FREE_DAYS:
                return outcome(start, opens, 1, max(day, start))
            continue
        if (end - day).days >= FREE_DAYS:
            return outcome(start, opens, 1, max(day, start))
        # "death inside it competes"
        if rival is not None:
            return outcome(start, rival, 2, rival)
        # "shorter follow-up is censored at its start"
        return outcome(start, opens, 0, opens)
    raise AssertionError("a patient at risk has a transfusion")


def end_of_follow_up(tables: Tables, subject: str, cutoff: date) -> date:
    """Last day up to which transfusions are documented: the last visit, stopped by HSCT, salvage and death."""
    visits = [whole_date(row["SVSTDTC"]) for row in rows_of(tables, "SV", subject)]
    last_visit = last_of([day for day in visits if day is not None and day <= cutoff])
    alive = whole_date(rows_of(tables, "DM", subject)[0]["LSTALVDTC"])
    end = last_of([last_visit, alive]) or cutoff
    rival = competing_day(tables, subject, cutoff)
    return min(day for day in (end, rival, cutoff) if day is not None)
