"""When a patient is seen: scheduled visits, planned counts, ATG and infusion days, all as offsets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Array, Draws
from .timeline import DAYS, NEVER, OFFSETS, Calendar, column
from .traits import Fate, Marrow

# Scheduled visit → offset and the largest deviation from it, days.
VISITS: dict[str, tuple[int, int]] = {
    "W1": (7, 0), "W2": (14, 0), "W3": (21, 0), "W4": (28, 1), "W6": (42, 2), "W8": (56, 2), "W10": (70, 3),
    "W12": (84, 3), "W16": (112, 4), "W24": (168, 5),
}  # fmt: skip
INTERIM = (35, 49, 63, 77, 98, 126, 140, 154)  # counts between visits at home
MISSED_VISIT = 0.025
ATG_DOSES = 5
INFUSIONS = (2, 14)  # days after the last ATG dose


@dataclass(frozen=True)
class Schedule:
    """Planned contacts.

    Parameters
    ----------
    visits : visit code → offset per patient, NEVER where missed; SCREENING and BASELINE included.
    counts : blood count planned, (patients, days). chemistry : with liver and kidney values. levels : with C0.
    inpatient : in hospital on the day.
    atg : ATG given on the day, (patients, days). atg_end : last ATG offset.
    infusion : offsets of the two cord blood infusions, (patients, 2), NEVER where not given.
    """

    visits: dict[str, Array]
    counts: Array
    chemistry: Array
    levels: Array
    inpatient: Array
    atg: Array
    atg_end: Array
    infusion: Array


def _atg_days(draws: Draws) -> tuple[Array, Array]:
    """Five days in a row; in some a day is skipped for a reaction and made up, in few the last dose is not given."""
    course = draws.choice("atg.course", [0.88, 0.09, 0.03])
    skipped = draws.integers("atg.skipped", 1, 3)
    days = OFFSETS[None, :]
    given = (days >= 0) & (days < ATG_DOSES + (course == 1)[:, None] - (course == 2)[:, None])
    given &= ~((course == 1)[:, None] & (days == skipped[:, None]))
    return given, np.where(course == 1, ATG_DOSES, np.where(course == 2, ATG_DOSES - 2, ATG_DOSES - 1))


def _infusions(draws: Draws, atg_end: Array) -> Array:
    shift = np.array([0, -1, 1, 3])[draws.choice("ucb.shift", [0.90, 0.03, 0.05, 0.02], len(INFUSIONS))]
    given = ~draws.chance("ucb.omitted", 0.03, len(INFUSIONS))
    return np.where(given, atg_end[:, None] + np.array(INFUSIONS) + shift, NEVER)


def _visits(draws: Draws, calendar: Calendar) -> dict[str, Array]:
    visits = {"SCREENING": calendar.screening, "BASELINE": np.full(draws.patients, -1)}
    for code, (offset, slack) in VISITS.items():
        attended = ~draws.chance(f"visit.missed.{code}", MISSED_VISIT if offset > 28 else 0.0)
        spread = draws.normal(f"visit.shift.{code}") * slack / 2
        visits[code] = np.where(attended, offset + np.clip(np.round(spread), -slack, slack).astype(int), NEVER)
    return visits


def _marked(patients: int, offsets: list[Array]) -> Array:
    grid = np.zeros((patients, DAYS), dtype=bool)
    for offset in offsets:
        happens = np.flatnonzero(offset < NEVER)
        grid[happens, column(offset[happens])] = True
    return grid


def _before_screening(draws: Draws, calendar: Calendar) -> Array:
    """Counts of the referring hospital: they steer the earlier transfusions and are not on the form."""
    grid = draws.chance("schedule.referral", 0.3, DAYS)
    return grid & (OFFSETS[None, :] < calendar.screening[:, None])


def derive_schedule(draws: Draws, calendar: Calendar, marrow: Marrow, fate: Fate) -> Schedule:
    """Lay out the contacts of every patient: three counts a week in hospital, then weekly, then every 2–4 weeks."""
    visits = _visits(draws, calendar)
    days, weekday = OFFSETS[None, :], OFFSETS[None, :] % 7
    inpatient = (days >= -2) & (days <= fate.discharge[:, None])
    kept = ~draws.chance("schedule.skipped", 0.06, DAYS)
    ward = inpatient & np.isin(weekday, (0, 2, 4)) & (days > 0) & kept
    well = (marrow.onset < 45) & (marrow.relapse == NEVER)  # recovering patients skip some of the weekly counts
    interim = []
    for offset in INTERIM:
        comes = draws.chance(f"schedule.interim.{offset}", np.where(well, 0.45, 0.9))
        interim.append(np.where(comes, offset + draws.integers(f"schedule.slack.{offset}", -1, 1), NEVER))
    seen = _marked(draws.patients, list(visits.values()))
    at_home = _marked(draws.patients, interim) & ~inpatient
    atg, atg_end = _atg_days(draws)
    return Schedule(
        visits=visits,
        counts=seen | ward | at_home | _before_screening(draws, calendar),
        chemistry=seen | (ward & np.isin(weekday, (0, 4))) | (at_home & draws.chance("schedule.chemistry", 0.6, DAYS)),
        levels=((ward | seen) & (days >= 4) & (days <= 30)) | ((seen | at_home) & (days > 30)),
        inpatient=inpatient,
        atg=atg,
        atg_end=atg_end,
        infusion=_infusions(draws, atg_end),
    )
