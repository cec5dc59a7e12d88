"""What a safety board asks first: early deaths, serious and severe events, infusion reactions, exposure per component.

Decisions
---------
- Denominator: the safety set. Events are treatment-emergent; deaths are counted to the cut-off.
- Early deaths: on or before study day 30, and 100, of the first dose. Beside them stands how many were followed that
  far, or died.
- Haematological: of the class blood and lymphatic system disorders, or named as a changed blood count; every other
  event is non-haematological. In aplastic anaemia these say more, so they stand first.
- Infusion reactions within 24 h: of that class, with onset on the day of an infusion or the day after, for the record
  has no times. Of ATG any day from the first to the last dose is an infusion.

Source: domain facts, section 5 and "Other decisions"; CTCAE v5.0 (blood and lymphatic system disorders; counts under
investigations).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import Complication
from .ae_levels import SEVERE, Scale, event_levels
from .ae_summary import Recorded
from .days import as_days, study_day
from .lookup import positions, take
from .proportions import IntervalMethod, Proportion, estimate_proportion
from .status import first_day

EARLY_DAYS = (30, 100)
_BLOOD = ("BLOOD", "BLOOD AND LYMPHATIC SYSTEM DISORDERS")
_COUNT = (
    r"(?:neutrophil|platelet|white blood cell|leu[ck]ocyte|lymphocyte|reticulocyte|red blood cell).*(?:count|creas)"
    r"|ha?emoglobin (?:de|in)creased"
    r"|(?:中性粒细胞|白细胞|血小板|淋巴细胞|网织红细胞|红细胞|血红蛋白).*(?:降低|减少|下降|减低|升高|增高)"
)


@dataclass(frozen=True)
class Counted:
    """Patients with at least one of some events, and how many events; `patients` None where it was not recorded."""

    patients: Proportion | None
    events: int = 0


@dataclass(frozen=True)
class SafetyAnswers:
    """The answers.

    Parameters
    ----------
    deaths, early : deaths in all, and by the days of `EARLY_DAYS`. reached : by the same days, patients followed that
        far or dead by then. late : deaths after the cut-off, not counted.
    infusion_ucb, infusion_atg : reactions within a day, of who had cord blood, and ATG.
    """

    treated: int
    deaths: Proportion
    early: dict[int, Proportion]
    reached: dict[int, int]
    late: int
    serious: Counted
    special: Counted
    severe_other: Counted
    severe_blood: Counted
    infusion_ucb: Counted
    infusion_atg: Counted


@dataclass(frozen=True)
class ExposureLine:
    """One component in one line.

    Parameters
    ----------
    given : patients with a dose, of all treated. days : median, least and most days (infusions) with a dose.
    percent : median of the dose given as % of the dose planned by now, NaN without a plan.
    paused, stopped, missed : patients with an interruption, with permanent discontinuation; infusions not given.
    """

    component: str
    given: int
    total: int
    days: tuple[float, float, float]
    percent: float
    paused: int
    stopped: int
    missed: int


def is_haematological(adae: pd.DataFrame) -> np.ndarray:
    """Tell which events are haematological, by class or by name."""
    blood = adae["AEBODSYS"].fillna("").str.strip().str.upper().isin(_BLOOD)
    named = adae["AEDECOD"].fillna(adae["AETERM"]).fillna("").str.contains(_COUNT, case=False, regex=True)
    return (blood | named).to_numpy(bool)


def estimate_safety(
    anchors: pd.DataFrame, adae: pd.DataFrame, recorded: Recorded, method: IntervalMethod
) -> SafetyAnswers:
    """Return the answers.

    Parameters
    ----------
    anchors, adae : of the patients asked about, up to the safety cut-off. recorded : what the study recorded.
    """
    treated = anchors[anchors["SAFFL"].to_numpy(bool)].reset_index(drop=True)
    total, day_one = len(treated), first_day(treated)
    events = adae[(adae["TRTEMFL"] == "Y").to_numpy(bool) & adae["USUBJID"].isin(treated["USUBJID"]).to_numpy(bool)]
    severe = event_levels(events, recorded.scale) >= SEVERE
    blood, graded = is_haematological(events), recorded.scale is not Scale.NONE
    died = study_day(as_days(treated["DTHDT"]), day_one)
    last = study_day(as_days(treated["LSTALVDT"]), day_one)

    def counted(rows: np.ndarray, known: bool, of: int | None = None) -> Counted:
        if not known:
            return Counted(None)
        part = events[rows]
        people = estimate_proportion(part["USUBJID"].nunique(), total if of is None else of, method)
        return Counted(people, len(part))

    def rate(which: np.ndarray) -> Proportion:
        return estimate_proportion(int(which.sum()), total, method)

    ucb, atg = _after_infusion(events, treated)
    return SafetyAnswers(
        treated=total,
        deaths=rate(~np.isnan(died)),
        early={day: rate(died <= day) for day in EARLY_DAYS},
        reached={day: int(((last >= day) | (died <= day)).sum()) for day in EARLY_DAYS},
        late=int(treated["DTHLATDT"].notna().sum()),
        serious=counted((events["AESER"] == "Y").to_numpy(bool), recorded.serious),
        special=counted((events["AESIFL"] == "Y").to_numpy(bool), recorded.classes),
        severe_other=counted(severe & ~blood, graded),
        severe_blood=counted(severe & blood, graded),
        infusion_ucb=counted(ucb, recorded.classes, int(treated["INF1DT"].notna().sum())),
        infusion_atg=counted(atg, recorded.classes, int(treated["ATGSDT"].notna().sum())),
    )


def _after_infusion(events: pd.DataFrame, treated: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Tell which events are infusion reactions on the day, or the day after, of cord blood and of ATG."""
    reaction = (events["AECAT"] == Complication.INFUSION_REACTION).to_numpy(bool)
    place, onset = positions(events["USUBJID"], treated["USUBJID"].tolist()), as_days(events["ASTDT"])

    def at(column: str) -> np.ndarray:
        return take(as_days(treated[column]), place)

    cells = [(onset - at(name) >= 0) & (onset - at(name) <= 1) for name in ("INF1DT", "INF2DT")]
    atg = (onset >= at("ATGSDT")) & (onset <= at("ATGEDT") + 1)
    return reaction & (cells[0] | cells[1]), reaction & atg


def summarise_exposure(adex: pd.DataFrame, treated: int) -> tuple[ExposureLine, ...]:
    """Return one line per component, in the order of ADEX.

    Parameters
    ----------
    adex : from `exposure.derive_exposure`, of the treated patients. treated : how many they are.
    """
    names = list(dict.fromkeys(adex["EXTRT"].dropna()))
    return tuple(_line(str(name), adex[(adex["EXTRT"] == name).to_numpy(bool)], treated) for name in names)


def _line(name: str, rows: pd.DataFrame, treated: int) -> ExposureLine:
    days = rows[(rows["PARAMCD"] == "NDAYS").to_numpy(bool)]
    dose = rows[(rows["PARAMCD"] == "TOTDOSE").to_numpy(bool)]
    given = days.loc[(days["AVAL"] > 0).to_numpy(bool), "AVAL"]
    span = (float(given.median()), float(given.min()), float(given.max())) if len(given) else (np.nan,) * 3
    return ExposureLine(
        component=name,
        given=len(given),
        total=treated,
        days=span,
        percent=float(dose["PCTPLAN"].median()) if dose["PCTPLAN"].notna().any() else float("nan"),
        paused=int((days["PAUSES"] > 0).sum()),
        stopped=int((days["DISCFL"] == "Y").sum()),
        missed=int((rows["MISSFL"] == "Y").sum()),
    )
