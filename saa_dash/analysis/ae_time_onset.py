"""When each adverse event began, told from ATG day 1 and from each cord blood infusion: before, after, or not known.

Columns that `add_sides` adds to ADAE, for each of `COMPONENTS`: SIDEATG, SIDEINF1, SIDEINF2

    BEFORE, AFTER   on an earlier or a later day; on the same day where both have a time of day, by the clock
    SAME_DAY        on the same day, and the times do not tell which came first
    UNCLEAR         the onset is dated in part or not at all, and may lie on either side
    missing         the component was never given

Decisions
---------
- Nothing is guessed: an onset on the day of an infusion is *after* it only where both times of day were entered, of the
  infusion those of every dose of that day; equal times do not tell either.
- The days between are those of ADAE (OFFATG …); of an onset dated in part they rest on the imputed day.

Source: CONTRACT "Days"; domain facts, "Other decisions" (partial dates; timing is not cause).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .basis import Basis
from .columns import coded
from .components import first_days
from .counts import minute_of_day
from .lookup import positions, take

COMPONENTS = ("ATG", "INF1", "INF2")
SIDES = ("BEFORE", "SAME_DAY", "AFTER", "UNCLEAR")
_DRUG = {"ATG": "RATG", "INF1": "UCBMNC", "INF2": "UCBMNC"}


def add_sides(adae: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return ADAE with the columns documented above.

    Parameters
    ----------
    adae : from `adae.derive_adverse_events`. basis : it was derived from.
    """
    table = basis.tables["AE"]
    row = positions(adae["ROWKEY"], table.frame["ROWKEY"])
    first, last = (days[row] for days in table.possible("AESTDTC"))
    minute = minute_of_day(table.frame["AESTDTC"])[row]
    subject, starts = table.position[row], first_days(basis)
    sides = {}
    for name in COMPONENTS:
        day = take(starts[name], subject)
        clock = take(_first_minute(basis, name, starts[name]), subject)
        timed = (first == day) & (last == day) & (minute >= 0) & ~np.isnan(clock)
        before = (last < day) | (timed & (minute < clock))
        after = (first > day) | (timed & (minute > clock))
        same = (first == day) & (last == day)
        place = np.select([np.isnan(day), before, after, same], [-1, 0, 2, 1], 3)
        sides[f"SIDE{name}"] = coded(place, SIDES)
    return adae.assign(**sides)


def _first_minute(basis: Basis, component: str, start: np.ndarray) -> np.ndarray:
    """Return the time of day of the first dose on a component's first day, NaN unless every dose of it has one."""
    ex = basis.tables["EX"]
    here = ex.is_code("EXTRT", _DRUG[component]) & (ex.possible("EXSTDTC")[0] == take(start, ex.position))
    minute = minute_of_day(ex.frame["EXSTDTC"])
    minute = np.where(minute < 0, -np.inf, minute)  # one dose without a time, and nobody knows
    earliest = ex.first(minute, here)
    return np.where(np.isfinite(earliest), earliest, np.nan)
