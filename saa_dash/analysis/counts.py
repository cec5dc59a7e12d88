"""Blood counts as they are judged: one value per subject, test and day, sorted, with its reading (exact, "<", ">").

Decisions
---------
- Same-day duplicates: the latest time, else the lowest value. Where only some carry a time, the latest of those that
  do; equal times, the lowest.
- Results without a number or without a whole date cannot be placed and are left out, as are those after the cut-off.

Source: domain facts, section 2 step 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .located import Located
from .logic import ABOVE, BELOW, EXACT
from .lookup import pack, positions, text_codes

LINEAGES = ("ANC", "HGB", "PLAT", "ARC")
COUNT_TESTS = (*LINEAGES, "WBC")


_MINUTES = 60.0
_TIME_STARTS = len("2026-03-05T")


@dataclass(frozen=True)
class Series:
    """One test of all subjects, at most one value a day.

    Parameters
    ----------
    key : sorted packed (subject position, day). value : standard unit. reading : see `logic`.
    lower : the laboratory's lower limit of normal, standard unit, NaN where not given.
    """

    key: np.ndarray
    value: np.ndarray
    reading: np.ndarray
    lower: np.ndarray

    def until(self, last_key: np.ndarray, subject: np.ndarray) -> Series:
        """Return the values whose key does not exceed the last permitted one of their subject."""
        keep = self.key <= last_key[subject]
        return Series(self.key[keep], self.value[keep], self.reading[keep], self.lower[keep])


def readings(sign: pd.Series) -> np.ndarray:
    """Return how numbers are to be read by their sign in LBCENS."""
    place = positions(sign, ("<", ">"))
    return np.select([place == 0, place == 1], [BELOW, ABOVE], EXACT)


def minute_of_day(dtc: pd.Series) -> np.ndarray:
    """Return the time of day in minutes; -1 without one."""
    codes, distinct = text_codes(dtc)
    minutes = []
    for text in distinct:
        parts = [float(part) for part in text[_TIME_STARTS:].split(":") if part.replace(".", "").isdigit()]
        minutes.append(sum(part * _MINUTES ** (1 - i) for i, part in enumerate(parts)) if parts else -1.0)
    return np.array([*minutes, -1.0])[codes]


def _first_of_day(key: np.ndarray, rows: pd.DataFrame, reading: np.ndarray) -> np.ndarray:
    """Return row numbers, one per key in key order: the latest time of the day, else the lowest value."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    repeated = ordered[1:] == ordered[:-1]
    if not repeated.any():
        return order
    crowded = np.append(repeated, False) | np.insert(repeated, 0, False)
    rival = order[crowded]
    some = rows.iloc[rival]
    best = np.lexsort((reading[rival], some["LBSTRESN"].to_numpy(), -minute_of_day(some["LBDTC"]), key[rival]))
    order[crowded] = rival[best]
    return order[np.insert(~repeated, 0, True)]


def collect_counts(lb: Located, cutoff: float, tests: Iterable[str] = COUNT_TESTS) -> Mapping[str, Series]:
    """Return the judged values of each test.

    Parameters
    ----------
    lb : the laboratory table. cutoff : days since 1970-01-01. tests : LBTESTCD values.
    """
    tests = tuple(tests)
    first, last = lb.possible("LBDTC")
    test = positions(lb.frame["LBTESTCD"], tests)
    usable = (test >= 0) & (lb.position >= 0) & (first == last) & (first <= cutoff)
    wanted = np.flatnonzero(usable & ~np.isnan(lb.frame["LBSTRESN"].to_numpy()))
    rows = lb.frame[["LBDTC", "LBSTRESN", "LBCENS", "LBSTNRLO"]].iloc[wanted]
    test, day, subject = test[wanted], first[wanted], lb.position[wanted]
    reading = readings(rows["LBCENS"])
    key = pack(test * lb.size + subject, day)
    chosen = _first_of_day(key, rows, reading)
    columns = [rows["LBSTRESN"].to_numpy(), reading, rows["LBSTNRLO"].to_numpy()]
    key, test = pack(subject, day)[chosen], test[chosen]
    columns = [column[chosen] for column in columns]
    edges = np.searchsorted(test, np.arange(len(tests) + 1))
    return {
        name: Series(key[lo:hi], *(column[lo:hi] for column in columns))
        for name, lo, hi in zip(tests, edges[:-1], edges[1:], strict=True)
    }
