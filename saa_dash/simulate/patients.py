"""All latent arrays of a cohort in one place: what the sheets are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from ..model.protocol import Period
from .draws import Array, Draws
from .drugs import Drugs, derive_drugs
from .fevers import Fevers, derive_fevers
from .recovery import derive_counts
from .schedule import Schedule, derive_schedule
from .timeline import DAYS, NEVER, OFFSETS, Calendar, column, derive_calendar
from .traits import Fate, Marrow, Person, draw_fate, draw_marrow, draw_person
from .typed import either
from .ward import Course, run_course


@dataclass(frozen=True)
class Patients:
    """A simulated cohort before it is typed into the form."""

    draws: Draws
    calendar: Calendar
    person: Person
    marrow: Marrow
    fate: Fate
    schedule: Schedule
    fevers: Fevers
    course: Course
    drugs: Drugs

    @property
    def count(self) -> int:
        """Number of patients."""
        return self.draws.patients

    @cached_property
    def subject(self) -> Array:
        """Subject numbers P001…, as text."""
        width = max(3, len(str(self.count)))
        return np.array([f"P{number:0{width}d}" for number in range(1, self.count + 1)], dtype=object)

    @cached_property
    def stop(self) -> Array:
        """Last offset on which anything can be recorded: end of observation or horizon."""
        return np.minimum(self.fate.last, self.calendar.horizon)

    @cached_property
    def present(self) -> Array:
        """Under observation on the day, (patients, days): from screening to `stop`."""
        days = OFFSETS[None, :]
        return (days >= self.calendar.screening[:, None]) & (days <= self.stop[:, None])

    @cached_property
    def visit_of_day(self) -> Array:
        """1 + index of the scheduled visit held on the day, 0 else, (patients, days)."""
        grid = np.zeros((self.count, DAYS), dtype=int)
        alive = self.fate.death
        for index, offset in enumerate(self.schedule.visits.values()):
            held = np.flatnonzero((offset <= self.stop) & (offset < alive))
            grid[held, column(offset[held])] = index + 1
        return grid

    @cached_property
    def panel_missed(self) -> Array:
        """Scheduled visit without a blood sample, (patients, days)."""
        late = (OFFSETS[None, :] > 30) & (self.visit_of_day > 0)
        return late & self.draws.chance("lab.panel_missed", 0.02, DAYS)

    @cached_property
    def sampled(self) -> Array:
        """A blood sample of the form was taken on the day, (patients, days)."""
        alive = OFFSETS[None, :] < self.fate.death[:, None]
        return self.course.taken & self.present & alive & ~self.panel_missed

    def dates(self, patient: Array, offset: Array) -> Array:
        """Return ISO dates, None where the offset is NEVER."""
        return either(np.asarray(offset) >= NEVER, None, self.calendar.dates(patient, offset))


def derive_patients(draws: Draws, recruiting: Period, study: Period, cutoff: date) -> Patients:
    """Draw and run the courses; `cutoff` only decides how much of them is recorded."""
    calendar = derive_calendar(draws, recruiting, study, cutoff)
    person, marrow = draw_person(draws), draw_marrow(draws)
    fate = draw_fate(draws, marrow)
    schedule = derive_schedule(draws, calendar, marrow, fate)
    fevers = derive_fevers(draws, schedule)
    course = run_course(draws, person, marrow, fate, schedule, fevers, derive_counts(draws, marrow))
    drugs = derive_drugs(draws, person, fate, schedule, course)
    return Patients(draws, calendar, person, marrow, fate, schedule, fevers, course, drugs)
