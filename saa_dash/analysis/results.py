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
    patients : PCODE, LAST (study day of last contact), ONGOING (bool), in drawing order, first on top.
    states : PCODE, FROM, TO (study days), STATE (CR/PR/NR/NE/NYD or "" before the first visit).
    events : PCODE, ADY, KIND (INFUSION, DEATH, HSCT, SALVAGE, RELAPSE, WITHDRAWAL, LOST, COMPLETED).
    """

    patients: pd.DataFrame
    states: pd.DataFrame
    events: pd.DataFrame
    day_one: str = "ATG"


@dataclass(frozen=True)
class Profile:
    """What the figure shows of one patient; days are study days.

    Parameters
    ----------
    pcode : patient code.
    labs : PARAMCD, ADY, AVAL, CENS ("<", ">" or ""), SUPPORTED (bool), WHY (code of support class or "").
    support : CLAS (RBC, PLATELET, GCSF, PEGGCSF, TPO, TPORA, EPO), FROM, TO.
    treatments : EXTRT, FROM, TO, DOSE, UNIT, ONGOING. infusions : ADY, CELLS (10^8), ORDINAL.
    events : KIND, ADY (death, HSCT, salvage, withdrawal …).
    first, last : range of study days shown. due : study days of the scheduled response visits.
    day_one : ATG, or DOSE where day 1 is the first dose of anything else. lineages : blood counts of the three tracks.
    lanes : EX.EXTRT of the treatment lanes, from top to bottom.
    """

    pcode: str
    labs: pd.DataFrame
    support: pd.DataFrame
    treatments: pd.DataFrame
    infusions: pd.DataFrame
    events: pd.DataFrame
    first: float
    last: float
    due: tuple[int, ...]
    window_days: int
    thresholds: dict[str, tuple[float, ...]]
    day_one: str = "ATG"
    lineages: tuple[str, ...] = ("ANC", "HGB", "PLAT")
    lanes: tuple[str, ...] = ("RATG", "CSA", "HPAG", "UCBMNC")


@dataclass(frozen=True)
class Multiples:
    """What the panels show.

    Parameters
    ----------
    lineage : ANC, HGB or PLAT. patients : PCODE, NOTE (short state, e.g. "CR") in panel order.
    labs : PCODE, ADY, AVAL, CENS, SUPPORTED, WHY of that lineage. first, last : study days shown.
    """

    lineage: str
    patients: pd.DataFrame
    labs: pd.DataFrame
    first: float
    last: float
    thresholds: tuple[float, ...]
    day_one: str = "ATG"


@dataclass(frozen=True)
class ResponseGrid:
    """Response of each patient at each visit.

    Parameters
    ----------
    rows : PCODE, WEEK, STATE (CR/PR/NR/NE/NYD), SIGN ("*" provisional, "t" still transfused, "≥PR" at least PR, ""),
        WHY (reason in the reader's words, "").
    order : P-codes in column order. visits : one `VisitStrip` per week.
    """

    rows: pd.DataFrame
    order: tuple[str, ...]
    visits: tuple[VisitStrip, ...]


@dataclass(frozen=True)
class BenchmarkRow:
    """One cohort of the benchmark strip, in the reader's words.

    Parameters
    ----------
    orr : proportion. lower, upper : 95 % limits, None where counts are not known. shown : x/n and per cent.
    own : this trial. comparable : same criteria and ATG source as in force. detail : criteria, ATG source, citation.
    """

    name: str
    orr: float
    lower: float | None
    upper: float | None
    shown: str
    own: bool
    comparable: bool
    detail: str


@dataclass(frozen=True)
class Curve:
    """A survival or cumulative-incidence curve, ready to be drawn; days from the origin.

    Parameters
    ----------
    param : PARAMCD. competing : True for a cumulative incidence (Aalen-Johansen), False for Kaplan-Meier.
    steps : time, estimate, lower, upper at each step, time 0 included; limits NaN where not estimable.
    rival : time, estimate of the competing events, empty for Kaplan-Meier.
    at_risk : time, n_risk, n_censor, n_event, n_rival: at risk just before, the others before each time.
    landmarks : estimate with limits at given days. median : time to half, None for a cumulative incidence.
    subjects : PCODE, AVAL, EVNTCD (0 censored, 1 event, 2 competing), EVNTDESC. absent : PCODE, REASON.
    conf_type : scale of the limits.
    """

    param: str
    competing: bool
    steps: pd.DataFrame
    rival: pd.DataFrame
    at_risk: pd.DataFrame
    landmarks: tuple[Landmark, ...]
    median: Quantile | None
    subjects: pd.DataFrame
    absent: pd.DataFrame
    conf_type: str
