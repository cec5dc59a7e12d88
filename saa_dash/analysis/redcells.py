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

from .basis import Basis
from .days import as_days
from .lookup import Intervals, unpack
from .tte import (
    CENSORED,
    COMPETING,
    EVENT,
    NOT_TRANSFUSED,
    Clock,
    Outcomes,
    first_per_subject,
    last_per_subject,
)

PARAM = "TTRBCI"
FREE_DAYS = 28
AT_RISK_DAYS = 28


def _documented_to(basis: Basis, red_cells: Intervals, rival: np.ndarray) -> np.ndarray:
    """Return by subject the day up to which transfusions are documented; NaN where nothing is."""
    size, dm = len(basis.subjects), basis.tables["DM"]
    visits = last_per_subject(basis.support.visits.key, np.ones(len(basis.support.visits.key), bool), size)
    given = last_per_subject(red_cells.start, np.ones(len(red_cells.start), bool), size)
    alive = dm.last(dm.possible("LSTALVDTC")[0])
    latest = np.fmax(np.fmax(visits, alive), given)
    return np.minimum(np.fmin(latest, rival), basis.cutoff)


def derive_red_cell_independence(basis: Basis, clock: Clock) -> Outcomes:
    """Return TTRBCI; `clock` from `tte.set_clock`."""
    size, start, rival = len(basis.subjects), clock.start, clock.rival
    atg = as_days(basis.anchors["ATGSDT"])
    red_cells = basis.support.classes["RBC"].all
    recent = red_cells.days_since(np.arange(size), atg) <= AT_RISK_DAYS
    end = _documented_to(basis, red_cells, rival)

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
    return Outcomes(
        param=PARAM,
        why_absent=np.where((clock.absence == "") & ~recent, NOT_TRANSFUSED, clock.absence),
        start=start,
        day=day,
        code=np.select([found, competes], [EVENT, COMPETING], CENSORED),
        description=np.select([found, competes], ["INDEPENDENT", clock.rival_kind], "STRETCH_SHORT").astype(object),
        low=np.where(found, np.fmax(opener, start), day),
    )
