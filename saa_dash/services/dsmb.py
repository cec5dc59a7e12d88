"""The safety board's page: the answers, who the patients are, and where the trial stands against its boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import redact
from ..analysis.adae import derive_adverse_events
from ..analysis.ae_listings import list_serious
from ..analysis.ae_summary import Recorded, find_recorded
from ..analysis.basis import Basis, prepare
from ..analysis.boundary_state import BoundaryState, derive_boundary_state
from ..analysis.data_currency import MissingForms, count_missing
from ..analysis.dsmb_answers import ExposureLine, SafetyAnswers, estimate_safety, summarise_exposure
from ..analysis.exposure import derive_exposure
from ..analysis.pcode_order import patient_order
from ..analysis.proportions import IntervalMethod
from ..analysis.response import derive_response
from ..analysis.results import VisitStrip
from ..analysis.schedule import plan_visits
from ..analysis.study_data import StudyData
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.settings import BoundarySettings
from .context import View
from .cutoffs import at_cutoff
from .derived import coded
from .memory import remembered
from .overview import Overview, overview, response_strips
from .review_queries import open_count

# Rules that are offered where the study has none; they are nobody's but this dashboard's.
EXPLORATORY: Mapping[str, BoundarySettings] = {
    "p90": BoundarySettings("death_100d", 0.2, 0.4, 1.6, 0.90),
    "p95": BoundarySettings("death_100d", 0.2, 0.4, 1.6, 0.95),
}
STUDY_RULE = "study"


@dataclass(frozen=True)
class DsmbPage:
    """The answers about the selected patients.

    Parameters
    ----------
    overview : status, accrual, age of data. planned : registered number, None without a protocol.
    safety, exposure, recorded : up to `safety_cutoff`. strips : response by visit, up to `efficacy_cutoff`.
    serious : serious events, rows of ADAE with PCODE in place of USUBJID. missing : forms, None without due visits.
    raised : open queries that people have raised about this study; those of the import are in `overview.queries`.
    """

    overview: Overview
    planned: int | None
    safety_cutoff: date
    efficacy_cutoff: date
    safety: SafetyAnswers
    exposure: tuple[ExposureLine, ...]
    recorded: Recorded
    strips: tuple[VisitStrip, ...]
    serious: pd.DataFrame
    missing: tuple[MissingForms, ...] | None
    raised: int


@dataclass(frozen=True)
class BoundaryPanel:
    """Where the trial stands under a rule.

    Parameters
    ----------
    state : PCODE in place of USUBJID, no dates. exploratory : the rule is not the study's own.
    """

    state: BoundaryState
    exploratory: bool


def dsmb_page(principal: Principal, view: View) -> DsmbPage:
    """Return the page.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    seen = overview(principal, view)
    page = remembered(principal, view, "dsmb", lambda: _page(view, seen))
    return replace(page, raised=open_count(view))  # queries are closed and raised while the page is open


def boundary_rules(view: View) -> tuple[str, ...]:
    """Return the rules that can be looked at: the study's own where it has one, else the exploratory ones."""
    return (STUDY_RULE,) if view.settings.boundary and view.protocol else tuple(EXPLORATORY)


def boundary_panel(principal: Principal, view: View, rule: str) -> BoundaryPanel:
    """Return where the trial stands under a rule.

    Parameters
    ----------
    rule : of `boundary_rules`.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such rule.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    if rule not in boundary_rules(view):
        raise UserError("error.no_such_boundary", rule=str(rule))
    return remembered(principal, view, "boundary", lambda: _panel(view, rule), rule)


def _page(view: View, seen: Overview) -> DsmbPage:
    settings, data = view.settings, view.reader().study_data()
    safe = at_cutoff(data, settings.safety_cutoff)
    basis = prepare(safe)
    adae = derive_adverse_events(safe, basis)
    adae = adae.assign(AETERM=redact(adae[["AETERM"]], view.sight)["AETERM"])
    recorded = find_recorded(adae, safe["DS"], own_form=view.protocol is not None)
    anchors, mine = _chosen(basis.anchors, view), _chosen(adae, view)
    adex = _chosen(derive_exposure(safe, view.protocol, settings, basis, adae), view)
    treated = anchors.loc[anchors["SAFFL"].to_numpy(bool), "USUBJID"]
    method = cast(IntervalMethod, settings.interval)
    effective = at_cutoff(data, settings.efficacy_cutoff)
    judged = basis if effective.cutoff == safe.cutoff else prepare(effective)
    return DsmbPage(
        overview=seen,
        planned=view.protocol.planned_n if view.protocol else None,
        safety_cutoff=safe.cutoff,
        efficacy_cutoff=effective.cutoff,
        safety=estimate_safety(anchors, mine, recorded, method),
        exposure=summarise_exposure(adex[adex["USUBJID"].isin(treated)], len(treated)),
        recorded=recorded,
        strips=() if seen.held.response else _strips(view, effective, judged),
        serious=coded(list_serious(mine), view).sort_values(["PCODE", "ASTDY"], key=patient_order, ignore_index=True),
        missing=_missing(view, judged),
        raised=0,
    )


def _chosen(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    return frame[frame["USUBJID"].isin(view.chosen)].reset_index(drop=True)


def _strips(view: View, data: StudyData, basis: Basis) -> tuple[VisitStrip, ...]:
    return response_strips(view, derive_response(data, view.rules, view.endpoint, basis))


def _missing(view: View, basis: Basis) -> tuple[MissingForms, ...] | None:
    chosen = pd.Series(basis.subjects).isin(view.chosen).to_numpy(bool)
    found = count_missing(basis, plan_visits(basis, view.endpoint), view.endpoint.window_days, chosen)
    return found if view.protocol or any(form.due for form in found) else None


def _panel(view: View, rule: str) -> BoundaryPanel:
    own = view.settings.boundary
    settings = own if rule == STUDY_RULE and own else EXPLORATORY[rule]
    data = at_cutoff(view.reader().study_data(), view.settings.safety_cutoff)
    basis = prepare(data)
    adae = derive_adverse_events(data, basis)
    planned = view.protocol.planned_n if view.protocol else None
    state = derive_boundary_state(_chosen(basis.anchors, view), _chosen(adae, view), settings, planned)
    codes = view.patients.set_index("USUBJID")["PCODE"]
    patients = state.patients.assign(PCODE=state.patients["USUBJID"].map(codes)).drop(columns=["USUBJID", "READY"])
    return BoundaryPanel(replace(state, patients=patients), rule != STUDY_RULE)
