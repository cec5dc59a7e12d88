"""Time to response, duration, relapse, overall and failure-free survival of one patient, from the text."""

from __future__ import annotations

from datetime import date

from support.slow_facts import (
    STUDY_END,
    Row,
    Tables,
    counts_of,
    events_of,
    first_of,
    is_below,
    last_alive,
    treatment_days,
)
from support.slow_recovery import ABSENT, competing_day, outcome, start_of
from support.slow_support import in_look_back, is_supported, stretches

from saa_dash.model.rules import RuleSet
from saa_dash.model.settings import EndpointSettings

RELAPSE_GAP = 7
NEED = {"RBC": 14, "PLATELET": 7}


def first_visit_with(seen: list[Row], good: tuple[str, ...]) -> date | None:
    """Date of the first scheduled visit with such a response."""
    for visit in seen:
        if visit["AVALC"] in good:
            return visit["ADT"]
    return None


def time_to_response(
    tables: Tables, subject: str, param: str, seen: list[Row], cutoff: date, settings: EndpointSettings
) -> dict[str, object]:
    """TTRESP and TTCR: scheduled visits; death and HSCT/salvage compete; censored at the last visit assessed."""
    start = start_of(tables, subject, cutoff, settings)
    if start is None:
        return ABSENT
    day = first_visit_with(seen, ("CR",) if param == "TTCR" else ("CR", "PR"))
    rival = competing_day(tables, subject, cutoff)
    assessed = [v["ADT"] for v in seen if v["ADT"] is not None and v["AVALC"] in ("CR", "PR", "NR")]
    if day is not None:
        before = [d for d in assessed if d < day]
        return outcome(start, day, 1, max(before, default=start))
    if rival is not None:
        return outcome(start, rival, 2, rival)
    last = max(assessed, default=start)
    return outcome(start, last, 0, last)


def relapse_day(
    tables: Tables, subject: str, since: date, cutoff: date, rules: RuleSet, settings: EndpointSettings
) -> tuple[date, date] | None:
    """Day of relapse and last day known free of it.

    "SAA counts or transfusion need on two assessments ≥7 d apart, or IST/HSCT restarted for counts."
    """
    stop = new_treatment(tables, subject, cutoff)
    days = panels_from(tables, subject, since, cutoff)
    after = [day for day in days if day > since]
    counts = {day: has_saa_counts(tables, subject, day, cutoff, rules, settings) for day in after}
    given = {day: given_again(tables, subject, day, days, cutoff) for day in after}
    for first in after:
        for second in after:
            if (second - first).days < RELAPSE_GAP or not (counts[first] or given[first]):
                continue
            # "One septic transfusion is no relapse": the second assessment must show SAA counts, or need that is not
            # that of a transfusion which the first one showed already.
            alone = counts[second] or any(day > first for day in given[second])
            if (alone or (counts[first] and given[second])) and (stop is None or stop <= since or first <= stop):
                return first, max(day for day in days if day < first)
    return (stop, stop) if stop is not None and stop > since else None


def new_treatment(tables: Tables, subject: str, cutoff: date) -> date | None:
    """Day of HSCT or salvage."""
    events = events_of(tables, subject, cutoff)
    return first_of([events["HSCT"], events["SALVAGE"]])


def panels_from(tables: Tables, subject: str, since: date, cutoff: date) -> list[date]:
    """Assessments: days with ANC, haemoglobin or platelets from the response on, up to HSCT or salvage."""
    stop = new_treatment(tables, subject, cutoff)
    days = {d for test in ("ANC", "PLAT", "HGB") for d in counts_of(tables, subject, test)}
    return sorted(d for d in days if d >= since and (stop is None or d <= stop))


def has_saa_counts(
    tables: Tables, subject: str, day: date, cutoff: date, rules: RuleSet, settings: EndpointSettings
) -> bool:
    """More lineages below their limits than the rule set allows; "in the SAA count it stands as still below"."""
    arc = rules.saa.arc if rules.saa.arc is not None else settings.arc_cut
    below = 0
    for test, limit in {"ANC": rules.saa.anc, "PLAT": rules.saa.plat, "ARC": arc}.items():
        count = counts_of(tables, subject, test).get(day)
        if count is not None and (is_below(count, limit) or is_supported(tables, subject, test, day, cutoff)):
            below += 1
    return below > rules.saa.max_below


def given_again(tables: Tables, subject: str, day: date, days: list[date], cutoff: date) -> list[date]:
    """Last possible days of the transfusions that show need at an assessment, after an assessment without such need:

    whoever responds while still transfused does not relapse by going on so.
    """
    found = []
    for kind in NEED:
        free_before = any(not inside(tables, subject, kind, earlier, cutoff) for earlier in days if earlier < day)
        if free_before:
            found += [min(last, day) for _, _, last in inside(tables, subject, kind, day, cutoff)]
    return found


def inside(tables: Tables, subject: str, kind: str, day: date, cutoff: date) -> list[tuple[str, date, date]]:
    """Transfusions of one product in the look-back before an assessment."""
    return [s for s in stretches(tables, subject, (kind,), cutoff) if in_look_back(s, day, NEED)]


def responders_course(
    tables: Tables, subject: str, seen: list[Row], cutoff: date, rules: RuleSet, settings: EndpointSettings
) -> dict[str, object]:
    """DOR and TTREL: "responders only; death competes", from the first response."""
    if treatment_days(tables, subject)["atg_start"] is None:
        return ABSENT
    since = first_visit_with(seen, ("CR", "PR"))
    if since is None:
        return ABSENT
    back = relapse_day(tables, subject, since, cutoff, rules, settings)
    death = events_of(tables, subject, cutoff)["DEATH"]
    if back is not None and (death is None or back[0] <= death):
        return outcome(since, back[0], 1, back[1])
    if death is not None:
        return outcome(since, death, 2, death)
    last = max([since, *panels_from(tables, subject, since, cutoff)])
    return outcome(since, last, 0, last)


def origin_of(tables: Tables, subject: str, param: str, cutoff: date, settings: EndpointSettings) -> date | None:
    """The origin; only what ends the parameter itself can come before it and take the patient out."""
    days = treatment_days(tables, subject)
    start, death = days[settings.origin.value], events_of(tables, subject, cutoff)["DEATH"]
    if param != "OS":
        return start_of(tables, subject, cutoff, settings)
    return None if days["atg_start"] is None or start is None or (death is not None and death < start) else start


def survival(
    tables: Tables,
    subject: str,
    param: str,
    seen: list[Row],
    cutoff: date,
    rules: RuleSet,
    settings: EndpointSettings,
) -> dict[str, object]:
    """OS: to death. FFS: "to death, HSCT/salvage or relapse"."""
    start = origin_of(tables, subject, param, cutoff, settings)
    if start is None:
        return ABSENT
    events = events_of(tables, subject, cutoff)
    failed = events["DEATH"]
    since = first_visit_with(seen, ("CR", "PR"))
    back = None if since is None else relapse_day(tables, subject, since, cutoff, rules, settings)
    if param == "FFS":
        failed = competing_day(tables, subject, cutoff)
        if back is not None and (failed is None or back[0] < failed) and back[0] <= STUDY_END:
            return outcome(start, back[0], 1, back[1])
    if failed is not None and failed <= STUDY_END:
        return outcome(start, failed, 1, failed)
    alive = max(min(last_alive(tables, subject, cutoff) or start, STUDY_END), start)
    return outcome(start, alive, 0, alive)
