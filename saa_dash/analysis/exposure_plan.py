"""What exposure is judged by: the plan of each component, tolerances, and up to which day the plan runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.protocol import Intervention, Protocol
from ..model.settings import StudySettings
from .anchors import first_stop
from .basis import Basis
from .ctcae import rises_above
from .days import Days, as_days
from .exposure_records import planned_units, weights
from .status import first_day


@dataclass(frozen=True)
class ExposurePlan:
    """What rows are judged by.

    Parameters
    ----------
    plans : component → plan. settings : tolerances and choices. basis : of the cut. horizon : last day of the plan by
        subject. last_atg, day_one : by subject. weight : kg, by subject.
    """

    plans: dict[str, Intervention]
    settings: StudySettings
    basis: Basis
    horizon: Days
    last_atg: Days
    day_one: Days
    weight: np.ndarray

    @property
    def units(self) -> dict[str, str]:
        """Component → unit of its doses, in words."""
        return planned_units(self.plans)

    @property
    def dose_tolerance(self) -> float:
        """Permitted difference of a dose, %."""
        return self.settings.tolerance.dose_percent

    @property
    def day_tolerance(self) -> int:
        """Permitted difference of an infusion's day, days."""
        return self.settings.tolerance.infusion_days


def set_up_plan(basis: Basis, protocol: Protocol | None, settings: StudySettings) -> ExposurePlan:
    """Return the plan of a cut; without a protocol nothing is planned."""
    anchors = basis.anchors
    ends = [first_stop(anchors)[0], as_days(anchors["LOSTDT"]), as_days(anchors["COMPLDT"])]
    horizon = np.fmin.reduce([np.full(len(anchors), basis.cutoff), *ends])
    plans = {str(item.component): item for item in protocol.interventions} if protocol else {}
    last_atg = as_days(anchors["ATGEDT"])
    return ExposurePlan(plans, settings, basis, horizon, last_atg, first_day(anchors), weights(basis))


def deviates(value: np.ndarray, plan: np.ndarray, tolerance: float) -> np.ndarray:
    """Return 1 where the dose is off by more than the tolerance (%), 0 where not, -1 where not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100 * value / plan
    return np.where(np.isnan(percent), -1, rises_above(np.abs(percent - 100), tolerance))


def first_of_group(group: np.ndarray) -> np.ndarray:
    """Tell which rows open a group; rows are sorted by group."""
    return np.insert(group[1:] != group[:-1], 0, True)[: len(group)]
