"""Worst grade of each patient from visit to visit: how many patients had which, of how many under observation.

Decisions
---------
- A column runs from the day after the scheduled visit before it to the scheduled visit itself, in days of the schedule
  from study day 1; the first from day 1. After the last visit one more column is open. No day belongs to two columns.
- A patient counts in each column with the worst of the treatment-emergent events present on any of its days; what lasts
  is present to the last day known alive. An event without a day of onset is in no column, and counted.
- Under observation: treated and known alive on the first day of the column.
- What is dated after the last day known alive, an error of the data, makes nobody observed and is in no column.
- The patient's worst is *not graded* only where none of the events has a grade.

Source: domain facts, section 2 "Days"; form, list of visits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .ae_levels import LEVELS, Scale, event_levels
from .ae_terms import BY_PATIENT
from .days import as_days
from .status import first_day
from .visit_completeness import planned_visits

LATER = "LATER"  # after the last scheduled visit


@dataclass(frozen=True)
class VisitGrades:
    """Patients by worst grade and column.

    Parameters
    ----------
    rows : VISIT (code of the form, or LATER), FROM, TO (study days, TO missing at the end), OBSERVED (patients), NONE
        (of these, without any event), P0…P5 patients by worst level. Columns nobody has reached are left out.
    scale : what the levels mean. undated : events in no column.
    """

    rows: pd.DataFrame
    scale: Scale
    undated: int


def visit_windows() -> pd.DataFrame:
    """Return VISIT, LOW, HIGH: days from day 1, both included; the last column has no end."""
    planned = [visit for visit in planned_visits(0) if visit.offset is not None and visit.offset > 0]
    ends = [float(visit.offset or 0) for visit in planned]
    return pd.DataFrame(
        {
            "VISIT": [*(visit.code for visit in planned), LATER],
            "LOW": [0.0, *(end + 1 for end in ends)],
            "HIGH": [*ends, np.inf],
        }
    )


def count_visit_grades(adae: pd.DataFrame, anchors: pd.DataFrame, scale: Scale) -> VisitGrades:
    """Return the counts.

    Parameters
    ----------
    adae, anchors : rows of the members of the safety set. scale : of the whole study.
    """
    windows, day_one = visit_windows(), first_day(anchors)
    last = pd.Series(as_days(anchors["LSTALVDT"]) - day_one, index=anchors["USUBJID"].to_numpy(object))
    start = pd.Series(day_one, index=anchors["USUBJID"].to_numpy(object))
    emergent = adae[(adae["TRTEMFL"] == "Y").to_numpy(bool)]
    begins = as_days(emergent["ASTDT"]) - emergent["USUBJID"].map(start).to_numpy("float64")
    known = ~np.isnan(begins)
    rows, begins = emergent[known], begins[known]
    subject = rows["USUBJID"].to_numpy(object)
    ends = as_days(rows["AENDT"]) - rows["USUBJID"].map(start).to_numpy("float64")
    followed = rows["USUBJID"].map(last).to_numpy("float64")
    ends = np.where(np.isnan(ends), followed, ends)
    ends = np.fmax(ends, begins)
    low, high = windows["LOW"].to_numpy(), windows["HIGH"].to_numpy()
    event, column = np.nonzero((begins[:, None] <= high) & (ends[:, None] >= low) & (followed[:, None] >= low))
    frame = pd.DataFrame({"WINDOW": column, "USUBJID": subject[event], "LEVEL": event_levels(rows, scale)[event]})
    worst = frame.groupby(["WINDOW", "USUBJID"])["LEVEL"].max().reset_index()
    wide = worst.groupby(["WINDOW", "LEVEL"]).size().unstack("LEVEL", fill_value=0)
    counts = wide.reindex(index=windows.index, columns=range(LEVELS), fill_value=0).set_axis(list(BY_PATIENT), axis=1)
    alive = last.to_numpy()
    observed = (alive[:, None] >= low).sum(axis=0)
    out = pd.DataFrame({"VISIT": windows["VISIT"], "FROM": low + 1, "TO": np.where(np.isinf(high), np.nan, high + 1)})
    out = out.assign(OBSERVED=observed, NONE=observed - counts.sum(axis=1).to_numpy())
    out = pd.concat([out, counts.reset_index(drop=True)], axis=1)
    return VisitGrades(out[out["OBSERVED"] > 0].reset_index(drop=True), scale, int((~known).sum()))
