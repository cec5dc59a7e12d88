"""What a simulated patient is before the first count: person, marrow, fate and the latent responses to each drug.

Source: working values for a realistic cohort: baseline medians, response by weeks 4, 8 and 12, complications.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Array, Draws
from .timeline import NEVER

RESPONDERS = 0.97  # share with a response at some time
ONSET_MEDIAN, ONSET_SIGMA = 61.0, 0.80  # days to the response of a responder
FULL_RECOVERY = 0.34  # share of responders whose marrow can reach complete response
SWIFT = 0.025  # share whose marrow recovers at once and fully: the rare complete response by week 4
EARLY_DEATH = 0.08  # share destined to die early unless the marrow recovers first
RELAPSE = 0.04  # share of responders who lose the response
SERUM_SICKNESS = 0.30
INFUSION_FEVER = 0.68


@dataclass(frozen=True)
class Person:
    """Who the patient is. Weight kg, height cm, cells %."""

    male: Array
    age: Array
    weight: Array
    height: Array
    cellularity: Array
    residual: Array
    clone: Array
    disease_days: Array


@dataclass(frozen=True)
class Marrow:
    """The latent blood production: baseline values, time and quality of the recovery.

    Parameters
    ----------
    anc, plt, arc : endogenous baseline, 10^9/L. hgb : haemoglobin 30 days before treatment, g/L.
    onset : offset of the latent response, NEVER for non-responders.
    quality : 0…1, where the recovery ends up; `full` marks recoveries able to reach complete response.
    relapse : offset at which a response starts to be lost, else NEVER.
    swift : recovers at once and fully.
    """

    anc: Array
    plt: Array
    arc: Array
    hgb: Array
    onset: Array
    quality: Array
    full: Array
    relapse: Array
    swift: Array


@dataclass(frozen=True)
class Fate:
    """Offsets of what ends or changes a course, NEVER where it does not happen.

    `bleeding` tells a death by haemorrhage from one by infection; `illness` is the first day of the fatal illness.
    """

    death: Array
    illness: Array
    bleeding: Array
    withdrawal: Array
    lost: Array
    hsct: Array
    salvage: Array
    discharge: Array

    @property
    def last(self) -> Array:
        """Last offset with observations: death, withdrawal, loss or transplantation, whichever is first."""
        return np.minimum.reduce([self.death, self.withdrawal, self.lost, self.hsct])


def draw_person(draws: Draws) -> Person:
    """Draw demography and the findings at diagnosis."""
    male = draws.chance("person.male", 0.54)
    age = np.clip(np.round(18 + 42 * draws.uniform("person.age") ** 1.3), 18, 60).astype(int)
    height = np.round(np.where(male, 171, 160) + 5.5 * draws.normal("person.height"))
    weight = np.round((height / 100) ** 2 * np.clip(22.6 + 2.6 * draws.normal("person.bmi"), 18, 30), 1)
    sparse = draws.chance("person.sparse", 0.88)
    cellularity = np.where(sparse, 5 + 19 * draws.uniform("person.cells"), 26 + 12 * draws.uniform("person.cells"))
    residual = np.where(sparse, 8 + 30 * draws.uniform("person.residual"), 8 + 20 * draws.uniform("person.residual"))
    clone = np.where(draws.chance("person.pnh", 0.4), draws.lognormal("person.clone", 1.2, 1.1), 0.0)
    disease = draws.integers("person.disease", 14, 120)
    return Person(
        male, age, np.maximum(weight, 46.0), height, np.round(cellularity), np.round(residual),
        np.round(np.minimum(clone, 35), 2), disease,
    )  # fmt: skip


def _limited(anc: Array, plt: Array, arc: Array) -> tuple[Array, Array]:
    """Bring platelets and reticulocytes of milder draws down until two of the three counts are severe."""
    severe = (anc < 0.5).astype(int) + (plt < 20) + (arc < 20)
    return np.where(severe < 2, 6 + plt % 10, plt), np.where(severe < 2, 6 + arc % 10, arc)


def draw_marrow(draws: Draws) -> Marrow:
    """Draw baseline counts and the latent response; better marrows respond earlier and more fully."""
    anc = np.clip(draws.lognormal("marrow.anc", 0.25, 0.85), 0.02, 1.3)
    plt = np.clip(draws.lognormal("marrow.plt", 8.5, 0.45), 2, 40)
    plt, arc = _limited(anc, plt, np.clip(draws.lognormal("marrow.arc", 12, 0.5), 2, 45))
    responder = draws.chance("marrow.responder", RESPONDERS)
    z = draws.normal("marrow.onset")
    onset = np.clip(ONSET_MEDIAN * np.exp(ONSET_SIGMA * z), 12, 400)
    # A copula: quality leans towards early responders with correlation −0.45.
    quality = 0.5 * (1 + np.tanh((-0.45 * z + 0.89 * draws.normal("marrow.quality")) * 0.8))
    swift = responder & draws.chance("marrow.swift", SWIFT)
    onset = np.where(swift, np.minimum(onset, 9), onset)
    full = (quality > 1 - FULL_RECOVERY) | swift
    relapse = onset + draws.integers("marrow.relapse_after", 28, 75)
    relapsing = draws.chance("marrow.relapse", RELAPSE) & responder & (onset < 75)
    return Marrow(
        anc, plt, arc, np.clip(66 + 9 * draws.normal("marrow.hgb"), np.where(swift, 88, 45), 95),
        np.where(responder, onset, NEVER), quality, full, np.where(relapsing, relapse, NEVER), swift,
    )  # fmt: skip


def draw_fate(draws: Draws, marrow: Marrow) -> Fate:
    """Draw death, loss, withdrawal, transplantation and salvage in agreement with the latent response."""
    early = marrow.onset < 45
    death = np.round(np.clip(draws.lognormal("fate.death_day", 34, 0.45), 10, 80)).astype(int)
    risk = EARLY_DEATH * np.where(marrow.anc < 0.2, 1.7, 0.75)
    dies = draws.chance("fate.death", risk) & ~early
    refractory = (marrow.onset > 130) | (marrow.relapse < NEVER)
    started = np.where(marrow.relapse < NEVER, marrow.relapse + 30, 0).astype(int)
    rescued = draws.choice("fate.rescue", [0.17, 0.13, 0.70])
    rescue_day = np.maximum(draws.integers("fate.rescue_day", 91, 150), started)
    leaving = draws.choice("fate.leaving", [0.035, 0.02, 0.945])
    discharge = np.where(early, draws.integers("fate.home_early", 23, 28), draws.integers("fate.home", 26, 38))
    return Fate(
        death=np.where(dies, death, NEVER),
        illness=np.where(dies, death - draws.integers("fate.illness", 4, 11), NEVER),
        bleeding=draws.chance("fate.bleeding", 0.3),
        withdrawal=np.where(leaving == 0, draws.integers("fate.withdrawal", 24, 110), NEVER),
        lost=np.where(leaving == 1, draws.integers("fate.lost", 60, 150), NEVER),
        hsct=np.where(refractory & (rescued == 0), rescue_day, NEVER),
        salvage=np.where(refractory & (rescued == 1), rescue_day, NEVER),
        discharge=discharge,
    )
