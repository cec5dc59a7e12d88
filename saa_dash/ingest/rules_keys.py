"""Who and what a row is about: known subjects, no row twice."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..model.problem import Problem
from .values import TypedSheet

# A key that stands twice is an error: the second row contradicts or repeats the first.
_UNIQUE: Mapping[str, tuple[str, ...]] = {
    "VISIT": ("SUBJID", "VISIT", "SVSTDTC"),
    "EX": ("SUBJID", "EXTRT", "EXSTDTC"),
    "AE": ("SUBJID", "AESPID"),
    "PE": ("SUBJID", "PEDTC", "PETESTCD"),
    "RS": ("SUBJID", "VISIT", "RSDTC"),
    "DS": ("SUBJID", "DSDECOD", "DSCOMP", "DSSTDTC"),
}
_MAY_BE_EMPTY = ("DSCOMP",)
_REPEATABLE = {"PE": ("PETESTCD", "OTHER")}  # several findings under "other" are no repetition
# A sample twice is queried: both stay, the analysis takes the later or lower value.
_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "LAB": ("SUBJID", "LBDTC", "LBTM"),
    "CSA": ("SUBJID", "LBDTC", "LBTM", "LBTPT"),
    "VS": ("SUBJID", "VSDTC", "VSTM"),
}
# Rows alike in every cell are queried: two units on one day are possible.
_WHOLE_ROWS = ("TRANSF", "CM", "DV")


def check_keys(sheets: Mapping[str, TypedSheet]) -> list[Problem]:
    """Return unknown and repeated subjects and repeated rows; the later of two rows is the one named."""
    problems: list[Problem] = []
    subjects = sheets.get("SUBJ")
    if subjects is not None:
        ids = subjects.values["SUBJID"]
        problems += subjects.flag(ids.notna() & ids.duplicated(), "subject_duplicate", "SUBJID")
    known = set(subjects.values["SUBJID"].dropna()) if subjects is not None else set()
    for code, typed in sheets.items():
        if code == "SUBJ":
            continue
        ids = typed.values["SUBJID"]
        if subjects is not None:
            name = subjects.source.name
            problems += typed.flag(ids.notna() & ~ids.isin(known), "subject_unknown", "SUBJID", sheet_name=name)
        problems += _repetitions(code, typed)
    return problems


def _repetitions(code: str, typed: TypedSheet) -> list[Problem]:
    values = typed.values
    if code in _UNIQUE:
        key = list(_UNIQUE[code])
        whole = values[[name for name in key if name not in _MAY_BE_EMPTY]].notna().all(axis=1)
        if code in _REPEATABLE:
            column, code_of_many = _REPEATABLE[code]
            whole &= values[column] != code_of_many
        return _second(typed, values[key], whole, "duplicate_key", _shown_column(code))
    if code in _SAMPLES:
        key = list(_SAMPLES[code])
        return _second(typed, values[key], values[key[:2]].notna().all(axis=1), "duplicate_sample", key[1])
    if code in _WHOLE_ROWS:
        return _second(typed, values, values["SUBJID"].notna(), "duplicate_row", typed.source.sheet.start_column)
    return []


def _shown_column(code: str) -> str:
    return _UNIQUE[code][1]


def _second(typed: TypedSheet, keys: pd.DataFrame, counted: pd.Series, problem: str, column: str) -> list[Problem]:
    considered = keys[counted]
    repeated = considered.duplicated()
    groups = considered.groupby(list(considered), dropna=False, sort=False)
    first = pd.Series(considered.index, index=considered.index).groupby(groups.ngroup()).transform("first")
    rows = repeated.reindex(keys.index, fill_value=False)
    return typed.flag(rows, problem, column, first_row=first)
