"""The trial as registered: facts, not choices. `saa_dash.protocol.loader` reads them from protocol.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from .rules import Bilingual
from .vocabulary import Component

OutcomeKind = Literal["primary", "secondary", "safety", "objective"]
CheckKind = Literal["age", "disease", "consent", "recruiting"]


@dataclass(frozen=True)
class Registration:
    """Where and when the trial was registered."""

    number: str
    registered: date
    refreshed: date
    prospective: bool


@dataclass(frozen=True)
class Ethics:
    """The ethics committee's approval."""

    number: str
    approved: date


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Design:
    """Type, phase and arm of the trial.

    Parameters
    ----------
    arm_code, arm : the one trial group, as in DM.ARM and in words.
    """

    study_type: Bilingual
    phase: Bilingual
    allocation: Bilingual
    arm_code: str
    arm: Bilingual
    randomised: bool
    blinded: bool


@dataclass(frozen=True)
class TargetRange:
    """A concentration to be kept, both ends included, with its unit."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Intervention:
    """One component of the treatment as planned.

    Parameters
    ----------
    component : EX.EXTRT. dose, unit : planned dose; `per_kg` where it is per kg of body weight.
    frequency : ``daily`` or ``once`` (per due day).
    starting_dose : True where the dose is only the start and is then adjusted to `target`.
    study_days : planned study days, day 1 = first ATG dose; empty where the record gives none.
    days_after_atg : days after the last ATG dose on which a dose is due; empty where not so counted.
    months : planned duration in months; None where the record gives none.
    target : concentration the dose is adjusted to.
    """

    component: Component
    name: Bilingual
    dose: float
    unit: str
    per_kg: bool
    frequency: Literal["daily", "once"]
    starting_dose: bool = False
    study_days: tuple[int, ...] = ()
    days_after_atg: tuple[int, ...] = ()
    months: int | None = None
    target: TargetRange | None = None


@dataclass(frozen=True)
class Criterion:
    """An eligibility criterion; `code` is IE.IETESTCD and the column of the form."""

    code: str
    number: int
    text: Bilingual


@dataclass(frozen=True)
class EligibilityCheck:
    """What follows from the record without being one of its criteria.

    Parameters
    ----------
    code : IE.IETESTCD where the form asks for it, else a code of its own.
    kind : ``age``, ``disease``, ``consent`` or ``recruiting``.
    asked : True where the form has a yes/no answer beside the check of the dates and values.
    """

    code: str
    kind: CheckKind
    asked: bool
    text: Bilingual


@dataclass(frozen=True)
class Assessment:
    """A planned evaluation: visit code, week and offset from the origin in days."""

    visit: str
    week: int
    offset: int


@dataclass(frozen=True)
class RegisteredOutcome:
    """An outcome of the registry.

    Parameters
    ----------
    kind : as registered; ``objective`` where it is named in the objective only.
    weeks : time points in weeks after IST; empty where the record gives none.
    page : the page that shows it.
    """

    code: str
    kind: OutcomeKind
    title: Bilingual
    weeks: tuple[int, ...]
    page: str


@dataclass(frozen=True)
class BlankField:
    """What the record leaves open.

    Parameters
    ----------
    setting : key of study.toml that fills it, "" where nothing does.
    """

    code: str
    title: Bilingual
    setting: str


@dataclass(frozen=True)
class Protocol:
    """Everything registered about the trial.

    Parameters
    ----------
    planned_n : registered sample size. age_min, age_max : years, both included.
    inclusion : empty, because the record leaves inclusion blank; `checks` are what follows from other fields.
    """

    registration: Registration
    title: Bilingual
    institution: Bilingual
    funding: Bilingual
    ethics: Ethics
    disease: Bilingual
    objective: Bilingual
    design: Design
    planned_n: int
    age_min: int
    age_max: int
    sexes: tuple[str, ...]
    study_period: Period
    recruiting: Period
    recruiting_status: Bilingual
    samples: Bilingual
    data_collection: Bilingual
    dsmc: Bilingual
    ipd_sharing: Bilingual
    interventions: tuple[Intervention, ...]
    assessments: tuple[Assessment, ...]
    inclusion: tuple[Criterion, ...]
    exclusion: tuple[Criterion, ...]
    checks: tuple[EligibilityCheck, ...]
    outcomes: tuple[RegisteredOutcome, ...]
    blanks: tuple[BlankField, ...]

    def intervention(self, component: Component) -> Intervention:
        """Return the plan of one component."""
        return next(item for item in self.interventions if item.component == component)
