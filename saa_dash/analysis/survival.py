"""Kaplan–Meier survival with R's errors and limits, landmarks, at-risk table and reverse Kaplan–Meier.

- A subject censored at the time of an event is at risk for it (events come first), as in R.
- Any event code above 0 counts as an event; causes are told apart in `incidence`.
- Times that differ by less than R's tolerance are one time (`merge_ties`).
- lifelines counts who is at risk; the product is taken here factor by factor, as R multiplies, because the midpoint
  rule of the quantiles asks whether the curve *equals* 1−q and a product taken over logarithms misses by a bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .limits import CONF_LEVEL, Array, ConfType, transformed_limits

TIE_TOLERANCE = float(np.sqrt(np.finfo(float).eps))  # R: sqrt(.Machine$double.eps), absolute or relative to the mean


@dataclass(frozen=True)
class SurvivalCurve:
    """A Kaplan–Meier curve: one entry per distinct time, censoring times included.

    Parameters
    ----------
    time : increasing times. n_risk : at risk just before. n_event, n_censor : events and censorings at the time.
    surv : probability of no event up to and including the time.
    log_se : standard error of log(surv), infinite once the curve is at 0.
    """

    time: Array
    n_risk: npt.NDArray[np.int64]
    n_event: npt.NDArray[np.int64]
    n_censor: npt.NDArray[np.int64]
    surv: Array
    log_se: Array

    @property
    def std_err(self) -> Array:
        """Greenwood standard error of `surv`; NaN where the curve is at 0."""
        with np.errstate(invalid="ignore"):
            return self.surv * self.log_se

    def limits(self, conf_type: ConfType, level: float = CONF_LEVEL) -> tuple[Array, Array]:
        """Return the pointwise lower and upper limits."""
        return transformed_limits(self.surv, self.log_se, conf_type, level)


@dataclass(frozen=True)
class Landmark:
    """Survival at one time with its limits; NaN where the curve is not followed that far."""

    time: float
    n_risk: int
    estimate: float
    lower: float
    upper: float


def merge_ties(time: npt.ArrayLike) -> Array:
    """Return times in which values closer than the tolerance are one value, the smallest of them.

    Source: R ``aeqSurv`` (the default ``timefix = TRUE`` of ``survfit``).
    """
    values = np.asarray(time, dtype=float)
    distinct = np.unique(values)
    if distinct.size < 2:
        return values
    gaps = np.diff(distinct)
    mean = float(np.mean(np.abs(distinct)))
    cuts = distinct[np.concatenate([[True], (gaps > TIE_TOLERANCE) & (gaps > TIE_TOLERANCE * mean)])]
    return cuts[np.searchsorted(cuts, values, side="right") - 1]


def _counts(time: Array, event: npt.NDArray[np.bool_]) -> pd.DataFrame:
    from lifelines.utils import survival_table_from_events

    table = survival_table_from_events(time, event)
    return table[table["removed"] > 0]  # lifelines adds a row for time 0


def estimate_survival(time: npt.ArrayLike, event: npt.ArrayLike) -> SurvivalCurve:
    """Return the Kaplan–Meier curve.

    Parameters
    ----------
    time : times to event or censoring, 0 or more, at least one.
    event : 0 censored, anything else an event.

    Source: R ``survfit`` (survival 3.5-3), Greenwood's variance.
    """
    values = merge_ties(time)
    if values.size == 0:
        raise ValueError("no times given")
    table = _counts(values, np.asarray(event) != 0)
    at_risk, events = table["at_risk"].to_numpy(float), table["observed"].to_numpy(float)
    with np.errstate(divide="ignore"):
        variance = np.cumsum(np.divide(events, at_risk * (at_risk - events)))
    return SurvivalCurve(
        time=table.index.to_numpy(dtype=float),
        n_risk=table["at_risk"].to_numpy(np.int64),
        n_event=table["observed"].to_numpy(np.int64),
        n_censor=table["censored"].to_numpy(np.int64),
        surv=np.cumprod((at_risk - events) / at_risk),
        log_se=np.sqrt(variance),
    )


def estimate_follow_up(time: npt.ArrayLike, event: npt.ArrayLike) -> SurvivalCurve:
    """Return the reverse Kaplan–Meier curve: follow-up as the event, the event as censoring (Schemper and Smith)."""
    return estimate_survival(time, np.asarray(event) == 0)


def estimate_landmarks(
    curve: SurvivalCurve, at: Sequence[float], conf_type: ConfType, level: float = CONF_LEVEL
) -> tuple[Landmark, ...]:
    """Return survival at given times.

    Beyond the last time the estimate is NaN unless the curve already stands at 0. Before the first event it is 1, with
    the limits of R at 1: none on the log-log scale.

    Source: R ``summary.survfit(times=)``; beyond the last time R leaves the row out, here it is shown as not estimable.
    """
    index = np.searchsorted(curve.time, np.asarray(at, dtype=float), side="right") - 1
    start, zero = np.ones(1), np.zeros(1)
    edge = transformed_limits(start, zero, conf_type, level)
    lower, upper = (np.concatenate(pair) for pair in zip(edge, curve.limits(conf_type, level), strict=True))
    surv = np.concatenate([start, curve.surv])
    beyond = (np.asarray(at, dtype=float) > curve.time[-1]) & (curve.surv[-1] > 0)
    risk = np.concatenate([curve.n_risk, [0]])[np.searchsorted(curve.time, np.asarray(at, dtype=float), side="left")]
    values = [np.where(beyond, np.nan, column[index + 1]) for column in (surv, lower, upper)]
    return tuple(
        Landmark(float(t), int(n), float(s), float(low), float(high))
        for t, n, s, low, high in zip(at, risk, *values, strict=True)
    )


def at_risk_table(curve: SurvivalCurve, at: Sequence[float]) -> pd.DataFrame:
    """Return what stands under a curve: at risk just before each time, events and censorings before it.

    Returns
    -------
    Frame ``time, n_risk, n_event, n_censor``; the last two cumulative, the time itself left out, so that the three
    add up to everybody at every time.
    """
    wanted = np.asarray(at, dtype=float)
    before = np.searchsorted(curve.time, wanted, side="left")
    return pd.DataFrame(
        {
            "time": wanted,
            "n_risk": np.concatenate([curve.n_risk, [0]])[before],
            "n_event": np.concatenate([[0], np.cumsum(curve.n_event)])[before],
            "n_censor": np.concatenate([[0], np.cumsum(curve.n_censor)])[before],
        }
    )
