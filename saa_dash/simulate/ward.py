"""The course day by day: infections, counts, and the support that is given because a count is low.

One loop over days, arrays over patients. A count is measured in the morning; transfusions and growth factor follow
from it, and the next count shows them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Array, Draws
from .fevers import Fevers
from .recovery import Counts
from .schedule import Schedule
from .timeline import DAYS, NEVER, OFFSETS
from .traits import Fate, Marrow, Person

INFECTIONS = ("FN", "PNEUMONIA", "SEPSIS", "ORAL", "PERIANAL", "URTI", "FUNGAL", "HERPES")
_NEUTROPENIC = (0.40, 0.18, 0.07, 0.11, 0.11, 0.05, 0.06, 0.02)  # kinds below 0.5 ×10⁹/L neutrophils
_OTHERWISE = (0.0, 0.18, 0.0, 0.10, 0.06, 0.46, 0.02, 0.18)
_HAZARD = ((0.1, 0.029), (0.2, 0.023), (0.5, 0.014), (1.0, 0.0055), (np.inf, 0.0020))  # per day, by neutrophils

PLATELET_TRIGGER, PLATELET_TRIGGER_FEVER = 10, 20  # ×10⁹/L
LOSS, BLEED_WARD, BLEED_FEVER = 0.012, 0.12, 0.30  # share of haemoglobin a day; g/L/d
MADE = 0.0225  # g/L/d of haemoglobin per 10⁹/L reticulocytes
RED_CELL_RISE = 5.4  # g/L per unit at 60 kg
GCSF_LAST_START, GCSF_LONGEST, GCSF_PAUSE = 75, 21, 4  # offset; days; days


@dataclass(frozen=True)
class Course:
    """What happened, (patients, days): measured counts, whether they were taken, support given, infections.

    Parameters
    ----------
    anc, plt, arc : 10^9/L as measured. hgb : g/L as measured. taken : a sample was taken.
    red_units : units of red cells given; platelets, gcsf : given on the day.
    infection : 1 + index of `INFECTIONS` on each ill day, 0 else; `begins` the same on first days only.
    heat : degrees above normal.
    """

    anc: Array
    hgb: Array
    plt: Array
    arc: Array
    taken: Array
    red_units: Array
    platelets: Array
    gcsf: Array
    infection: Array
    begins: Array
    heat: Array


def _bump(middle: float, width: float) -> Array:
    return np.asarray(np.exp(-(((OFFSETS - middle) / width) ** 2)))


class _Ward:
    """State of all patients on one day; `run` walks through the days."""

    def __init__(
        self, draws: Draws, person: Person, marrow: Marrow, fate: Fate, schedule: Schedule, fevers: Fevers, endo: Counts
    ) -> None:
        n = draws.patients
        self.fate, self.schedule, self.fevers = fate, schedule, fevers
        self._draw(draws, person, marrow)
        reserve = 0.22 * draws.lognormal("ward.reserve", 1.0, 0.5)
        self.anc_made = endo.anc * (1 - 0.55 * _bump(13, 8))
        self.anc_steroid = reserve[:, None] * _bump(2, 1.7) * np.minimum(endo.anc / 0.25, 2.5)
        self.plt_made = endo.plt * (1 - 0.60 * _bump(4, 3))
        self.arc_made = endo.arc * (1 - 0.35 * _bump(7, 5))
        self.hgb, self.banked, self.stimulated = marrow.hgb.copy(), np.zeros(n), np.zeros(n)
        self.infected_until, self.infected_from = np.full(n, -99), np.full(n, -99)
        self.kind = np.zeros(n, dtype=int)
        self.gcsf_on, self.gcsf_since = np.zeros(n, dtype=bool), np.full(n, -99)
        self.extra = np.zeros((n, DAYS + 4), dtype=bool)
        self.plt_due, self.rbc_due = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        grids = {name: np.zeros((n, DAYS)) for name in ("anc", "hgb", "plt", "arc", "red_units", "heat")}
        flags = {name: np.zeros((n, DAYS), dtype=bool) for name in ("taken", "platelets", "gcsf")}
        kinds = {name: np.zeros((n, DAYS), dtype=int) for name in ("infection", "begins")}
        self.course = Course(**grids, **flags, **kinds)
        self.course.heat[:] = fevers.heat

    def _draw(self, draws: Draws, person: Person, marrow: Marrow) -> None:
        """Draw what differs between patients and days."""
        slow = {name: draws.wander(f"noise.{name}.slow", DAYS, 0.7) for name in ("anc", "plt")}
        self.anc_noise = np.exp(0.16 * slow["anc"] + 0.08 * draws.normal("noise.anc", DAYS))
        self.plt_noise = np.exp(0.09 * slow["plt"] + 0.05 * draws.normal("noise.plt", DAYS))
        self.arc_noise = np.exp(0.12 * draws.normal("noise.arc", DAYS))
        self.hgb_noise = 1.4 * draws.normal("noise.hgb", DAYS)
        chances = ("infection", "plt", "rbc", "check", "later")
        self.luck = {name: draws.uniform(f"ward.{name}", DAYS) for name in chances}
        self.duration = draws.integers("ward.duration", 5, 14, DAYS)
        self.sick_kind = draws.choice("ward.kind_low", _NEUTROPENIC, DAYS) + 1
        self.mild_kind = draws.choice("ward.kind_high", _OTHERWISE, DAYS) + 1
        self.red_trigger = draws.integers("ward.trigger", 60, 68)
        self.red_rise = RED_CELL_RISE * 60 / person.weight
        self.plt_rise = draws.lognormal("ward.increment", 20, 0.25)
        self.gcsf_user = draws.chance("ward.gcsf", 0.72)
        self.gcsf_start = draws.integers("ward.gcsf_start", 2, 9)
        responds = np.where(marrow.onset < 100, 2.6, 1.3)
        self.gcsf_gain = responds * draws.lognormal("ward.gcsf_gain", 1.0, 0.45)
        self.gcsf_enough = np.round(draws.uniform("ward.gcsf_enough") * 0.8 + 1.0, 1)

    def run(self) -> Course:
        """Walk through all days and return the course."""
        for day in range(DAYS):
            self._infect(day)
            self._evolve(day)
            self._support(day)
        return self.course

    def _infect(self, day: int) -> None:
        offset = int(OFFSETS[day])
        latest = self.course.anc[:, day - 1] if day else self.course.anc[:, 0]
        hazard = np.select([latest < limit for limit, _ in _HAZARD], [rate for _, rate in _HAZARD])
        free = (self.infected_until + 6 < offset) & (offset >= 3)
        starts = free & (self.luck["infection"][:, day] < hazard)
        kind = np.where(latest < 0.5, self.sick_kind[:, day], self.mild_kind[:, day])
        until = offset + self.duration[:, day]
        # An infection that runs when the fatal one begins turns into it.
        fatal = (self.fate.illness == offset) & ~self.fate.bleeding
        kind = np.where(fatal, np.where(self.mild_kind[:, day] % 2 == 0, 3, 2), kind)
        until = np.where(fatal, self.fate.death, until)
        starts |= fatal
        self.kind = np.where(starts, kind, np.where(self.infected_until < offset, 0, self.kind))
        self.infected_from = np.where(starts, offset, self.infected_from)
        self.infected_until = np.where(starts, until, self.infected_until)
        self.course.begins[:, day] = np.where(starts, self.kind, 0)
        self.course.infection[:, day] = self.kind
        span = np.maximum(self.infected_until - self.infected_from, 1)
        left = np.clip((self.infected_until - offset) / span, 0, 1)
        left = np.where(self.infected_until == self.fate.death, 0.9, left)  # a fatal infection does not subside
        severe = np.isin(self.kind, (1, 2, 3, 7))
        self.course.heat[:, day] += np.where(self.kind > 0, np.where(severe, 0.5 + 1.5 * left, 0.2 + 0.8 * left), 0)

    def _evolve(self, day: int) -> None:
        offset = int(OFFSETS[day])
        stress = (self.course.infection[:, day] > 0) | self.fevers.serum[:, day]
        dying = (self.fate.illness <= offset) & (self.fate.death < NEVER)
        on_atg = 0 <= offset <= 6
        half_life = np.where(stress | on_atg | dying, 1.7, 2.7)
        self.banked = self.banked * 0.5 ** (1 / half_life)
        if day:
            given = self.course.platelets[:, day - 1]
            self.banked += np.where(given, self.plt_rise * np.where(stress | on_atg, 0.8, 1.0), 0)
            self.hgb = self.hgb + self.course.red_units[:, day - 1] * self.red_rise
        # Less drive as haemoglobin returns, and hardly any above the normal range.
        drive = 1 - 0.45 * np.clip((self.hgb - 90) / 50, 0, 1) - 0.4 * np.clip((self.hgb - 130) / 30, 0, 1)
        arc = self.arc_made[:, day] * drive * np.where(stress, 0.85, 1)
        ward = self.schedule.inpatient[:, day]
        self.hgb = self.hgb * (1 - LOSS) + MADE * arc - BLEED_WARD * ward - BLEED_FEVER * stress
        self.stimulated += np.where(self.gcsf_on, 0.35 * (1 - self.stimulated), -0.40 * self.stimulated)
        boost = 1 + self.gcsf_gain * self.stimulated
        anc = (self.anc_made[:, day] * boost + self.anc_steroid[:, day]) * np.where(dying, 0.4, 1)
        plt = self.plt_made[:, day] * np.where(stress, 0.75, 1) * np.where(dying, 0.5, 1) + self.banked
        course = self.course
        course.anc[:, day] = np.maximum(anc * self.anc_noise[:, day], 0.005)
        course.plt[:, day] = np.maximum(np.round(plt * self.plt_noise[:, day]), 1)
        course.arc[:, day] = np.maximum(arc * self.arc_noise[:, day], 0.8)
        course.hgb[:, day] = np.maximum(np.round(self.hgb + self.hgb_noise[:, day]), 38)

    def _support(self, day: int) -> None:
        offset, course = int(OFFSETS[day]), self.course
        seen = self.schedule.counts[:, day] | self.extra[:, day]
        course.taken[:, day] = seen
        guarded = (course.heat[:, day] > 0.8) | (0 <= offset <= 6)
        trigger = np.where(guarded, PLATELET_TRIGGER_FEVER, PLATELET_TRIGGER)
        low = seen & (course.plt[:, day] < trigger)
        just_given = course.platelets[:, day - 1] if day else np.zeros_like(seen)
        wanted = low & ~(just_given & (self.luck["later"][:, day] < 0.6))
        given = self.plt_due | (wanted & (self.luck["plt"][:, day] < 0.88))
        self.plt_due = wanted & ~given  # no unit to be had today: tomorrow
        course.platelets[:, day] = given
        recent = course.red_units[:, max(day - 2, 0) : day].any(axis=1)
        wanted = seen & (course.hgb[:, day] < self.red_trigger) & ~recent
        red = self.rbc_due | (wanted & (self.luck["rbc"][:, day] < 0.85))
        self.rbc_due = wanted & ~red
        course.red_units[:, day] = np.where(red, np.where(self.luck["later"][:, day] < 0.12, 1.5, 2.0), 0)
        self._plan_checks(day, given | red)
        self._stimulate(day, seen)

    def _plan_checks(self, day: int, given: Array) -> None:
        ward = self.schedule.inpatient[:, day]
        self.extra[:, day + 1] |= given & (self.luck["check"][:, day] < np.where(ward, 0.70, 0.15))
        self.extra[:, day + 3] |= given & ~ward & (self.luck["later"][:, day] < 0.7)

    def _stimulate(self, day: int, seen: Array) -> None:
        """Start G-CSF below 0.5 ×10⁹/L, stop it when the count is high enough or after three weeks."""
        offset, anc = int(OFFSETS[day]), self.course.anc[:, day]
        enough = self.gcsf_on & ((seen & (anc >= self.gcsf_enough)) | (offset - self.gcsf_since >= GCSF_LONGEST))
        rested = self.gcsf_since + GCSF_PAUSE < offset
        season = (offset >= self.gcsf_start) & (offset <= GCSF_LAST_START)
        ward = self.schedule.inpatient[:, day] | (self.course.infection[:, day] > 0)
        starts = ~self.gcsf_on & seen & (anc < 0.5) & self.gcsf_user & season & rested & ward
        self.gcsf_since = np.where(starts | enough, offset, self.gcsf_since)
        self.gcsf_on = (self.gcsf_on & ~enough) | starts
        self.course.gcsf[:, day] = self.gcsf_on


def run_course(
    draws: Draws, person: Person, marrow: Marrow, fate: Fate, schedule: Schedule, fevers: Fevers, endo: Counts
) -> Course:
    """Return the course of all patients over the whole grid; what lies behind death or the cut-off is not shown."""
    return _Ward(draws, person, marrow, fate, schedule, fevers, endo).run()
