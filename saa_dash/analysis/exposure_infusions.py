"""Cord blood infusions against the days they are due on, those that were missed included. Decisions: see `exposure`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.protocol import Intervention
from ..model.vocabulary import Component
from .exposure_plan import ExposurePlan, deviates
from .exposure_records import Records


def _infusion_days(records: Records) -> pd.DataFrame:
    """Return one row per subject and infusion day with the cells of all its bags."""
    mine = (records.component == records.names.index(Component.UCBMNC)) & records.given
    bags = pd.DataFrame({"subject": records.subject, "start": records.start, "AVAL": records.dose})
    bags = bags.assign(EXADJ=records.frame["EXADJ"].array, ROWKEY=records.frame["ROWKEY"].array)[mine]
    days = bags.groupby(["subject", "start"], sort=True)
    first = days[["EXADJ", "ROWKEY"]].first()
    return first.assign(AVAL=days["AVAL"].sum(skipna=False)).reset_index()


def _occasions(study: ExposurePlan, infusions: pd.DataFrame, plan: Intervention) -> np.ndarray:
    """Return for each infusion the place in ``days_after_atg`` it stands for; -1 for one beyond them."""
    subject = infusions["subject"].to_numpy()
    nth = infusions.groupby("subject").cumcount().to_numpy()
    count = np.bincount(subject, minlength=len(study.horizon))[subject]
    after = infusions["start"].to_numpy() - study.last_atg[subject]
    distance = np.abs(after[:, None] - np.array(plan.days_after_atg)[None, :])
    nearest = np.where(np.isnan(distance).any(axis=1), 0, np.nan_to_num(distance, nan=0).argmin(axis=1))
    place = np.where(count == 1, nearest, nth)
    return np.where(place < len(plan.days_after_atg), place, -1)


def infusion_rows(study: ExposurePlan, records: Records) -> pd.DataFrame:
    """Return the rows DOSE of the infusions, those that were missed included."""
    if Component.UCBMNC not in study.plans:
        return pd.DataFrame()
    plan = study.plans[Component.UCBMNC]
    given = _infusion_days(records)
    place = _occasions(study, given, plan)
    taken = np.zeros((len(study.horizon), len(plan.days_after_atg)), bool)
    subject = given["subject"].to_numpy()
    taken[subject[place >= 0], place[place >= 0]] = True
    due = study.last_atg[:, None] + np.array(plan.days_after_atg)[None, :]
    missed = np.argwhere(~taken & (due + study.day_tolerance <= study.horizon[:, None]))
    absent = pd.DataFrame({"subject": missed[:, 0], "AVAL": 0.0})
    number = np.concatenate([np.where(place >= 0, place + 1, np.nan), missed[:, 1] + 1])
    out = pd.concat([given.assign(missed=False), absent.assign(missed=True)], ignore_index=True)
    who, missing = out["subject"].to_numpy("int64"), out["missed"].to_numpy(bool)
    on = np.where(np.isnan(number), np.nan, due[who, np.nan_to_num(number, nan=1).astype("int64") - 1])
    each = plan.dose if study.settings.cell_dose_per_infusion else np.nan
    planned = np.where(np.isnan(number), np.nan, each)
    start = out["start"].to_numpy() if "start" in out else np.full(len(out), np.nan)
    off = start - on
    return out.drop(columns="missed").assign(
        component=records.names.index(Component.UCBMNC),
        subject=who,
        AVALU=plan.unit,
        PLAN=planned,
        dev=np.where(missing, -1, deviates(out["AVAL"].to_numpy(), planned, study.dose_tolerance)),
        due=on,
        timedev=np.where(np.isnan(off), -1, np.abs(off) > study.day_tolerance),
        miss=np.where(missing, 0, -1),
        INFNUM=number,
        end=start,
        EXDOSE=np.where(missing, np.nan, out["AVAL"].to_numpy()),
        EXDOSU=pd.Series("E8_CELLS", out.index).mask(missing),
        PARAMCD="DOSE",
    )
