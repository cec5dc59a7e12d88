"""Response by severity: x/n with limits in each stratum, and when that is too few to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import holds_small_cell
from ..analysis.denominators import VisitCounts, count_visits
from ..analysis.proportions import IntervalMethod, Proportion, estimate_proportion
from ..model.filters import Filters
from ..model.principal import Principal
from ..model.vocabulary import Severity
from .context import View
from .derived import derive
from .memory import remembered


@dataclass(frozen=True)
class StratumRate:
    """ORR and CRR of one severity at one visit.

    Parameters
    ----------
    severity : as entered at enrolment, "" where it was not. week : 4, 8 or 12. orr, crr : over the primary denominator.
    """

    severity: str
    week: int
    orr: Proportion
    crr: Proportion
    counts: VisitCounts


@dataclass(frozen=True)
class ResponseStrata:
    """Response by severity.

    Parameters
    ----------
    rates : most severe first, then by visit; empty where withheld. sizes : patients of the full analysis set by
        severity, empty where withheld. withheld : "" or why not shown: SMALL (a cell is too small for this role) or
        FILTERED (what a selection leaves out could be had by subtraction).
    """

    rates: tuple[StratumRate, ...]
    sizes: dict[str, int]
    withheld: str = ""


def response_strata(principal: Principal, view: View) -> ResponseStrata:
    """Return response by severity.

    Severity tells persons apart. Who may not see patients is told all strata or none: none where any count of
    responders or of others in any stratum is small, or where a selection is in force.

    Raises
    ------
    Refused : without the right to see aggregates.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    return remembered(principal, view, "response_strata", lambda: _strata(view))


def _strata(view: View) -> ResponseStrata:
    if not view.sight.patients and view.filters != Filters():
        return ResponseStrata((), {}, "FILTERED")
    response = derive(view).response
    chosen = response[response["USUBJID"].isin(view.chosen)]
    severity = chosen["USUBJID"].map(view.patients.set_index("USUBJID")["SEVERITY"]).astype("object").fillna("")
    names = [str(name) for name in (*Severity, "") if (severity == name).any()]
    method = cast(IntervalMethod, view.settings.interval)
    rates = tuple(rate for name in names for rate in _rates(chosen[(severity == name).to_numpy()], name, method))
    if not view.sight.patients and holds_small_cell(_cells(rates), view.least_cell):
        return ResponseStrata((), {}, "SMALL")
    return ResponseStrata(rates, {rate.severity: rate.counts.full_analysis_set for rate in rates})


def _rates(rows: pd.DataFrame, severity: str, method: IntervalMethod) -> tuple[StratumRate, ...]:
    return tuple(
        StratumRate(
            severity=severity,
            week=counts.week,
            orr=estimate_proportion(counts.orr.events, counts.orr.total, method),
            crr=estimate_proportion(counts.crr.events, counts.crr.total, method),
            counts=counts,
        )
        for counts in count_visits(rows)
    )


def _cells(rates: tuple[StratumRate, ...]) -> list[int]:
    """Return every count that the table tells, or that is had from it by subtraction."""
    return [
        cell
        for rate in rates
        for part in (rate.orr, rate.crr)
        for cell in (part.total, part.events, part.total - part.events)
    ]
