"""Event rates over follow-up with exact Poisson limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .limits import CONF_LEVEL


@dataclass(frozen=True)
class Rate:
    """Events per so many days of follow-up.

    Parameters
    ----------
    events : how many. days : of follow-up together. per : days the rate refers to.
    rate, lower, upper : per `per` days; NaN where there is no follow-up.
    """

    events: int
    days: float
    per: float
    rate: float
    lower: float
    upper: float
    level: float


def rate_limits(events: np.ndarray, days: np.ndarray, level: float = CONF_LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact (Garwood) limits of events per day; NaN where there is no follow-up.

    Parameters
    ----------
    events : 0 or more. days : follow-up, 0 or more. level : confidence level.

    Source: R ``poisson.test``; Garwood 1936.
    """
    from scipy.special import gammaincinv

    tail, n = (1 - level) / 2, np.asarray(events, dtype="float64")
    time = np.where(np.asarray(days) > 0, days, np.nan).astype("float64")
    lower = np.where(n > 0, gammaincinv(np.maximum(n, 1), tail), 0.0)
    return lower / time, gammaincinv(n + 1, 1 - tail) / time


def estimate_rate(events: int, days: float, per: float = 100.0, level: float = CONF_LEVEL) -> Rate:
    """Return a rate with exact (Garwood) limits.

    Parameters
    ----------
    events : 0 or more. days : follow-up, 0 or more. per : days the rate refers to. level : confidence level.
    """
    lower, upper = (per * float(limit) for limit in rate_limits(np.array(events), np.array(days), level))
    return Rate(events, days, per, per * events / days if days > 0 else float("nan"), lower, upper, level)
