"""Time to red-cell independence (TTRBCI): the day after the transfusion that opens the first free stretch of 28 days.

Decisions
---------
- A stretch is free when at least 28 whole days lie between the day of a transfusion and the next, or the end of what
  is documented. Transfusion on day t, next on day t + 29 at the earliest; or documented to day t + 28.
- Documented to: the last visit record or the last-known-alive date, whichever is later, or a later transfusion; at the
  latest the cut-off, death, HSCT or salvage.
- At risk: a red-cell transfusion 0 to 28 days before the first ATG dose. That one can open the stretch too; what would
  then lie before the origin is dated on the origin (AVAL 0). A stretch that ends before the origin does not count.
- A transfusion with a partial date, or a "yes" without a record, may have been given on each of its possible days: a
  stretch lies wholly outside them (`support`).
- No documented stretch: death, HSCT or salvage competes; else censored on the day the last, too short stretch began.

Source: domain facts, section 3; CONTRACT "Days".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.settings import EndpointSettings
from .basis import Basis
from .days import as_days, earliest_days
from .lookup import Intervals, positions, unpack
from .study_data import StudyData
from .tte import (
    CENSORED,
    COMPETING,
    EVENT,
    NOT_TRANSFUSED,
    Outcomes,
    TimeToEvents,
    as_time_to_events,
    first_per_subject,
    first_rival,
    start_and_absence,
)

PARAM = "TTRBCI"
FREE_DAYS = 28
AT_RISK_DAYS = 28


def _latest(subject: np.ndarray, day: np.ndarray, subjects: int) -> np.ndarray:
    out = np.full(subjects, np.nan)
    known = (subject >= 0) & ~np.isnan(day)
    np.fmax.at(out, subject[known], day[known])
    return out


def _documented_to(basis: Basis, dm: pd.DataFrame, red_cells: Intervals, rival: np.ndarray) -> np.ndarray:
    """Return by subject the day up to which transfusions are documented; NaN where nothing is."""
    size = len(basis.subjects)
    visits = _latest(*unpack(basis.support.visits.key), size)
    alive = _latest(positions(dm["USUBJID"], basis.subjects), earliest_days(dm["LSTALVDTC"]), size)
    given = _latest(*unpack(red_cells.start), size)
    latest = np.fmax(np.fmax(visits, alive), given)
    return np.minimum(np.fmin(latest, rival), basis.cutoff)


def derive_red_cell_independence(basis: Basis, data: StudyData, settings: EndpointSettings) -> TimeToEvents:
    """Return TTRBCI.

    Parameters
    ----------
    basis : from `basis.prepare(data)`. settings : the origin is used.
    """
    size = len(basis.subjects)
    rival, rival_kind = first_rival(basis)
    start, absence = start_and_absence(basis, settings.origin, rival)
    atg = as_days(basis.anchors["ATGSDT"])
    red_cells = basis.support.classes["RBC"].all
    recent = red_cells.days_since(np.arange(size), atg) <= AT_RISK_DAYS
    end = _documented_to(basis, data["DM"], red_cells, rival)

    subject, first = unpack(red_cells.start)
    last = np.minimum(unpack(red_cells.reach)[1], end[subject])
    same = np.append(subject[1:] == subject[:-1], False)
    following = np.where(same, np.append(first[1:], np.nan), np.inf)
    following = np.where(following > end[subject], np.inf, following)
    opens = (first <= end[subject]) & (last >= atg[subject] - AT_RISK_DAYS) & (following > start[subject])
    until = np.where(np.isinf(following), end[subject] + 1, following)
    free = first_per_subject(red_cells.start, opens & (until - last > FREE_DAYS), size)
    final = first_per_subject(red_cells.start, opens & np.isinf(following), size)

    found = free >= 0
    opener = np.where(found, last[free], last[final]) if len(last) else np.full(size, np.nan)
    begins = np.fmax(opener + 1, start)
    competes = ~found & ~np.isnan(rival)
    day = np.where(competes, rival, np.where(found, begins, np.fmin(begins, np.fmax(end, start))))
    outcomes = Outcomes(
        why_absent=np.where((absence == "") & ~recent, NOT_TRANSFUSED, absence),
        start=start,
        day=day,
        code=np.select([found, competes], [EVENT, COMPETING], CENSORED),
        description=np.select([found, competes], ["INDEPENDENT", rival_kind], "STRETCH_SHORT").astype(object),
        low=np.where(found, np.fmax(opener, start), day),
    )
    return as_time_to_events(basis, PARAM, outcomes)
