"""What goes into a pack, gathered from the services as a member of the monitoring board sees it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..analysis.adae import derive_adverse_events
from ..analysis.ae_filter import EventFilter
from ..analysis.basis import Basis, prepare
from ..analysis.days import earliest_days, study_day
from ..analysis.eligibility import derive_eligibility
from ..analysis.exposure import derive_exposure, list_deviations
from ..analysis.exposure_by_component import summarise_exposure
from ..analysis.lookup import positions
from ..analysis.pcode_order import patient_order
from ..analysis.status import first_day
from ..analysis.study_data import StudyData
from ..model.cut import CutInfo
from ..model.principal import Principal
from ..report.content import (
    Conduct,
    Currency,
    Events,
    News,
    PackContent,
    People,
    Stopping,
)  # fmt: skip
from ..store.reader import open_cut
from .adverse_events import Target, adverse_events_page, event_frames, event_rows
from .changes import cut_changes
from .cohort_states import cohort_swimmer
from .context import View
from .cutoffs import at_cutoff
from .derived import coded
from .dsmb import DsmbPage, boundary_panel, boundary_rules, dsmb_page
from .gaps import Gaps, gaps
from .measures import CutFrames
from .narratives import narratives_of
from .overview import AGE_LIMITS, DOMAINS, Overview, overview
from .report_parts import baseline_of, ground_of, laboratory_of
from .survival import survival_curve


def gather(member: Principal, view: View, since: CutInfo | None) -> PackContent:
    """Return everything a pack says of a view.

    Parameters
    ----------
    member : with the sight of the board. since : the earlier cut that changes are told from.

    Raises
    ------
    Refused : the view was opened for somebody else, or without the right to see patients.
    """
    page, held, board = overview(member, view), gaps(member, view), dsmb_page(member, view)
    data = at_cutoff(view.reader().study_data(), view.settings.safety_cutoff)
    basis = prepare(data)
    return PackContent(
        **ground_of(view, held),
        since=since,
        people=_people(member, view, board, held, data, basis, since),
        conduct=_conduct(view, data, basis),
        events=_events(member, view, board),
        laboratory=laboratory_of(member, view),
        stopping=_stopping(member, view),
        news=None if since is None else _news(member, view, since),
        currency=_currency(page, board),
    )


def _people(
    principal: Principal, view: View, board: DsmbPage, held: Gaps, data: StudyData, basis: Basis, since: CutInfo | None
) -> People:
    page = board.overview
    eligibility = None
    if view.protocol is not None:
        found = derive_eligibility(data, view.protocol, view.endpoint.arc_cut, basis)
        eligibility = coded(found, view).sort_values("PCODE", key=patient_order, kind="stable", ignore_index=True)
    return People(
        selected=view.selected,
        treated=page.treated,
        enrolled=_enrolled(data["DM"]),
        failures=int((data["DM"]["SCRNFL"] == "Y").sum()),
        before=None if since is None else _enrolled(open_cut(view.data_dir, since.cut_id).table("DM")),
        status_counts=page.status_counts,
        arms=page.arms,
        follow_up=page.follow_up,
        strips=board.strips,
        swimmer=cohort_swimmer(principal, view, "response"),
        survival=survival_curve(principal, view, "OS"),
        origin=str(view.endpoint.origin) if held.atg else "first_dose",
        eligibility=eligibility,
    )


def _enrolled(dm: pd.DataFrame) -> int:
    """Return subjects not failed at screening."""
    return int((dm["SCRNFL"] != "Y").fillna(True).sum())


def _conduct(view: View, data: StudyData, basis: Basis) -> Conduct:
    treated = CutFrames(view).treated()
    adex = derive_exposure(data, view.protocol, view.settings, basis, derive_adverse_events(data, basis))
    rows, units = baseline_of(view, data)
    return Conduct(
        recorded=_recorded(view, data, basis),
        found=None if view.protocol is None else _in_order(coded(list_deviations(adex), view), "ASTDY"),
        baseline=rows,
        units=units,
        exposure=summarise_exposure(adex, treated),
    )


def _recorded(view: View, data: StudyData, basis: Basis) -> pd.DataFrame | None:
    """Return the deviations that were entered; None where another study enters none at all."""
    rows = data["DV"]
    if rows.empty and view.protocol is None:
        return None
    place = positions(rows["USUBJID"], basis.subjects)
    start = np.where(place >= 0, first_day(basis.anchors)[place], np.nan)
    day = study_day(earliest_days(rows["DVSTDTC"]), start)
    known = ~(earliest_days(rows["DVSTDTC"]) > basis.cutoff)
    return _in_order(coded(rows.assign(ADY=day)[known], view), "ADY")


def _in_order(rows: pd.DataFrame, day: str) -> pd.DataFrame:
    return rows.sort_values(["PCODE", day], key=patient_order, kind="stable", ignore_index=True)


def _events(principal: Principal, view: View, board: DsmbPage) -> Events:
    page = adverse_events_page(principal, view)
    assert page.listings is not None  # a pack is made with the sight of who sees patients
    lists = page.listings
    everything = EventFilter(population="ENROLLED", emergent=False)
    return Events(
        recorded=page.recorded,
        safety=board.safety,
        total=page.terms.total,
        answers=page.answers,
        panel=page.panel,
        terms=page.terms,
        marks=page.marks,
        serious=lists.serious,
        doubtful=lists.doubtful,
        deaths=lists.deaths,
        stopped=lists.discontinuations,
        leaving=lists.leaving,
        listed=event_rows(principal, view, everything, Target("ALL")),
        narratives=narratives_of(view, event_frames(principal, view)).rows,
    )


def _stopping(principal: Principal, view: View) -> Stopping:
    """Return the study's own rule, or the first exploratory one, as the page of the board does."""
    panel = boundary_panel(principal, view, boundary_rules(view)[0])
    return Stopping(panel.state, panel.exploratory)


def _news(principal: Principal, view: View, since: CutInfo) -> News:
    found = cut_changes(principal, view, since.cut_id)
    return News(found.told, found.counts, found.serious)


def _currency(page: Overview, board: DsmbPage) -> Currency:
    assert page.currency is not None
    return Currency(page.currency, DOMAINS, AGE_LIMITS, page.queries, board.missing)
