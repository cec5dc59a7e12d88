"""What a principal sees of single patients: which columns, under which codes, and which selections are too small.

Decisions
---------
- Who may not see patients sees codes of the presentation, R01 …: ranks of a keyed hash. The hash takes in the cut and
  the selection, so that neither the order of enrolment nor who is in which of two selections can be read off.
- A selection by sex, age or severity is small where it holds fewer than `LEAST_CELL` patients, or where leaving out
  one or more of its conditions (all of them: everybody else) would add fewer than that: what is small can be had by
  subtraction too. Ages are asked for in the bands of `AGE_BANDS`, so that two ranges cannot differ by one patient.
- Who sees patients but no dates sees study days. The age of data is then told in bands: days before a known cut-off
  are dates.

Source: domain facts, section 4 "Other decisions", "Small cells".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from ..model.errors import Refused
from ..model.filters import Filters
from ..model.principal import Principal
from .policy import Permission, can_permission, scope

LEAST_CELL = 5  # patients; the settings of the study may raise it
AGE_BANDS = ((0, 17), (18, 39), (40, 59), (60, 150))  # years, both included

_DATE = re.compile(r"[A-Z0-9]*(DTC|DTM|DT|DATE)")
# where a row was typed and under which number; natural keys are made of subject numbers, dates and words
_PLACES = frozenset({"USUBJID", "SUBJID", "SITEID", "ROWKEY", "ROWHASH", "SRCFILE", "SRCSHEET", "SRCROW"})
_SPID = re.compile(r"[A-Z]{2}SPID")
_WORDS = frozenset(
    {"AETERM", "AEDESC", "DSTERM", "DSREAS", "SVREASON", "PEDESC", "RSDESC", "DVTERM", "MHTERM", "CMINDC", "CMREACT"}
    | {"DESC", "CAUSE", "EXADJ", "LBORRES", "VSORRES", "TYPED"}
)
_MAY_HOLD_DATES = _WORDS | {"REASON", "NAME"}  # a code as a rule, here and there words
# A date in free text: 2026-03-05, 2026/3, 2026.03.05, 2026年3月5日, 05MAR2026, 20260305.
_WRITTEN = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?|\s*月)?"
    r"|\d{1,2}[-/. ]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[-/. ,]*(?:19|20)\d{2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    re.IGNORECASE,
)
NO_DATE = "····"


@dataclass(frozen=True)
class Sight:
    """What a principal may see of single patients.

    Parameters
    ----------
    patients : one by one, under P-codes, with what was written about them. dates : calendar dates.
    subject_ids : numbers of the form, and the place in the source. scope : of the cache, `policy.scope`.
    """

    patients: bool
    dates: bool
    subject_ids: bool
    scope: str


def sight_of(principal: Principal) -> Sight:
    """Return what a principal may see; dates and numbers belong to patients, so nobody has them without these."""
    single = can_permission(principal, Permission.VIEW_PATIENTS)
    return Sight(
        patients=single,
        dates=single and can_permission(principal, Permission.VIEW_DATES),
        subject_ids=single and can_permission(principal, Permission.VIEW_SUBJECT_IDS),
        scope=scope(principal),
    )


def check_sight(principal: Principal, sight: Sight) -> None:
    """Refuse a view that was opened for somebody who sees more or less.

    Raises
    ------
    Refused : ``error.other_sight``.
    """
    if sight != sight_of(principal):
        raise Refused("error.other_sight")


def redact(frame: pd.DataFrame, sight: Sight) -> pd.DataFrame:
    """Return a frame of single patients without the columns that a sight leaves out, dates in its words blanked.

    Parameters
    ----------
    frame : SDTM or ADaM column names.
    """
    drop = [name for name in frame.columns if _hidden(str(name), frame[name], sight)]
    out = frame.drop(columns=drop)
    if sight.dates:
        return out
    words = [name for name in out.columns if name in _MAY_HOLD_DATES]
    return out.assign(**{name: without_dates(out[name]) for name in words})


def _hidden(name: str, column: pd.Series, sight: Sight) -> bool:
    if not sight.subject_ids and (name in _PLACES or _SPID.fullmatch(name)):
        return True
    if not sight.patients and name in _WORDS:
        return True
    if sight.dates:
        return False
    return bool(_DATE.fullmatch(name)) or pd.api.types.is_datetime64_any_dtype(column.dtype)


def without_dates(words: pd.Series) -> pd.Series:
    """Return free text with the dates in it blanked."""
    return words.map(lambda word: _WRITTEN.sub(NO_DATE, word) if isinstance(word, str) else word)


def recode(subjects: Sequence[str], key: bytes, salt: str) -> list[str]:
    """Return a code of the presentation for each subject, R01 …, in the order of a keyed hash.

    Parameters
    ----------
    key : secret of the installation. salt : what the codes hold for: cut and selection.
    """
    drawn = [hmac.new(key, f"{salt}\0{subject}".encode(), hashlib.sha256).digest() for subject in subjects]
    place = {digest: rank for rank, digest in enumerate(sorted(drawn), start=1)}
    width = max(2, len(str(len(drawn))))
    return [f"R{place[digest]:0{width}d}" for digest in drawn]


def check_filters(filters: Filters, sight: Sight) -> None:
    """Refuse a selection of single patients, or of ages other than the bands, to who may not see patients.

    Raises
    ------
    Refused : ``error.not_permitted``.
    """
    if not sight.patients and (filters.patients or (filters.age is not None and filters.age not in AGE_BANDS)):
        raise Refused("error.not_permitted", permission=str(Permission.VIEW_PATIENTS))


def is_small(conditions: Sequence[np.ndarray], least: int = LEAST_CELL) -> bool:
    """Tell whether a selection, or what leaving out some of its conditions would add, is too small to be shown.

    Parameters
    ----------
    conditions : for each condition, which patients meet it; none: everybody, and never small.
    least : patients; below `LEAST_CELL` it has no effect.
    """
    if not conditions:
        return False
    least = max(least, LEAST_CELL)
    chosen = int(np.logical_and.reduce(conditions).sum())
    if chosen < least:
        return True
    everybody = np.ones(len(conditions[0]), dtype=bool)
    wider = (
        int(np.logical_and.reduce([everybody, *kept]).sum())
        for size in range(len(conditions))
        for kept in combinations(conditions, size)
    )
    return any(0 < n - chosen < least for n in wider)


def holds_small_cell(counts: Sequence[int], least: int = LEAST_CELL) -> bool:
    """Tell whether a cross-tabulation by what tells persons apart holds a cell of some, but too few, patients.

    Parameters
    ----------
    counts : of all its cells. least : patients; below `LEAST_CELL` it has no effect.
    """
    return any(0 < n < max(least, LEAST_CELL) for n in counts)
