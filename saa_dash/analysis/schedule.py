"""When each patient is due for weeks 4, 8 and 12, and what settles a visit before any count is looked at.

Decisions
---------
- Not yet due: origin + visit day + window end lies after the cut-off, dead or alive alike.
- Never infused under origin ``first_infusion``: NR (NOT_INFUSED). Having no origin, such a patient falls due by the
  first ATG day instead, so that nobody is counted before those treated on the same day are.
- Death, HSCT, salvage or withdrawal on or before the target day: NR with that reason, the earliest of them named.

Source: domain facts, section 2 step 7, "Denominators", "Origin"; CONTRACT "Days".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.settings import EndpointSettings
from .anchors import first_stop, origin_days
from .basis import Basis
from .days import as_days

WEEKS = (4, 8, 12)
NOT_DUE, NOT_INFUSED = "NOT_DUE", "NOT_INFUSED"

_DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class Schedule:
    """One entry per subject of the full analysis set × week 4, 8, 12 (subject by subject); days since 1970-01-01.

    Parameters
    ----------
    subject : positions. week : 4, 8, 12. origin, target : NaN where never infused. window_end : the day it falls due.
    due : window end on or before the cut-off. settled : reason that settles the visit without counts, "" otherwise.
    event : day of the event named in `settled`, NaN otherwise.
    """

    subject: np.ndarray
    week: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    window_end: np.ndarray
    due: np.ndarray
    settled: np.ndarray
    event: np.ndarray


def plan_visits(basis: Basis, settings: EndpointSettings) -> Schedule:
    """Return the schedule of the full analysis set under the origin and window in force."""
    anchors = basis.anchors
    fas = np.flatnonzero(anchors["FASFL"].to_numpy(bool))
    subject, week = np.repeat(fas, len(WEEKS)), np.tile(np.array(WEEKS), len(fas))
    origin = origin_days(anchors, settings.origin)[subject]
    start = as_days(anchors["ATGSDT"])[subject]
    target = origin + week * _DAYS_PER_WEEK
    window_end = np.where(np.isnan(origin), start + week * _DAYS_PER_WEEK, target) + settings.window_days
    due = window_end <= basis.cutoff
    stop, reason = first_stop(anchors)
    stop, reason = stop[subject], reason[subject]
    stopped = stop <= target
    settled = np.where(np.isnan(origin), NOT_INFUSED, np.where(stopped, reason, ""))
    event = np.where(due & stopped, stop, np.nan)
    return Schedule(subject, week, origin, target, window_end, due, np.where(due, settled, NOT_DUE), event)
