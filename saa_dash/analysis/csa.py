"""Cyclosporine: how many trough levels lie in the target range.

The fraction is over samples, never over time: nothing is interpolated. A sample counts from study day 4 on where it is
marked as a trough (C0); peaks (C2) and samples without a time point do not. Both ends of the range belong to it.
"<x" is below the range where x does not exceed its lower end, ">x" above it from its upper end on; else not known, and
then in the denominator but not in range.

Source: registry (150-250 ug/L); domain facts, "Other decisions" (cyclosporine in range, trough is our reading).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.protocol import TargetRange
from .columns import coded, mark
from .counts import readings
from .ctcae import falls_below, rises_above
from .logic import ABOVE, BELOW
from .lookup import text_codes

FIRST_DAY = 4
TROUGH = "C0"
STATES = ("LOW", "IN", "HIGH", "UNKNOWN")


@dataclass(frozen=True)
class TimeInRange:
    """Samples of all patients together; `fraction` NaN without samples."""

    samples: int
    in_range: int
    low: int
    high: int
    unknown: int
    patients: int

    @property
    def fraction(self) -> float:
        """Samples in range of all samples that count."""
        return self.in_range / self.samples if self.samples else float("nan")


def derive_levels(adlb: pd.DataFrame, target: TargetRange) -> pd.DataFrame:
    """Return every cyclosporine level: USUBJID, ADT, ADY, ATPT, AVAL, LBCENS, STATE (`STATES`), USEDFL (Y: counts).

    Parameters
    ----------
    adlb : from `adlb.derive_laboratory`. target : range of the protocol, ug/L, both ends included.
    """
    rows = adlb[(adlb["PARAMCD"] == "CSA").to_numpy(bool) & adlb["AVAL"].notna().to_numpy()].reset_index(drop=True)
    value, reading = rows["AVAL"].to_numpy(), readings(rows["LBCENS"])
    below, above = reading == BELOW, reading == ABOVE
    low = np.where(below, ~rises_above(value, target.low), falls_below(value, target.low) & ~above)
    high = np.where(above, ~falls_below(value, target.high), rises_above(value, target.high) & ~below)
    state = np.select([low, high, below | above], [0, 2, 3], 1)
    used = (rows["ATPT"] == TROUGH).to_numpy(bool) & (rows["ADY"].to_numpy() >= FIRST_DAY)
    return rows[["USUBJID", "ADT", "ADY", "ATPT", "AVAL", "LBCENS"]].assign(
        STATE=coded(state, STATES), USEDFL=mark(used)
    )


def derive_time_in_range(levels: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, SAMPLES, LOW, IN, HIGH, UNKNOWN, FRACTION of each patient with a sample that counts.

    Parameters
    ----------
    levels : from `derive_levels`.
    """
    used = levels[(levels["USEDFL"] == "Y").to_numpy(bool)]
    codes, names = text_codes(used["USUBJID"])
    counts = np.zeros((len(names), len(STATES)), dtype="int64")
    order = {state: i for i, state in enumerate(STATES)}
    np.add.at(counts, (codes, used["STATE"].map(order).to_numpy("int64")), 1)
    total = counts.sum(axis=1)
    table = pd.DataFrame(
        {
            "USUBJID": coded(np.arange(len(names)), names),
            "SAMPLES": total,
            **{state: counts[:, i] for i, state in enumerate(STATES)},
            "FRACTION": counts[:, order["IN"]] / np.maximum(total, 1),
        }
    )
    return table.sort_values("USUBJID", ignore_index=True)


def count_time_in_range(levels: pd.DataFrame) -> TimeInRange:
    """Return the samples that count over all patients."""
    used = levels[(levels["USEDFL"] == "Y").to_numpy(bool)]
    tally = {state: int((used["STATE"] == state).sum()) for state in STATES}
    patients = int(used["USUBJID"].nunique())
    return TimeInRange(len(used), tally["IN"], tally["LOW"], tally["HIGH"], tally["UNKNOWN"], patients)
