"""Time to response, duration, relapse, overall and failure-free survival of one patient, from the text."""

from __future__ import annotations

from datetime import date, timedelta

from saa_dash.model.rules import RuleSet
from saa_dash.model.settings import EndpointSettings
from support.slow_facts import (
    STUDY_END,
    Row,
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
from support.slow_recovery import ABSENT, competing_day, outcome

RELAPSE_GAP = 7


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
    start = treatment_days(tables, subject)[settings.origin.value]
    if treatment_days(tables, subject)["atg_start"] is None or start is None:
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
) -> date | None:
    """"SAA counts or transfusion need on two assessments ≥7 d apart, or IST/HSCT restarted for counts." """
    events = events_of(tables, subject, cutoff)
    restart = first_of([d for d in (events["HSCT"], events["SALVAGE"]) if d is not None and d > since])
    bad = [d for d in panels_after(tables, subject, since) if is_bad(tables, subject, d, since, cutoff, rules, settings)]
    if restart is not None:
        bad = [d for d in bad if d <= restart]
    pairs = [a for a in bad for b in bad if (b - a).days >= RELAPSE_GAP]
    return first_of([min(pairs, default=None), restart])


def panels_after(tables: Tables, subject: str, since: date) -> list[date]:
    """Days with counts after the response."""
    days = {d for test in ("ANC", "PLAT", "ARC", "HGB") for d in counts_of(tables, subject, test)}
    return sorted(d for d in days if d > since)


def is_bad(
    tables: Tables,
    subject: str,
    day: date,
    since: date,
    cutoff: date,
    rules: RuleSet,
    settings: EndpointSettings,
) -> bool:
    """SAA counts on the day, or transfused in the look-back before it, after the response."""
    limits = {"ANC": rules.saa.anc, "PLAT": rules.saa.plat, "ARC": rules.saa.arc or settings.arc_cut}
    below = 0
    for test, limit in limits.items():
        count = counts_of(tables, subject, test).get(day)
        if count is not None and (is_below(count, limit) or is_supported(tables, subject, test, day, cutoff)):
            below += 1
    needs = False
    for kind, back in (("RBC", 14), ("PLATELET", 7)):
        for _, first, last in stretches(tables, subject, {kind: 0}, cutoff):
            if first > since and first <= day and last >= day - timedelta(days=back):
                needs = True
    return below > rules.saa.max_below or needs


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
    if back is not None and (death is None or back <= death):
        return outcome(since, back, 1, back)
    if death is not None:
        return outcome(since, death, 2, death)
    last = max([since, *panels_after(tables, subject, since)])
    return outcome(since, last, 0, last)


def last_alive(tables: Tables, subject: str, cutoff: date) -> date | None:
    """The last-known-alive date, capped by the cut-off and by the study's end, which "censors administratively"."""
    dm = rows_of(tables, "DM", subject)[0]
    typed = whole_date(dm["LSTALVDTC"])
    seen = [whole_date(row["SVSTDTC"]) for row in rows_of(tables, "SV", subject)]
    seen += [whole_date(row["LBDTC"]) for row in rows_of(tables, "LB", subject)]
    day = typed or last_of(seen)
    return None if day is None else min(day, cutoff, STUDY_END)


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
    start = treatment_days(tables, subject)[settings.origin.value]
    if treatment_days(tables, subject)["atg_start"] is None or start is None:
        return ABSENT
    events = events_of(tables, subject, cutoff)
    ends = [events["DEATH"]]
    if param == "FFS":
        ends += [events["HSCT"], events["SALVAGE"]]
        since = first_visit_with(seen, ("CR", "PR"))
        if since is not None:
            ends.append(relapse_day(tables, subject, since, cutoff, rules, settings))
    day = first_of(ends)
    if day is not None and day <= STUDY_END:
        return outcome(start, day, 1, day)
    alive = last_alive(tables, subject, cutoff) or start
    return outcome(start, max(alive, start), 0, max(alive, start))
