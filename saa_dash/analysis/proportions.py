"""Binomial proportions with exact and approximate limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from .limits import CONF_LEVEL, Array, two_sided_z

IntervalMethod = Literal["clopper-pearson", "wilson", "jeffreys"]
INTERVAL_METHODS: tuple[IntervalMethod, ...] = get_args(IntervalMethod)


@dataclass(frozen=True)
class Proportion:
    """x of n with limits; NaN throughout where n is 0."""

    events: int
    total: int
    estimate: float
    lower: float
    upper: float
    method: IntervalMethod
    level: float


def _exact_limits(x: Array, n: Array, level: float) -> tuple[Array, Array]:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    return betaincinv(x, n - x + 1, tail), betaincinv(x + 1, n - x, 1 - tail)


def _jeffreys_limits(x: Array, n: Array, level: float) -> tuple[Array, Array]:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    return betaincinv(x + 0.5, n - x + 0.5, tail), betaincinv(x + 0.5, n - x + 0.5, 1 - tail)


def _wilson_limits(x: Array, n: Array, level: float) -> tuple[Array, Array]:
    z = two_sided_z(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


_LIMITS = {"clopper-pearson": _exact_limits, "wilson": _wilson_limits, "jeffreys": _jeffreys_limits}


def proportion_limits(
    events: npt.ArrayLike, total: npt.ArrayLike, method: IntervalMethod, level: float = CONF_LEVEL
) -> tuple[Array, Array]:
    """Return two-sided limits of binomial proportions.

    Parameters
    ----------
    events : counts x, 0…n. total : counts n, 0 or more; arrays broadcast.
    method : ``clopper-pearson`` (exact), ``wilson`` (score, without continuity correction) or ``jeffreys``
        (Beta(½, ½) posterior, equal tails).
    level : confidence level, between 0 and 1.

    Returns
    -------
    Lower and upper limits in 0…1. With x = 0 the lower limit is 0, with x = n the upper limit is 1, under every method
    (Brown, Cai and DasGupta 2001 for Jeffreys). NaN where n is 0.

    Raises
    ------
    ValueError : x is negative or above n.

    Source: R ``binom.test`` (Clopper–Pearson), ``prop.test(correct = FALSE)`` (Wilson).
    """
    x, n = (np.asarray(part, dtype=float) for part in np.broadcast_arrays(events, total))
    if ((x < 0) | (x > n)).any():
        raise ValueError("events must be between 0 and total")
    lower, upper = _LIMITS[method](x, n, level)
    lower, upper = np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)
    return np.where(n == 0, np.nan, lower), np.where(n == 0, np.nan, upper)


def estimate_proportion(events: int, total: int, method: IntervalMethod, level: float = CONF_LEVEL) -> Proportion:
    """Return x/n with its limits; parameters as in `proportion_limits`."""
    lower, upper = proportion_limits(events, total, method, level)
    estimate = events / total if total else float("nan")
    return Proportion(events, total, estimate, float(lower), float(upper), method, level)
