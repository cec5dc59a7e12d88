"""Treatment reactions with fever that are set before the course runs: infusion fever and serum sickness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Array, Draws
from .schedule import Schedule
from .timeline import DAYS, NEVER, OFFSETS, column
from .traits import INFUSION_FEVER, SERUM_SICKNESS


@dataclass(frozen=True)
class Fevers:
    """Reactions by patient.

    Parameters
    ----------
    infusion_grade : worst grade of the ATG infusion reaction, 0 none. infusion_days : its days, 1–3.
    serum_start, serum_days, serum_grade : serum sickness; start is NEVER where there is none.
    cell_grade : reaction to each cord blood infusion, (patients, 2), 0 none.
    heat : degrees above normal on each day, (patients, days).
    serum : in serum sickness on the day, (patients, days).
    """

    infusion_grade: Array
    infusion_days: Array
    serum_start: Array
    serum_days: Array
    serum_grade: Array
    cell_grade: Array
    heat: Array
    serum: Array


def derive_fevers(draws: Draws, schedule: Schedule) -> Fevers:
    """Draw infusion fever on ATG days 1–3, serum sickness on days 7–14 and reactions to the cord blood cells."""
    n = draws.patients
    grade = np.array([1, 2, 3])[draws.choice("fever.infusion_grade", [0.4, 0.5, 0.1])]
    grade = np.where(draws.chance("fever.infusion", INFUSION_FEVER), grade, 0)
    skipped = ~schedule.atg[np.arange(n)[:, None], column(np.arange(1, 4))].all(axis=1) & (schedule.atg_end >= 5)
    grade = np.where(skipped, 3, grade)  # a day is only skipped for a severe reaction
    lasting = np.where(grade > 0, draws.integers("fever.infusion_days", 1, 3), 0)
    ill = draws.chance("fever.serum", SERUM_SICKNESS)
    start = np.where(ill, draws.integers("fever.serum_start", 7, 13), NEVER)
    days = draws.integers("fever.serum_days", 4, 9)
    offsets = OFFSETS[None, :]
    serum = (offsets >= start[:, None]) & (offsets < (start + days)[:, None])
    infusion = schedule.atg & (offsets < lasting[:, None])
    cells = np.where(draws.chance("fever.cells", 0.07, 2), 1 + draws.chance("fever.cells_grade", 0.3, 2), 0)
    cells = np.where(schedule.infusion < NEVER, cells, 0)
    warm = np.abs(draws.normal("fever.heat", DAYS))
    heat = infusion * (0.9 + 0.45 * grade[:, None] + 0.3 * warm) + serum * (1.0 + 0.5 * warm)
    for nth in range(schedule.infusion.shape[1]):
        due = np.flatnonzero(cells[:, nth] > 0)
        heat[due, column(schedule.infusion[due, nth])] += 0.8
    serum_grade = np.array([1, 2, 3])[draws.choice("fever.serum_grade", [0.25, 0.6, 0.15])]
    return Fevers(grade, lasting, start, days, serum_grade, cells, heat, serum)
