"""Cumulative incidence with competing risks (Aalen–Johansen), Gray's test and the log-rank test.

greenwood estimates the curve and its error. At a curve that ends at 1 it is finished here: the closed form of the
variance is then a difference of equal numbers (an error of 1e-8 instead of 0), and whether the value is 1 or one bit
less decides between "no limits" and "1…1" on the log-log scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from .limits import CONF_LEVEL, Array, ConfType, transformed_limits
from .survival import merge_ties

if TYPE_CHECKING:
    from greenwood import Surv

CAUSES = 2  # event and competing event; more where the data hold higher codes
_NEAR_ONE = 1e-9


@dataclass(frozen=True)
class IncidenceCurve:
    """Cumulative incidence of one cause: one entry per distinct time, censoring times included.

    Parameters
    ----------
    cause : event code, 1 or more. time : increasing times. n_risk : free of any event just before.
    cif : probability of this cause up to and including the time. std_err : its standard error.
    """

    cause: int
    time: Array
    n_risk: npt.NDArray[np.int64]
    cif: Array
    std_err: Array

    def limits(self, conf_type: ConfType, level: float = CONF_LEVEL) -> tuple[Array, Array]:
        """Return the pointwise lower and upper limits."""
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(self.std_err == 0, 0.0, self.std_err / self.cif)
        return transformed_limits(self.cif, relative, conf_type, level)


@dataclass(frozen=True)
class TestResult:
    """A chi-square test; NaN where it is not defined (one group, no events)."""

    __test__ = False  # not a test case, whatever its name says to pytest

    statistic: float
    df: int
    p: float


def _stepwise(risk: Array, events: Array, cause_events: Array) -> tuple[Array, Array]:
    """Return event-free probability before each time and cumulative incidence, multiplied step by step as R does."""
    free = np.concatenate([[1.0], np.cumprod(1 - events / risk)])[:-1]
    return free, np.cumsum(free * (cause_events / risk))


def _error_near_one(risk: Array, events: Array, cause_events: Array, at: int) -> float:
    """Return the standard error at index `at` as a sum of multinomial variances without cancellation.

    At each earlier time a subject at risk goes on to the cause (value 1), to another (0) or stays (value: its chance of
    the cause by `at`); the variance of that value, weighted by the chance of being there, adds up over the times.
    """
    free, cif = _stepwise(risk, events, cause_events)
    _, other = _stepwise(risk, events, events - cause_events)
    upto = slice(0, at + 1)
    to_cause, to_other = cause_events[upto] / risk[upto], (events - cause_events)[upto] / risk[upto]
    stay = 1 - events[upto] / risk[upto]
    left = free[upto] * stay
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(left > 0, (cif[at] - cif[upto]) / left, 0.0)
        miss = np.where(left > 0, (1 - other[upto] - cif[at]) / left, 0.0)
    variance = to_cause * to_other + to_cause * stay * miss**2 + to_other * stay * chance**2
    return float(np.sqrt(np.sum(free[upto] ** 2 / risk[upto] * variance)))


def _finished(frame: pd.DataFrame, time: Array, event: npt.NDArray[np.int64], cause: int) -> IncidenceCurve:
    times, risk = frame["time"].to_numpy(float), frame["n_risk"].to_numpy(float)
    cif, std_err = frame["estimate"].to_numpy(float).copy(), frame["std_error"].to_numpy(float).copy()
    place = np.searchsorted(times, time)
    events = np.bincount(place[event > 0], minlength=times.size).astype(float)
    cause_events = np.bincount(place[event == cause], minlength=times.size).astype(float)
    near_one = np.flatnonzero(cif > 1 - _NEAR_ONE)
    if near_one.size:  # the last time of a group that had this cause and no other
        cif[near_one] = _stepwise(risk, events, cause_events)[1][near_one]
        std_err[near_one] = [_error_near_one(risk, events, cause_events, int(at)) for at in near_one]
    return IncidenceCurve(cause, times, risk.astype(np.int64), cif, std_err)


def _response(time: Array, event: npt.NDArray[np.int64], causes: int) -> Surv:
    import greenwood

    return greenwood.Surv(time, event=pd.Categorical(event, categories=range(causes + 1)))


def estimate_incidence(time: npt.ArrayLike, event: npt.ArrayLike, causes: int = CAUSES) -> tuple[IncidenceCurve, ...]:
    """Return one Aalen–Johansen curve per cause 1…`causes`, also for causes that never occur.

    Parameters
    ----------
    time : times to event or censoring, 0 or more, at least one. event : 0 censored, 1…`causes`.

    Source: R ``survfit`` of a multi-state ``Surv`` (survival 3.5-3).
    """
    import greenwood

    times, codes = merge_ties(time), np.asarray(event, dtype=np.int64)
    fitted = greenwood.AalenJohansen().fit(_response(times, codes, causes))
    table = fitted.to_frame(format="pandas")
    by_cause = {int(cause): rows for cause, rows in table.groupby("cause")}
    return tuple(_finished(by_cause[cause], times, codes, cause) for cause in range(1, causes + 1))


def compare_gray(time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike, cause: int = 1) -> TestResult:
    """Return Gray's test of equal cumulative incidence of `cause` between groups.

    Source: Gray 1988; R cmprsk ``cuminc``.
    """
    import greenwood

    codes, labels = np.asarray(event, dtype=np.int64), np.asarray(group, dtype=object)
    groups = len(set(labels.tolist()))
    if groups < 2 or not (codes == cause).any():
        return TestResult(float("nan"), max(groups - 1, 0), float("nan"))
    response = _response(merge_ties(time), codes, max(CAUSES, int(codes.max())))
    try:
        with np.errstate(invalid="ignore", divide="ignore"):  # a group nobody of which is left
            result = greenwood.grays_test(response, labels, cause=cause)
    except np.linalg.LinAlgError:  # no variance: events only while one group is at risk
        return TestResult(float("nan"), groups - 1, float("nan"))
    return TestResult(float(result.statistic), int(result.df), float(result.p_value))


def compare_logrank(time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike) -> TestResult:
    """Return the log-rank test of equal survival between groups; any event code above 0 is an event.

    Groups that are not at risk at any event take no part, nor in the degrees of freedom.

    Source: R ``survdiff`` (survival 3.5-3).
    """
    from lifelines.statistics import multivariate_logrank_test

    frame = pd.DataFrame({"time": merge_ties(time), "event": np.asarray(event) != 0, "group": np.asarray(group)})
    first_event = frame.loc[frame["event"], "time"].min()
    frame = frame[frame.groupby("group")["time"].transform("max") >= first_event]
    groups = frame["group"].nunique()
    if groups < 2:
        return TestResult(float("nan"), 0, float("nan"))
    result = multivariate_logrank_test(frame["time"], frame["group"], frame["event"])
    return TestResult(float(result.test_statistic), groups - 1, float(result.p_value))
