"""From the outcomes of one parameter to its curve: Kaplan-Meier, or cumulative incidence where events compete.

Overall and failure-free survival are Kaplan-Meier estimates (nothing competes); recovery, response, its duration and
relapse are cumulative incidences, never 1 - KM. Source: domain facts, section 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd

from .incidence import IncidenceCurve, estimate_incidence
from .landmarks import landmark_points, median_of_incidence
from .limits import ConfType
from .quantiles import estimate_quantiles
from .results import Curve
from .survival import Landmark, at_risk_table, estimate_landmarks, estimate_survival

SURVIVAL = ("OS", "FFS")
LANDMARK_DAYS = tuple(point.day for point in landmark_points(0))
_NO_STEPS = pd.DataFrame({"time": [0.0], "estimate": [0.0]})


def curve_of(
    subjects: pd.DataFrame,
    absent: pd.DataFrame,
    param: str,
    conf_type: ConfType,
    ticks: Sequence[float],
    days: Sequence[float] = LANDMARK_DAYS,
) -> Curve | None:
    """Return the curve of one parameter, None where nobody is at risk.

    Parameters
    ----------
    subjects : PCODE, AVAL (days), EVNTCD, EVNTDESC of those at risk. absent : PCODE, REASON of the others.
    ticks : days at which the numbers at risk are wanted. days : at which the curve is read.
    """
    if subjects.empty:
        return None
    build = _survival if param in SURVIVAL else _incidence
    return build(subjects, absent, param, conf_type, ticks, days)


def _survival(
    subjects: pd.DataFrame,
    absent: pd.DataFrame,
    param: str,
    conf_type: ConfType,
    ticks: Sequence[float],
    days: Sequence[float],
) -> Curve:
    curve = estimate_survival(subjects["AVAL"], subjects["EVNTCD"])
    lower, upper = curve.limits(conf_type)
    start = curve.time > 0
    steps = pd.DataFrame(
        {
            "time": np.concatenate([[0.0], curve.time[start]]),
            "estimate": np.concatenate([[1.0 if start.all() else curve.surv[~start][0]], curve.surv[start]]),
            "lower": np.concatenate([[np.nan], lower[start]]),
            "upper": np.concatenate([[np.nan], upper[start]]),
            "n_risk": np.concatenate([[len(subjects)], curve.n_risk[start]]),
        }
    )
    return Curve(
        param=param,
        competing=False,
        steps=steps,
        rival=_NO_STEPS.iloc[:0],
        at_risk=at_risk_table(curve, ticks).assign(n_rival=0),
        landmarks=estimate_landmarks(curve, days, conf_type),
        median=estimate_quantiles(curve, conf_type, (0.5,))[0],
        subjects=subjects,
        absent=absent,
        conf_type=conf_type,
    )


def _incidence(
    subjects: pd.DataFrame,
    absent: pd.DataFrame,
    param: str,
    conf_type: ConfType,
    ticks: Sequence[float],
    days: Sequence[float],
) -> Curve:
    event, rival = estimate_incidence(subjects["AVAL"], subjects["EVNTCD"])
    lower, upper = event.limits(conf_type)
    zero = event.time > 0
    at_zero = float(event.cif[~zero][0]) if (~zero).any() else 0.0
    steps = pd.DataFrame(
        {
            "time": np.concatenate([[0.0], event.time[zero]]),
            "estimate": np.concatenate([[at_zero], event.cif[zero]]),
            "lower": np.concatenate([[np.nan], lower[zero]]),
            "upper": np.concatenate([[np.nan], upper[zero]]),
            "n_risk": np.concatenate([[len(subjects)], event.n_risk[zero]]),
        }
    )
    return Curve(
        param=param,
        competing=True,
        steps=steps,
        rival=_rival_steps(rival, conf_type),
        at_risk=_counts(subjects, ticks),
        landmarks=tuple(_landmark(steps, subjects, day) for day in days),
        median=median_of_incidence(event, conf_type),
        subjects=subjects,
        absent=absent,
        conf_type=conf_type,
    )


def _rival_steps(rival: IncidenceCurve, conf_type: ConfType) -> pd.DataFrame:
    lower, upper = rival.limits(conf_type)
    columns = {"time": rival.time, "estimate": rival.cif, "lower": lower, "upper": upper}
    first = {"time": 0.0, "estimate": 0.0, "lower": np.nan, "upper": np.nan}
    return pd.DataFrame({name: np.append(first[name], values) for name, values in columns.items()})


def _counts(subjects: pd.DataFrame, ticks: Sequence[float]) -> pd.DataFrame:
    """Return at risk just before each time, and each outcome before it: every row of the table adds up to all."""
    time, code = subjects["AVAL"].to_numpy(float), subjects["EVNTCD"].to_numpy(int)
    at = np.asarray(ticks, dtype=float)[:, None]
    reached = time < at
    return pd.DataFrame(
        {
            "time": at[:, 0],
            "n_risk": (time >= at).sum(axis=1),
            "n_censor": (reached & (code == 0)).sum(axis=1),
            "n_event": (reached & (code == 1)).sum(axis=1),
            "n_rival": (reached & (code == 2)).sum(axis=1),
        }
    )


def _landmark(steps: pd.DataFrame, subjects: pd.DataFrame, day: float) -> Landmark:
    """Return the incidence at a day; NaN where nobody is followed that far and some might still have the event."""
    row = steps[steps["time"] <= day].iloc[-1]
    at_risk = int((subjects["AVAL"] >= day).sum())
    settled = not ((subjects["EVNTCD"] == 0) & (subjects["AVAL"] < day)).any()
    if at_risk == 0 and not settled:
        return Landmark(day, 0, np.nan, np.nan, np.nan)
    return Landmark(day, at_risk, *(cast(float, row[name]) for name in ("estimate", "lower", "upper")))
