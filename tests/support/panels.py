"""Small studies for tests of response: subjects with counts on chosen study days, first ATG day 2026-03-02."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from support.tables import make_tables

from saa_dash.analysis.study_data import StudyData

FIRST_DAY = date(2026, 3, 2)
CR = {"ANC": 1.2, "HGB": 110.0, "PLAT": 120.0, "ARC": 80.0}
PR = {"ANC": 0.7, "HGB": 90.0, "PLAT": 40.0, "ARC": 80.0}
NR = {"ANC": 0.2, "HGB": 60.0, "PLAT": 8.0, "ARC": 10.0}
NO_HGB = {"ANC": 1.2, "PLAT": 120.0, "ARC": 80.0}

Panels = Mapping[str, Mapping[int, Mapping[str, float]]]


def iso(day: int) -> str:
    """Return study day 1, 2, … as an ISO date."""
    return (FIRST_DAY + timedelta(days=day - 1)).isoformat()


def make_study(panels: Panels, cutoff: int = 200, **tables: Sequence[Mapping[str, Any]]) -> StudyData:
    """Return a cut of subjects treated with ATG on days 1 to 5, no support, with counts ``{subject: {day: values}}``.

    Parameters
    ----------
    cutoff : study day. tables : rows that replace those of a table.
    """
    no = {"RBCYN": "N", "PLTYN": "N", "GCSFYN": "N", "VISIT": "UNSCHEDULED"}
    rows: dict[str, Any] = {name: [] for name in ("CM", "DS", "RS", "AE", "IE", "VS", "PE", "DV", "MH")}
    rows["DM"] = [{"USUBJID": who, "SEX": "F", "AGE": 30} for who in panels]
    rows["EX"] = [
        {"USUBJID": who, "EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": iso(1), "EXENDTC": iso(5)} for who in panels
    ]
    rows["SV"] = [{"USUBJID": who, "SVSTDTC": iso(day), **no} for who, days in panels.items() for day in days]
    rows["LB"] = [
        {"USUBJID": who, "LBTESTCD": test, "LBDTC": iso(day), "LBSTRESN": value}
        for who, days in panels.items()
        for day, values in days.items()
        for test, value in values.items()
    ]
    return StudyData(FIRST_DAY + timedelta(days=cutoff - 1), make_tables(**(rows | tables)))
