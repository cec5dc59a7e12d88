"""Event rates over follow-up with exact Poisson limits."""

from __future__ import annotations

from dataclasses import dataclass

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


def estimate_rate(events: int, days: float, per: float = 100.0, level: float = CONF_LEVEL) -> Rate:
    """Return a rate with exact (Garwood) limits.

    Parameters
    ----------
    events : 0 or more. days : follow-up, 0 or more. per : days the rate refers to. level : confidence level.

    Source: R ``poisson.test``; Garwood 1936.
    """
    from scipy.special import gammaincinv

    if not days > 0:
        return Rate(events, days, per, float("nan"), float("nan"), float("nan"), level)
    tail, scale = (1 - level) / 2, per / days
    lower = float(gammaincinv(events, tail)) if events else 0.0
    upper = float(gammaincinv(events + 1, 1 - tail))
    return Rate(events, days, per, events * scale, lower * scale, upper * scale, level)
