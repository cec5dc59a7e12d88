"""ADLB: laboratory results with limits, baseline, change and CTCAE grades; shifts from baseline to the worst grade.

Columns of `derive_laboratory` (dates ``datetime64[s]``, flags "Y"/"N" or missing where they do not apply):

    STUDYID, USUBJID, PARAMCD (LBTESTCD), PARAM, PARCAT1 (LBCAT), ATPT (C0, C2)
    AVAL, AVALU         value in the standard unit. LBCENS "<" or ">": the value lies below or above it
    ANRLO, ANRHI, ANRIND  limits of normal; LOW, NORMAL or HIGH
    ADT, ADY, AVISIT, AVISITN
    ABLFL, BASE, BNRIND, CHG   baseline; BASE and CHG from the baseline record on, CHG after day 1
    POSTFL              Y: on or after day 1
    ATOXGR, BTOXGR      CTCAE grade 0…4 and that of the baseline; missing for tests without grades
    (counts and haemoglobin in another unit than the standard one have no grade)
    ATOXV               version of the criteria, beside every grade
    ATOXBY              what the grade was judged by: VALUE, LLN, ULN, BASELINE
    ATOXGE              Y: at least this grade (result "<x" or ">x")
    WORSTFL             Y: worst grade of the test on or after day 1; of equal ones the most extreme, then the first
    TRTEMFL             Y: on or after day 1 a grade above the baseline's (without a graded baseline: 1 or more)
    LBORRES, LBORRESU, LBORNRLO, LBORNRHI   as typed. ROWKEY

Source: domain facts, section 5; CONTRACT, ADLB. Baseline and order of rows: `findings`; grades: `ctcae`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.ctcae import HIGHEST_BY_VALUE, ToxicityCriteria
from ..model.vocabulary import LAB_TESTS
from .basis import Basis, prepare
from .columns import coded, mark
from .counts import readings
from .ctcae import INDICATORS, JUDGED_BY, Results, grade_test, range_indicator
from .days import as_dates, study_day
from .findings import Findings, collect_findings, visit_columns
from .located import Located
from .lookup import positions, text_codes
from .status import first_day
from .study_data import StudyData

_COPIED = ("LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI", "ROWKEY")
_RENAMED = {
    "STUDYID": "STUDYID", "PARAMCD": "LBTESTCD", "PARAM": "LBTEST", "PARCAT1": "LBCAT", "ATPT": "LBTPT",
    "AVALU": "LBSTRESU", "LBCENS": "LBCENS",
}  # fmt: skip
_ORDER = (
    "STUDYID", "USUBJID", "PARAMCD", "PARAM", "PARCAT1", "ATPT", "AVAL", "AVALU", "LBCENS", "ANRLO", "ANRHI", "ANRIND",
    "ADT", "ADY", "AVISIT", "AVISITN", "ABLFL", "BASE", "BNRIND", "CHG", "POSTFL", "ATOXGR", "BTOXGR", "ATOXV",
    "ATOXBY", "ATOXGE", "WORSTFL", "TRTEMFL", *_COPIED,
)  # fmt: skip


@dataclass(frozen=True)
class _Grades:
    """Grades of all rows; see `ctcae.Graded`."""

    grade: np.ndarray
    at_least: np.ndarray
    by: np.ndarray
    severity: np.ndarray  # how extreme the value is in the direction of the grades


def _grades(found: Findings, frame: pd.DataFrame, criteria: ToxicityCriteria) -> _Grades:
    reading, test = readings(frame["LBCENS"]), positions(frame["LBTESTCD"], criteria.tests)
    lower, upper = frame["LBSTNRLO"].to_numpy(), frame["LBSTNRHI"].to_numpy()
    base = np.where(found.after_start, found.of_baseline(found.value), np.nan)
    base_upper = np.where(found.after_start, found.of_baseline(upper), np.nan)
    columns = (found.value, reading, lower, upper, base, base_upper)
    size = len(found.rows)
    foreign_unit = _foreign_unit(frame)
    grade, at_least = np.full(size, np.nan), np.zeros(size, bool)
    by, severity = np.full(size, -1), found.value.copy()
    for i, name in enumerate(criteria.tests):
        mine = np.flatnonzero((test == i) & ~(foreign_unit if name in criteria.low else False))
        graded = grade_test(name, Results(*(column[mine] for column in columns)), criteria)
        grade[mine], at_least[mine], by[mine] = graded.grade, graded.at_least, graded.by
        if name in criteria.low:
            severity[mine] = -found.value[mine]
    return _Grades(grade, at_least, by, severity)


def _foreign_unit(frame: pd.DataFrame) -> np.ndarray:
    """Tell which results are not in the standard unit of their test: grades by value do not hold for them."""
    unit, distinct = text_codes(frame["LBSTRESU"])
    standard = np.array([*(distinct.index(name) if name in distinct else -2 for name in LAB_TESTS.values()), -1])
    expected = standard[positions(frame["LBTESTCD"], LAB_TESTS)]
    return (unit >= 0) & (expected != -1) & (unit != expected)


def _worst(found: Findings, grades: _Grades) -> np.ndarray:
    """Tell which rows are the worst of their subject and test on or after day 1."""
    rows = np.flatnonzero(found.after_start & ~np.isnan(grades.grade))
    by_group = found.series[rows], found.subject[rows]
    order = rows[np.lexsort((rows, -grades.severity[rows], -grades.grade[rows], *by_group))]
    subject, series = found.subject[order], found.series[order]
    same = (subject[1:] == subject[:-1]) & (series[1:] == series[:-1])
    worst = np.zeros(len(found.rows), bool)
    worst[order[np.insert(~same, 0, True)[: len(order)]]] = True
    return worst


def _indicator(found: Findings, frame: pd.DataFrame) -> np.ndarray:
    """Return places in `INDICATORS`; where there are no limits, the laboratory's own statement."""
    lower, upper = frame["LBSTNRLO"].to_numpy(), frame["LBSTNRHI"].to_numpy()
    own = positions(frame["LBNRIND"], INDICATORS)
    derived = range_indicator(found.value, readings(frame["LBCENS"]), lower, upper)
    return np.where(np.isnan(lower) & np.isnan(upper), own, derived)


def _usable(lb: Located) -> np.ndarray:
    done = lb.frame["LBSTRESN"].notna() | lb.frame["LBORRES"].notna()
    return done.to_numpy(bool) & ~lb.is_code("LBSTAT", "NOT DONE")


def derive_laboratory(data: StudyData, criteria: ToxicityCriteria, basis: Basis | None = None) -> pd.DataFrame:
    """Return ADLB, one row per result, sorted by subject, test, date and time; columns as documented above.

    Parameters
    ----------
    criteria : from `saa_dash.protocol.ctcae`. basis : `prepare(data)` where the caller already has it.
    """
    basis = basis or prepare(data)
    lb = basis.tables["LB"]
    value = lb.frame["LBSTRESN"].to_numpy()
    start = first_day(basis.anchors)
    series = ("LBTESTCD", "LBTPT")
    found = collect_findings(lb, "LBDTC", value, series, _usable(lb), start, basis.cutoff)
    frame = lb.frame.iloc[found.rows]
    grades, indicator = _grades(found, frame, criteria), _indicator(found, frame)
    base_grade = found.of_baseline(grades.grade)
    graded, after = ~np.isnan(grades.grade), found.after_start
    worse = np.where(np.isnan(base_grade), grades.grade > 0, grades.grade > base_grade)
    columns: dict[str, object] = {name: frame[source].array for name, source in _RENAMED.items()}
    columns |= {name: frame[name].array for name in _COPIED} | visit_columns(frame)
    dated = ~np.isnan(found.day - found.first_day)
    base = found.of_baseline(found.value)
    columns |= {
        "USUBJID": coded(found.subject, basis.subjects.tolist()),
        "AVAL": found.value,
        "ANRLO": frame["LBSTNRLO"].to_numpy(),
        "ANRHI": frame["LBSTNRHI"].to_numpy(),
        "ANRIND": coded(indicator, INDICATORS),
        "ADT": as_dates(found.day),
        "ADY": study_day(found.day, found.first_day),
        "BASE": base,
        "BNRIND": coded(np.nan_to_num(found.of_baseline(indicator), nan=-1).astype("int64"), INDICATORS),
        "CHG": np.where(after, found.value - base, np.nan),
        "POSTFL": coded(np.where(dated, after, -1), ("N", "Y")),
        "ABLFL": mark(found.is_baseline),
        "ATOXGR": grades.grade,
        "BTOXGR": base_grade,
        "ATOXV": coded(np.where(graded, 0, -1), (criteria.version,)),
        "ATOXBY": coded(grades.by, JUDGED_BY),
        "ATOXGE": mark(grades.at_least),
        "WORSTFL": mark(_worst(found, grades)),
        "TRTEMFL": coded(np.where(graded & after, worse, -1), ("N", "Y")),
    }
    return pd.DataFrame({name: columns[name] for name in _ORDER})


@dataclass(frozen=True)
class Shift:
    """Patients by baseline grade and worst grade on or after day 1, for one test.

    Parameters
    ----------
    test : LBTESTCD. table : [baseline grade][worst grade], each 0…4 and at last "not known".
    patients : with a graded result on or after day 1. worsened : worst grade above that of the baseline.
    severe : among the worsened, worst grade 3 or 4.
    """

    test: str
    table: tuple[tuple[int, ...], ...]
    patients: int
    worsened: int
    severe: int


def count_shifts(adlb: pd.DataFrame, criteria: ToxicityCriteria) -> tuple[Shift, ...]:
    """Return one shift table per graded test, from baseline to worst grade.

    Parameters
    ----------
    adlb : from `derive_laboratory`, whole or restricted to a subgroup.
    """
    worst = adlb[(adlb["WORSTFL"] == "Y").to_numpy(bool)]
    test = positions(worst["PARAMCD"], criteria.tests)
    unknown = HIGHEST_BY_VALUE + 1
    before, after = (
        np.nan_to_num(worst[name].to_numpy(), nan=unknown).astype("int64") for name in ("BTOXGR", "ATOXGR")
    )
    emergent = (worst["TRTEMFL"] == "Y").to_numpy(bool)
    counts = np.zeros((len(criteria.tests), unknown + 1, unknown + 1), dtype="int64")
    np.add.at(counts, (test, before, after), 1)
    return tuple(
        Shift(
            test=name,
            table=tuple(tuple(int(n) for n in row) for row in counts[i]),
            patients=int(counts[i].sum()),
            worsened=int((emergent & (test == i)).sum()),
            severe=int((emergent & (test == i) & (after >= 3)).sum()),
        )
        for i, name in enumerate(criteria.tests)
    )


def list_worsened(adlb: pd.DataFrame, grade: int = 3) -> pd.DataFrame:
    """Return the worst result of each subject and test where it worsened to at least `grade` (1…4)."""
    chosen = (adlb["WORSTFL"] == "Y") & (adlb["TRTEMFL"] == "Y") & (adlb["ATOXGR"] >= grade)
    return adlb[chosen.to_numpy(bool)].reset_index(drop=True)
