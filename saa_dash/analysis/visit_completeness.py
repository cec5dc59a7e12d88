"""Visits done, in window, early, late, missing, not due: one row per treated patient and scheduled visit.

States (`STATES`):

    IN, EARLY, LATE     done inside, before, after the window
    UNDATED             done, the day is not known
    MISSING             due, not done
    NOT_DUE             not done, and the window ends after the cut-off
    ENDED               not done, and the patient died, withdrew, was lost or completed before the window ended

Decisions
---------
- Weeks count from the origin in force. The registered assessments (weeks 4, 8, 12) have the window of the settings.
  Neither the record nor the settings give the other visits of the form a window: they have the same one, but never one
  that reaches half-way to the visit before or after it, nor to day 1.
- Screening and baseline are due on or before day 1 of ATG (first dose of anything without it); later is LATE.
- A visit is done on the day of its visit form; without a form, on the first day of results filed under it (SOURCE).
- What counts as due for a rate is a window that ended by the cut-off, done or not; patients that ended before are out.
- Transplantation and salvage end the efficacy, not the visits.

Source: registry (assessments); form, list of visits; domain facts, section 2 "Days", "Denominators".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.settings import EndpointSettings
from ..model.vocabulary import Visit
from .anchors import origin_days
from .basis import Basis
from .columns import coded
from .days import Days, as_days, study_day
from .proportions import IntervalMethod, Proportion, estimate_proportion
from .schedule import WEEKS
from .status import first_day

STATES = ("IN", "EARLY", "LATE", "UNDATED", "MISSING", "NOT_DUE", "ENDED")
DONE = ("IN", "EARLY", "LATE", "UNDATED")
SOURCES = ("SV", "LB", "VS", "RS")
_DATES = {"SV": "SVSTDTC", "LB": "LBDTC", "VS": "VSDTC", "RS": "RSDTC"}
_ENDS = {"DTHDT": "DEATH", "WDDT": "WITHDRAWAL", "LOSTDT": "LOST", "COMPLDT": "COMPLETED"}
_BEFORE = (Visit.SCREENING, Visit.BASELINE)


@dataclass(frozen=True)
class PlannedVisit:
    """A visit of the schedule.

    Parameters
    ----------
    code : of the form. offset : days from the origin, None for those before day 1. half : half-width of the window,
        days. registered : an assessment of the registered schedule.
    """

    code: str
    offset: int | None
    half: int
    registered: bool


@dataclass(frozen=True)
class VisitCount:
    """One visit over the patients.

    Parameters
    ----------
    states : patients by state. done, in_window : out of those whose window ended by the cut-off while on study.
    """

    visit: str
    states: dict[str, int]
    done: Proportion
    in_window: Proportion


def planned_visits(window_days: int) -> tuple[PlannedVisit, ...]:
    """Return the visits of the form in order with their windows.

    Parameters
    ----------
    window_days : half-width of the registered assessments, days.
    """
    weekly = [(str(visit), int(str(visit)[1:])) for visit in Visit if str(visit)[1:].isdigit()]
    offsets = [0, *(7 * week for _, week in weekly)]
    out = [PlannedVisit(str(code), None, 0, False) for code in _BEFORE]
    for i, (code, week) in enumerate(weekly, start=1):
        gaps = [offsets[i] - offsets[i - 1], *(offsets[j] - offsets[i] for j in (i + 1,) if j < len(offsets))]
        registered = week in WEEKS
        half = window_days if registered else min(window_days, (min(gaps) - 1) // 2)
        out.append(PlannedVisit(code, offsets[i], half, registered))
    return tuple(out)


def _first_days(basis: Basis, code: str) -> tuple[Days, np.ndarray, np.ndarray]:
    """Return day of a visit by subject, whether it was done at all, and the place of its source in `SOURCES`."""
    day = np.full(len(basis.subjects), np.nan)
    done, source = np.zeros(len(day), bool), np.full(len(day), -1)
    for place, name in enumerate(SOURCES):
        table = basis.tables[name]
        first, last = table.possible(_DATES[name])
        mine = table.is_code("VISIT", code) & (table.position >= 0) & ~(first > basis.cutoff)
        has = np.zeros(len(day), bool)
        has[table.position[mine]] = True
        whole = table.first(np.where(first == last, first, np.nan), mine)
        take = has & ~done
        day, source = np.where(take, whole, day), np.where(take, place, source)
        done |= has
    return day, done, source


def _ended(anchors: pd.DataFrame) -> tuple[Days, np.ndarray]:
    """Return the day the study ended for each subject, infinite where it goes on, and the place of why in `_ENDS`."""
    days = np.stack([as_days(anchors[name]) for name in _ENDS])
    filled = np.where(np.isnan(days), np.inf, days)
    return filled.min(axis=0), np.where(np.isfinite(filled.min(axis=0)), filled.argmin(axis=0), -1)


def derive_visits(basis: Basis, settings: EndpointSettings) -> pd.DataFrame:
    """Return one row per treated subject and visit, sorted by both.

    Parameters
    ----------
    basis : of the cut. settings : origin and window_days are used.

    Returns
    -------
    USUBJID, VISIT, STATE, DUEFL (window ended by the cut-off while on study), VISITDY, TARGETDY, LOWDY, HIGHDY (study
    days), SOURCE, ENDREAS.
    """
    anchors = basis.anchors
    treated = np.flatnonzero(anchors["SAFFL"].to_numpy(bool))
    day_one, origin = first_day(anchors), origin_days(anchors, settings.origin)
    origin = np.where(np.isnan(origin), day_one, origin)
    end, why = _ended(anchors)
    parts = []
    for number, visit in enumerate(planned_visits(settings.window_days)):
        day, done, source = _first_days(basis, visit.code)
        target = day_one if visit.offset is None else origin + visit.offset
        low = np.full(len(day), -np.inf) if visit.offset is None else target - visit.half
        high = target + visit.half
        over = high <= basis.cutoff
        cases = [done & np.isnan(day), done & (day < low), done & (day > high), done, end <= high, over]
        state = np.select(cases, [3, 1, 2, 0, 6, 4], 5)
        rows = {
            "subject": treated, "number": number, "state": state[treated], "due": (over & (state != 6))[treated],
            "VISITDY": study_day(day, day_one)[treated], "TARGETDY": study_day(target, day_one)[treated],
            "LOWDY": study_day(np.where(np.isfinite(low), low, np.nan), day_one)[treated],
            "HIGHDY": study_day(high, day_one)[treated], "source": source[treated],
            "why": np.where(state == 6, why, -1)[treated],
        }  # fmt: skip
        parts.append(pd.DataFrame(rows))
    out = pd.concat(parts, ignore_index=True).sort_values(["subject", "number"], kind="stable", ignore_index=True)
    codes = [visit.code for visit in planned_visits(settings.window_days)]
    return pd.DataFrame(
        {
            "USUBJID": coded(out["subject"].to_numpy(), basis.subjects.tolist()),
            "VISIT": coded(out["number"].to_numpy(), codes),
            "STATE": coded(out["state"].to_numpy(), STATES),
            "DUEFL": coded(out["due"].to_numpy().astype("int64"), ("N", "Y")),
            **{name: out[name].to_numpy() for name in ("VISITDY", "TARGETDY", "LOWDY", "HIGHDY")},
            "SOURCE": coded(out["source"].to_numpy(), SOURCES),
            "ENDREAS": coded(out["why"].to_numpy(), list(_ENDS.values())),
        }
    )


def count_visits_done(visits: pd.DataFrame, method: IntervalMethod) -> tuple[VisitCount, ...]:
    """Return the counts by visit, in the order of the schedule.

    Parameters
    ----------
    visits : from `derive_visits`, whole or of some subjects. method : of the limits.
    """
    out = []
    for code, rows in visits.groupby("VISIT", sort=False):
        due = rows[rows["DUEFL"] == "Y"]
        tally = {state: int((rows["STATE"] == state).sum()) for state in STATES}
        done = estimate_proportion(int(due["STATE"].isin(DONE).sum()), len(due), method)
        inside = estimate_proportion(int((due["STATE"] == "IN").sum()), len(due), method)
        out.append(VisitCount(str(code), tally, done, inside))
    return tuple(out)


def count_recorded(basis: Basis, subjects: tuple[str, ...], least: float = 0.05) -> pd.DataFrame:
    """Return the visits of a study without schedule here, as recorded: VISIT, N (patients), in order of VISITNUM.

    Parameters
    ----------
    subjects : whom to count. least : share of them below which a visit is left out.
    """
    sv = basis.tables["SV"].frame
    rows = sv[sv["USUBJID"].isin(subjects) & (sv["VISIT"] != str(Visit.UNSCHEDULED)).to_numpy(bool)]
    by = rows.groupby("VISIT")
    table = pd.DataFrame({"N": by["USUBJID"].nunique(), "ORDER": by["VISITNUM"].median()})
    table = table[table["N"] >= least * len(subjects)].sort_values(["ORDER", "N"], ascending=[True, False])
    return table.reset_index()[["VISIT", "N"]]
