"""Pointwise limits of a probability on the scales of R's ``survfit``."""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

ConfType = Literal["log-log", "log", "plain"]
CONF_TYPES: tuple[ConfType, ...] = get_args(ConfType)  # the default first, then as the reference tables list them
CONF_LEVEL = 0.95

Array = npt.NDArray[np.float64]


def two_sided_z(level: float) -> float:
    """Return the normal quantile of a two-sided interval at `level`, a number between 0 and 1."""
    return NormalDist().inv_cdf(1 - (1 - level) / 2)


def transformed_limits(p: Array, log_se: Array, conf_type: ConfType, level: float = CONF_LEVEL) -> tuple[Array, Array]:
    """Return lower and upper limits of probabilities.

    Parameters
    ----------
    p : estimates in 0…1. log_se : standard error of log(p), i.e. SE(p)/p, infinite or 0 where p is 0.
    conf_type : ``log-log``, ``log`` or ``plain``. level : confidence level.

    Returns
    -------
    Two arrays; NaN where the scale does not reach: ``log-log`` at exactly 0 and 1, ``log`` at 0.

    Source: R survival 3.5-3, ``survfit_confint``; its pattern of missing limits is kept.
    """
    z = two_sided_z(level)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if conf_type == "plain":
            half = log_se * p * z
            return np.maximum(p - half, 0.0), np.minimum(p + half, 1.0)
        if conf_type == "log":
            log_p = np.log(np.where(p == 0, np.nan, p))
            half = z * log_se
            return np.exp(log_p - half), np.minimum(np.exp(log_p + half), 1.0)
        log_p = np.log(np.where((p == 0) | (p == 1), np.nan, p))
        half = z * log_se / log_p
        centre = np.log(-log_p)
        return np.exp(-np.exp(centre - half)), np.exp(-np.exp(centre + half))
