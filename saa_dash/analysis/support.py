"""What may hold a count up: transfusions and growth factors as intervals, and the answers "since the last visit".

A value is supported where support of its lineage lies inside the look-back before it: date differences 0…limit, both
ends included, the same day too. Red cells 14 d and EPO for haemoglobin; platelets 7 d, rhTPO and TPO-RA for platelets;
G-CSF 7 d, pegylated 14 d for neutrophils; nothing for reticulocytes.

Decisions
---------
- rhTPO and TPO-RA have the look-back of the platelets (7 d), EPO that of the red cells (14 d): no other is given.
- A TPO-RA row that names hetrombopag is the study's own and no support.
- A transfusion lasts from the earliest to the latest day its date may mean. A medication lasts from the earliest
  possible start to the latest possible end, inclusive; without an end, or ongoing, to the cut-off. What cannot be
  placed is thereby taken as inside the look-back wherever it possibly is, and marked as imputed.
- "Yes" at a visit without any record of that class since the visit before: given on an unknown day between the two
  visits, hence imputed likewise.
- The visit record that answers for an assessment: the one of the same day, else the next one up to the end of the
  window, else the last one before it inside the window. Two records of one day: the Y counts, else the N.
- Unknown: the question not answered (or no such visit record), and no record of that class inside the look-back.

Source: domain facts, section 2 steps 2 and 3, "Other decisions" (partial dates).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .located import Located
from .lookup import Intervals, last_before, next_on_or_after, pack, positions, unpack

RBC_DAYS, EPO_DAYS = 14, 14
PLATELET_DAYS, TPO_DAYS = 7, 7
GCSF_DAYS, PEGGCSF_DAYS = 7, 14

# Lineage → what supports it and for how many days; the first named is told first where two are equally recent.
LOOK_BACK: Mapping[str, Mapping[str, int]] = {
    "ANC": {"GCSF": GCSF_DAYS, "PEGGCSF": PEGGCSF_DAYS},
    "HGB": {"RBC": RBC_DAYS, "EPO": EPO_DAYS},
    "PLAT": {"PLATELET": PLATELET_DAYS, "TPO": TPO_DAYS, "TPORA": TPO_DAYS},
}
# Lineage → question of the visit form, and the classes of which a record answers it.
QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ANC": ("GCSFYN", ("GCSF", "PEGGCSF")),
    "HGB": ("RBCYN", ("RBC",)),
    "PLAT": ("PLTYN", ("PLATELET",)),
}
CLASSES = tuple(name for classes in LOOK_BACK.values() for name in classes)

_TRANSFUSIONS = ("RBC", "PLATELET")
_STUDY_TPORA = "hetrombopag|海曲泊帕"
_YES = 1.0


@dataclass(frozen=True)
class ClassIntervals:
    """Support of one class: all of it, and what has exact dates only."""

    all: Intervals
    exact: Intervals


@dataclass(frozen=True)
class VisitAnswers:
    """Visit records, one per subject and day: sorted packed keys and the answers (1 yes, 0 no, NaN not answered)."""

    key: np.ndarray
    answers: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Support:
    """All support of a cut, by class, with the visit records."""

    classes: Mapping[str, ClassIntervals]
    visits: VisitAnswers


@dataclass(frozen=True)
class Supported:
    """Support of values, column by column.

    Parameters
    ----------
    within : support lies inside the look-back. recorded : the class asked about has a record inside it.
    kind : class of the most recent support inside the look-back, "" without. days : how many days before the value.
    imputed : only support whose date is not exactly known lies inside.
    """

    within: np.ndarray
    recorded: np.ndarray
    kind: np.ndarray
    days: np.ndarray
    imputed: np.ndarray


@dataclass(frozen=True)
class _Rows:
    """Support records as columns: place in CLASSES, subject position, first and last possible day, dates known."""

    kind: np.ndarray
    subject: np.ndarray
    first: np.ndarray
    last: np.ndarray
    exact: np.ndarray

    def where(self, use: np.ndarray) -> _Rows:
        return _Rows(self.kind[use], self.subject[use], self.first[use], self.last[use], self.exact[use])

    @staticmethod
    def joined(parts: Sequence[_Rows]) -> _Rows:
        return _Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Rows.__dataclass_fields__))


def _rows(cm: Located, cutoff: float) -> _Rows:
    kind = positions(cm.frame["CMCLAS"], CLASSES)
    first, last_start = cm.possible("CMSTDTC")
    end = cm.possible("CMENDTC")[1]
    transfusion = np.isin(kind, [CLASSES.index(name) for name in _TRANSFUSIONS])
    ongoing = cm.is_code("CMENRF", "Y") | np.isnan(end)
    last = np.where(transfusion, np.fmax(last_start, end), np.where(ongoing, cutoff, end))
    exact = first == last_start
    first, last = np.where(np.isnan(first), -np.inf, first), np.where(np.isnan(last), np.inf, last)
    use = (kind >= 0) & (cm.position >= 0) & (first <= cutoff)
    tpora = use & (kind == CLASSES.index("TPORA"))
    if tpora.any():
        use[tpora] = ~_names_study_drug(cm.frame[tpora])
    return _Rows(kind, cm.position, first, np.maximum(first, last), exact).where(use)


def _names_study_drug(rows: pd.DataFrame) -> np.ndarray:
    named = [rows[column].str.contains(_STUDY_TPORA, case=False) for column in ("CMTRT", "CMDECOD")]
    return (named[0].fillna(False) | named[1].fillna(False)).to_numpy(bool)


def _visits(sv: Located, cutoff: float) -> VisitAnswers:
    first, last = sv.possible("SVSTDTC")
    use = (sv.position >= 0) & (first == last) & (first <= cutoff)
    key, where = np.unique(pack(sv.position[use], first[use]), return_inverse=True)
    answers = {}
    for question, _ in QUESTIONS.values():
        typed = positions(sv.frame[question], ("N", "Y"))[use]  # the code is the answer: 0 no, 1 yes
        answers[question] = np.full(len(key), np.nan)
        np.fmax.at(answers[question], where, np.where(typed < 0, np.nan, typed))
    return VisitAnswers(key, answers)


def _intervals(rows: _Rows, where: np.ndarray) -> ClassIntervals:
    chosen = rows.where(where)
    exact = chosen.where(chosen.exact)
    return ClassIntervals(*(Intervals.of(part.subject, part.first, part.last) for part in (chosen, exact)))


def _undated(visits: VisitAnswers, question: str, recorded: Intervals, kind: str) -> _Rows:
    """Return an interval from visit to visit for each "yes" that no record of the class explains."""
    subject, day = unpack(visits.key)
    follows = np.append(np.zeros(1, bool), subject[1:] == subject[:-1])[: len(subject)]
    previous = np.where(follows, np.roll(day, 1), -np.inf)
    lone = (visits.answers[question] == _YES) & ~(day - recorded.days_since(subject, day) >= previous)
    kinds, exact = np.full(len(day), CLASSES.index(kind)), np.zeros(len(day), bool)
    return _Rows(kinds, subject, previous, day, exact).where(lone)


def collect_support(cm: Located, sv: Located, cutoff: float) -> Support:
    """Return every support interval and visit answer of a cut.

    Parameters
    ----------
    cm, sv : medication and visit tables. cutoff : days since 1970-01-01.
    """
    recorded, visits = _rows(cm, cutoff), _visits(sv, cutoff)
    parts = [recorded]
    for question, kinds in QUESTIONS.values():
        asked = np.isin(recorded.kind, [CLASSES.index(kind) for kind in kinds])
        parts.append(_undated(visits, question, _intervals(recorded, asked).all, kinds[0]))
    rows = _Rows.joined(parts)
    return Support({kind: _intervals(rows, rows.kind == i) for i, kind in enumerate(CLASSES)}, visits)


def support_of(support: Support, lineage: str, subject: np.ndarray, day: np.ndarray) -> Supported:
    """Return the support of one lineage's values.

    Parameters
    ----------
    lineage : ANC, HGB, PLAT or ARC (never supported). subject : positions. day : days since 1970-01-01, NaN: no value.
    """
    size = len(day)
    best, kind = np.full(size, np.inf), np.full(size, "", dtype=object)
    exact, recorded = np.zeros(size, bool), np.zeros(size, bool)
    for name, limit in LOOK_BACK.get(lineage, {}).items():
        since = support.classes[name].all.days_since(subject, day)
        inside = since <= limit
        nearer = inside & (since < best)
        best, kind = np.where(nearer, since, best), np.where(nearer, name, kind)
        exact |= support.classes[name].exact.days_since(subject, day) <= limit
        recorded |= inside & (name in QUESTIONS[lineage][1])
    within = np.isfinite(best)
    return Supported(within, recorded, kind, np.where(within, best, np.nan), within & ~exact)


def answered(
    support: Support, subject: np.ndarray, day: np.ndarray, first: np.ndarray, last: np.ndarray
) -> Mapping[str, np.ndarray]:
    """Tell per lineage whether the visit record of an assessment answers the question about its support.

    Parameters
    ----------
    day : day of the assessment, NaN gives False. first, last : the visit window, days, both included.
    """
    keys = support.visits.key
    index = next_on_or_after(keys, subject, day, last)
    index = np.where(index >= 0, index, last_before(keys, subject, day, first))
    out = {}
    for lineage, (question, _) in QUESTIONS.items():
        column = support.visits.answers[question]
        out[lineage] = (index >= 0) & ~np.isnan(column[index]) if len(column) else np.zeros(len(day), bool)
    return out


def transfused_within(
    support: Support, subject: np.ndarray, day: np.ndarray, red_cells: int, platelets: int
) -> np.ndarray:
    """Tell whether red cells or platelets were given inside their look-backs (days) before the day."""
    red = support.classes["RBC"].all.days_since(subject, day) <= red_cells
    return red | (support.classes["PLATELET"].all.days_since(subject, day) <= platelets)
