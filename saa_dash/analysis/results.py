"""Results that figures are drawn from: frames of the selected patients, ready to be drawn, nothing else in them.

Days are study days: the first ATG dose is day 1, there is no day 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from .denominators import VisitCounts
from .proportions import Proportion
from .quantiles import Quantile
from .survival import Landmark


@dataclass(frozen=True)
class Accrual:
    """Enrolments in time order.

    Parameters
    ----------
    rows : PCODE, DATE (enrolment, datetime64), in time order.
    planned : planned number. opens, closes : recruiting window. cutoff : data cut-off.
    undated : enrolled patients whose date is missing, not drawn.
    """

    rows: pd.DataFrame
    planned: int | None
    opens: date | None
    closes: date | None
    cutoff: date
    undated: int = 0


@dataclass(frozen=True)
class VisitStrip:
    """One visit.

    Parameters
    ----------
    week : 4, 8 or 12. rows : PCODE, STATE (CR/PR/NR/NE/NYD), one row per patient of the full analysis set.
    orr, crr : over the primary denominator. counts : every denominator.
    """

    week: int
    rows: pd.DataFrame
    orr: Proportion
    crr: Proportion
    counts: VisitCounts


@dataclass(frozen=True)
class Swimmer:
    """Rows of the figure.

    Parameters
    ----------
    patients : PCODE, LAST (study day of last contact), ONGOING (bool), STATUS, END (study day from which response is
        no longer assessed, NaN while it is), ENDED (what ended it, ""), in drawing order, first on top.
    states : PCODE, FROM, TO (study days), STATE (CR/PR/NR/NE, "" before the first visit, `stretches.AFTER` after END).
    events : PCODE, ADY, KIND (of `charts.swimmer.EVENTS`).
    """

    patients: pd.DataFrame
    states: pd.DataFrame
    events: pd.DataFrame
    day_one: str = "ATG"


@dataclass(frozen=True)
class Multiples:
    """What the panels show.

    Parameters
    ----------
    test : code. patients : PCODE in panel order. values : of `cohort_courses.CohortCourse`, of these patients.
    origin : what the days count from. limits : value and name of the thresholds.
    """

    test: str
    patients: pd.DataFrame
    values: pd.DataFrame
    origin: str
    limits: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class BestRates:
    """Best response over the scheduled visits so far.

    Parameters
    ----------
    rows : PCODE, AVALC, FROMVIS (visit that first shows it), OPENFL (Y: it may still rise).
    orr, crr : over those with at least one visit due. open : patients with visits still to come.
    """

    rows: pd.DataFrame
    orr: Proportion
    crr: Proportion
    open: int


@dataclass(frozen=True)
class ResponseGrid:
    """Response of each patient at each visit.

    Parameters
    ----------
    rows : PCODE, WEEK, STATE (CR/PR/NR/NE/NYD), SIGN ("*" provisional, "t" still transfused, "≥PR" at least PR, ""),
        WHY (reason in the reader's words, "").
    order : P-codes in column order. visits : one `VisitStrip` per week.
    changes : of `response_changes.derive_changes`. best : best response, a row of its own.
    """

    rows: pd.DataFrame
    order: tuple[str, ...]
    visits: tuple[VisitStrip, ...]
    changes: pd.DataFrame
    best: BestRates


@dataclass(frozen=True)
class StratumRow:
    """One severity at one visit, in the reader's words.

    Parameters
    ----------
    name : severity. week : 4, 8 or 12. orr, crr : rates. printable : False where no rate is printed.
    """

    name: str
    week: int
    orr: Proportion
    crr: Proportion
    printable: bool


@dataclass(frozen=True)
class BenchmarkRow:
    """One cohort of the benchmark strip, in the reader's words.

    Parameters
    ----------
    orr : proportion. lower, upper : 95 % limits, None where counts are not known. shown : x/n and per cent.
    own : this trial. comparable : same criteria and ATG source as in force. detail : criteria, ATG source, citation.
    crr, crr_shown : complete response, None and "" where not published. kind : criteria and ATG source, short.
    """

    name: str
    orr: float
    lower: float | None
    upper: float | None
    shown: str
    own: bool
    comparable: bool
    detail: str
    crr: float | None = None
    crr_shown: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Curve:
    """A survival or cumulative-incidence curve, ready to be drawn; days from the origin.

    Parameters
    ----------
    param : PARAMCD. competing : True for a cumulative incidence (Aalen-Johansen), False for Kaplan-Meier.
    steps : time, estimate, lower, upper, n_risk at each step, time 0 included; limits NaN where not estimable.
    rival : time, estimate, lower, upper of the competing events, empty for Kaplan-Meier.
    at_risk : time, n_risk, n_censor, n_event, n_rival: at risk just before, the others before each time.
    landmarks : estimate with limits at given days.
    median : time by which half have had the event; of a cumulative incidence, half of all at risk.
    subjects : PCODE, AVAL, EVNTCD (0 censored, 1 event, 2 competing), EVNTDESC. absent : PCODE, REASON.
    conf_type : scale of the limits.
    """

    param: str
    competing: bool
    steps: pd.DataFrame
    rival: pd.DataFrame
    at_risk: pd.DataFrame
    landmarks: tuple[Landmark, ...]
    median: Quantile
    subjects: pd.DataFrame
    absent: pd.DataFrame
    conf_type: str
