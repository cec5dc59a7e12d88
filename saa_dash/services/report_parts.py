"""What packs and decks both tell: the trial as registered, baseline, laboratory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ..analysis.baseline import summarise_baseline
from ..analysis.pcode_order import patient_order
from ..analysis.shifts import count_shifts_of, is_severe, shifts_of_all
from ..analysis.study_data import StudyData
from ..model.principal import Principal
from ..model.provenance import Provenance
from ..protocol.ctcae import load_ctcae
from ..report.content import Grid, Ground, Laboratory, TestResults, Trial
from .context import View
from .derived import coded
from .gaps import Gaps
from .laboratory import laboratory_page
from .measures import LABORATORY, CutFrames, Measure, measure_page
from .methods_blocks import Facts, PageRef
from .methods_blocks import Grid as Listed
from .methods_trial import trial_section

BASELINE_TESTS = ("ANC", "HGB", "PLAT", "ARC", "WBC", "ALC", "ALT", "AST", "BILI", "CREAT")
DRAWN_TESTS = ("ALT", "BILI", "CREAT")  # whose courses stand in packs and decks: liver and kidney
_FACTS = ("facts", "treatment", "outcomes")


def baseline_of(view: View, data: StudyData) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return `baseline.summarise_baseline` of the treated, and the unit of each laboratory test."""
    frames = CutFrames(view)
    tests = frames.tests(LABORATORY)
    held = [test for test in BASELINE_TESTS if test in set(tests["TEST"])]
    units = {str(test): str(unit) for test, unit in zip(tests["TEST"], tests["UNIT"], strict=True) if unit == unit}
    return summarise_baseline(data["DM"], frames.shifts(LABORATORY), frames.treated(), held), units


def ground_of(view: View, held: Gaps) -> dict[str, Any]:
    """Return the fields of `report.content.Ground`: what everything in a report is said on the ground of."""
    ground = Ground(
        cut=view.cut,
        protocol=view.protocol,
        settings=view.settings,
        endpoint=view.endpoint,
        rules=view.rules,
        primary=view.primary,
        provenance=view.provenance(primary=view.primary),
        gap=held.response,
        day_one=held.day_one,
        trial=_trial(view),
    )
    return vars(ground)


def _trial(view: View) -> Trial:
    """Return the trial as registered; empty where the data are of another study."""
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


def laboratory_of(member: Principal, view: View) -> Laboratory:
    """Return the laboratory results of the treated.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    page, frames = laboratory_page(member, view), CutFrames(view)
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
