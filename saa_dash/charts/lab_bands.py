"""Bands and lines behind a course: limits of normal, CTCAE grades, a target range; and what to say of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..analysis.findings_course import Limits
from ..model.ctcae import HighGrades, LowGrades
from .scale import Band
from .theme import Look

_NORMAL, _GRADE, _TARGET = 0.1, 0.13, 0.14  # opacity


@dataclass(frozen=True)
class Background:
    """What lies behind a course. notes : sentences for the footnote."""

    bands: tuple[Band, ...]
    lines: tuple[tuple[float, str], ...]
    notes: tuple[str, ...]


def background_of(
    limits: Limits,
    grades: LowGrades | HighGrades | None,
    target: tuple[float, float] | None,
    measure: str,
    look: Look,
    *,
    version: str,
) -> Background:
    """Return the background of a test.

    Parameters
    ----------
    measure : value, change or multiple (of the upper limit of normal). version : of the CTCAE.
    """
    if measure == "change":
        return Background((), ((0.0, look.say("lab.band.no_change")),), ())
    if measure == "multiple":
        normal = [Band(-np.inf, 1.0, look.say("lab.band.normal"), look.palette.muted, _NORMAL)]
        lines = [(1.0, look.say("lab.band.uln"))]
        unit: float | None = 1.0
    else:
        normal, lines = _normal(limits, look)
        unit = None if limits.differ else limits.upper
    bands = [*normal, *_grades(grades, unit, measure, look)]
    if target and measure == "value":
        bands.append(
            Band(*target, look.say("lab.band.target", low=target[0], high=target[1]), look.palette.accent, _TARGET)
        )
    return Background(tuple(bands), tuple(lines), _notes(limits, grades, unit, measure, look, version))


def _normal(limits: Limits, look: Look) -> tuple[list[Band], list[tuple[float, str]]]:
    low, high = limits.lower, limits.upper
    if low is None and high is None:
        return [], []
    band = Band(
        -np.inf if low is None else low, np.inf if high is None else high, look.say("lab.band.normal"),
        look.palette.muted, _NORMAL,
    )  # fmt: skip
    named = [(low, "lln"), (high, "uln")]
    lines = [(value, f"{look.say(f'lab.band.{key}')} {value:g}") for value, key in named if value is not None]
    return [band], lines


def _grades(grades: LowGrades | HighGrades | None, unit: float | None, measure: str, look: Look) -> list[Band]:
    """Return one band per grade from 2 on; grade 1 is an outline only wherever grades are drawn."""
    if isinstance(grades, LowGrades):
        if measure == "multiple":
            return []
        floors = {**grades.below, max(grades.below) + 1: -np.inf}
        edges = {grade: (floors[grade + 1], top) for grade, top in grades.below.items()}
    elif grades is not None and unit is not None:
        tops = {**grades.uln, max(grades.uln) + 1: np.inf}
        edges = {grade: (unit * low, unit * tops[grade + 1]) for grade, low in grades.uln.items() if grade > 1}
    else:
        return []
    return [
        Band(low, high, look.say("lab.grade", grade=grade), look.palette.grade[grade], _GRADE)
        for grade, (low, high) in edges.items()
    ]


def _notes(
    limits: Limits, grades: LowGrades | HighGrades | None, unit: float | None, measure: str, look: Look, version: str
) -> tuple[str, ...]:
    notes = []
    if measure == "value" and limits.differ:
        key = "lab.note.differ" if limits.lower is not None or limits.upper is not None else "lab.note.differ_all"
        notes.append(look.say(key))
    if grades is not None:
        notes.append(look.say("lab.note.ctcae", version=version))
    if isinstance(grades, HighGrades):
        notes.append(look.say("lab.note.baseline" if unit is not None else "lab.note.no_bands"))
    return tuple(notes)
