"""Per-subject anchor dates that every derivation starts from: treatment, death, HSCT, withdrawal, last known alive.

Decisions
---------
- First and last ATG day come from the EX rows of RATG with a dose above 0; a row without an end date lasts one day
  (an ongoing one to the cut-off). ``DM.ATGSTDTC``/``ATGENDTC`` stand in only where a subject has no RATG row at all.
- Infusions are the distinct days of UCBMNC rows with a dose above 0: two bags on one day are one infusion.
- Treatment starts (TRTSDT) with the first dose above 0 of any component; the safety set is who has one.
- A date with unknown month or day counts at its earliest possible day. Whatever starts after the cut-off is left out,
  as is a death after it (kept in DTHLATDT, to be listed apart).
- Withdrawal is DS WITHDRAWAL alone: a patient lost to follow-up has missing values, and is NE, not NR.
- Death: the earliest of DM.DTHDTC and DS DEATH. Last known alive: the latest of DM.LSTALVDTC and any dated record of
  contact, not after death or cut-off; the day of death itself for the dead.

Source: domain facts, section 2 and "Other decisions"; CONTRACT "Days".
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..model.vocabulary import Origin
from .days import as_dates, as_days, day_number, earliest_days, possible_days
from .lookup import subject_positions
from .study_data import StudyData

# Table → columns that show the subject alive on that day.
_CONTACT = {
    "SV": ("SVSTDTC",), "LB": ("LBDTC",), "VS": ("VSDTC",), "PE": ("PEDTC",), "RS": ("RSDTC",),
    "EX": ("EXSTDTC",), "CM": ("CMSTDTC",), "AE": ("AESTDTC",), "DM": ("RFICDTC", "ENRLDTC", "LSTALVDTC"),
}  # fmt: skip
_DISPOSITION = {
    "DTHDT": "DEATH", "HSCTDT": "HSCT", "SALVDT": "SALVAGE", "WDDT": "WITHDRAWAL", "LOSTDT": "LOST",
    "COMPLDT": "COMPLETED",
}  # fmt: skip
ORIGIN_COLUMNS = {Origin.ATG_START: "ATGSDT", Origin.ATG_END: "ATGEDT", Origin.FIRST_INFUSION: "INF1DT"}


class _Subjects:
    """Collects one extreme day per subject."""

    def __init__(self, usubjid: np.ndarray) -> None:
        self.usubjid = usubjid

    def _extreme(self, owner: pd.Series, day: np.ndarray, ufunc: np.ufunc) -> np.ndarray:
        position = subject_positions(owner, self.usubjid)
        usable = (position >= 0) & ~np.isnan(day)
        out = np.full(len(self.usubjid), np.nan)
        ufunc.at(out, position[usable], day[usable])
        return out

    def first(self, owner: pd.Series, day: np.ndarray) -> np.ndarray:
        return self._extreme(owner, day, np.fmin)

    def last(self, owner: pd.Series, day: np.ndarray) -> np.ndarray:
        return self._extreme(owner, day, np.fmax)


def subjects_of(data: StudyData) -> np.ndarray:
    """Return the USUBJID of every subject of DM, sorted: the order of every per-subject array."""
    return np.sort(data["DM"]["USUBJID"].unique().astype(object))


def _doses(data: StudyData, cutoff: float) -> pd.DataFrame:
    rows = data["EX"][["USUBJID", "EXTRT", "EXSTDTC", "EXENDTC", "EXENRF", "EXDOSE"]]
    rows = rows[rows["EXDOSE"].to_numpy() > 0]
    start = earliest_days(rows["EXSTDTC"])
    end = possible_days(rows["EXENDTC"])[1]
    end = np.where(np.isnan(end) & (rows["EXENRF"] == "Y").to_numpy(bool), cutoff, end)
    rows = rows.assign(START=start, END=np.fmax(np.where(np.isnan(end), start, end), start))
    return rows[start <= cutoff]


def _atg(collect: _Subjects, dm: pd.DataFrame, ex: pd.DataFrame, atg: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    start = collect.first(atg["USUBJID"], atg["START"].to_numpy())
    end = collect.last(atg["USUBJID"], atg["END"].to_numpy())
    has_rows = np.isin(collect.usubjid, ex.loc[ex["EXTRT"] == "RATG", "USUBJID"].unique())
    typed_start = collect.first(dm["USUBJID"], earliest_days(dm["ATGSTDTC"]))
    typed_end = collect.last(dm["USUBJID"], earliest_days(dm["ATGENDTC"]))
    start = np.where(has_rows, start, typed_start)
    end = np.where(has_rows, end, np.fmax(typed_start, typed_end))
    return start, end


def _infusions(collect: _Subjects, cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    day = cells["START"].to_numpy()
    first = collect.first(cells["USUBJID"], day)
    position = subject_positions(cells["USUBJID"], collect.usubjid)
    later = (position >= 0) & (day > np.where(position >= 0, first[position], np.nan))
    return first, collect.first(cells["USUBJID"][later], day[later])


def _contacts(data: StudyData, collect: _Subjects, cutoff: float) -> Iterable[np.ndarray]:
    for table, columns in _CONTACT.items():
        for column in columns:
            day = earliest_days(data[table][column])
            yield collect.last(data[table]["USUBJID"], np.where(day <= cutoff, day, np.nan))


def derive_anchors(data: StudyData) -> pd.DataFrame:
    """Return one row per subject of DM, sorted by USUBJID.

    Returns
    -------
    USUBJID, SEX (text); dates ``datetime64[s]``: TRTSDT first dose of any component, ATGSDT/ATGEDT first/last ATG
    day, INF1DT/INF2DT cord blood infusions, DTHDT, DTHLATDT (death after the cut-off), HSCTDT, SALVDT, WDDT, LOSTDT,
    COMPLDT, LSTALVDT; FASFL, SAFFL (bool).
    """
    cutoff = day_number(data.cutoff)
    dm, ex, ds = data["DM"], data["EX"], data["DS"]
    collect = _Subjects(subjects_of(data))
    doses = _doses(data, cutoff)
    out = {"TRTSDT": collect.first(doses["USUBJID"], doses["START"].to_numpy())}
    out["ATGSDT"], out["ATGEDT"] = _atg(collect, dm, ex, doses[doses["EXTRT"] == "RATG"])
    out["TRTSDT"] = np.fmin(out["TRTSDT"], out["ATGSDT"])
    out["INF1DT"], out["INF2DT"] = _infusions(collect, doses[doses["EXTRT"] == "UCBMNC"])
    day = earliest_days(ds["DSSTDTC"])
    for column, code in _DISPOSITION.items():
        rows = (ds["DSDECOD"] == code).to_numpy(bool)
        out[column] = collect.first(ds["USUBJID"][rows], day[rows])
    out["DTHDT"] = np.fmin(out["DTHDT"], collect.first(dm["USUBJID"], earliest_days(dm["DTHDTC"])))
    out["DTHLATDT"] = np.where(out["DTHDT"] > cutoff, out["DTHDT"], np.nan)
    for column in ("ATGSDT", *_DISPOSITION):
        out[column] = np.where(out[column] > cutoff, np.nan, out[column])
    alive = np.fmax.reduce(list(_contacts(data, collect, cutoff)))
    out["LSTALVDT"] = np.where(np.isnan(out["DTHDT"]), alive, out["DTHDT"])
    frame = pd.DataFrame({"USUBJID": pd.array(collect.usubjid, dtype="str")} | {k: as_dates(v) for k, v in out.items()})
    sex = dm.drop_duplicates("USUBJID").set_index("USUBJID")["SEX"].reindex(collect.usubjid)
    frame.insert(1, "SEX", sex.to_numpy())
    return frame.assign(FASFL=~np.isnan(out["ATGSDT"]), SAFFL=~np.isnan(out["TRTSDT"]))


def origin_days(anchors: pd.DataFrame, origin: Origin) -> np.ndarray:
    """Return each subject's study origin in days since 1970-01-01; NaN for one never infused under FIRST_INFUSION."""
    return as_days(anchors[ORIGIN_COLUMNS[Origin(origin)]])


def first_stop(anchors: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return day and reason of what ends efficacy first: death, HSCT, salvage or withdrawal.

    Returns
    -------
    day since 1970-01-01 (NaN: none) and reason DEATH, HSCT, SALVAGE or WITHDRAWN ("" where none). On one day the
    first of this list is named.
    """
    reasons = np.array(["DEATH", "HSCT", "SALVAGE", "WITHDRAWN", ""], dtype=object)
    days = np.stack([as_days(anchors[column]) for column in ("DTHDT", "HSCTDT", "SALVDT", "WDDT")])
    filled = np.where(np.isnan(days), np.inf, days)
    which = np.where(np.isinf(filled.min(axis=0)), 4, filled.argmin(axis=0))
    return np.where(which == 4, np.nan, filled.min(axis=0)), reasons[which]
