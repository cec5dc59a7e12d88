"""The team's settings, as typed values. `saa_dash.protocol.study` reads them from study.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .vocabulary import Origin


@dataclass(frozen=True)
class EndpointSettings:
    """How response and recovery are derived.

    Parameters
    ----------
    criteria : id of a rule set, e.g. ``nih``.
    origin : what "after IST" counts from.
    window_days : half-width of a visit window, days.
    independence : ``value_valid`` (7 d platelets / 14 d red cells before the value), ``28`` (28 d both) or
        ``strict`` (28 d platelets, 56 d red cells).
    arc_cut : reticulocytes that count as SAA below it, 10^9/L: 60 automated, 20 manual.
    confirm_min, confirm_max : days after a first recovery value within which it must be confirmed, both included.
    recovery_rule : ``confirmed`` (within those days) or ``three_days`` (three consecutive days, for daily counts).
    """

    criteria: str = "nih"
    origin: Origin = Origin.ATG_START
    window_days: int = 7
    independence: str = "value_valid"
    arc_cut: float = 60.0
    confirm_min: int = 7
    confirm_max: int = 35
    recovery_rule: str = "confirmed"


@dataclass(frozen=True)
class BoundarySettings:
    """A Bayesian stopping boundary; absent unless the team enters one.

    Parameters
    ----------
    event : what counts, e.g. ``death_100d``.
    theta : acceptable probability. prior_a, prior_b : Beta prior. cutoff : stop when P(p > theta) exceeds it.
    """

    event: str
    theta: float
    prior_a: float
    prior_b: float
    cutoff: float


@dataclass(frozen=True)
class ToleranceSettings:
    """What still counts as given as planned."""

    dose_percent: float = 10.0
    infusion_days: int = 1


@dataclass(frozen=True)
class MaskingSettings:
    """Small-cell rule for roles that see no single patients: selections of fewer than `min_cell`, 5 at the least."""

    min_cell: int = 5


@dataclass(frozen=True)
class StudySettings:
    """All settings in force.

    Parameters
    ----------
    primary : the one primary setting of the endpoints; any other choice is a sensitivity analysis.
    signed_by, signed_on : who entered the settings and when; empty until signed.
    hetrombopag_days : what "3 months" of hetrombopag means, days.
    hetrombopag_start_day : study day on which hetrombopag is due to start; the record does not say.
    cell_dose_per_infusion : True where 3x10^8 is meant for each infusion.
    conf_type : survival limits: ``log-log``, ``log`` or ``plain``.
    interval : binomial interval: ``clopper-pearson``, ``wilson`` or ``jeffreys``.
    criteria_digest : hash of the team's own rule files, "" without any; not a key of study.toml.
    """

    primary: EndpointSettings = field(default_factory=EndpointSettings)
    boundary: BoundarySettings | None = None
    tolerance: ToleranceSettings = field(default_factory=ToleranceSettings)
    masking: MaskingSettings = field(default_factory=MaskingSettings)
    conf_type: str = "log-log"
    interval: str = "clopper-pearson"
    hetrombopag_days: int = 90
    hetrombopag_start_day: int = 1
    cell_dose_per_infusion: bool = True
    efficacy_cutoff: date | None = None
    safety_cutoff: date | None = None
    signed_by: str = ""
    signed_on: date | None = None
    version: int = 1
    criteria_digest: str = ""
