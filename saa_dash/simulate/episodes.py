"""Where adverse events come from: reactions, infections, bleeding by platelet count, laboratory episodes, the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .draws import Array
from .laboratory import Panels
from .patients import Patients
from .subjects import recorded
from .support import transfusion_reactions
from .timeline import DAYS, NEVER, OFFSETS
from .typed import stretches
from .ward import INFECTIONS

# (key, share of patients, first offset, last offset, shortest, longest duration, weights of grades 1–3)
_SCATTERED: tuple[tuple[str, float, int, int, int, int, tuple[float, float, float]], ...] = (
    ("HYPERTENSION", 0.22, 6, 50, 20, 90, (0.4, 0.5, 0.1)),
    ("HYPERGLYCAEMIA", 0.18, 1, 14, 5, 20, (0.5, 0.4, 0.1)),
    ("HYPOKALAEMIA", 0.20, 3, 25, 3, 10, (0.6, 0.2, 0.2)),
    ("NAUSEA", 0.22, 2, 40, 2, 10, (0.75, 0.25, 0.0)),
    ("DIARRHOEA", 0.10, 3, 60, 2, 6, (0.7, 0.3, 0.0)),
    ("HEADACHE", 0.12, 1, 40, 1, 5, (0.8, 0.2, 0.0)),
    ("TREMOR", 0.08, 14, 70, 30, 120, (0.9, 0.1, 0.0)),
    ("GINGIVAL", 0.07, 50, 120, 60, 150, (0.8, 0.2, 0.0)),
    ("HAIR", 0.10, 35, 90, 100, 200, (1.0, 0.0, 0.0)),
    ("RASH", 0.06, 10, 60, 4, 14, (0.7, 0.3, 0.0)),
    ("CMV", 0.09, 14, 50, 10, 28, (0.1, 0.8, 0.1)),
    ("GVHD", 0.006, 14, 50, 7, 25, (0.5, 0.5, 0.0)),
    ("CLONE", 0.012, 100, 168, 400, 400, (0.3, 0.6, 0.1)),
)
_BLEEDS = ("BRUISES", "EPISTAXIS", "GUMS", "RETINA", "GUT")
_BLEED_WEIGHTS = (0.42, 0.22, 0.26, 0.07, 0.03)
_BLEED_GAP = 12  # days between two bleeding events of a patient
# Grade limits by multiples: of the upper normal limit for ALT and bilirubin, of baseline for creatinine.
_STEPS = {"ALT": (1.25, 3, 5, 20), "BILIRUBIN": (1.15, 1.5, 3, 10), "CREATININE": (1.42, 1.5, 3, 6)}


@dataclass(frozen=True)
class Episodes:
    """Adverse events as arrays: text key, patient, first and last offset (NEVER = open) and CTCAE grade."""

    key: Array
    patient: Array
    start: Array
    end: Array
    grade: Array


def _episodes(key: str, patient: Array, start: Array, end: Array, grade: Array) -> Episodes:
    return Episodes(np.full(len(patient), key, dtype=object), patient, start, end, grade.astype(int))


def _reactions(patients: Patients) -> Iterator[Episodes]:
    fevers, schedule = patients.fevers, patients.schedule
    who = np.flatnonzero(fevers.infusion_grade > 0)
    first = np.zeros(len(who), dtype=int)
    yield _episodes("INFUSION_REACTION", who, first, fevers.infusion_days[who] - 1, fevers.infusion_grade[who])
    who = np.flatnonzero(fevers.serum_start < NEVER)
    start = fevers.serum_start[who]
    yield _episodes("SERUM_SICKNESS", who, start, start + fevers.serum_days[who] - 1, fevers.serum_grade[who])
    who, nth = np.nonzero((fevers.cell_grade > 0) & (schedule.infusion < patients.fate.death[:, None]))
    day = schedule.infusion[who, nth]
    yield _episodes("CELL_REACTION", who, day, day, fevers.cell_grade[who, nth])
    who, column = np.nonzero(transfusion_reactions(patients))
    day = OFFSETS[column]
    yield _episodes("TRANSFUSION_REACTION", who[day >= 0], day[day >= 0], day[day >= 0], np.ones((day >= 0).sum()))


def _infections(patients: Patients) -> Episodes:
    patient, first, last, kind = recorded(patients, patients.course.infection)
    index = kind.astype(int) - 1
    luck = patients.draws.uniform("ae.infection_grade", DAYS)[patient, first - OFFSETS[0]]
    usual = np.array([3, 3, 4, 2, 2, 2, 3, 2])[index]
    milder, worse = np.isin(index, (1, 5)) & (luck < 0.4), np.isin(index, (1, 4)) & (luck > 0.9)
    grade = usual - milder + worse
    fatal = ~patients.fate.bleeding[patient] & (first <= patients.fate.illness[patient])
    fatal &= last >= patients.fate.illness[patient]
    grade = np.where(fatal, 5, grade)
    # Runs stop at the end of observation: what stops there and is not fatal is open.
    end = np.where((last >= patients.stop[patient]) & ~fatal, NEVER, last)
    end = np.where(fatal, patients.fate.death[patient], end)
    return Episodes(np.array(INFECTIONS, dtype=object)[index], patient, first, end, grade)


def _bleeding(patients: Patients) -> Iterator[Episodes]:
    draws, plt = patients.draws, patients.course.plt
    risk = np.select([plt < 10, plt < 20, plt < 50], [0.030, 0.012, 0.002], 0.0)
    hit = patients.present & (OFFSETS[None, :] >= 0) & (draws.uniform("ae.bleed", DAYS) < risk)
    patient, day = np.nonzero(hit)
    close = np.concatenate([[False], (patient[1:] == patient[:-1]) & (day[1:] - day[:-1] < _BLEED_GAP)])[: len(patient)]
    patient, day = patient[~close], day[~close]
    kind = draws.choice("ae.bleed_kind", _BLEED_WEIGHTS, DAYS)[patient, day]
    grade = np.where(kind == 4, 3, 1 + (draws.uniform("ae.bleed_grade", DAYS)[patient, day] < 0.3))
    last = OFFSETS[day] + draws.integers("ae.bleed_days", 2, 9, DAYS)[patient, day]
    yield Episodes(np.array(_BLEEDS, dtype=object)[kind], patient, OFFSETS[day], last, grade)
    fate = patients.fate
    who = np.flatnonzero((fate.death < NEVER) & fate.bleeding)
    start = fate.death[who] - draws.integers("ae.brain", 0, 2)[who]
    yield _episodes("BRAIN", who, start, fate.death[who], np.full(len(who), 5))


def _laboratory(patients: Patients, panels: Panels, key: str, ratio: Array) -> Episodes:
    """Return runs of consecutive measured values above the first step; the grade is that of the worst."""
    known = ~np.isnan(ratio)
    who, day, value = panels.patient[known], panels.offset[known], ratio[known]
    high = (value > _STEPS[key][0]) & (day > 0)
    first = high & ~np.concatenate([[False], high[:-1] & (who[1:] == who[:-1])])[: len(high)]
    number = np.cumsum(first) - 1
    begins = np.flatnonzero(first)
    worst = np.zeros(len(begins))
    np.maximum.at(worst, number[high], value[high])
    last = np.zeros(len(begins), dtype=int)
    np.maximum.at(last, number[high], np.flatnonzero(high))
    after = np.minimum(last + 1, len(who) - 1)
    ended = (last + 1 < len(who)) & (who[after] == who[last])
    end = np.where(ended, day[after], NEVER)
    grade = 1 + sum((worst > step).astype(int) for step in _STEPS[key][1:])
    return _episodes(key, who[begins], day[begins], end, np.asarray(grade))


def _creatinine_ratio(patients: Patients, panels: Panels) -> Array:
    value = np.where(panels.chemistry, panels.values["CREAT"], np.nan)
    base = np.full(patients.count, np.nan)
    before = (panels.offset < 0) & panels.chemistry
    base[panels.patient[before]] = value[before]  # rows are in order: the last one before treatment stays
    return np.asarray(value / base[panels.patient])


def _scattered(patients: Patients) -> Iterator[Episodes]:
    draws = patients.draws
    for key, share, first, last, shortest, longest, weights in _SCATTERED:
        who = np.flatnonzero(draws.chance(f"ae.{key}", share))
        start = draws.integers(f"ae.{key}.start", first, last)[who]
        end = start + draws.integers(f"ae.{key}.days", shortest, longest)[who]
        yield _episodes(key, who, start, end, 1 + draws.choice(f"ae.{key}.grade", weights)[who])
    growing = stretches(patients.course.gcsf & patients.present)
    once = np.concatenate([[True], growing[0][1:] != growing[0][:-1]])[: len(growing[0])]
    aching = once & draws.chance("ae.bone", 0.2)[growing[0]]
    start = growing[1][aching] + 2
    yield _episodes("BONE_PAIN", growing[0][aching], start, start + 3, np.ones(len(start)))


def derive_episodes(patients: Patients, panels: Panels) -> Episodes:
    """Return all adverse events that begin under observation after the first dose, ordered by patient and day."""
    parts = [
        *_reactions(patients),
        _infections(patients),
        *_bleeding(patients),
        _laboratory(patients, panels, "ALT", panels.ratio_to_upper("ALT")),
        _laboratory(patients, panels, "BILIRUBIN", panels.ratio_to_upper("BILI")),
        _laboratory(patients, panels, "CREATININE", _creatinine_ratio(patients, panels)),
        *_scattered(patients),
    ]
    names = ("key", "patient", "start", "end", "grade")
    key, patient, start, end, grade = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    keep = (start >= 0) & (start <= patients.stop[patient])
    order = np.flatnonzero(keep)[np.lexsort((key[keep].astype(str), start[keep], patient[keep]))]
    return Episodes(key[order], patient[order], start[order], end[order], grade[order])
