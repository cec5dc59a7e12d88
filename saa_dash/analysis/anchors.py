"""Per-subject anchor dates that every derivation starts from: treatment, death, HSCT, withdrawal, last known alive.

Decisions
---------
- First and last ATG day come from the EX rows of RATG, those with a dose of 0 left out (a dose not entered was given
  all the same); a row without an end date lasts one day, an ongoing one to the cut-off. ``DM.ATGSTDTC``/``ATGENDTC``
  stand in only where a subject has no RATG row at all.
- Infusions are the distinct days of UCBMNC rows, likewise: two bags on one day are one infusion.
- Treatment starts (TRTSDT) with the first dose of any component; the safety set is who has one. In
  other studies a placebo, whose dose is 0, counts as a dose.
- A date with unknown month or day counts at its earliest possible day. Whatever starts after the cut-off is left out,
  as is a death after it (kept in DTHLATDT, to be listed apart).
- Withdrawal is DS WITHDRAWAL alone: a patient lost to follow-up has missing values, and is NE, not NR.
- Death: the earliest of DM.DTHDTC and DS DEATH. Last known alive: the latest of DM.LSTALVDTC and any dated record of
  contact, not after death or cut-off; the day of death itself for the dead.

Source: domain facts, section 2 and "Other decisions"; CONTRACT "Days".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.vocabulary import Origin
from .columns import text
from .days import Days, as_dates, as_days, day_number
from .located import Located
from .lookup import take
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


def subjects_of(data: StudyData) -> np.ndarray:
    """Return the USUBJID of every subject of DM, sorted: the order of every per-subject array."""
    return np.array(sorted(set(data["DM"]["USUBJID"].to_numpy(object))), dtype=object)


def locate(data: StudyData) -> Mapping[str, Located]:
    """Return the tables that analysis reads with their rows placed."""
    subjects = subjects_of(data)
    return {name: Located(data[name], subjects) for name in ("DM", "DS", "IE", *_CONTACT) if name in data.tables}


def _doses(ex: Located, cutoff: float) -> tuple[Days, Days]:
    """Return first and last day of each row with a dose by the cut-off, NaN for others."""
    start, end = ex.possible("EXSTDTC")[0], ex.possible("EXENDTC")[1]
    end = np.where(np.isnan(end) & ex.is_code("EXENRF", "Y"), cutoff, end)
    given = (~(ex.frame["EXDOSE"].to_numpy() <= 0) | ex.is_code("EXTRT", "PLACEBO")) & (start <= cutoff)
    return np.where(given, start, np.nan), np.where(given, np.fmax(start, end), np.nan)


def _atg(dm: Located, ex: Located, start: Days, end: Days) -> tuple[Days, Days]:
    atg = ex.is_code("EXTRT", "RATG")
    has_rows = np.zeros(ex.size, bool)
    has_rows[ex.position[atg & (ex.position >= 0)]] = True
    typed_start = dm.first(dm.possible("ATGSTDTC")[0])
    typed_end = np.fmax(dm.last(dm.possible("ATGENDTC")[0]), typed_start)
    return np.where(has_rows, ex.first(start, atg), typed_start), np.where(has_rows, ex.last(end, atg), typed_end)


def _infusions(ex: Located, start: Days) -> tuple[Days, Days]:
    cells = ex.is_code("EXTRT", "UCBMNC")
    first = ex.first(start, cells)
    return first, ex.first(start, cells & (start > take(first, ex.position)))


def _last_alive(tables: Mapping[str, Located], cutoff: float) -> Days:
    contacts = []
    for name, columns in _CONTACT.items():
        for column in columns:
            day = tables[name].possible(column)[0]
            if column == "LSTALVDTC":  # alive after the cut-off is alive at the cut-off
                day = np.minimum(day, cutoff)
            contacts.append(tables[name].last(day, day <= cutoff))
    return np.fmax.reduce(contacts)


def derive_anchors(data: StudyData, tables: Mapping[str, Located] | None = None) -> pd.DataFrame:
    """Return one row per subject of DM, sorted by USUBJID.

    Parameters
    ----------
    tables : `locate(data)` where the caller already has it.

    Returns
    -------
    USUBJID, SEX (text); dates ``datetime64[s]``: TRTSDT first dose of any component, ATGSDT/ATGEDT first/last ATG
    day, INF1DT/INF2DT cord blood infusions, DTHDT, DTHLATDT (death after the cut-off), HSCTDT, SALVDT, WDDT, LOSTDT,
    COMPLDT, LSTALVDT; FASFL, SAFFL (bool).
    """
    tables = tables or locate(data)
    cutoff = day_number(data.cutoff)
    dm, ex, ds = tables["DM"], tables["EX"], tables["DS"]
    start, end = _doses(ex, cutoff)
    days = {"TRTSDT": ex.first(start)}
    days["ATGSDT"], days["ATGEDT"] = _atg(dm, ex, start, end)
    days["ATGSDT"] = np.where(days["ATGSDT"] > cutoff, np.nan, days["ATGSDT"])
    days["TRTSDT"] = np.fmin(days["TRTSDT"], days["ATGSDT"])
    days["INF1DT"], days["INF2DT"] = _infusions(ex, start)
    day = ds.possible("DSSTDTC")[0]
    dated = {column: ds.first(day, ds.is_code("DSDECOD", code)) for column, code in _DISPOSITION.items()}
    dated["DTHDT"] = np.fmin(dated["DTHDT"], dm.first(dm.possible("DTHDTC")[0]))
    days |= {column: np.where(date > cutoff, np.nan, date) for column, date in dated.items()}
    days["DTHLATDT"] = np.where(dated["DTHDT"] > cutoff, dated["DTHDT"], np.nan)
    alive = _last_alive(tables, cutoff)
    days["LSTALVDT"] = np.where(np.isnan(days["DTHDT"]), alive, days["DTHDT"])
    columns: dict[str, object] = {"USUBJID": text(subjects_of(data)), "SEX": text(_sex(dm))}
    columns |= {name: as_dates(day) for name, day in days.items()}
    treated = {"FASFL": ~np.isnan(days["ATGSDT"]), "SAFFL": ~np.isnan(days["TRTSDT"])}
    return pd.DataFrame(columns | treated)


def _sex(dm: Located) -> np.ndarray:
    return dm.frame["SEX"].to_numpy(object)[dm.one_row_each()]


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
