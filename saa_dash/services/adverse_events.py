"""The adverse events page: answers, complications, SOC and PT under a filter, the rows behind them, listings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import redact
from ..analysis.adae import derive_adverse_events
from ..analysis.ae_filter import EventFilter, select_events
from ..analysis.ae_levels import Scale, population_members
from ..analysis.ae_listings import list_deaths, list_discontinuations, list_doubtful, list_leaving, list_serious
from ..analysis.ae_summary import Answer, ComplicationPanel, Recorded, estimate_answers, estimate_panel, find_recorded
from ..analysis.ae_terms import TermTable, Unit, derive_marks, estimate_terms, named_events
from ..analysis.ae_time_onset import add_sides
from ..analysis.basis import prepare
from ..analysis.pcode_order import patient_order
from ..analysis.proportions import IntervalMethod
from ..model.principal import Principal
from .context import View
from .derived import coded
from .memory import remembered

MAX_MARKS = 40  # up to so many patients a figure draws each of them


@dataclass(frozen=True)
class Listings:
    """Rows to read one by one, PCODE in place of USUBJID.

    Parameters
    ----------
    serious, doubtful : rows of ADAE, see `analysis.ae_listings`. deaths, discontinuations, leaving : see there.
    """

    serious: pd.DataFrame
    doubtful: pd.DataFrame
    deaths: pd.DataFrame
    discontinuations: pd.DataFrame
    leaving: pd.DataFrame


@dataclass(frozen=True)
class AdverseEventsPage:
    """What the page shows of the selected patients.

    Parameters
    ----------
    recorded : what the study recorded at all. populations : members by population, of the selected patients.
    classes : AECAT that occur in the cut. answers, panel : of the population, under no other condition; panel None
        where the study codes no classes. terms : under the filter. marks : PCODE and the columns of
        `analysis.ae_terms.derive_marks`, None where the population is too large to draw each patient.
    unassessable, unentered, undated, ungraded : see `analysis.ae_filter.SelectedEvents`.
    listings : None without the right to see patients.
    """

    recorded: Recorded
    populations: Mapping[str, int]
    classes: tuple[str, ...]
    answers: tuple[Answer, ...]
    panel: ComplicationPanel | None
    terms: TermTable
    marks: pd.DataFrame | None
    unassessable: int
    unentered: int
    undated: int
    ungraded: int
    listings: Listings | None


@dataclass(frozen=True)
class Target:
    """A mark that was clicked: a term, or a class with term "" and `whole`; of one level or one patient if given.

    Parameters
    ----------
    kind : ALL, SOC or PT. level : worst level of the patients, or level of the events, -1 for all. pcode : "" for all.
    """

    kind: str
    soc: str = ""
    term: str = ""
    level: int = -1
    pcode: str = ""


@dataclass(frozen=True)
class EventFrames:
    """Frames of the selected patients, made once per cut and selection.

    Parameters
    ----------
    adae : with the columns of `analysis.ae_time_onset`. Others as in `AdverseEventsPage` and `Listings`.
    """

    adae: pd.DataFrame
    anchors: pd.DataFrame
    members: Mapping[str, frozenset[str]]
    recorded: Recorded
    classes: tuple[str, ...]
    deaths: pd.DataFrame
    discontinuations: pd.DataFrame
    leaving: pd.DataFrame


def adverse_events_page(
    principal: Principal, view: View, wanted: EventFilter | None = None, unit: Unit = "patients"
) -> AdverseEventsPage:
    """Return the page under a filter.

    Parameters
    ----------
    wanted : None for treatment-emergent events of the safety set. unit : what the terms are ordered and marked by.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    asked = wanted or EventFilter()
    base = event_frames(principal, view)
    population = asked.population
    fixed = remembered(principal, view, "ae_fixed", lambda: _fixed(view, base, population), population)
    return remembered(principal, view, "ae_page", lambda: _page(view, base, fixed, asked, unit), asked, unit)


def event_rows(
    principal: Principal, view: View, wanted: EventFilter, target: Target, unit: Unit = "patients"
) -> pd.DataFrame:
    """Return the rows of ADAE behind a mark, PCODE in place of USUBJID, by patient and onset.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    base = event_frames(principal, view)
    return _in_order(coded(_behind(view, base, wanted, target, unit), view), "ASTDY")


def event_frames(principal: Principal, view: View) -> EventFrames:
    """Return the frames that everything about adverse events starts from; for services, which have asked before."""
    return remembered(principal, view, "ae_base", lambda: _base(view))


def _base(view: View) -> EventFrames:
    data = view.reader().study_data()
    basis = prepare(data)
    adae = derive_adverse_events(data, basis)
    adae = adae.assign(AETERM=redact(adae[["AETERM"]], view.sight).get("AETERM"))  # stands for a missing term
    recorded = find_recorded(adae, data["DS"], own_form=view.protocol is not None)
    dm = data["DM"]
    failures = dm.loc[(dm["SCRNFL"] == "Y").to_numpy(bool), "USUBJID"]
    anchors = _chosen(basis.anchors, view)
    return EventFrames(
        adae=_chosen(add_sides(adae, basis), view),
        anchors=anchors,
        members=population_members(anchors, failures),
        recorded=recorded,
        classes=tuple(sorted(set(adae["AECAT"].dropna()))),
        deaths=_chosen(list_deaths(data, basis, adae, recorded.scale), view),
        discontinuations=_chosen(list_discontinuations(data, basis, adae), view),
        leaving=_chosen(list_leaving(data, basis), view),
    )


def _in_order(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return rows by patient and study day."""
    return frame.sort_values(["PCODE", day], key=patient_order, ignore_index=True)


def _chosen(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    return frame[frame["USUBJID"].isin(view.chosen)].reset_index(drop=True)


def _of(frame: pd.DataFrame, members: frozenset[str]) -> pd.DataFrame:
    return frame[frame["USUBJID"].isin(members)]


@dataclass(frozen=True)
class _Fixed:
    """What a population decides, whatever else is asked of its events."""

    answers: tuple[Answer, ...]
    panel: ComplicationPanel | None
    listings: Listings | None


def _fixed(view: View, base: EventFrames, population: str) -> _Fixed:
    members, method = base.members[population], cast(IntervalMethod, view.settings.interval)
    recorded, adae = base.recorded, _of(base.adae, members)
    on_time = base.deaths.loc[~base.deaths["LATE"].to_numpy(bool), "USUBJID"]
    others = {"DEATH": on_time, "DISCONTINUED": base.discontinuations["USUBJID"]}
    return _Fixed(
        answers=estimate_answers(adae, members, others, recorded, method),
        panel=_panel(view, base, members, recorded.scale, method) if recorded.classes else None,
        listings=_listings(view, base, members, adae, recorded.scale) if view.sight.patients else None,
    )


def _page(view: View, base: EventFrames, fixed: _Fixed, wanted: EventFilter, unit: Unit) -> AdverseEventsPage:
    members, scale = base.members[wanted.population], base.recorded.scale
    found = select_events(_of(base.adae, members), wanted, scale)
    method = cast(IntervalMethod, view.settings.interval)
    small = len(members) <= MAX_MARKS
    return AdverseEventsPage(
        recorded=base.recorded,
        populations={name: len(subjects) for name, subjects in base.members.items()},
        classes=base.classes,
        answers=fixed.answers,
        panel=fixed.panel,
        terms=estimate_terms(found.rows, len(members), scale, method, unit=unit),
        marks=coded(derive_marks(found.rows, scale, unit), view) if small else None,
        unassessable=found.unassessable,
        unentered=found.unentered,
        undated=found.undated,
        ungraded=found.ungraded,
        listings=fixed.listings,
    )


def _panel(
    view: View, base: EventFrames, members: frozenset[str], scale: Scale, method: IntervalMethod
) -> ComplicationPanel:
    panel = estimate_panel(_of(base.adae, members), _of(base.anchors, members), scale, method)
    codes = view.patients.loc[view.patients["USUBJID"].isin(panel.subjects), "PCODE"]
    return replace(panel, marks=coded(panel.marks, view), subjects=tuple(codes))


def _listings(view: View, base: EventFrames, members: frozenset[str], adae: pd.DataFrame, scale: Scale) -> Listings:
    def shown(frame: pd.DataFrame, day: str) -> pd.DataFrame:
        return _in_order(coded(_of(frame, members), view), day)

    return Listings(
        serious=shown(list_serious(adae), "ASTDY"),
        doubtful=shown(list_doubtful(adae, scale), "ASTDY"),
        deaths=shown(base.deaths, "ADY"),
        discontinuations=shown(base.discontinuations, "ADY"),
        leaving=shown(base.leaving, "ADY"),
    )


def _behind(view: View, base: EventFrames, wanted: EventFilter, target: Target, unit: Unit) -> pd.DataFrame:
    rows = select_events(_of(base.adae, base.members[wanted.population]), wanted, base.recorded.scale).rows
    named = named_events(rows, base.recorded.scale).set_index(rows.index)
    keep = pd.Series(True, index=rows.index)
    if target.kind != "ALL":
        keep &= named["SOC"] == target.soc
    if target.kind == "PT":
        keep &= named["PT"] == target.term
    if target.pcode:
        subjects = view.patients.loc[view.patients["PCODE"] == target.pcode, "USUBJID"]
        keep &= rows["USUBJID"].isin(subjects)
    elif target.level >= 0:
        level = named["LEVEL"]
        if unit == "patients":
            level = level[keep].groupby(named.loc[keep, "USUBJID"]).transform("max").reindex(named.index)
        keep &= level == target.level
    return rows[keep.to_numpy(bool)]
