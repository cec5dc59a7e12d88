"""Per-subject look-ups in day order on packed integer keys: nearest, next, last, time since an interval.

A key packs the subject's position and the day into one integer, so one sorted array answers for all subjects at once.
Positions are those of the subject in `saa_dash.analysis.anchors` order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

_SPAN = 1 << 22
_SHIFT = 1 << 21
_FIRST, _LAST = float(-_SHIFT // 2), float(_SHIFT // 2)  # stand for "any earlier" and "any later" day


def pack(subject: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return the sortable key of (subject position, day); days may be infinite, not NaN."""
    return subject.astype("int64") * _SPAN + np.clip(day, _FIRST, _LAST).astype("int64") + _SHIFT


def unpack(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return subject positions and days of packed keys."""
    return key // _SPAN, (key % _SPAN - _SHIFT).astype("float64")


def text_codes(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return each row's place in the list of distinct texts (-1 where missing), and that list.

    The text columns are Arrow arrays; asking Arrow costs a tenth of a millisecond where pandas takes half of one.
    """
    values = pa.array(column.array)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    encoded = values.dictionary_encode()
    indices = encoded.indices.fill_null(-1) if encoded.null_count else encoded.indices
    return indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def positions(column: pd.Series, listed: Iterable[str]) -> np.ndarray:
    """Return each row's place in a list of distinct texts, e.g. its subject's; -1 where it is not among them."""
    codes, distinct = text_codes(column)
    place = {text: i for i, text in enumerate(listed)}
    return np.array([*(place.get(text, -1) for text in distinct), -1], dtype="int64")[codes]


def nearest(keys: np.ndarray, subject: np.ndarray, target: np.ndarray, within: float) -> np.ndarray:
    """Return the index of the key nearest to `target` of the same subject, ties to the earlier; -1 if none.

    Parameters
    ----------
    keys : sorted packed keys. target : days, NaN gives -1. within : largest distance, days, included.
    """
    if not len(keys):
        return np.full(len(target), -1)
    wanted = pack(subject, np.nan_to_num(target))
    after = np.searchsorted(keys, wanted)
    before = np.maximum(after - 1, 0)
    after = np.minimum(after, len(keys) - 1)
    # Keys of other subjects lie at least _SPAN - 2 * |day| away: farther than any permitted distance.
    gap_before, gap_after = np.abs(wanted - keys[before]), np.abs(keys[after] - wanted)
    index = np.where(gap_before <= gap_after, before, after)
    gap = np.minimum(gap_before, gap_after)
    return np.where((gap <= within) & ~np.isnan(target), index, -1)


def next_on_or_after(keys: np.ndarray, subject: np.ndarray, day: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return the index of the subject's first key in day…last (days, both included); -1 if none."""
    if not len(keys):
        return np.full(len(day), -1)
    usable = ~(np.isnan(day) | np.isnan(last))
    index = np.searchsorted(keys, pack(subject, np.where(usable, day, 0)))
    index = np.minimum(index, len(keys) - 1)
    found = keys[index]
    low, high = pack(subject, np.where(usable, day, 0)), pack(subject, np.where(usable, last, 0))
    return np.where(usable & (found >= low) & (found <= high), index, -1)


def last_before(keys: np.ndarray, subject: np.ndarray, day: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the index of the subject's last key from `first` (included) to `day` (not included); -1 if none."""
    if not len(keys):
        return np.full(len(day), -1)
    usable = ~(np.isnan(day) | np.isnan(first))
    high, low = pack(subject, np.where(usable, day, 0)), pack(subject, np.where(usable, first, 0))
    index = np.searchsorted(keys, high) - 1
    found = keys[np.maximum(index, 0)]
    return np.where(usable & (index >= 0) & (found >= low), index, -1)


def take(column: np.ndarray, index: np.ndarray, missing: float | np.integer = np.nan) -> np.ndarray:
    """Return ``column[index]`` with `missing` where the index is -1."""
    if not len(column):
        return np.full(len(index), missing)
    return np.where(index >= 0, column[index], missing)


@dataclass(frozen=True)
class Intervals:
    """Closed day intervals of subjects, ready for "how long ago did the latest one end?".

    Parameters
    ----------
    start : sorted packed keys of the first days.
    reach : latest packed last day among all intervals of the subject that start no later.
    """

    start: np.ndarray
    reach: np.ndarray

    @classmethod
    def of(cls, subject: np.ndarray, first: np.ndarray, last: np.ndarray) -> Intervals:
        """Return intervals from columns; infinite ends are allowed, rows in any order."""
        start, end = pack(subject, first), pack(subject, last)
        order = np.argsort(start, kind="stable")
        return cls(start[order], np.maximum.accumulate(end[order]))

    def days_since(self, subject: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the days from the latest interval that began on or before `day` to it.

        0 where one covers the day; NaN where the subject has none or the day is missing.
        """
        if not len(self.start):
            return np.full(len(day), np.nan)
        wanted = pack(subject, np.nan_to_num(day))
        index = np.searchsorted(self.start, wanted, side="right") - 1
        reach = self.reach[np.maximum(index, 0)]
        found = (index >= 0) & (reach // _SPAN == subject) & ~np.isnan(day)
        return np.where(found, np.maximum(wanted - reach, 0), np.nan)
