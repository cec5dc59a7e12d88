"""What laboratory results, vital signs and examinations share: order of rows, baseline, change, visit names.

Decisions
---------
- Day 1 is the first ATG day, else the first dose of anything. The baseline is the last value on a day before it: on
  day 1 itself the form does not tell what was taken before the dose. Of one day the latest time counts, else the
  lowest value.
- A record whose date is not whole stays in the dataset, but is neither baseline nor after it.
- AVISIT is the visit as recorded on the form; efficacy has windows of its own.

Source: domain facts, section 2 "Baseline" and step 1; CONTRACT "Days".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import Visit
from .columns import coded
from .counts import minute_of_day
from .days import Days
from .located import Located
from .lookup import take, text_codes

_NAMED_VISITS = {
    Visit.SCREENING: ("Screening", -1.0),
    Visit.BASELINE: ("Baseline", 0.0),
    Visit.UNSCHEDULED: ("Unscheduled", np.nan),
}


@dataclass(frozen=True)
class Findings:
    """Rows of a findings table in the order of subject, series, day, time.

    Parameters
    ----------
    rows : row numbers in the source table. subject : positions. series : number of the test (with position and time
        point where they matter) within the table. day : whole days since 1970-01-01, NaN where not known.
    value : NaN where missing. first_day : day 1 of the row's subject, NaN where never treated.
    baseline : place (in this order) of the row's baseline, -1 without.
    """

    rows: np.ndarray
    subject: np.ndarray
    series: np.ndarray
    day: Days
    value: np.ndarray
    first_day: Days
    baseline: np.ndarray

    @property
    def is_baseline(self) -> np.ndarray:
        """Tell which rows are a baseline."""
        return self.baseline == np.arange(len(self.rows))

    @property
    def after_start(self) -> np.ndarray:
        """Tell which rows lie on or after day 1."""
        return self.day >= self.first_day

    def of_baseline(self, column: np.ndarray) -> np.ndarray:
        """Return a number of each row's baseline; NaN without one, and before day 1."""
        known = np.where(self.is_baseline | self.after_start, self.baseline, -1)
        return take(column, known)


def series_of(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return the number of each row's series: rows that agree in these columns, in the order of their texts."""
    number = np.zeros(len(frame), dtype="int64")
    for column in columns:
        codes, distinct = text_codes(frame[column])
        rank = np.argsort(np.argsort(np.array(distinct, dtype=object))) if distinct else np.empty(0, "int64")
        number = number * (len(distinct) + 1) + np.append(rank + 1, 0)[codes]
    return number


def order_rows(keys: Sequence[np.ndarray], rowkey: pd.Series) -> np.ndarray:
    """Return row numbers sorted by keys (the first one decides first) and then by ROWKEY.

    Only rows that agree in every key are compared by their text.
    """
    order = np.lexsort(tuple(reversed(keys)))
    same = np.ones(max(len(order) - 1, 0), bool)
    for key in keys:
        ordered = key[order]
        same &= (ordered[1:] == ordered[:-1]) | ((ordered[1:] != ordered[1:]) & (ordered[:-1] != ordered[:-1]))
    if same.any():
        crowded = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        run = np.cumsum(np.insert(~same, 0, True))[crowded]
        names = rowkey.to_numpy(object)[order[crowded]]
        order[crowded] = order[crowded][np.lexsort((names.astype(str), run))]
    return order


def _baselines(group: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Return the place of the last candidate of each row's group; -1 without. Rows are sorted by group."""
    if not len(group):
        return np.empty(0, "int64")
    number = np.cumsum(np.insert(group[1:] != group[:-1], 0, False))
    last = np.full(number[-1] + 1, -1)
    places = np.flatnonzero(candidate)
    last[number[places]] = places  # sorted by time: the last one stays
    return last[number]


def collect_findings(
    table: Located,
    date: str,
    value: np.ndarray,
    series: Sequence[str],
    keep: np.ndarray,
    first_day: Days,
    cutoff: float,
) -> Findings:
    """Return the rows of a findings table with their baselines.

    Parameters
    ----------
    date : name of the date column. value : by row of the table. series : columns that tell series apart.
    keep : rows to take; those after the cut-off and those of nobody are left out anyway.
    first_day : day 1 by subject. cutoff : days since 1970-01-01.
    """
    first, last = table.possible(date)
    rows = np.flatnonzero(keep & (table.position >= 0) & ~(first > cutoff))
    frame = table.frame.iloc[rows]
    subject, number = table.position[rows], series_of(frame, series)
    day = np.where(first == last, first, np.nan)[rows]
    keys = (subject, number, np.nan_to_num(day, nan=np.inf), minute_of_day(frame[date]), -value[rows])
    order = order_rows(keys, frame["ROWKEY"])
    subject, number, day, values = subject[order], number[order], day[order], value[rows][order]
    start = first_day[subject]
    group = subject.astype("int64") * (number.max(initial=0) + 1) + number
    baseline = _baselines(group, (day < start) & ~np.isnan(values))
    return Findings(rows[order], subject, number, day, values, start, baseline)


def visit_columns(frame: pd.DataFrame) -> dict[str, object]:
    """Return AVISIT and AVISITN of rows with VISIT and VISITNUM."""
    codes, distinct = text_codes(frame["VISIT"])
    number = frame["VISITNUM"].to_numpy("float64", na_value=np.nan)
    names, known = [], []
    for visit in distinct:
        name, week = _visit(visit)
        names.append(name)
        known.append(week)
    listed = np.array([*(visit in set(Visit) for visit in distinct), False])[codes]
    avisitn = np.where(listed, np.array([*known, np.nan])[codes], number)
    return {"AVISIT": coded(codes, names), "AVISITN": avisitn}


def _visit(code: str) -> tuple[str, float]:
    if code in _NAMED_VISITS:
        return _NAMED_VISITS[Visit(code)]
    if code in set(Visit):
        return f"Week {code[1:]}", float(code[1:])
    return code, np.nan
