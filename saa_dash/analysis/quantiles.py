"""Quantiles of a Kaplan–Meier curve with Brookmeyer–Crowley limits, by the rules of R's ``quantile.survfit``.

The q-quantile is the first time at which 1−S reaches q. Where 1−S *equals* q over an interval (within `TOLERANCE`) it
is the middle of that interval, and where it equals q from a time to the end of the curve, the middle of those two. The
limits are the same reading of the two confidence bands; NaN where a band does not reach q.

Two habits of R are kept, because its answers are the reference: a curve that stays below the smallest of the wanted
quantiles has none of them, compared without tolerance; and of a band that is not monotone the smallest value ≥ q is
read, not the first in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .limits import CONF_LEVEL, Array, ConfType
from .survival import SurvivalCurve

TOLERANCE = float(np.sqrt(np.finfo(float).eps))  # R: tolerance = sqrt(.Machine$double.eps)
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Quantile:
    """The time by which a share `q` has had the event, with limits; NaN = not reached."""

    q: float
    estimate: float
    lower: float
    upper: float


def _first_of_each(values: Array) -> Array:
    _, first = np.unique(values, return_index=True)  # NaN count as one value
    return np.sort(first)


def _step_index(levels: Array, wanted: Array) -> Array:
    """Return, per wanted level, the (mean) index of the smallest level at or above it, NaN where there is none."""
    known = np.flatnonzero(~np.isnan(levels))
    distinct, group = np.unique(levels[known], return_inverse=True)
    index = np.bincount(group, weights=known) / np.bincount(group)
    place = np.searchsorted(distinct, wanted, side="left")
    found = (place < distinct.size) & (wanted >= distinct[0])
    return np.where(found, index[np.minimum(place, distinct.size - 1)], np.nan)


def _time_at(times: Array, index: Array) -> Array:
    known = ~np.isnan(index)
    return np.where(known, times[np.where(known, index, 0).astype(int)], np.nan)


def read_quantiles(time: Array, failed: Array, wanted: Array) -> Array:
    """Return the times at which a curve that rises from 0 reaches the wanted levels; NaN where it does not.

    Parameters
    ----------
    time : increasing. failed : its level from each time on: 1-S, a cumulative incidence, or a band of either.
    """
    times, levels = np.concatenate([[0.0], time]), np.concatenate([[0.0], failed])
    last = times[-1]
    if np.nanmax(levels) < wanted.min():
        return np.full(wanted.shape, np.nan)
    keep = _first_of_each(levels)
    times, levels = times[keep], levels[keep]
    start = _time_at(times, _step_index(levels + TOLERANCE, wanted))
    end = _time_at(times, _step_index(levels - TOLERANCE, wanted))
    at_end = np.abs(wanted - levels[-1]) < TOLERANCE  # False for NaN: the band has no end to stand on
    return (start + np.where(at_end, last, end)) / 2


def estimate_quantiles(
    curve: SurvivalCurve, conf_type: ConfType, probabilities: Sequence[float] = QUARTILES, level: float = CONF_LEVEL
) -> tuple[Quantile, ...]:
    """Return the quantiles of a curve.

    Parameters
    ----------
    probabilities : shares that have had the event, between 0 and 1 exclusive; 0.5 is the median.
    conf_type : scale of the bands the limits are read from.
    """
    wanted = np.asarray(probabilities, dtype=float)
    lower, upper = curve.limits(conf_type, level)
    columns = [read_quantiles(curve.time, 1 - band, wanted) for band in (curve.surv, lower, upper)]
    return tuple(Quantile(*map(float, row)) for row in zip(wanted, *columns, strict=True))
