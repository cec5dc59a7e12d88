"""What the profile of one patient is drawn from: frames of study days of one person, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from ..model.ctcae import HighGrades, LowGrades
from .ae_levels import Scale
from .findings_course import Limits

# Results beside the blood counts, in the order they are drawn.
RESULTS = ("CSA", "ALT", "AST", "BILI", "BILDIR", "CREAT", "TEMP", "SYSBP", "DIABP")


@dataclass(frozen=True)
class NamedLimit:
    """A threshold of the rule set in force.

    Parameters
    ----------
    value : 10^9/L or g/L. kind : CR, or SAA: below it the count is that of SAA. strict : it must be exceeded.
    """

    value: float
    kind: Literal["CR", "SAA"]
    strict: bool = False


@dataclass(frozen=True)
class Profile:
    """One patient; days are study days, the first ATG dose is day 1, there is no day 0.

    Parameters
    ----------
    pcode : patient code.
    labs : PARAMCD, ADY, AVAL, CENS ("<", ">" or ""), SUPPORTED (bool), WHY (code of support class or ""), WHYDAYS.
    results : TEST (of `RESULTS`), SERIES, ADY, AVAL, CENS, UNIT, LOWER, UPPER, GRADE (CTCAE, NaN without).
    support : CLAS (RBC, PLATELET, GCSF, PEGGCSF, TPO, TPORA, EPO), FROM, TO.
    treatments : EXTRT, FROM, TO, DOSE, UNIT, ONGOING. pauses : EXTRT, FROM, TO, days between doses without one.
    infusions : ADY, CELLS (10^8), ORDINAL. marks : KIND, ADY (death, relapse, HSCT, salvage, withdrawal, loss).
    adverse : NAME, FROM, TO, LEVEL (0 not graded … 5), SERIOUS, ONGOING, IMPUTED; see `profile_lanes`.
    undated : adverse events without a study day, not drawn. scale : what LEVEL is.
    states : FROM, TO, STATE, WEEK, REASON of the response as assessed. assessed : ADY, STATE of the investigator.
    first, last : range of study days shown. due : study days of the scheduled response visits.
    limits, grades : limits of normal and CTCAE grades by test. version : of the CTCAE.
    target : range of the cyclosporine trough by the protocol, ug/L; None where there is none.
    started : calendar date of day 1; None for who may not see dates.
    day_one : ATG, or DOSE where day 1 is the first dose of anything else. lineages : blood counts of the tracks.
    lanes : EX.EXTRT of the treatment lanes, from top to bottom.
    """

    pcode: str
    labs: pd.DataFrame
    results: pd.DataFrame
    support: pd.DataFrame
    treatments: pd.DataFrame
    pauses: pd.DataFrame
    infusions: pd.DataFrame
    marks: pd.DataFrame
    adverse: pd.DataFrame
    undated: int
    scale: Scale
    states: pd.DataFrame
    assessed: pd.DataFrame
    first: float
    last: float
    due: tuple[int, ...]
    window_days: int
    thresholds: Mapping[str, tuple[NamedLimit, ...]]
    limits: Mapping[str, Limits] = field(default_factory=dict)
    grades: Mapping[str, LowGrades | HighGrades] = field(default_factory=dict)
    version: str = ""
    target: tuple[float, float] | None = None
    started: date | None = None
    day_one: str = "ATG"
    lineages: tuple[str, ...] = ("ANC", "HGB", "PLAT")
    lanes: tuple[str, ...] = ("RATG", "CSA", "HPAG", "UCBMNC")
