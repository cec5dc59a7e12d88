"""Adverse events of the CDISC pilot package, counted a second time from its transport files with dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.pilot import CUTOFF, pilot_frame
from support.slow_events import count, wanted
from support.slow_safety import onset_and_emergence

from saa_dash.analysis.ae_filter import EventFilter
from saa_dash.analysis.ae_levels import Scale
from saa_dash.model.principal import local_principal
from saa_dash.services.adverse_events import Target, adverse_events_page, event_rows
from saa_dash.services.context import Request, View, open_view

RELATED = {"PROBABLE": "Y", "POSSIBLE": "Y", "REMOTE": "N", "NONE": "N", "": None}
CRITERIA = ("AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE")


def records(domain: str) -> list[dict[str, Any]]:
    return pilot_frame(domain).to_dict("records")


@pytest.fixture(scope="module")
def view(pilot_data_dir: Path) -> View:
    return open_view(local_principal(), Request(pilot_data_dir, "latest"))


@pytest.fixture(scope="module")
def first_dose() -> Mapping[str, date]:
    """Every record of exposure is a dose, placebo included."""
    days: dict[str, date] = {}
    for row in records("ex"):
        day = date.fromisoformat(row["EXSTDTC"][:10])
        days[row["USUBJID"]] = min(day, days.get(row["USUBJID"], day))
    return days


@pytest.fixture(scope="module")
def events(first_dose: Mapping[str, date]) -> list[dict[str, Any]]:
    """The events in the form of the slow count; study day 1 is the first dose."""
    out = []
    for row in records("ae"):
        dose = first_dose.get(row["USUBJID"])
        onset, emergent = onset_and_emergence(row["AESTDTC"][:10] or None, row["AEENDTC"][:10] or None, dose)
        if onset is not None and onset > CUTOFF:
            continue
        offset = None if onset is None or dose is None else (onset - dose).days
        text = {name: value or None for name, value in row.items() if isinstance(value, str)}
        day = None if offset is None else offset + (offset >= 0)
        emerged = "Y" if emergent else "N"
        out.append({**text, "TRTEMFL": emerged, "RELFL": RELATED[row["AEREL"]], "ASTDY": day, "AECAT": None})
    return out


@pytest.fixture(scope="module")
def populations(first_dose: Mapping[str, date]) -> Mapping[str, set[str]]:
    enrolled = {row["USUBJID"] for row in records("dm") if row["ARMCD"] != "Scrnfail"}
    return {"SAFETY": set(first_dose), "FAS": set(), "ENROLLED": enrolled}


@pytest.mark.parametrize(
    "asked",
    [
        EventFilter(),
        EventFilter(population="ENROLLED", emergent=False),
        EventFilter(population="FAS"),
        EventFilter(serious=True),
        EventFilter(relation="ANY"),
        EventFilter(grade=3),
        EventFilter(grade=2, relation="ANY", window="DAY", first=1, last=28),
    ],
)
def test_patients_events_and_severities_by_class_and_term(view, events, populations, asked):
    page = adverse_events_page(local_principal(), view, asked)
    members = populations[asked.population]
    expected = count([e for e in events if e["USUBJID"] in members and wanted(e, asked, "SEVERITY")], "SEVERITY")
    found = {
        (r["KIND"], r["SOC"], r["PT"]): {
            "patients": r["PATIENTS"],
            "events": r["EVENTS"],
            "serious": r["SERIOUS"],
            "by_patient": [r[f"P{n}"] for n in range(6)],
            "by_event": [r[f"E{n}"] for n in range(6)],
        }
        for r in page.terms.rows.to_dict("records")
        if r["PATIENTS"]
    }
    assert page.terms.total == len(members)
    assert found == expected


def test_the_slow_count_sees_the_package(events, populations):
    """Numbers read off the files by themselves: a count of nothing would agree with nothing."""
    assert {name: len(who) for name, who in populations.items()} == {"SAFETY": 254, "FAS": 0, "ENROLLED": 254}
    assert len(events) == 1191
    assert sum(e["TRTEMFL"] == "Y" for e in events) == 1126


def test_answers_and_what_the_package_does_not_record(view, events, populations):
    page = adverse_events_page(local_principal(), view)
    emergent = [e for e in events if e["TRTEMFL"] == "Y"]

    def patients(rows: list[dict[str, Any]]) -> int:
        return len({e["USUBJID"] for e in rows})

    expected = {
        "ANY": patients(emergent),
        "SERIOUS": patients([e for e in emergent if e["AESER"] == "Y"]),
        "SEVERE": patients([e for e in emergent if e["AESEV"] == "SEVERE"]),
        "RELATED": patients([e for e in emergent if e["RELFL"] == "Y"]),
        "DEATH": sum(bool(row["DTHDTC"]) for row in records("dm")),
    }
    found = {answer.code: answer.patients for answer in page.answers}
    assert {code: rate.events for code, rate in found.items() if rate} == expected
    assert {rate.total for rate in found.values() if rate} == {254}
    assert found["DISCONTINUED"] is None  # no action taken, no component stopped: not available, and not zero
    assert page.panel is None  # no classes
    assert page.recorded.scale is Scale.SEVERITY
    assert page.marks is None


def test_listings_and_the_rows_behind_a_mark(view, events):
    page = adverse_events_page(local_principal(), view)
    treated = [e for e in events if e["TRTEMFL"] == "Y" or e["ASTDY"] is not None]
    serious = [e for e in treated if e["AESER"] == "Y"]
    doubtful = [
        e for e in treated if e["AESER"] != "Y" and (e["AEOUT"] == "FATAL" or any(e[name] == "Y" for name in CRITERIA))
    ]
    assert len(page.listings.serious) == len(serious) == 3
    assert len(page.listings.doubtful) == len(doubtful) == 33
    assert sorted(page.listings.deaths["EVENTS"]) == ["COMPLETED SUICIDE", "MYOCARDIAL INFARCTION", "SUDDEN DEATH"]
    assert page.listings.leaving["REASON"].value_counts()["ADVERSE EVENT"] == 92
    erythema = [e for e in events if e["AEDECOD"] == "ERYTHEMA" and e["TRTEMFL"] == "Y"]
    soc = "SKIN AND SUBCUTANEOUS TISSUE DISORDERS"
    rows = event_rows(local_principal(), view, EventFilter(), Target("PT", soc, "ERYTHEMA"))
    assert len(rows) == len(erythema)
    severe = event_rows(local_principal(), view, EventFilter(), Target("PT", soc, "ERYTHEMA", level=1), "events")
    assert len(severe) == sum(e["AESEV"] == "MILD" for e in erythema)
    assert "USUBJID" not in rows
