"""Cyclosporine, creatinine and hetrombopag: levels that wander, doses that follow, kidneys and liver that object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Array, Draws
from .schedule import Schedule
from .timeline import DAYS, NEVER, OFFSETS
from .traits import Fate, Person
from .ward import Course

TARGET = (150, 250)  # µg/L, trough
START_DOSE, HIGHEST_DOSE = 5.0, 8.0  # mg/kg/d
CAPSULE = 25  # mg
HPAG_DOSE, HPAG_DAYS = 15.0, 90  # mg/d; three months
HELD_ALT, STOPPED_ALT = 9.0, 18.0  # × own baseline, about 5 and 10 × ULN: hetrombopag is held, stopped for good

# Why a dose changes: code of the text in texts.toml.
REASONS = ("START", "LOW", "HIGH", "KIDNEY", "RESUMED")


@dataclass(frozen=True)
class Drugs:
    """Doses and organ values, (patients, days).

    Parameters
    ----------
    csa : cyclosporine, mg/d. reason : index of `REASONS` for the dose of the day. trough : C0, µg/L.
    creatinine : ratio to the patient's own baseline. measured_c0 : C0 drawn on the day.
    alt, bilirubin : ratio to baseline. hpag : hetrombopag, mg/d.
    hpag_stopped, hpag_forgotten : offset of a permanent stop and of four forgotten days, NEVER = none.
    """

    csa: Array
    reason: Array
    trough: Array
    measured_c0: Array
    creatinine: Array
    alt: Array
    bilirubin: Array
    hpag: Array
    hpag_stopped: Array
    hpag_forgotten: Array


def _liver(draws: Draws) -> tuple[Array, Array]:
    """Return ALT and bilirubin as ratios to baseline; most patients have no episode."""
    days = OFFSETS[None, :]
    peak = np.where(draws.chance("liver.episode", 0.32), 1 + draws.lognormal("liver.peak", 5.6, 0.85), 1.0)
    start = draws.integers("liver.start", 5, 70)[:, None]
    rise = np.clip((days - start) / 6, 0, 1)
    fall = np.exp(-np.clip(days - start - 8, 0, None) / draws.integers("liver.fall", 7, 14)[:, None])
    alt = np.exp(np.log(np.minimum(peak, 28))[:, None] * rise * fall)
    on = (days >= 3) & (days < HPAG_DAYS)
    gilbert = np.where(draws.chance("liver.gilbert", 0.14), draws.lognormal("liver.yellow", 3.3, 0.25), 1.12)
    course = np.where(on, np.clip((days - 3) / 10, 0, 1), np.exp(-np.clip(days - HPAG_DAYS, 0, None) / 7) * (days > 3))
    bilirubin = 1 + (gilbert[:, None] - 1) * course
    bilirubin = bilirubin * np.exp(0.12 * draws.wander("liver.bilirubin", DAYS, 0.7))
    return alt * np.exp(0.15 * draws.wander("liver.alt", DAYS, 0.8)), bilirubin


def _toxic(course: Course) -> Array:
    """Share of nephrotoxic anti-infectives on the day, 0–1: sepsis, pneumonia and fungal infections."""
    return np.where(np.isin(course.infection, (2, 3, 7)), 1.0, 0.0)


def _azole(course: Course) -> Array:
    """Days under an azole: 28 days from the start of pneumonia or fungal infection."""
    begins = np.isin(course.begins, (2, 7)).astype(int)
    ever = np.cumsum(begins, axis=1)
    lag = np.zeros_like(ever)
    lag[:, 28:] = ever[:, :-28]
    return np.asarray(ever > lag)


def _rounded(dose: Array) -> Array:
    return np.asarray(np.maximum(np.round(dose / CAPSULE), 2) * CAPSULE)


class _Pharmacy:
    """Cyclosporine day by day: the dose makes the level, the level makes the next dose."""

    def __init__(self, draws: Draws, person: Person, fate: Fate, schedule: Schedule, course: Course) -> None:
        n = draws.patients
        self.weight, self.schedule, self.course, self.last = person.weight, schedule, course, fate.last
        self.start = np.array([0, 2, 5])[draws.choice("csa.start", [0.75, 0.1, 0.15])]
        yields = draws.lognormal("csa.yield", 42, 0.28)[:, None]
        self.clear = yields * np.exp(0.27 * draws.wander("csa.wander", DAYS, 0.88)) * (1 + 0.45 * _azole(course))
        self.noise = np.exp(0.08 * draws.normal("csa.noise", DAYS))
        self.acts = draws.uniform("csa.acts", DAYS)
        self.frail = draws.lognormal("csa.kidney", 0.20, 0.8)
        self.wobble = np.exp(0.035 * draws.wander("csa.creatinine", DAYS, 0.6))
        self.toxic = _toxic(course)
        self.dose, self.level, self.burden = np.zeros(n), np.zeros(n), np.zeros(n)
        self.harm, self.changed, self.why = np.zeros(n), np.full(n, -99), np.zeros(n, dtype=int)
        self.out = {name: np.zeros((n, DAYS)) for name in ("csa", "trough", "creatinine")}
        self.reason, self.measured = np.zeros((n, DAYS), dtype=int), np.zeros((n, DAYS), dtype=bool)

    def run(self) -> None:
        """Walk through all days."""
        for day in range(DAYS):
            offset = int(OFFSETS[day])
            begins = self.start == offset
            self.dose = np.where(begins, _rounded(START_DOSE * self.weight), self.dose)
            self.level += 0.38 * (self.dose / self.weight * self.clear[:, day] - self.level)
            self.burden += 0.12 * (self.level - self.burden)
            self.harm += 0.15 * (self.toxic[:, day] - self.harm)
            high = np.clip(self.burden - 150, 0, None) / 100
            strain = self.frail * (high + 0.5 * self.harm) + 0.04 * (self.burden > 60)
            ratio = (1 + strain) * self.wobble[:, day]
            self.out["csa"][:, day], self.reason[:, day] = self.dose, self.why
            self.out["trough"][:, day] = self.level * self.noise[:, day]
            self.out["creatinine"][:, day] = ratio
            self._adjust(day, offset, ratio)

    def _adjust(self, day: int, offset: int, ratio: Array) -> None:
        """Change the dose from the next day on, at most every third day."""
        trough = self.out["trough"][:, day]
        drawn = self.schedule.levels[:, day] & (self.dose > 0) & (offset - self.start >= 4)
        self.measured[:, day] = drawn
        ready = drawn & (offset - self.changed >= 3) & (self.acts[:, day] < 0.85)
        kidney = self.schedule.chemistry[:, day] & (ratio > 1.45) & (offset - self.changed >= 3) & (self.dose > 0)
        high, low = ready & (trough > TARGET[1]), ready & (trough < TARGET[0])
        factor = np.clip(200 / np.maximum(trough, 40), 0.7, 1.3)
        wanted = np.where(kidney, self.dose * 0.7, np.where(high | low, self.dose * factor, self.dose))
        wanted = np.where(self.dose > 0, _rounded(np.minimum(wanted, HIGHEST_DOSE * self.weight)), 0)
        moves = wanted != self.dose
        self.why = np.where(moves, np.where(kidney, 3, np.where(high, 2, 1)), self.why)
        self.changed = np.where(moves, offset, self.changed)
        self.dose = wanted


@dataclass(frozen=True)
class _Tablets:
    """Hetrombopag: mg/d on each day, offset of a permanent stop and of a forgotten stretch (NEVER = none)."""

    dose: Array
    stopped: Array
    forgotten: Array


def _first(grid: Array) -> Array:
    return np.where(grid.any(axis=1), OFFSETS[grid.argmax(axis=1)], NEVER)


def _hetrombopag(draws: Draws, alt: Array) -> _Tablets:
    """15 mg/d for three months; held for 16 days above HELD_ALT, stopped above STOPPED_ALT, some forget four days."""
    days = OFFSETS[None, :]
    start = np.array([0, 1, 5])[draws.choice("hpag.start", [0.7, 0.1, 0.2])][:, None]
    period = (days >= start) & (days < start + HPAG_DAYS)
    held = (np.cumsum(alt > HELD_ALT, axis=1) > 0) & (days > start)
    lag = np.zeros_like(held)
    lag[:, 16:] = held[:, :-16]
    gone = np.cumsum((alt > STOPPED_ALT) & period, axis=1) > 0
    forgets = draws.chance("hpag.forgotten", 0.06)
    pause = draws.integers("hpag.pause", 30, 70)
    missed = forgets[:, None] & (days >= pause[:, None]) & (days < pause[:, None] + 4)
    dose = np.where(period & ~(held & ~lag) & ~gone & ~missed, HPAG_DOSE, 0.0)
    idle = held.any(axis=1)
    return _Tablets(dose, _first(gone), np.where(forgets & ~idle, pause, NEVER))


def derive_drugs(draws: Draws, person: Person, fate: Fate, schedule: Schedule, course: Course) -> Drugs:
    """Return doses, levels, creatinine, ALT and bilirubin of all patients."""
    pharmacy = _Pharmacy(draws, person, fate, schedule, course)
    pharmacy.run()
    alt, bilirubin = _liver(draws)
    tablets = _hetrombopag(draws, alt)
    out = pharmacy.out
    return Drugs(
        out["csa"], pharmacy.reason, out["trough"], pharmacy.measured, out["creatinine"], alt, bilirubin,
        tablets.dose, tablets.stopped, tablets.forgotten,
    )  # fmt: skip
