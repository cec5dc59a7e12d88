"""The days of a course and how they fall into the calendar.

Courses live on a grid of offsets (date − first ATG day): column j is offset FIRST + j. Only here do offsets meet dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ..model.protocol import Period
from .draws import Array, Draws

FIRST = -30  # transfusions of the four weeks before treatment are history on the form
LAST = 175  # week 24 and its window
DAYS = LAST - FIRST + 1
OFFSETS = np.arange(FIRST, LAST + 1)
HISTORY = -28  # transfusions are asked for from here
NEVER = 9999  # an offset that does not come

RUN_IN = 10  # days between the study's first day and the first enrolment: screening comes after the study's start


def column(offset: Array | int) -> Array:
    """Return the grid column of an offset, kept inside the grid."""
    return np.clip(np.asarray(offset) - FIRST, 0, DAYS - 1)


@dataclass(frozen=True)
class Calendar:
    """Where each course stands in the calendar (offsets, days).

    Parameters
    ----------
    origin : first ATG day, datetime64[D].
    consent, screening, enrolment : offsets, in this order and negative.
    horizon : last offset of which data may exist: cut-off, study end or the end of follow-up.
    """

    origin: Array
    consent: Array
    screening: Array
    enrolment: Array
    horizon: Array

    def dates(self, patient: Array, offset: Array) -> Array:
        """Return ISO dates of offsets, "" where the offset is NEVER."""
        offset = np.asarray(offset)
        text = np.datetime_as_string(self.origin[patient] + np.where(offset >= NEVER, 0, offset), unit="D")
        return np.where(offset >= NEVER, "", text)


def derive_calendar(draws: Draws, recruiting: Period, study: Period, cutoff: date) -> Calendar:
    """Spread enrolment over the recruiting window, numbered in order of enrolment, ATG on a working day.

    The place in the calendar is all that depends on the number of patients; the course in study days does not.
    """
    opening = max(np.datetime64(recruiting.start), np.datetime64(study.start) + RUN_IN)
    width = (np.datetime64(recruiting.end) - opening).astype(int)
    rank = (np.arange(draws.patients) + draws.uniform("calendar.slot")) / max(draws.patients, 1)
    enrolled = opening + np.floor(rank * (width + 1)).astype(int)
    origin = np.busday_offset(enrolled + draws.integers("calendar.gap", 1, 3), 0, roll="forward")
    enrolment = (enrolled - origin).astype(int)
    screening = enrolment - draws.integers("calendar.screening", 2, 5)
    consent = screening - draws.integers("calendar.consent", 0, 1)
    last = min(np.datetime64(cutoff), np.datetime64(study.end))
    horizon = np.minimum((last - origin).astype(int), LAST)
    return Calendar(origin, consent, screening, enrolment, horizon)
