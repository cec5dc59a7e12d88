"""What a pack is made of: results of the services, in codes and numbers, under P-codes and study days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ..analysis.ae_summary import Answer, ComplicationPanel, Recorded
from ..analysis.ae_terms import TermTable
from ..analysis.boundary_state import BoundaryState
from ..analysis.data_currency import MissingForms
from ..analysis.dsmb_answers import SafetyAnswers
from ..analysis.findings_course import Course
from ..analysis.results import Curve, Swimmer, VisitStrip
from ..analysis.shifts import ShiftTable
from ..model.change import Change
from ..model.cut import CutInfo
from ..model.message import Message
from ..model.protocol import Protocol
from ..model.provenance import Provenance
from ..model.rules import Bilingual, RuleSet
from ..model.settings import EndpointSettings, StudySettings

Said = Message | Bilingual | date | str | int | float


@dataclass(frozen=True)
class Grid:
    """A table of things to be said; every row has as many cells as there are columns."""

    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True)
class Trial:
    """The trial as registered; of a study without a protocol here all of it empty."""

    facts: tuple[tuple[Said, Said], ...] = ()
    treatment: Grid | None = None
    outcomes: Grid | None = None


@dataclass(frozen=True)
class Ground:
    """What everything is said on the ground of.

    Parameters
    ----------
    protocol : None where the data are of another study. gap : why response cannot be assessed, empty where it can.
    day_one : ATG or DOSE.
    """

    cut: CutInfo
    protocol: Protocol | None
    settings: StudySettings
    endpoint: EndpointSettings
    rules: RuleSet
    primary: bool
    provenance: Provenance
    gap: tuple[Message, ...]
    day_one: str
    trial: Trial


@dataclass(frozen=True)
class People:
    """Who is where.

    Parameters
    ----------
    selected : subjects. treated : with a dose of anything. failures : screen failures among the others.
    enrolled : not failed at screening. before : the same of the earlier cut, None without one.
    eligibility : PCODE and `eligibility.derive_eligibility`, None without a protocol. follow_up : median and range.
    """

    selected: int
    treated: int
    enrolled: int
    failures: int
    before: int | None
    status_counts: Mapping[str, int]
    arms: Mapping[str, int]
    follow_up: tuple[float, float, float] | None
    strips: tuple[VisitStrip, ...]
    swimmer: Swimmer
    survival: Curve | None
    origin: str
    eligibility: pd.DataFrame | None


@dataclass(frozen=True)
class Conduct:
    """How the trial was carried out.

    Parameters
    ----------
    recorded : PCODE, DVCAT, DVTERM, DVSEV, ADY of the deviations that were entered; None where the study enters none.
    found : PCODE and rows of `exposure.list_deviations`, None without a plan. baseline : `baseline.summarise_baseline`.
    units : unit by laboratory test. exposure : `exposure_by_component.summarise_exposure`.
    """

    recorded: pd.DataFrame | None
    found: pd.DataFrame | None
    baseline: pd.DataFrame
    units: Mapping[str, str]
    exposure: pd.DataFrame


@dataclass(frozen=True)
class Events:
    """Adverse events of the safety set.

    Parameters
    ----------
    listed : every event, PCODE in place of USUBJID. narratives : rows that `narrative_words` tells.
    The other frames are those of `analysis.ae_listings`.
    """

    recorded: Recorded
    safety: SafetyAnswers
    total: int
    answers: tuple[Answer, ...]
    panel: ComplicationPanel | None
    terms: TermTable
    marks: pd.DataFrame | None
    serious: pd.DataFrame
    doubtful: pd.DataFrame
    deaths: pd.DataFrame
    stopped: pd.DataFrame
    leaving: pd.DataFrame
    listed: pd.DataFrame
    narratives: pd.DataFrame


@dataclass(frozen=True)
class TestResults:
    """One laboratory test whose course is drawn."""

    test: str
    name: str
    unit: str
    known: bool
    course: Course
    table: ShiftTable
    patients: int


@dataclass(frozen=True)
class Laboratory:
    """Laboratory results of the treated.

    Parameters
    ----------
    tests : TEST, SERIES, NAME, UNIT, MEASURED, WORSENED, SEVERE (missing without grades), GRADED, KNOWN.
    shifts : shift table by test. notable : rows of `shifts.derive_shifts` with PCODE that worsened to grade 3 or 4.
    drawn : tests whose courses are drawn. version : of the CTCAE. provenance : with the cut-off of safety.
    """

    tests: pd.DataFrame
    shifts: Mapping[str, ShiftTable]
    notable: pd.DataFrame
    drawn: tuple[TestResults, ...]
    treated: int
    version: str
    provenance: Provenance


@dataclass(frozen=True)
class Stopping:
    """Where the trial stands under a stopping rule.

    Parameters
    ----------
    state : PCODE in place of USUBJID. exploratory : the rule is not the study's own.
    """

    state: BoundaryState
    exploratory: bool


@dataclass(frozen=True)
class News:
    """What changed since an earlier cut: `services.changes`.

    Parameters
    ----------
    counts : DOMAIN, KIND, ROWS, PATIENTS. serious : rows of ADAE with PCODE and MARK, those that are gone included.
    """

    told: tuple[Change, ...]
    counts: pd.DataFrame
    serious: pd.DataFrame


@dataclass(frozen=True)
class Currency:
    """How recent the data are: see `services.overview.Overview`.

    Parameters
    ----------
    limits : days that ages are rounded up to. missing : forms at visits that are due, None without due visits.
    """

    rows: pd.DataFrame
    kinds: tuple[str, ...]
    limits: tuple[int, ...]
    queries: int
    missing: tuple[MissingForms, ...] | None


@dataclass(frozen=True)
class PackContent(Ground):
    """All of it.

    Parameters
    ----------
    since : the earlier cut that changes are told from.
    """

    since: CutInfo | None
    people: People
    conduct: Conduct
    events: Events
    laboratory: Laboratory
    stopping: Stopping
    news: News | None
    currency: Currency
