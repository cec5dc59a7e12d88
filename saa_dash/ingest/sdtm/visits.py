"""Visit names of a package → the visits of a cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ...model.vocabulary import Visit
from ..text import map_unique, map_unique_text
from .dataset import SdtmDataset
from .terms import fold_term

_WEEK = re.compile(r"(?:WEEK|WK|W)\s*-?\s*0*(\d{1,3})(?:\s*\([^)]*\))?|第?(?P<zh>\d{1,3})周")
_DAYS_PER_WEEK = 7.0


def visit_code(name: str) -> str:
    """Return the visit of a cut: SCREENING, BASELINE, W4 …, UNSCHEDULED; other names stay as they are, trimmed.

    Any week is Wn, also one the form does not have; a remark in brackets ("WEEK 10 (T)", by telephone) is dropped.
    """
    folded = fold_term(name)
    if folded.startswith("SCREENING") or folded == "SCREEN" or folded == "筛选期":
        return Visit.SCREENING.value
    if folded.startswith("BASELINE") or folded == "基线":
        return Visit.BASELINE.value
    if folded.startswith(("UNSCHED", "计划外")):
        return Visit.UNSCHEDULED.value
    week = _WEEK.fullmatch(folded)
    return f"W{int(week[1] or week['zh'])}" if week else name.strip()


def visit_codes(names: pd.Series) -> pd.Series:
    """Return `visit_code` of each name."""
    return map_unique_text(names, visit_code)


def planned_weeks(datasets: Iterable[SdtmDataset]) -> Mapping[str, float]:
    """Return VISITNUM by visit code over a whole package.

    Week n has n, screening −1, baseline 0, unscheduled none. Another visit ("AMBUL ECG REMOVAL") stands at its planned
    day (VISITDY) in weeks, so that it sorts among the others; where that is a whole week, 0.01 after it, so that it is
    not taken for that week's visit; without a planned day it has none.
    """
    days: dict[str, list[float]] = {}
    for dataset in datasets:
        frame = dataset.frame
        if "VISIT" not in frame or "VISITDY" not in frame:
            continue
        numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in ("VISIT", "VISITDY")]
        if numeric == [False, True]:
            known = frame[["VISIT", "VISITDY"]].dropna().drop_duplicates()
            for name, day in zip(known["VISIT"], known["VISITDY"], strict=True):
                days.setdefault(visit_code(name), []).append(float(day))
    return {code: _between(float(np.median(found)) / _DAYS_PER_WEEK) for code, found in days.items()}


def _between(week: float) -> float:
    rounded = round(week, 2)
    return rounded + 0.01 if rounded == int(rounded) else rounded


def visit_numbers(codes: pd.Series, planned: Mapping[str, float]) -> pd.Series:
    """Return VISITNUM of visit codes; see `planned_weeks`."""

    def number(code: str) -> float:
        if code == Visit.SCREENING:
            return -1.0
        if code == Visit.BASELINE:
            return 0.0
        if code == Visit.UNSCHEDULED:
            return np.nan
        return float(code[1:]) if re.fullmatch(r"W\d+", code) else planned.get(code, np.nan)

    return map_unique(codes, number).astype(float)
