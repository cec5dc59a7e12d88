"""Where a time axis is ticked and a curve is read: weeks 4, 8 and 12 of the trial, then quarters, half-years and years.

Decisions
---------
- A month is 30.4375 days; months 3, 6, 12 … are read at the nearest whole day (91, 183, 365 …). Week 12 is day 84.
- Weeks 4, 8 and 12 are always read, later times as far as anybody is followed.
- The median of a cumulative incidence is the time at which it reaches one half, all patients at risk counted, its
  limits where the limits of the incidence do; by the rules of `quantiles`. It is not the median of those who recovered.

Source: domain facts, section 7; KMunicate (Morris et al. BMJ Open 2019): the table stands at the ticks of the axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from .incidence import IncidenceCurve
from .limits import ConfType
from .quantiles import Quantile, read_quantiles

TimeUnit = Literal["days", "weeks", "months"]
TIME_UNITS: tuple[TimeUnit, ...] = get_args(TimeUnit)
MONTH_DAYS = 30.4375
DAYS_OF: dict[TimeUnit, float] = {"days": 1.0, "weeks": 7.0, "months": MONTH_DAYS}

_VISIT_WEEKS = (4, 8, 12)
_LATER_MONTHS = (3, 6, 12, 24, 36, 60)
_MONTH = 28.0  # days between ticks while the visits are all there is
_QUARTER = 84.0
_MOST_VISIT_TICKS, _MOST_MIXED, _MOST_QUARTERS = 252.0, 504.0, 1008.0  # days up to which each spacing is used


@dataclass(frozen=True)
class TimePoint:
    """A time at which curves are read.

    Parameters
    ----------
    kind : week or month. number : of weeks or months. day : days from the origin.
    """

    kind: Literal["week", "month"]
    number: int
    day: float


def landmark_points(last: float) -> tuple[TimePoint, ...]:
    """Return the times at which curves are read.

    Parameters
    ----------
    last : days of the longest follow-up.
    """
    weeks = [TimePoint("week", n, 7.0 * n) for n in _VISIT_WEEKS]
    months = [TimePoint("month", n, float(round(n * MONTH_DAYS))) for n in _LATER_MONTHS]
    return (*weeks, *(point for point in months if point.day <= last))


def axis_ticks(last: float, unit: TimeUnit = "days") -> list[float]:
    """Return the days at which the axis is ticked and the numbers stand under a curve, 0 first.

    Parameters
    ----------
    last : days of the longest follow-up. unit : in which the axis is labelled.
    """
    end = max(last, 3 * _MONTH) + 0.5
    if unit == "months":
        months = end / MONTH_DAYS
        step = next(s for s in (1, 3, 6, 12, 24, 60) if months <= 10 * s or s == 60)
        return [float(m * MONTH_DAYS) for m in np.arange(0, months, step)]
    if end <= _MOST_VISIT_TICKS:
        return [float(day) for day in np.arange(0, end, _MONTH)]
    if end <= _MOST_MIXED:  # the visits stay, then every quarter
        return [0.0, _MONTH, 2 * _MONTH, *(float(day) for day in np.arange(_QUARTER, end, _QUARTER))]
    step_days = _QUARTER if end <= _MOST_QUARTERS else 4 * _QUARTER
    return [float(day) for day in np.arange(0, end, step_days)]


def median_of_incidence(curve: IncidenceCurve, conf_type: ConfType) -> Quantile:
    """Return the time by which half of all at risk have had the event; NaN where it or a limit is not reached."""
    if curve.cif[-1] == 0:
        return Quantile(0.5, np.nan, np.nan, np.nan)
    lower, upper = curve.limits(conf_type)
    half = np.array([0.5])
    estimate, late, early = (float(read_quantiles(curve.time, band, half)[0]) for band in (curve.cif, lower, upper))
    return Quantile(0.5, estimate, early, late)
