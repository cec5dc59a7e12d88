"""Forms that are missing at the visits that are due: the visit itself, blood counts, the investigator's response.

Decisions
---------
- Due: weeks 4, 8 and 12 of the full analysis set whose window has passed by the cut-off, and which the patient reached
  without death, transplant, salvage therapy or withdrawal.
- A form is there if a row bears the name of the visit, or a date inside its window. Of the counts one of ANC, Hb and
  platelets is enough.

Source: domain facts, section 2 "Days"; registry (assessments).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .basis import Basis
from .located import Located
from .schedule import Schedule

FORMS = {"SV": "SVSTDTC", "LB": "LBDTC", "RS": "RSDTC"}
_COUNTS = ("ANC", "HGB", "PLAT")
_SPAN = 10_000_000  # more than any day


@dataclass(frozen=True)
class MissingForms:
    """One form.

    Parameters
    ----------
    domain : of `FORMS`. due : visits at which it is expected. missing : of these, without it.
    """

    domain: str
    due: int
    missing: int


def count_missing(basis: Basis, schedule: Schedule, window_days: int, chosen: np.ndarray) -> tuple[MissingForms, ...]:
    """Return each form with what is due and missing.

    Parameters
    ----------
    schedule : from `schedule.plan_visits`. window_days : half-width of a window. chosen : bool by subject.
    """
    expected = schedule.due & (schedule.settled == "") & chosen[schedule.subject]
    subject, week = schedule.subject[expected], schedule.week[expected]
    target = schedule.target[expected]
    out = []
    for domain, column in FORMS.items():
        table = basis.tables[domain]
        keep = table.position >= 0
        if domain == "LB":
            keep &= table.frame["LBTESTCD"].isin(_COUNTS).to_numpy(bool)
        there = _dated(table, column, keep, subject, target, window_days) | _named(table, keep, subject, week)
        out.append(MissingForms(domain, len(subject), int((~there).sum())))
    return tuple(out)


def _dated(
    table: Located, column: str, keep: np.ndarray, subject: np.ndarray, target: np.ndarray, window: int
) -> np.ndarray:
    day = table.possible(column)[0]
    rows = keep & ~np.isnan(day)
    keys = np.sort(table.position[rows] * _SPAN + day[rows].astype("int64"))
    middle = subject * _SPAN + np.nan_to_num(target).astype("int64")
    first, last = np.searchsorted(keys, middle - window, "left"), np.searchsorted(keys, middle + window, "right")
    return last > first


def _named(table: Located, keep: np.ndarray, subject: np.ndarray, week: np.ndarray) -> np.ndarray:
    number = table.frame["VISITNUM"].to_numpy("float64", na_value=np.nan)
    rows = keep & ~np.isnan(number)
    keys = table.position[rows] * _SPAN + number[rows].astype("int64")
    return np.isin(subject * _SPAN + week, keys)
