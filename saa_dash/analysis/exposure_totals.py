"""Dose in all and days with a dose per subject and component, against the plan by now. Decisions: see `exposure`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.vocabulary import Component
from .days import Days, as_days
from .exposure_plan import ExposurePlan, deviates, first_of_group
from .exposure_records import Records

_UNIT_DAYS = "days"


def _pauses(records: Records, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each given record the days it adds to those before it, and the days without a dose before it."""
    group = records.group[given]
    start, end = records.start[given], records.end[given]
    span = float(np.nanmax(end, initial=0.0)) + 1e6  # keeps the running maximum of one group out of the next
    reach = np.maximum.accumulate(end + group * span) - group * span
    before = np.where(first_of_group(group), start - 1, np.insert(reach[:-1], 0, 0)[: len(reach)])
    return np.maximum(end - np.maximum(before, start - 1), 0), np.maximum(start - before - 1, 0)


def _planned_days(study: ExposurePlan, name: str, subject: np.ndarray, first: Days) -> np.ndarray:
    """Return days (infusions) planned by now; NaN where the plan does not say. `first` : first day given, NaN never."""
    plan = study.plans[name]
    horizon, atg = study.horizon[subject], as_days(study.basis.anchors["ATGSDT"])[subject]
    if plan.starting_dose:
        return np.full(len(subject), np.nan)
    if plan.days_after_atg:
        due = study.last_atg[subject][:, None] + np.array(plan.days_after_atg)[None, :]
        passed = due + study.day_tolerance <= horizon[:, None]
        return passed.sum(axis=1).astype("float64")
    start_day = 1 if plan.study_days else study.settings.hetrombopag_start_day
    days = len(plan.study_days) or study.settings.hetrombopag_days
    return np.clip(horizon - np.where(np.isnan(first), atg + start_day - 1, first) + 1, 0, days)


def _given_totals(records: Records) -> pd.DataFrame:
    """Return one row per component and subject with a dose."""
    given = np.flatnonzero(records.given)
    added, gap = _pauses(records, given)
    total = records.dose[given] * records.days[given]
    table = pd.DataFrame(
        {
            "component": records.component[given], "subject": records.subject[given], "start": records.start[given],
            "end": records.end[given], "ongoing": records.ongoing[given].astype("int64"), "NDAYS": added,
            "TOTDOSE": total, "PAUSEDAY": gap, "PAUSES": (gap > 0).astype("float64"),
            "AVALU": pd.Series(records.unit).iloc[given].array, "ROWKEY": records.frame["ROWKEY"].array[given],
        }
    )  # fmt: skip
    by = table.groupby(["component", "subject"], sort=True)
    sums = by[["NDAYS", "TOTDOSE", "PAUSEDAY", "PAUSES"]].sum(skipna=False)
    out = sums.assign(start=by["start"].min(), end=by["end"].max(), ongoing=by["ongoing"].max())
    return out.assign(AVALU=by["AVALU"].first(), ROWKEY=by["ROWKEY"].first()).reset_index()


def _never_given(study: ExposurePlan, records: Records, totals: pd.DataFrame) -> pd.DataFrame:
    """Return rows of 0 for the planned components that a subject of the full analysis set never had."""
    fas = np.flatnonzero(study.basis.anchors["FASFL"].to_numpy(bool))
    planned = np.array([records.names.index(name) for name in study.plans], dtype="int64")
    component, subject = np.repeat(planned, len(fas)), np.tile(fas, len(planned))
    had = totals["component"].to_numpy("int64") * records.size + totals["subject"].to_numpy("int64")
    absent = ~np.isin(component * records.size + subject, had)
    units = {records.names.index(name): plan_unit for name, plan_unit in study.units.items()}
    return pd.DataFrame(
        {
            "component": component[absent], "subject": subject[absent], "NDAYS": 0.0, "TOTDOSE": 0.0, "ongoing": 0,
            "AVALU": [units[place] for place in component[absent].tolist()],
        }
    )  # fmt: skip


def total_rows(study: ExposurePlan, records: Records) -> pd.DataFrame:
    """Return the rows TOTDOSE and NDAYS, one of each per subject and component given or planned."""
    totals = _given_totals(records)
    absent = _never_given(study, records, totals)
    parts = [part for part in (totals, absent) if len(part)] or [totals]
    totals = pd.concat(parts, ignore_index=True)
    component, subject = totals["component"].to_numpy("int64"), totals["subject"].to_numpy("int64")
    planned, doses = np.full(len(totals), np.nan), np.full(len(totals), np.nan)
    first = totals["start"].to_numpy("float64")
    for name, plan in study.plans.items():
        mine = component == records.names.index(name)
        planned[mine], doses[mine] = _planned_days(study, name, subject[mine], first[mine]), plan.dose
        if plan.days_after_atg:  # what was given was due, also where its day has not passed
            had = np.minimum(totals["NDAYS"].to_numpy("float64")[mine], len(plan.days_after_atg))
            planned[mine] = np.maximum(planned[mine], had)
    in_all = doses * planned
    if Component.UCBMNC in study.plans and not study.settings.cell_dose_per_infusion:
        cells = study.plans[str(Component.UCBMNC)]
        mine = component == records.names.index(Component.UCBMNC)
        in_all[mine] = np.where(planned[mine] >= len(cells.days_after_atg), cells.dose, np.nan)
    head = totals.drop(columns=["NDAYS", "TOTDOSE"])
    dose = head.assign(AVAL=totals["TOTDOSE"], PLAN=in_all, PARAMCD="TOTDOSE")
    dose = dose.assign(dev=deviates(dose["AVAL"].to_numpy("float64"), in_all, study.dose_tolerance))
    days = head.assign(AVAL=totals["NDAYS"], PLAN=planned, AVALU=_UNIT_DAYS, PARAMCD="NDAYS")
    return pd.concat([dose, days], ignore_index=True)
