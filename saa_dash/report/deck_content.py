"""What a finished deck is made of: results as a presenter sees them, aggregates and courses under new codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..analysis.ae_summary import Answer, ComplicationPanel, Recorded
from ..analysis.ae_terms import TermTable
from ..analysis.cohort_courses import CohortCourse
from ..analysis.proportions import Proportion
from ..analysis.results import BestRates, Curve, Swimmer, VisitStrip
from ..analysis.visit_completeness import PlannedVisit, VisitCount
from ..model.benchmark import Benchmark
from ..model.rules import Bilingual
from .content import Ground, Laboratory
from .response_words import Against


@dataclass(frozen=True)
class Flow:
    """Who came in and where they are.

    Parameters
    ----------
    selected : subjects of the cut. enrolled : not failed at screening. treated : with a dose of anything.
    status_counts : treated subjects by status. follow_up : median and range, days, None without any.
    """

    selected: int
    enrolled: int
    failures: int
    treated: int
    status_counts: Mapping[str, int]
    arms: Mapping[str, int]
    follow_up: tuple[float, float, float] | None


@dataclass(frozen=True)
class Responses:
    """Response of the full analysis set: see `services.response.ResponsePage`."""

    rows: pd.DataFrame
    strips: tuple[VisitStrip, ...]
    changes: pd.DataFrame
    best: BestRates
    benchmarks: tuple[Benchmark, ...]
    against: Against


@dataclass(frozen=True)
class DeckEvents:
    """Adverse events of the safety set: see `services.adverse_events.AdverseEventsPage`."""

    recorded: Recorded
    total: int
    answers: tuple[Answer, ...]
    panel: ComplicationPanel | None
    terms: TermTable
    marks: pd.DataFrame | None


@dataclass(frozen=True)
class Sensitivity:
    """Rates at one visit under one rule set and origin."""

    criteria: Bilingual
    origin: str
    primary: bool
    printable: bool
    orr: Proportion
    crr: Proportion


@dataclass(frozen=True)
class DeckContent(Ground):
    """All of it.

    Parameters
    ----------
    baseline, units : of `services.report_parts.baseline_of`. responses : None where response cannot be assessed.
    courses : one per lineage. curves : by PARAMCD, where anybody is at risk. origin : what their time counts from.
    sensitivity : at the visit of `sensitivity_week`.
    planned, visits : empty in a study without protocol here.
    """

    flow: Flow
    swimmer: Swimmer
    baseline: pd.DataFrame
    units: Mapping[str, str]
    responses: Responses | None
    courses: tuple[CohortCourse, ...]
    curves: Mapping[str, Curve]
    origin: str
    events: DeckEvents
    laboratory: Laboratory
    sensitivity: tuple[Sensitivity, ...]
    sensitivity_week: int
    planned: tuple[PlannedVisit, ...]
    visits: tuple[VisitCount, ...]
