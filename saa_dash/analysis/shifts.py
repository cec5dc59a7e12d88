"""Shifts from baseline to the worst result on or after day 1, one row per subject, with the results behind each.

Levels are CTCAE grades 0…4 for tests that have any grade, else the place in the limits of normal; UNKNOWN stands for
what is missing. A test without grades may fall and rise in one patient: such a worst level is BOTH.

Decisions
---------
- The worst graded result is that of `adlb` (WORSTFL); without grades it is the one farthest outside its limits, the
  first of equal ones.
- A shift is for the worse where the grade rose above that of the baseline, or where a direction occurs that the
  baseline did not have. Without a level at baseline, any grade from 1 on and any value outside the limits counts.
- Everybody treated is in the table: without a result on or after day 1 the worst level is not known.

Source: domain facts, section 5; CONTRACT, ADLB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .columns import coded
from .ctcae import INDICATORS
from .lookup import positions
from .measures import extremity

GRADES = ("0", "1", "2", "3", "4")
RANGES = (*INDICATORS, "BOTH")
UNKNOWN = "UNKNOWN"
SEVERE = 3  # from this grade on
SIGNS = ("<", ">")  # of values held at a limit of detection

_LOW, _NORMAL, _HIGH, _BOTH = range(4)
_GROUP = ["USUBJID", "TEST", "SERIES"]


def levels_of(graded: bool) -> tuple[str, ...]:
    """Return the levels of a shift table in order, UNKNOWN last."""
    return (*(GRADES if graded else RANGES), UNKNOWN)


def derive_shifts(measures: pd.DataFrame, *, ratio: bool) -> pd.DataFrame:
    """Return one row per subject, test and series with a baseline or a result on or after day 1.

    Parameters
    ----------
    measures : see `measures`. ratio : how extremes are measured, see `measures.extremity`.

    Returns
    -------
    USUBJID, TEST, SERIES; GRADED (bool: levels are grades); BEFORE, AFTER (levels); WORSE (bool); N (results on or
    after day 1); BASE, BASECENS ("<", ">" or missing), BASEDY; WORST, WORSTCENS, WORSTDY, LOWER, UPPER, ATLEAST of the
    worst result.
    """
    rows = measures[(measures["BASEFL"] | measures["POSTFL"]) & measures["AVAL"].notna()]
    group = rows.groupby(_GROUP, sort=False).ngroup().to_numpy()
    size = int(group.max(initial=-1)) + 1
    head = rows[_GROUP].iloc[_first_of(group, np.ones(len(rows), bool), size)].reset_index(drop=True)
    graded = _has_grades(rows, head)
    post = rows["POSTFL"].to_numpy()
    base = _first_of(group, rows["BASEFL"].to_numpy(), size)
    worst = np.where(graded, _first_of(group, rows["WORSTFL"].to_numpy(), size), _farthest(rows, group, size, ratio))
    low, high = (_any_of(group, post & (rows["IND"] == place).to_numpy(), size) for place in (_LOW, _HIGH))
    known = _any_of(group, post & (rows["IND"] >= 0).to_numpy(), size)
    before_range, after_range = _at(rows["IND"], base, -1), _range_level(low, high, known)
    before = np.where(graded, _at(rows["GRADE"], base), np.where(before_range >= 0, before_range, np.nan))
    after = np.where(graded, _at(rows["GRADE"], worst), after_range)
    worse = np.where(graded, _at(rows["EMERGFL"], worst, 0) == 1, _range_worse(before_range, low, high))
    return head.assign(
        GRADED=graded,
        BEFORE=_named(before, graded),
        AFTER=_named(after, graded),
        WORSE=worse,
        N=np.bincount(group[post], minlength=size),
        BASE=_at(rows["AVAL"], base),
        BASECENS=_signs(rows["CENS"], base),
        BASEDY=_at(rows["ADY"], base),
        WORST=_at(rows["AVAL"], worst),
        WORSTCENS=_signs(rows["CENS"], worst),
        WORSTDY=_at(rows["ADY"], worst),
        LOWER=_at(rows["LOWER"], worst),
        UPPER=_at(rows["UPPER"], worst),
        ATLEAST=_at(rows["ATLEAST"], worst, 0) == 1,
    )


def _first_of(group: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """Return the first row of each group that meets a condition, -1 without."""
    out = np.full(size, -1)
    rows = np.flatnonzero(where)[::-1]
    out[group[rows]] = rows
    return out


def _any_of(group: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    out = np.zeros(size, bool)
    out[group[where]] = True
    return out


def _at(column: pd.Series, place: np.ndarray, missing: float = np.nan) -> np.ndarray:
    values = column.to_numpy().astype("float64")
    return np.where(place >= 0, values[place], missing) if len(values) else np.full(len(place), missing)


def _signs(column: pd.Series, place: np.ndarray) -> Any:
    code = positions(column, SIGNS)
    return coded(np.where(place >= 0, code[place], -1) if len(code) else np.full(len(place), -1), SIGNS)


def _has_grades(rows: pd.DataFrame, head: pd.DataFrame) -> np.ndarray:
    """Tell which groups belong to a test and series that has a grade anywhere."""
    some = rows.loc[rows["GRADE"].notna(), ["TEST", "SERIES"]].drop_duplicates()
    return pd.MultiIndex.from_frame(head[["TEST", "SERIES"]]).isin(pd.MultiIndex.from_frame(some))


def _farthest(rows: pd.DataFrame, group: np.ndarray, size: int, ratio: bool) -> np.ndarray:
    """Return the row on or after day 1 that lies farthest outside its limits, or nearest to them; -1 without one."""
    limits = (rows[name].to_numpy() for name in ("AVAL", "LOWER", "UPPER"))
    far = extremity(*limits, ratio=ratio)
    candidates = np.flatnonzero(rows["POSTFL"].to_numpy())
    order = candidates[np.lexsort((candidates, -np.nan_to_num(far[candidates], nan=-np.inf), group[candidates]))]
    out = np.full(size, -1)
    out[group[order[::-1]]] = order[::-1]
    return out


def _range_level(low: np.ndarray, high: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.select([low & high, low, high, known], [_BOTH, _LOW, _HIGH, _NORMAL], np.nan)


def _range_worse(before: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return (low & (before != _LOW)) | (high & (before != _HIGH))


def _named(level: np.ndarray, graded: np.ndarray) -> Any:
    words = (*GRADES, *RANGES, UNKNOWN)
    place = np.where(graded, 0, len(GRADES)) + np.nan_to_num(level)
    return coded(np.where(np.isnan(level), len(words) - 1, place).astype("int64"), words)


@dataclass(frozen=True)
class ShiftTable:
    """Shifts of one test over the treated patients.

    Parameters
    ----------
    levels : in order, UNKNOWN last. counts : patients by [level at baseline][worst level].
    treated : everybody in the table. measured : with a result on or after day 1.
    worsened : shifted for the worse. severe : of these to grade 3 or 4, None without grades.
    graded : the levels are CTCAE grades.
    """

    levels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    treated: int
    measured: int
    worsened: int
    severe: int | None
    graded: bool


def shifts_of_all(shifts: pd.DataFrame, subjects: Sequence[str]) -> pd.DataFrame:
    """Return one row per subject: shifts of one test and series, and rows of nothing known for all others.

    Parameters
    ----------
    shifts : from `derive_shifts`, of one test and series. subjects : USUBJID of the treated.
    """
    found = shifts.set_index("USUBJID").reindex(list(subjects))
    graded = bool(shifts["GRADED"].any())
    filled = found.assign(
        GRADED=graded, N=found["N"].fillna(0).astype("int64"), WORSE=found["WORSE"].eq(True),
        **{name: found[name].fillna(UNKNOWN) for name in ("BEFORE", "AFTER")},
    )  # fmt: skip
    return filled.rename_axis("USUBJID").reset_index()


def count_shifts_of(rows: pd.DataFrame) -> ShiftTable:
    """Return the shift table of the rows of `shifts_of_all`."""
    graded = bool(rows["GRADED"].any())
    levels = levels_of(graded)
    place = {level: i for i, level in enumerate(levels)}
    counts = np.zeros((len(levels), len(levels)), dtype="int64")
    np.add.at(counts, (rows["BEFORE"].map(place).to_numpy(int), rows["AFTER"].map(place).to_numpy(int)), 1)
    return ShiftTable(
        levels=levels,
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        treated=len(rows),
        measured=int((rows["N"] > 0).sum()),
        worsened=int(rows["WORSE"].sum()),
        severe=int((rows["WORSE"] & is_severe(rows)).sum()) if graded else None,
        graded=graded,
    )


def is_severe(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows have a worst grade of 3 or 4."""
    return rows["AFTER"].isin([str(grade) for grade in range(SEVERE, len(GRADES))])


def summarise_shifts(shifts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per test and series: how many were measured, got worse, got worse to grade 3 or 4.

    Parameters
    ----------
    shifts : from `derive_shifts`, of the treated.

    Returns
    -------
    TEST, SERIES, MEASURED, WORSENED, SEVERE (NaN for tests without grades), GRADED (bool), KNOWN (bool: a level is
    known for anybody at all).
    """
    work = shifts.assign(
        MEASURED=shifts["N"] > 0,
        WORSENED=shifts["WORSE"].astype(bool),
        SEVERE=shifts["WORSE"].astype(bool) & is_severe(shifts),
        KNOWN=(shifts["AFTER"] != UNKNOWN) | (shifts["BEFORE"] != UNKNOWN),
    )
    grouped = work.groupby(["TEST", "SERIES"], sort=True)
    out = grouped[["MEASURED", "WORSENED", "SEVERE"]].sum().astype("float64")
    out[["GRADED", "KNOWN"]] = grouped[["GRADED", "KNOWN"]].any()
    out["SEVERE"] = out["SEVERE"].where(out["GRADED"])
    return out.reset_index()
