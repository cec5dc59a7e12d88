"""Study treatment and support of the patients as stretches of study days, for the time axis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .days import as_days, day_number, earliest_days, possible_days, study_day
from .lookup import positions
from .status import first_day
from .study_data import StudyData


def _stretches(
    rows: pd.DataFrame, start: str, end: str, ongoing: str, anchors: pd.DataFrame, cutoff: float
) -> pd.DataFrame:
    """Return USUBJID, FROM, TO (study days), ONGOING, and the row number of each record that can be placed."""
    position = positions(rows["USUBJID"], anchors["USUBJID"])
    origin = np.where(position >= 0, first_day(anchors)[position], np.nan)
    first = earliest_days(rows[start])
    last = possible_days(rows[end])[1]
    open_ended = np.isnan(last) & (rows[ongoing] == "Y").to_numpy(bool)
    stop = np.fmin(as_days(anchors["DTHDT"])[position], cutoff)
    last = np.where(open_ended, stop, np.where(np.isnan(last), first, last))
    last = np.fmin(np.fmax(last, first), cutoff)
    frame = pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"].to_numpy(),
            "FROM": study_day(first, origin),
            "TO": study_day(last, origin),
            "ONGOING": open_ended,
            "ROW": np.arange(len(rows)),
        }
    )
    return frame[~frame["FROM"].isna() & (first <= cutoff)]


def derive_treatment_bars(data: StudyData, anchors: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, EXTRT, FROM, TO, ONGOING, DOSE, UNIT of every dose above 0 and of placebo, in study days."""
    ex = data["EX"]
    ex = ex[((ex["EXDOSE"] > 0) | (ex["EXTRT"] == "PLACEBO")).to_numpy(bool)].reset_index(drop=True)
    bars = _stretches(ex, "EXSTDTC", "EXENDTC", "EXENRF", anchors, day_number(data.cutoff))
    rows = bars.pop("ROW").to_numpy()
    return bars.assign(
        EXTRT=ex["EXTRT"].to_numpy()[rows], DOSE=ex["EXDOSE"].to_numpy()[rows], UNIT=ex["EXDOSU"].to_numpy()[rows]
    ).reset_index(drop=True)


def derive_support_bars(data: StudyData, anchors: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, CLAS (CM.CMCLAS), FROM, TO, ONGOING of transfusions and growth factors; days are study days."""
    cm = data["CM"]
    cm = cm[cm["CMCAT"].isin(["TRANSFUSION", "GROWTH FACTOR"])].reset_index(drop=True)
    bars = _stretches(cm, "CMSTDTC", "CMENDTC", "CMENRF", anchors, day_number(data.cutoff))
    rows = bars.pop("ROW").to_numpy()
    return bars.assign(CLAS=cm["CMCLAS"].to_numpy()[rows]).reset_index(drop=True)
