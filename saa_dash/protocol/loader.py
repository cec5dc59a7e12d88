"""Reads protocol.toml, the trial as registered, into a `Protocol`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import cast, get_args

from ..model.protocol import (
    Assessment,
    BlankField,
    CheckKind,
    Criterion,
    Design,
    EligibilityCheck,
    Ethics,
    Intervention,
    OutcomeKind,
    Period,
    Protocol,
    RegisteredOutcome,
    Registration,
    TargetRange,
)
from ..model.vocabulary import Component, Visit
from .hashing import toml_hash
from .reading import Section, raise_findings, read_toml

PROTOCOL_FILE = Path(__file__).with_name("protocol.toml")
ERROR = "error.protocol_invalid"

_MAX_DOSE = 1000.0
_MAX_WEEK = 520


def load_protocol(path: Path | None = None) -> Protocol:
    """Return the registered facts of the trial.

    Parameters
    ----------
    path : a protocol file; None for the one that ships with the product.

    Raises
    ------
    SettingsError : the file is wrong; every finding is listed with its key.

    Source: public registry record ChiCTR2600117810.
    """
    return _load(path or PROTOCOL_FILE)


def protocol_hash(path: Path | None = None) -> str:
    """Return the SHA-256 of the protocol file's content; line ends and comments do not change it."""
    return toml_hash(path or PROTOCOL_FILE)


@cache
def _load(path: Path) -> Protocol:
    top = read_toml(path, ERROR)
    registration, ethics = top.table("registration"), top.table("ethics")
    protocol = Protocol(
        registration=Registration(
            registration.text("number"),
            registration.day("registered"),
            registration.day("refreshed"),
            registration.boolean("prospective"),
        ),
        title=top.bilingual("title"),
        institution=top.bilingual("institution"),
        funding=top.bilingual("funding"),
        ethics=Ethics(ethics.text("number"), ethics.day("approved")),
        disease=top.bilingual("disease"),
        objective=top.bilingual("objective"),
        design=_design(top.table("design")),
        planned_n=top.integer("planned_n", 1, 10_000),
        age_min=top.integer("age_min", 0, 120),
        age_max=top.integer("age_max", 0, 120),
        sexes=top.texts("sexes"),
        study_period=_period(top, "study_period"),
        recruiting=_period(top, "recruiting"),
        recruiting_status=top.bilingual("recruiting_status"),
        samples=top.bilingual("samples"),
        data_collection=top.bilingual("data_collection"),
        dsmc=top.bilingual("dsmc"),
        ipd_sharing=top.bilingual("ipd_sharing"),
        interventions=tuple(_intervention(item) for item in top.tables("interventions")),
        assessments=tuple(_assessment(item) for item in top.tables("assessments")),
        inclusion=tuple(_criterion(item) for item in top.tables("inclusion")),
        exclusion=tuple(_criterion(item) for item in top.tables("exclusion")),
        checks=tuple(_check(item) for item in top.tables("checks")),
        outcomes=tuple(_outcome(item) for item in top.tables("outcomes")),
        blanks=tuple(_blank(item) for item in top.tables("blanks")),
    )
    raise_findings(top, path, ERROR)
    return protocol


def _design(section: Section) -> Design:
    return Design(
        section.bilingual("study_type"),
        section.bilingual("phase"),
        section.bilingual("allocation"),
        section.text("arm_code"),
        section.bilingual("arm"),
        section.boolean("randomised"),
        section.boolean("blinded"),
    )


def _period(top: Section, name: str) -> Period:
    section = top.table(name)
    start, end = section.day("start"), section.day("end")
    if date.min not in (start, end) and end < start:
        section.find("end", "before_start", value=end, start=start)
    return Period(start, end)


def _intervention(section: Section) -> Intervention:
    target = None
    if section.has("target"):
        limits = section.table("target")
        low, high = limits.number("low", 0, 10_000), limits.number("high", 0, 10_000)
        target = TargetRange(low, high, limits.text("unit"))
    return Intervention(
        component=Component(section.choice("component", [item.value for item in Component])),
        name=section.bilingual("name"),
        dose=section.number("dose", 0, _MAX_DOSE),
        unit=section.text("unit"),
        per_kg=section.boolean("per_kg"),
        frequency="once" if section.choice("frequency", ["daily", "once"]) == "once" else "daily",
        starting_dose=section.boolean("starting_dose", False),
        study_days=section.integers("study_days"),
        days_after_atg=section.integers("days_after_atg"),
        months=section.optional_integer("months", 1, 120),
        target=target,
    )


def _assessment(section: Section) -> Assessment:
    visit = section.choice("visit", [item.value for item in Visit])
    return Assessment(visit, section.integer("week", 0, _MAX_WEEK), section.integer("offset", 0, 7 * _MAX_WEEK))


def _criterion(section: Section) -> Criterion:
    return Criterion(section.text("code"), section.integer("number", 1, 99), section.bilingual("text"))


def _check(section: Section) -> EligibilityCheck:
    kind = cast(CheckKind, section.choice("kind", get_args(CheckKind)))
    return EligibilityCheck(section.text("code"), kind, section.boolean("asked"), section.bilingual("text"))


def _outcome(section: Section) -> RegisteredOutcome:
    kind = cast(OutcomeKind, section.choice("kind", get_args(OutcomeKind)))
    return RegisteredOutcome(
        section.text("code"), kind, section.bilingual("title"), section.integers("weeks"), section.text("page")
    )


def _blank(section: Section) -> BlankField:
    return BlankField(section.text("code"), section.bilingual("title"), section.text("setting", "", allow_empty=True))
