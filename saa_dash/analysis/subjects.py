"""ADSL: one row per subject with treatment dates, analysis sets, severity and how the study ended for it.

Decisions
---------
- SEVERITY is the derived one; the investigator's entry stands beside it as SEVINV.
- TRTSDT is the first dose of any component, ATGSDT the first ATG day.
- EOSSTT: DISCONTINUED with death, withdrawal or loss (the earliest named in DCSREAS), else COMPLETED where recorded,
  else ONGOING; missing for subjects never enrolled nor treated.

Source: CONTRACT, ADSL; domain facts, section 2 "Denominators".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.settings import EndpointSettings
from .basis import Basis, prepare
from .columns import flag, text
from .days import as_dates, as_days
from .severity import derive_severity
from .study_data import StudyData

_FROM_DM = ("STUDYID", "SUBJID", "SITEID", "AGE", "RACE", "COUNTRY", "WEIGHT", "HEIGHT", "PNHPC", "MARROWPC", "SCRNFL")
_DATES = ("TRTSDT", "ATGSDT", "ATGEDT", "INF1DT", "INF2DT", "DTHDT", "DTHLATDT", "HSCTDT", "SALVDT", "WDDT", "LOSTDT")
_ENDS = {"DTHDT": "DEATH", "WDDT": "WITHDRAWAL", "LOSTDT": "LOST"}
_ORDER = (
    "STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "SEX", "RACE", "COUNTRY", "SEVERITY", "SEVBASIS", "SEVREAS",
    "SEVINV", "SEVAGREE", "AAFL", "SAAFL", "RFICDT", "ENRLDT", *_DATES[:5], "FASFL", "SAFFL", "EOSSTT", "DCSREAS",
    "EOSDT", *_DATES[5:], "DTHFL", "LSTALVDT", "CUTOFFDT", "WEIGHT", "HEIGHT", "PNHPC", "MARROWPC", "SCRNFL",
    "ANCMIN", "HGBMIN", "PLATMIN", "ARCMIN",
)  # fmt: skip


def _end_of_study(anchors: pd.DataFrame, enrolled: np.ndarray) -> dict[str, object]:
    days = np.stack([as_days(anchors[column]) for column in _ENDS])
    filled = np.where(np.isnan(days), np.inf, days)
    ended = np.isfinite(filled.min(axis=0))
    completed = as_days(anchors["COMPLDT"])
    why = np.array(list(_ENDS.values()), dtype=object)[filled.argmin(axis=0)]
    unended = np.where(np.isnan(completed), np.where(enrolled, "ONGOING", ""), "COMPLETED")
    return {
        "EOSSTT": text(np.where(ended, "DISCONTINUED", unended)),
        "DCSREAS": text(np.where(ended, why, "")),
        "EOSDT": as_dates(np.where(ended, filled.min(axis=0), completed)),
    }


def derive_subjects(data: StudyData, settings: EndpointSettings, basis: Basis | None = None) -> pd.DataFrame:
    """Return ADSL, one row per subject of DM, sorted by USUBJID; columns in the order of `_ORDER`.

    Parameters
    ----------
    settings : arc_cut is used. basis : `prepare(data)` where the caller already has it.
    """
    basis = basis or prepare(data)
    severity = derive_severity(data, settings.arc_cut, basis)
    dm, anchors = basis.tables["DM"], basis.anchors
    row = dm.one_row_each()
    columns: dict[str, object] = {name: dm.frame[name].array[row] for name in _FROM_DM}
    columns |= {name: anchors[name].array for name in ("USUBJID", "SEX", *_DATES, "LSTALVDT")}
    columns |= {name: severity[name].array for name in severity.columns if name != "USUBJID"}
    enrolment = dm.possible("ENRLDTC")[0][row]
    columns |= {"RFICDT": as_dates(dm.possible("RFICDTC")[0][row]), "ENRLDT": as_dates(enrolment)}
    columns |= {name: flag(anchors[name].to_numpy(bool)) for name in ("FASFL", "SAFFL")}
    columns |= _end_of_study(anchors, ~np.isnan(enrolment) | anchors["SAFFL"].to_numpy(bool))
    columns["DTHFL"] = flag(anchors["DTHDT"].notna().to_numpy())
    columns["CUTOFFDT"] = as_dates(np.full(len(row), basis.cutoff))
    return pd.DataFrame({name: columns[name] for name in _ORDER}, copy=False)
