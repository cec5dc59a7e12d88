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

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .days import day_number, possible_days
from .lookup import Intervals, last_before, next_on_or_after, pack, subject_positions, unpack
from .study_data import StudyData

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
_NO, _YES = 0.0, 1.0


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


def _rows(data: StudyData, subjects: np.ndarray) -> pd.DataFrame:
    cm = data["CM"]
    cm = cm.loc[cm["CMCLAS"].isin(CLASSES), ["USUBJID", "CMCLAS", "CMTRT", "CMDECOD", "CMSTDTC", "CMENDTC", "CMENRF"]]
    tpora = cm["CMCLAS"] == "TPORA"
    if tpora.any():
        named = [cm[column].str.contains(_STUDY_TPORA, case=False).fillna(False) for column in ("CMTRT", "CMDECOD")]
        cm = cm[~(tpora & (named[0] | named[1]))]
    cutoff = day_number(data.cutoff)
    first, last_start = possible_days(cm["CMSTDTC"])
    end = possible_days(cm["CMENDTC"])[1]
    transfusion = cm["CMCLAS"].isin(_TRANSFUSIONS).to_numpy(bool)
    ongoing = (cm["CMENRF"] == "Y").to_numpy(bool) | np.isnan(end)
    last = np.where(transfusion, np.fmax(last_start, end), np.where(ongoing, cutoff, end))
    exact = first == last_start
    first, last = np.where(np.isnan(first), -np.inf, first), np.where(np.isnan(last), np.inf, last)
    subject = subject_positions(cm["USUBJID"], subjects)
    rows = pd.DataFrame(
        {"KIND": cm["CMCLAS"].to_numpy(object), "SUBJECT": subject, "FIRST": first, "EXACT": exact}
    ).assign(LAST=np.maximum(first, last))
    return rows[(subject >= 0) & (first <= cutoff)]


def _visits(data: StudyData, subjects: np.ndarray) -> VisitAnswers:
    sv = data["SV"]
    first, last = possible_days(sv["SVSTDTC"])
    subject = subject_positions(sv["USUBJID"], subjects)
    use = (subject >= 0) & (first == last) & (first <= day_number(data.cutoff))
    key, where = np.unique(pack(subject[use], first[use]), return_inverse=True)
    answers = {}
    for question, _ in QUESTIONS.values():
        typed = sv[question][use]
        given = np.where((typed == "Y").to_numpy(bool), _YES, np.where((typed == "N").to_numpy(bool), _NO, np.nan))
        answers[question] = np.full(len(key), np.nan)
        np.fmax.at(answers[question], where, given)
    return VisitAnswers(key, answers)


def _intervals(rows: pd.DataFrame) -> ClassIntervals:
    columns = [rows[name].to_numpy() for name in ("SUBJECT", "FIRST", "LAST")]
    exact = rows["EXACT"].to_numpy(bool)
    return ClassIntervals(Intervals.of(*columns), Intervals.of(*(column[exact] for column in columns)))


def _undated(visits: VisitAnswers, question: str, recorded: Intervals, kind: str) -> pd.DataFrame:
    """Return an interval from visit to visit for each "yes" that no record of the class explains."""
    subject, day = unpack(visits.key)
    same = np.append(False, subject[1:] == subject[:-1]) if len(subject) else np.empty(0, bool)
    previous = np.where(same, np.roll(day, 1), -np.inf)
    since = recorded.days_since(subject, day)
    lone = (visits.answers[question] == _YES) & ~(day - since >= previous)
    return pd.DataFrame(
        {"KIND": kind, "SUBJECT": subject[lone], "FIRST": previous[lone], "LAST": day[lone], "EXACT": False}
    )


def collect_support(data: StudyData, subjects: np.ndarray) -> Support:
    """Return every support interval and visit answer of a cut.

    Parameters
    ----------
    subjects : USUBJID in the order of `anchors.subjects_of`.
    """
    rows, visits = _rows(data, subjects), _visits(data, subjects)
    for question, kinds in QUESTIONS.values():
        recorded = rows[rows["KIND"].isin(kinds)]
        extra = _undated(visits, question, _intervals(recorded).all, kinds[0])
        if len(extra):
            rows = pd.concat([rows, extra], ignore_index=True)
    return Support({kind: _intervals(rows[rows["KIND"] == kind]) for kind in CLASSES}, visits)


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
