"""The response page: squares, every denominator, traces, sensitivity, agreement, benchmarks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.agreement import Agreement, compare_with_investigator, count_agreement
from ..analysis.best_response import derive_best_response
from ..analysis.denominators import VisitCounts, count_visits
from ..analysis.lineage_response import LineageCounts, count_lineages
from ..analysis.proportions import IntervalMethod, Proportion, estimate_proportion
from ..analysis.response import derive_response
from ..analysis.response_changes import derive_changes
from ..analysis.response_trace import trace_response
from ..analysis.results import BestRates, VisitStrip
from ..model.benchmark import Benchmark
from ..model.errors import UserError
from ..model.message import Message
from ..model.principal import Principal
from ..model.settings import EndpointSettings
from ..model.vocabulary import Origin
from ..protocol.benchmarks import load_benchmarks
from .context import View
from .derived import Derived, coded, derive
from .memory import remembered
from .overview import response_strips
from .views import record_view

# What the squares are drawn from; all else is behind a number.
_DRAWN = ["USUBJID", "AVISITN", "AVALC", "REASON", "TRANSFL", "PROVFL", "ATLPRFL"]
WEEK_12_MONTHS = 3  # the benchmark time point nearest to the last registered visit


@dataclass(frozen=True)
class ResponsePage:
    """What the page shows of the selected patients.

    Parameters
    ----------
    rows : PCODE and the columns of `analysis.response.derive_response` that the principal may see.
    strips : one per visit.
    lineages : which lineages reach their thresholds. agreement : derived against investigator-assessed, per visit.
    disagreements : PCODE, AVISITN, AVALC (derived), INVAVALC (investigator); None without the right to see patients.
    benchmarks : published cohorts. changes : of `analysis.response_changes`. best : best response so far.
    """

    rows: pd.DataFrame
    strips: tuple[VisitStrip, ...]
    lineages: tuple[LineageCounts, ...]
    agreement: tuple[Agreement, ...]
    disagreements: pd.DataFrame | None
    benchmarks: tuple[Benchmark, ...]
    changes: pd.DataFrame
    best: BestRates


@dataclass(frozen=True)
class SensitivityCell:
    """Rates at one visit under one rule set and origin.

    Parameters
    ----------
    primary : whether this is the study's primary setting. counts : every denominator.
    """

    criteria: str
    origin: Origin
    primary: bool
    orr: Proportion
    crr: Proportion
    counts: VisitCounts


def response_page(principal: Principal, view: View) -> ResponsePage:
    """Return the response page of a view.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "response", lambda: _response_page(view))


def _response_page(view: View) -> ResponsePage:
    derived = derive(view)
    chosen = _chosen(derived.response, view)
    compared = compare_with_investigator(derived.data, chosen)
    entered = compared[compared["INVAVALC"].notna()]
    differing = entered[entered["AVALC"] != entered["INVAVALC"]]
    return ResponsePage(
        rows=coded(chosen if view.sight.patients else chosen[_DRAWN], view),
        strips=response_strips(view, chosen),
        lineages=count_lineages(chosen),
        agreement=count_agreement(compared),
        disagreements=_side_by_side(differing, view) if view.sight.patients else None,
        benchmarks=load_benchmarks(),
        changes=derive_changes(coded(chosen[_DRAWN], view)),
        best=_best(chosen, view),
    )


def _best(chosen: pd.DataFrame, view: View) -> BestRates:
    """Return the best response so far: of the full analysis set, those with a visit that is due."""
    best = derive_best_response(chosen.reset_index(drop=True))
    due = best[best["AVALC"] != "NYD"]
    responders = due["AVALC"].isin(["CR", "PR"]) | (due["ATLPRFL"] == "Y")
    method = cast(IntervalMethod, view.settings.interval)
    return BestRates(
        rows=coded(best[["USUBJID", "AVALC", "FROMVIS", "OPENFL"]], view),
        orr=estimate_proportion(int(responders.sum()), len(due), method),
        crr=estimate_proportion(int((due["AVALC"] == "CR").sum()), len(due), method),
        open=int((best["OPENFL"] == "Y").sum()),
    )


def _side_by_side(differing: pd.DataFrame, view: View) -> pd.DataFrame:
    return coded(differing, view)[["PCODE", "AVISITN", "AVALC", "INVAVALC"]]


def _chosen(response: pd.DataFrame, view: View) -> pd.DataFrame:
    return response[response["USUBJID"].isin(view.chosen)].reset_index(drop=True)


def response_trace(principal: Principal, view: View, pcode: str, week: int) -> tuple[Message, ...]:
    """Return how one patient-visit was decided, step by step.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such patient-visit in the selection.
    EnvironmentProblem : the audit trail cannot tell of it; nothing is shown then.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    record_view(principal, view, [pcode])
    steps = remembered(principal, view, "response_trace", lambda: _trace(view, pcode, week), pcode, week)
    if not steps:
        raise UserError("error.patient_unknown", patient=pcode)
    return steps


def _trace(view: View, pcode: str, week: int) -> tuple[Message, ...]:
    subject = str(view.patients.loc[view.patients["PCODE"] == pcode, "USUBJID"].iloc[0])
    rows = derive(view, [subject]).response
    found = rows[rows["AVISITN"] == week]
    if found.empty:
        return ()
    steps = trace_response(found.iloc[0], view.rules, view.endpoint)
    return steps if view.sight.dates else tuple(_on_study_days(step, found.iloc[0]) for step in steps)


def _on_study_days(step: Message, row: pd.Series) -> Message:
    """Return a step of the decision with study days in place of dates."""
    params = {name: value for name, value in step.params.items() if not isinstance(value, date)}
    if len(params) == len(step.params):
        return step
    if "due" in step.params:
        params["due"] = int((row["DUEDT"] - row["ORIGDT"]).days) + 1
    return Message(f"redaction.{step.code}", params)


def sensitivity(principal: Principal, view: View, week: int) -> tuple[SensitivityCell, ...]:
    """Return ORR and CRR at one visit under every usable rule set and origin, the other settings as they are.

    Raises
    ------
    Refused : without the right to see aggregates.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    return remembered(principal, view, "sensitivity", lambda: _sensitivity(view, week), week)


def _sensitivity(view: View, week: int) -> tuple[SensitivityCell, ...]:
    derived = derive(view)
    usable = [rules.rule_id for rules in view.rule_sets.values() if rules.enabled]
    return tuple(
        _cell(view, derived, replace(view.endpoint, criteria=criteria, origin=origin), week)
        for criteria in usable
        for origin in Origin
    )


def _cell(view: View, derived: Derived, settings: EndpointSettings, week: int) -> SensitivityCell:
    response = derive_response(derived.data, view.rule_sets[settings.criteria], settings, derived.basis)
    counts = next(c for c in count_visits(_chosen(response, view)) if c.week == week)
    method = cast(IntervalMethod, view.settings.interval)
    return SensitivityCell(
        criteria=settings.criteria,
        origin=settings.origin,
        primary=settings == view.settings.primary,
        orr=estimate_proportion(counts.orr.events, counts.orr.total, method),
        crr=estimate_proportion(counts.crr.events, counts.crr.total, method),
        counts=counts,
    )
