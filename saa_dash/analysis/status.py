"""Where each patient stands at the cut-off: followed, dead, withdrawn, lost, completed; and the marks on the way.

Source: disposition as entered (DS); domain facts, section 2 "Days" and "Other decisions".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .days import as_days, study_day

# In order of precedence; a transplanted patient who is still seen stays in follow-up.
STATUSES = ("DEATH", "WITHDRAWAL", "LOST", "COMPLETED", "ON_STUDY", "NOT_TREATED")
_ENDS = {"DEATH": "DTHDT", "WITHDRAWAL": "WDDT", "LOST": "LOSTDT", "COMPLETED": "COMPLDT"}
# What ends the assessment of response, by precedence on one day: survival is followed on after all but death.
_LAST_ASSESSED = {**_ENDS, "HSCT": "HSCTDT", "SALVAGE": "SALVDT"}
_MARKS = {
    "INFUSION": ("INF1DT", "INF2DT"),
    "DEATH": ("DTHDT",),
    "HSCT": ("HSCTDT",),
    "SALVAGE": ("SALVDT",),
    "WITHDRAWAL": ("WDDT",),
    "LOST": ("LOSTDT",),
    "COMPLETED": ("COMPLDT",),
}


def first_day(anchors: pd.DataFrame) -> np.ndarray:
    """Return the day that is study day 1 on every time axis: first ATG day, else the first dose of anything."""
    atg = as_days(anchors["ATGSDT"])
    return np.where(np.isnan(atg), as_days(anchors["TRTSDT"]), atg)


def derive_status(anchors: pd.DataFrame) -> pd.DataFrame:
    """Return one row per subject: status and last study day.

    Parameters
    ----------
    anchors : from `anchors.derive_anchors`.

    Returns
    -------
    USUBJID; STATUS (see `STATUSES`); ONGOING (bool); LASTDY (study day of death or last known alive, NaN where
    never treated); FUDAYS (days from day 1 to it); ENDDY (study day from which response is no longer assessed, NaN
    while it is) and ENDED (what ended it: a status, HSCT or SALVAGE, "" while it goes on).
    """
    start = first_day(anchors)
    status = np.full(len(anchors), "ON_STUDY", dtype=object)
    status[np.isnan(as_days(anchors["TRTSDT"]))] = "NOT_TREATED"
    for name in reversed(list(_ENDS)):
        status[~np.isnan(as_days(anchors[_ENDS[name]]))] = name
    last = as_days(anchors["LSTALVDT"])
    ends = np.column_stack([as_days(anchors[column]) for column in _LAST_ASSESSED.values()])
    end, known = np.fmin.reduce(ends, axis=1), ~np.isnan(ends).all(axis=1)
    first = np.argmin(np.where(np.isnan(ends), np.inf, ends), axis=1)
    return pd.DataFrame(
        {
            "USUBJID": anchors["USUBJID"].to_numpy(),
            "STATUS": status,
            "ONGOING": status == "ON_STUDY",
            "LASTDY": study_day(last, start),
            "FUDAYS": last - start,
            "ENDDY": study_day(end, start),
            "ENDED": np.where(known, np.array(list(_LAST_ASSESSED), dtype=object)[first], ""),
        }
    )


def derive_marks(anchors: pd.DataFrame) -> pd.DataFrame:
    """Return dated events as USUBJID, KIND, ADY (study day) and ORDINAL (first or second infusion, else 1)."""
    start = first_day(anchors)
    parts = []
    for kind, columns in _MARKS.items():
        for ordinal, column in enumerate(columns, start=1):
            day = study_day(as_days(anchors[column]), start)
            known = ~np.isnan(day)
            parts.append(
                pd.DataFrame(
                    {"USUBJID": anchors["USUBJID"][known], "KIND": kind, "ADY": day[known], "ORDINAL": ordinal}
                )
            )
    return pd.concat(parts, ignore_index=True)
