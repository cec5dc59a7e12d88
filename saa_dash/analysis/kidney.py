"""Kidney safety: stages of acute kidney injury (KDIGO) inside their time windows, else the creatinine ratio.

Columns of `derive_kidney`, one row per creatinine result on or after day 1 (dates ``datetime64[s]``):

    USUBJID, ADT, ADY, AVAL (umol/L), BASE
    RATIO               AVAL / BASE, NaN without a baseline
    REF7, RISE7         lowest creatinine of the 7 days before, and AVAL / REF7
    REF2, RISE2         lowest creatinine of the 2 days before, and AVAL - REF2
    KDIGO               0 no injury, 1, 2, 3; NaN where no creatinine of the 7 days before is known
    RATIOFL             Y: 1.5 x baseline or more without a KDIGO stage ("creatinine ratio"): outside the time windows
    WORSTFL             Y: highest stage of the subject, of equal ones the highest value, then the first

Decisions
---------
- The windows count from each result back: "1.5 x within 7 days" is against the lowest value of days 1 to 7 before it
  (the baseline is among them where it is that recent), "+26.5 umol/L in 48 h" against that of days 1 and 2 before.
- 353.6 umol/L or more is stage 3 where one of the two has happened, as KDIGO asks; else it is no stage.
- Values before day 1 serve as reference.

Source: domain facts, section 5 (KDIGO); KDIGO 2012, section 2.1.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .basis import Basis
from .columns import mark
from .ctcae import falls_below
from .days import as_days
from .lookup import next_on_or_after, pack, positions, take

STAGES = (1.5, 2.0, 3.0)
RISE, RISE_DAYS = 26.5, 2
WINDOW_DAYS = 7
STAGE_3_VALUE = 353.6


def _lowest_before(keys: np.ndarray, value: np.ndarray, subject: np.ndarray, day: np.ndarray, days: int) -> np.ndarray:
    """Return the lowest value of days 1…`days` before each day; NaN without. `keys` are sorted and distinct."""
    lowest = np.full(len(day), np.nan)
    for back in range(1, days + 1):
        index = next_on_or_after(keys, subject, day - back, day - back)
        lowest = np.fmin(lowest, take(value, index))
    return lowest


def derive_kidney(adlb: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return creatinine on or after day 1 with its stage; columns as documented above, sorted by subject and date.

    Parameters
    ----------
    adlb : from `adlb.derive_laboratory`. basis : of the same cut.
    """
    known = (adlb["PARAMCD"] == "CREAT").to_numpy(bool) & adlb["AVAL"].notna().to_numpy()
    rows = adlb[known & adlb["ADT"].notna().to_numpy()].reset_index(drop=True)
    subject, day = positions(rows["USUBJID"], basis.subjects), as_days(rows["ADT"])
    value = rows["AVAL"].to_numpy()
    keys, inverse = np.unique(pack(subject, day), return_inverse=True)
    daily = np.full(len(keys), np.inf)
    np.minimum.at(daily, inverse, value)
    ref7, ref2 = (_lowest_before(keys, daily, subject, day, days) for days in (WINDOW_DAYS, RISE_DAYS))
    ratio = value / rows["BASE"].to_numpy()
    stage = stages(value, ref7, ref2)
    outside = ~falls_below(ratio, STAGES[0]) & ~np.isnan(ratio) & ~(stage > 0)
    out = rows[["USUBJID", "ADT", "ADY", "AVAL", "BASE"]].assign(
        RATIO=ratio, REF7=ref7, RISE7=value / ref7, REF2=ref2, RISE2=value - ref2, KDIGO=stage, RATIOFL=mark(outside)
    )
    after = (rows["POSTFL"] == "Y").to_numpy(bool)
    return _with_worst(out[after].reset_index(drop=True), subject[after])


def stages(value: np.ndarray, ref7: np.ndarray, ref2: np.ndarray) -> np.ndarray:
    """Return KDIGO stages 0…3 of creatinine values (umol/L); NaN where no reference is known."""
    rise = ~falls_below(value - ref2, RISE) & ~np.isnan(ref2)
    reached = [~falls_below(value, factor * ref7) & ~np.isnan(ref7) for factor in STAGES]
    injured = rise | reached[0]
    third = reached[2] | (injured & ~falls_below(value, STAGE_3_VALUE))
    stage = np.select([third, reached[1], injured], [3.0, 2.0, 1.0], 0.0)
    return np.where(np.isnan(ref7) & np.isnan(ref2), np.nan, stage)


def _with_worst(frame: pd.DataFrame, subject: np.ndarray) -> pd.DataFrame:
    staged = np.flatnonzero(frame["KDIGO"].notna().to_numpy())
    keys = (staged, -frame["AVAL"].to_numpy()[staged], -frame["KDIGO"].to_numpy()[staged], subject[staged])
    order = staged[np.lexsort(keys)]
    worst = np.zeros(len(frame), bool)
    worst[order[np.unique(subject[order], return_index=True)[1]]] = True
    return frame.assign(WORSTFL=mark(worst))
