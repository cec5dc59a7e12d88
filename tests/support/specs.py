"""Reads tests/spec/*.toml and turns each patient of a rule into the tables of a cut.

Days are study days counted from the first ATG day (no day 0); a date may be given instead. Unless `visits` says
otherwise there is a visit on each day with a count, at which further red cells, platelets and G-CSF were denied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from support.tables import make_tables

from saa_dash.analysis.study_data import StudyData
from saa_dash.model.settings import EndpointSettings
from saa_dash.model.vocabulary import Origin

SPEC_DIR = Path(__file__).resolve().parents[1] / "spec"
FIRST_ATG_DAY = date(2026, 3, 2)
LAST_DAY = date(2026, 9, 30)
QUESTIONS = {"RBC": "RBCYN", "PLT": "PLTYN", "GCSF": "GCSFYN"}
SETTINGS = ("criteria", "origin", "window_days", "independence", "arc_cut")


@dataclass(frozen=True)
class Patient:
    """One patient of a rule: what it shows in both languages, the facts, the settings, the expected row."""

    rule: str
    number: int
    facts: Mapping[str, Any]

    @property
    def usubjid(self) -> str:
        return f"{self.rule}-{self.number:02d}"

    @property
    def cutoff(self) -> date:
        return date.fromisoformat(day(self.facts["cutoff"])) if "cutoff" in self.facts else LAST_DAY

    @property
    def expected(self) -> Mapping[str, Any]:
        return self.facts["expect"]

    @property
    def settings(self) -> EndpointSettings:
        chosen = {name: self.facts[name] for name in SETTINGS if name in self.facts}
        if "origin" in chosen:
            chosen["origin"] = Origin(chosen["origin"])
        return EndpointSettings(**chosen)


def read_rules() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and content of every rule file, in order of its name."""
    for path in sorted(SPEC_DIR.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text("utf-8"))


def all_patients() -> list[Patient]:
    """Return every patient of every rule."""
    return [
        Patient(name, number, {**rule.get("defaults", {}), **facts})
        for name, rule in read_rules()
        for number, facts in enumerate(rule["patient"], start=1)
    ]


def day(value: int | str) -> str:
    """Return a study day as an ISO date; a date, whole or partial, as it is."""
    if isinstance(value, str):
        return value
    return (FIRST_ATG_DAY + timedelta(days=value - 1 if value > 0 else value)).isoformat()


def _counts(patient: Patient) -> Iterator[dict[str, Any]]:
    for panel in patient.facts.get("counts", []):
        when = day(panel["day"]) + (f"T{panel['time']}" if "time" in panel else "")
        for test in ("ANC", "HGB", "PLAT", "ARC", "WBC"):
            if test in panel:
                typed = str(panel[test])
                yield {
                    "USUBJID": patient.usubjid, "LBTESTCD": test, "LBDTC": when, "LBORRES": typed,
                    "LBSTRESN": float(typed.lstrip("<>")), "LBCENS": typed[0] if typed[0] in "<>" else None,
                    "LBSTNRLO": panel.get("lln") if test == "HGB" else None,
                }  # fmt: skip


def _support(patient: Patient) -> Iterator[dict[str, Any]]:
    for given in patient.facts.get("support", []):
        drug = given["kind"] not in ("RBC", "PLATELET")
        end = given.get("to", None if given.get("ongoing") else given["day"])
        yield {
            "USUBJID": patient.usubjid, "CMCLAS": given["kind"], "CMTRT": given.get("drug", given["kind"]),
            "CMSTDTC": day(given["day"]), "CMENDTC": day(end) if drug and end is not None else None,
            "CMENRF": "Y" if given.get("ongoing") else None,
        }  # fmt: skip


def _visits(patient: Patient) -> list[dict[str, Any]]:
    if "visits" in patient.facts:
        return [
            {"USUBJID": patient.usubjid, "VISIT": "UNSCHEDULED", "SVSTDTC": day(visit["day"])}
            | {column: visit.get(name) for name, column in QUESTIONS.items()}
            for visit in patient.facts["visits"]
        ]
    days = sorted({day(panel["day"]) for panel in patient.facts.get("counts", [])})
    no = dict.fromkeys(QUESTIONS.values(), "N")
    return [{"USUBJID": patient.usubjid, "VISIT": "UNSCHEDULED", "SVSTDTC": when} | no for when in days]


def _treatment(patient: Patient) -> Iterator[dict[str, Any]]:
    first, last = patient.facts.get("atg", [1, 5])
    yield {
        "USUBJID": patient.usubjid, "EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": day(first), "EXENDTC": day(last)
    }  # fmt: skip
    for infusion in patient.facts.get("infusions", []):
        yield {"USUBJID": patient.usubjid, "EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": day(infusion)}


def _subject(patient: Patient) -> dict[str, Any]:
    facts = patient.facts
    own = {column: facts[column] for column in ("SEVERITY", "MARROWPC", "MARRESPC") if column in facts}
    return {"USUBJID": patient.usubjid, "SEX": facts.get("sex", "M"), "AGE": 30, **own}


def _events(patient: Patient) -> Iterator[dict[str, Any]]:
    for event in patient.facts.get("events", []):
        yield {"USUBJID": patient.usubjid, "DSDECOD": event["kind"], "DSSTDTC": day(event["day"])}


def study_of(patients: Sequence[Patient]) -> StudyData:
    """Return a cut that holds these patients, who share a cut-off."""
    makers = {"LB": _counts, "CM": _support, "SV": _visits, "EX": _treatment, "DS": _events}
    rows = {name: [row for patient in patients for row in make(patient)] for name, make in makers.items()}
    none: dict[str, list[Any]] = {name: [] for name in ("RS", "AE", "IE", "VS", "PE", "DV", "MH")}
    return StudyData(patients[0].cutoff, make_tables(DM=[_subject(patient) for patient in patients], **rows, **none))


def by_setting(patients: Sequence[Patient]) -> list[list[Patient]]:
    """Return the patients in groups of one setting and cut-off, each to be derived in one go."""
    groups: dict[tuple[EndpointSettings, date], list[Patient]] = {}
    for patient in patients:
        groups.setdefault((patient.settings, patient.cutoff), []).append(patient)
    return list(groups.values())
