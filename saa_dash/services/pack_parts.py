"""What goes into a pack, gathered from the services as a member of the monitoring board sees it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ..analysis.adae import derive_adverse_events
from ..analysis.ae_filter import EventFilter
from ..analysis.baseline import summarise_baseline
from ..analysis.basis import Basis, prepare
from ..analysis.days import earliest_days, study_day
from ..analysis.eligibility import derive_eligibility
from ..analysis.exposure import derive_exposure, list_deviations
from ..analysis.exposure_by_component import summarise_exposure
from ..analysis.lookup import positions
from ..analysis.pcode_order import patient_order
from ..analysis.shifts import count_shifts_of, is_severe, shifts_of_all
from ..analysis.status import first_day
from ..analysis.study_data import StudyData
from ..model.cut import CutInfo
from ..model.principal import Principal
from ..model.provenance import Provenance
from ..protocol.ctcae import load_ctcae
from ..report.content import (
    Conduct,
    Currency,
    Events,
    Grid,
    Laboratory,
    News,
    PackContent,
    People,
    Stopping,
    TestResults,
    Trial,
)  # fmt: skip
from ..store.reader import open_cut
from .adverse_events import Target, adverse_events_page, event_rows
from .changes import cut_changes
from .cohort_states import cohort_swimmer
from .context import View
from .cutoffs import at_cutoff
from .derived import coded
from .dsmb import DsmbPage, boundary_panel, boundary_rules, dsmb_page
from .gaps import Gaps, gaps
from .laboratory import laboratory_page
from .measures import LABORATORY, CutFrames, Measure, measure_page
from .methods_blocks import Facts, PageRef
from .methods_blocks import Grid as Listed
from .methods_trial import trial_section
from .overview import AGE_LIMITS, DOMAINS, Overview, overview
from .survival import survival_curve

BASELINE_TESTS = ("ANC", "HGB", "PLAT", "ARC", "WBC", "ALC", "ALT", "AST", "BILI", "CREAT")
DRAWN_TESTS = ("ALT", "BILI", "CREAT")  # whose courses stand in the pack: liver and kidney
_FACTS = ("facts", "treatment", "outcomes")


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
        cut=view.cut,
        since=since,
        protocol=view.protocol,
        settings=view.settings,
        endpoint=view.endpoint,
        rules=view.rules,
        primary=view.primary,
        provenance=view.provenance(primary=view.primary),
        gap=held.response,
        day_one=held.day_one,
        trial=_trial(view),
        people=_people(member, view, board, held, data, basis, since),
        conduct=_conduct(view, data, basis),
        events=_events(member, view, board),
        laboratory=_laboratory(member, view),
        stopping=_stopping(member, view),
        news=None if since is None else _news(member, view, since),
        currency=_currency(page, board),
    )


def _trial(view: View) -> Trial:
    if view.protocol is None:
        return Trial()
    parts = {part.code: part.blocks[0] for part in trial_section(view).parts if part.code in _FACTS}
    facts, treatment, outcomes = (parts[name] for name in _FACTS)
    assert isinstance(facts, Facts) and isinstance(treatment, Listed) and isinstance(outcomes, Listed)
    said = tuple((name, value) for name, value in facts.rows if not isinstance(value, PageRef))
    return Trial(said, _grid(treatment), _grid(outcomes))


def _grid(listed: Listed) -> Grid:
    """Return a table without the column that leads to a page of the product."""
    kept = [place for place, cell in enumerate(listed.rows[0]) if not isinstance(cell, PageRef)]
    rows = tuple(tuple(row[place] for place in kept) for row in listed.rows)
    return Grid(tuple(listed.columns[place] for place in kept), rows)  # type: ignore[arg-type]


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
    frames = CutFrames(view)
    treated = frames.treated()
    adex = derive_exposure(data, view.protocol, view.settings, basis, derive_adverse_events(data, basis))
    tests = frames.tests(LABORATORY)
    held = [test for test in BASELINE_TESTS if test in set(tests["TEST"])]
    units = {str(test): str(unit) for test, unit in zip(tests["TEST"], tests["UNIT"], strict=True) if unit == unit}
    return Conduct(
        recorded=_recorded(view, data, basis),
        found=None if view.protocol is None else _in_order(coded(list_deviations(adex), view), "ASTDY"),
        baseline=summarise_baseline(data["DM"], frames.shifts(LABORATORY), treated, held),
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
    )


def _laboratory(principal: Principal, view: View) -> Laboratory:
    page, frames = laboratory_page(principal, view), CutFrames(view)
    treated, shifts = frames.treated(), frames.shifts(LABORATORY)
    shifts = shifts[shifts["USUBJID"].isin(treated)]
    own = shifts[shifts["SERIES"] == ""]
    graded = [m.test for m in page.measures if m.graded and m.series == ""]
    tables = {test: count_shifts_of(shifts_of_all(own[own["TEST"] == test], treated)) for test in graded}
    notable = shifts[shifts["WORSE"].astype(bool) & shifts["GRADED"] & is_severe(shifts)]
    order = {test: place for place, test in enumerate(LABORATORY.tests)}
    rows = coded(notable, view)
    rows = rows.assign(PLACE=rows["TEST"].map(order).fillna(len(order)))
    rows = rows.sort_values(["PLACE", "TEST", "PCODE"], key=_by, kind="stable", ignore_index=True)
    drawn = [m for m in page.measures if m.test in DRAWN_TESTS and m.series == "" and m.measured]
    return Laboratory(
        tests=_tests(page.measures),
        shifts=tables,
        notable=rows.drop(columns="PLACE"),
        drawn=tuple(_drawn(view, measure) for measure in drawn),
        treated=len(treated),
        version=load_ctcae().version,
        provenance=_of_safety(view),
    )


def _by(column: pd.Series) -> pd.Series:
    return patient_order(column) if column.name == "PCODE" else column


def _tests(measures: tuple[Measure, ...]) -> pd.DataFrame:
    columns = ("test", "series", "name", "unit", "several", "measured", "worsened", "severe", "graded", "known")
    return pd.DataFrame({name.upper(): [getattr(measure, name) for measure in measures] for name in columns})


def _drawn(view: View, measure: Measure) -> TestResults:
    page = measure_page(view, LABORATORY, measure)
    return TestResults(measure.test, measure.name, measure.unit, measure.known, page.course, page.table, page.patients)


def _of_safety(view: View) -> Provenance:
    found, own = view.provenance(primary=view.primary), view.settings.safety_cutoff
    return found if own is None or own >= found.cutoff else replace(found, cutoff=own)


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
