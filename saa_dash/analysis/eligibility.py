"""Eligibility: each exclusion and what follows from the record, answered on the form and checked against the data.

Decisions
---------
- An exclusion answered "yes" and an inclusion answered "no" are violations; not answered is unknown.
- Age: DM.AGE within the registered limits, both included. Disease: severity as derived is SAA or VSAA; where it cannot
  be derived, the investigator's entry decides.
- Consent before any procedure: the consent date is on or before the first of visit, examination, enrolment and first
  dose. Laboratory results and transfusions before consent are routine care and do not count.
- Recruiting: the enrolment date lies inside the registered period, both ends included.
- Where the answer on the form and the data disagree, both stand in the row (AGREEFL N) and the violation prevails.
- Screen failures are checked too and marked: a violation is why they were not enrolled.

Source: registry record (exclusion criteria, age, recruiting period, "what follows from it").
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.protocol import EligibilityCheck, Period, Protocol
from .basis import Basis, prepare
from .columns import coded
from .days import as_dates, as_days, day_number
from .lookup import positions
from .severity import derive_severity
from .study_data import StudyData

MET, VIOLATED, UNKNOWN = range(3)
RESULTS = ("MET", "VIOLATED", "UNKNOWN")
_ANSWERS = ("N", "Y")
_PROCEDURES = {"SV": "SVSTDTC", "PE": "PEDTC"}


def _answers(basis: Basis, code: str, good: str) -> np.ndarray:
    """Return the answer to one criterion by subject as MET, VIOLATED or UNKNOWN; of several a violation prevails."""
    ie = basis.tables["IE"]
    answer = positions(ie.frame["IEORRES"], _ANSWERS)
    asked = ie.is_code("IETESTCD", code) & (answer >= 0) & (ie.position >= 0)
    violated = asked & (answer != _ANSWERS.index(good))
    out = np.full(ie.size, UNKNOWN)
    out[ie.position[asked]] = MET
    out[ie.position[violated]] = VIOLATED
    return out


def _judged(good: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, np.where(good, MET, VIOLATED), UNKNOWN)


def _age(basis: Basis, protocol: Protocol) -> np.ndarray:
    dm = basis.tables["DM"]
    age = dm.frame["AGE"].to_numpy("float64", na_value=np.nan)[dm.one_row_each()]
    return _judged((age >= protocol.age_min) & (age <= protocol.age_max), ~np.isnan(age))


def _disease(data: StudyData, basis: Basis, arc_cut: float) -> np.ndarray:
    severity = derive_severity(data, arc_cut, basis)
    derived, reason = severity["SEVERITY"], severity["SEVREAS"]
    shown = derived.where(derived.notna() | (reason == "NOT_AA"), severity["SEVINV"])
    known = shown.notna() | (reason == "NOT_AA")
    return _judged(shown.isin(["SAA", "VSAA"]).to_numpy(bool), known.to_numpy(bool))


def _consent(basis: Basis) -> tuple[np.ndarray, np.ndarray]:
    """Return the judgement and the day of the first procedure."""
    tables, anchors = basis.tables, basis.anchors
    dm = tables["DM"]
    consent = dm.first(dm.possible("RFICDTC")[1])
    procedures = [dm.first(dm.possible("ENRLDTC")[0]), as_days(anchors["TRTSDT"])]
    procedures += [tables[name].first(tables[name].possible(column)[0]) for name, column in _PROCEDURES.items()]
    first = np.fmin.reduce(procedures)
    known = ~np.isnan(consent) & ~np.isnan(first)
    return _judged(consent <= first, known), first


def _recruiting(basis: Basis, period: Period) -> np.ndarray:
    dm = basis.tables["DM"]
    first, last = (dm.first(day) for day in dm.possible("ENRLDTC"))
    inside = (first >= day_number(period.start)) & (last <= day_number(period.end))
    outside = (last < day_number(period.start)) | (first > day_number(period.end))
    return np.where(inside, MET, np.where(outside, VIOLATED, UNKNOWN))


def _checked(data: StudyData, basis: Basis, protocol: Protocol, check: EligibilityCheck, arc_cut: float) -> np.ndarray:
    if check.kind == "age":
        return _age(basis, protocol)
    if check.kind == "disease":
        return _disease(data, basis, arc_cut)
    if check.kind == "consent":
        return _consent(basis)[0]
    return _recruiting(basis, protocol.recruiting)


def _together(answer: np.ndarray, derived: np.ndarray) -> np.ndarray:
    """Return one result of answer and data: a violation prevails, then what is known."""
    cases = [(answer == VIOLATED) | (derived == VIOLATED), (answer == MET) | (derived == MET)]
    return np.select(cases, [VIOLATED, MET], UNKNOWN)


def derive_eligibility(data: StudyData, protocol: Protocol, arc_cut: float, basis: Basis | None = None) -> pd.DataFrame:
    """Return one row per subject and criterion, sorted by USUBJID and then as listed in the protocol.

    Parameters
    ----------
    protocol : of this study. arc_cut : for the severity, 10^9/L. basis : `prepare(data)` where already there.

    Returns
    -------
    USUBJID, CODE (EXCL01 …, INCL01 …, RECRUIT); RESULT MET, VIOLATED or UNKNOWN; ANSWER and DERIVED likewise, missing
    where there is no question or nothing to derive; AGREEFL Y/N where both are known; SCRNFL as in DM; ENRLDT,
    RFICDT, PROCDT (first procedure).
    """
    basis = basis or prepare(data)
    size = len(basis.subjects)
    none = np.full(size, -1)
    judged = [(item.code, _answers(basis, item.code, "N"), none) for item in protocol.exclusion]
    judged += [(item.code, _answers(basis, item.code, "Y"), none) for item in protocol.inclusion]
    for check in protocol.checks:
        answer = _answers(basis, check.code, "Y") if check.asked else none
        judged.append((check.code, answer, _checked(data, basis, protocol, check, arc_cut)))
    codes = [code for code, _, _ in judged]
    answer, derived = (np.stack([item[i] for item in judged]).T.ravel() for i in (1, 2))
    subject, criterion = np.repeat(np.arange(size), len(codes)), np.tile(np.arange(len(codes)), size)
    both = (answer >= 0) & (answer != UNKNOWN) & (derived >= 0) & (derived != UNKNOWN)
    dm = basis.tables["DM"]
    row = dm.one_row_each()[subject]
    return pd.DataFrame(
        {
            "USUBJID": coded(subject, basis.subjects.tolist()),
            "CODE": coded(criterion, codes),
            "RESULT": coded(_together(answer, derived), RESULTS),
            "ANSWER": coded(answer, RESULTS),
            "DERIVED": coded(derived, RESULTS),
            "AGREEFL": coded(np.where(both, answer == derived, -1), ("N", "Y")),
            "SCRNFL": dm.frame["SCRNFL"].array[row],
            "ENRLDT": as_dates(dm.possible("ENRLDTC")[0][row]),
            "RFICDT": as_dates(dm.possible("RFICDTC")[0][row]),
            "PROCDT": as_dates(_consent(basis)[1][subject]),
        }
    )


def list_eligibility_findings(eligibility: pd.DataFrame) -> pd.DataFrame:
    """Return what is violated, unknown, or answered otherwise than the data say, of subjects not failed at screening.

    Parameters
    ----------
    eligibility : from `derive_eligibility`.
    """
    enrolled = eligibility["SCRNFL"] != "Y"
    found = (eligibility["RESULT"] != "MET") | (eligibility["AGREEFL"] == "N")
    return eligibility[(enrolled & found).to_numpy(bool)].reset_index(drop=True)
