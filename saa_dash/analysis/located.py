"""A table with its rows placed: whose they are and on which days, worked out once per column."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .days import Days, possible_days
from .lookup import positions, text_codes


class Located:
    """A table of a cut, its rows by subject position.

    Parameters
    ----------
    frame : the table. subjects : USUBJID in the order of `anchors.subjects_of`; rows of others have position -1.
    """

    def __init__(self, frame: pd.DataFrame, subjects: np.ndarray) -> None:
        self.frame = frame
        self.size = len(subjects)
        self.position = positions(frame["USUBJID"], subjects)
        self._days: dict[str, tuple[Days, Days]] = {}
        self._codes: dict[str, tuple[np.ndarray, list[str]]] = {}

    def possible(self, column: str) -> tuple[Days, Days]:
        """Return the earliest and latest days a date column may mean."""
        if column not in self._days:
            self._days[column] = possible_days(self.frame[column])
        return self._days[column]

    def is_code(self, column: str, code: str) -> np.ndarray:
        """Tell which rows hold a code."""
        if column not in self._codes:
            self._codes[column] = text_codes(self.frame[column])
        codes, distinct = self._codes[column]
        return codes == distinct.index(code) if code in distinct else np.zeros(len(codes), bool)

    def one_row_each(self) -> np.ndarray:
        """Return each subject's first row number, in subject order (tables with a row for everybody: DM)."""
        rows = np.zeros(self.size, dtype="int64")
        known = np.flatnonzero(self.position >= 0)[::-1]
        rows[self.position[known]] = known
        return rows

    def first(self, day: Days, where: np.ndarray | None = None) -> Days:
        """Return each subject's smallest day among its rows (NaN without one), of those in `where` if given."""
        return self._extreme(np.fmin, day, where)

    def last(self, day: Days, where: np.ndarray | None = None) -> Days:
        """Return each subject's greatest day among its rows (NaN without one), of those in `where` if given."""
        return self._extreme(np.fmax, day, where)

    def _extreme(self, ufunc: np.ufunc, day: Days, where: np.ndarray | None) -> Days:
        use = (self.position >= 0) & ~np.isnan(day)
        if where is not None:
            use &= where
        out = np.full(self.size, np.nan)
        ufunc.at(out, self.position[use], day[use])
        return out
