"""Selecting and counting adverse events a second time: event by event, on plain dictionaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
SEVERITY = {"MILD": 1, "MODERATE": 2, "SEVERE": 3}


def level_of(event: Event, scale: str) -> int:
    """Grade, or severity as 1 to 3, or 0."""
    if scale == "GRADE":
        return int(event["AETOXGR"] or 0)
    if scale == "SEVERITY":
        return SEVERITY.get(event["AESEV"] or "", 0)
    return 0


def wanted(event: Event, asked: Any, scale: str) -> bool:
    """Whether an event meets a filter, condition by condition."""
    if asked.emergent and event["TRTEMFL"] != "Y":
        return False
    if asked.serious and event["AESER"] != "Y":
        return False
    if asked.relation and event["RELFL" if asked.relation == "ANY" else "REL" + asked.relation] != "Y":
        return False
    if asked.classes and event["AECAT"] not in asked.classes:
        return False
    if asked.grade and level_of(event, scale) < asked.grade:
        return False
    if asked.window == "DAY":
        day = event["ASTDY"]
        return day is not None and (asked.first or -(10**6)) <= day <= (10**6 if asked.last is None else asked.last)
    if asked.window:
        day = event["OFF" + asked.window]
        return day is not None and 0 <= day <= (10**6 if asked.last is None else asked.last)
    return True


def count(events: Sequence[Event], scale: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return, by (kind, class, term), patients, events, serious events, patients by worst level, events by level."""
    groups: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    for event in events:
        soc, term = event["AEBODSYS"] or "", event["AEDECOD"] or event["AETERM"] or ""
        for key in (("ALL", "", ""), ("SOC", soc, ""), ("PT", soc, term)):
            groups[key].append(event)
    out = {}
    for key, rows in groups.items():
        worst: dict[str, int] = {}
        for row in rows:
            worst[row["USUBJID"]] = max(worst.get(row["USUBJID"], 0), level_of(row, scale))
        levels = [level_of(row, scale) for row in rows]
        out[key] = {
            "patients": len(worst),
            "events": len(rows),
            "serious": sum(row["AESER"] == "Y" for row in rows),
            "by_patient": [list(worst.values()).count(level) for level in range(6)],
            "by_event": [levels.count(level) for level in range(6)],
        }
    return out
