"""What the laboratory and the vital signs page share: results in one form, kept per cut, and their shifts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from ..analysis.adlb import derive_laboratory
from ..analysis.basis import Basis, prepare
from ..analysis.examination_shifts import derive_examination_shifts
from ..analysis.findings_course import Course, course_of
from ..analysis.measures import measures_of_laboratory, measures_of_vital_signs
from ..analysis.outliers import Outliers, find_outliers
from ..analysis.shifts import ShiftTable, count_shifts_of, derive_shifts, shifts_of_all, summarise_shifts
from ..analysis.study_data import StudyData
from ..analysis.vitals import derive_examination, derive_vital_signs
from ..ingest.units import TestUnits, lab_units, vital_units
from ..model.errors import UserError
from ..protocol.ctcae import load_ctcae
from ..protocol.hashing import settings_hash
from ..protocol.vital_limits import load_vital_limits
from ..store.derived import derived_frame, derived_part
from .context import View
from .derived import coded

OTHERS = "other"


@dataclass(frozen=True)
class Kind:
    """A kind of measure.

    Parameters
    ----------
    name : of the kept datasets. ratio : values are compared as ratios, else as differences.
    groups : tests of the study by group, in the order they are shown; all further ones come last.
    units : plausibility by test.
    """

    name: str
    ratio: bool
    groups: Mapping[str, tuple[str, ...]]
    units: Callable[[], Mapping[str, TestUnits]]

    @property
    def tests(self) -> tuple[str, ...]:
        """Every test of the study."""
        return tuple(test for group in self.groups.values() for test in group)

    def group_of(self, test: str) -> str:
        """Return the group a test is shown in."""
        return next((group for group, tests in self.groups.items() if test in tests), OTHERS)


LABORATORY = Kind(
    "LAB",
    True,
    {
        "counts": ("ANC", "HGB", "PLAT", "ARC", "WBC", "ALC", "RBC"),
        "liver": ("ALT", "AST", "ALP", "GGT", "BILI", "BILDIR"),
        "kidney": ("CREAT", "UREAN"),
        "csa": ("CSA",),
        OTHERS: ("LDH", "CRP"),
    },
    lab_units,
)
VITAL_SIGNS = Kind(
    "VITAL",
    False,
    {"vital": ("TEMP", "SYSBP", "DIABP", "PULSE", "RESP", "SPO2", "WEIGHT")},
    vital_units,
)


@dataclass(frozen=True)
class Measure:
    """One test, or one series of it, with what became of the treated patients.

    Parameters
    ----------
    test, series : see `analysis.measures`; several : the test has more than one series.
    name, unit : as the study gives them. measured : with a result on or after day 1. worsened : of these.
    severe : worsened to grade 3 or 4, None without grades. graded : has CTCAE grades.
    known : a grade or a place in the limits of normal is known for anybody.
    """

    test: str
    series: str
    several: bool
    name: str
    unit: str
    category: str
    group: str
    measured: int
    worsened: int
    severe: int | None
    graded: bool
    known: bool


@dataclass(frozen=True)
class MeasuresPage:
    """All tests.

    Parameters
    ----------
    measures : with numeric results, in the order shown. missing : codes of the study's tests without any result.
    textual : code and name of tests whose results are words only. treated : selected patients with a dose of anything.
    """

    measures: tuple[Measure, ...]
    missing: tuple[str, ...]
    textual: tuple[tuple[str, str], ...]
    treated: int


@dataclass(frozen=True)
class MeasurePage:
    """One test.

    Parameters
    ----------
    rows : one per treated patient: PCODE and the columns of `analysis.shifts.derive_shifts`. rows, outliers : None
        without the right to see patients.
    patients : treated patients with any result.
    """

    measure: Measure
    course: Course
    table: ShiftTable
    rows: pd.DataFrame | None
    outliers: Outliers | None
    patients: int


class CutFrames:
    """Derived frames of a view's cut, made when first asked for and kept with the cut.

    They do not depend on the endpoint settings: their key is that of the study's settings.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._hash = settings_hash(view.settings)

    @cached_property
    def _data(self) -> StudyData:
        data, cutoff = self._view.reader().study_data(), self._view.settings.safety_cutoff
        return data if cutoff is None or cutoff >= data.cutoff else replace(data, cutoff=cutoff)

    @cached_property
    def _basis(self) -> Basis:
        return prepare(self._data)

    def _kept(self, name: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return derived_frame(self._view.data_dir, self._view.cut, self._hash, name, compute)

    def treated(self) -> tuple[str, ...]:
        """Return the selected subjects with a dose of anything, sorted."""
        frame = self._kept("TREATED", self._treated)
        return tuple(sorted(set(frame["USUBJID"]) & set(self._view.chosen)))

    def _treated(self) -> pd.DataFrame:
        anchors = self._basis.anchors
        return anchors.loc[anchors["SAFFL"].to_numpy(bool), ["USUBJID"]]

    def tests(self, kind: Kind) -> pd.DataFrame:
        """Return TEST, SERIES, NAME, UNIT, CATEGORY and NUMBERS (results that are numbers)."""
        return self._kept(f"{kind.name}-TESTS", lambda: self._tests(kind))

    def _tests(self, kind: Kind) -> pd.DataFrame:
        rows = self._measures(kind)
        grouped = rows.groupby(["TEST", "SERIES"], sort=True)
        names = grouped[["NAME", "CATEGORY"]].first()
        return names.assign(
            UNIT=rows[rows["AVAL"].notna()].groupby(["TEST", "SERIES"])["UNIT"].agg(_most_frequent),
            NUMBERS=grouped["AVAL"].count(),
        ).reset_index()

    def shifts(self, kind: Kind) -> pd.DataFrame:
        """Return `analysis.shifts.derive_shifts` of all subjects."""
        return self._kept(f"{kind.name}-SHIFTS", lambda: derive_shifts(self._measures(kind), ratio=kind.ratio))

    def measures(self, kind: Kind, test: str, series: str) -> pd.DataFrame:
        """Return the measures of one test and series, of all subjects."""
        where = {"TEST": test, "SERIES": series}
        return derived_part(
            self._view.data_dir, self._view.cut, self._hash, kind.name, lambda: self._measures(kind), **where
        )

    def _measures(self, kind: Kind) -> pd.DataFrame:
        return self._kept(kind.name, self._laboratory if kind is LABORATORY else self._vital_signs)

    def _laboratory(self) -> pd.DataFrame:
        return measures_of_laboratory(derive_laboratory(self._data, load_ctcae(), self._basis), self._basis)

    def _vital_signs(self) -> pd.DataFrame:
        return measures_of_vital_signs(derive_vital_signs(self._data, self._basis), load_vital_limits())

    def examination(self) -> pd.DataFrame:
        """Return `analysis.examination_shifts.derive_examination_shifts` of all subjects."""
        return self._kept("EXAMINATION", lambda: derive_examination_shifts(derive_examination(self._data, self._basis)))


def _most_frequent(units: pd.Series) -> str:
    """Return the unit most results have."""
    return str(units.value_counts().index[0])


def measures_page(view: View, kind: Kind) -> MeasuresPage:
    """Return every test of a kind with its shifts over the treated patients of a view."""
    frames = CutFrames(view)
    treated, tests = frames.treated(), frames.tests(kind)
    shifts = frames.shifts(kind)
    summary = summarise_shifts(shifts[shifts["USUBJID"].isin(treated)])
    found = tests[tests["NUMBERS"] > 0].merge(summary, on=["TEST", "SERIES"], how="left")
    several = found["TEST"].duplicated(keep=False)
    measures = [_measure(row, kind, many) for row, many in zip(found.itertuples(index=False), several, strict=True)]
    order = {test: i for i, test in enumerate(kind.tests)}
    measures.sort(key=lambda m: (order.get(m.test, len(order)), m.category, m.name, m.series))
    numeric, seen = set(found["TEST"]), set(tests["TEST"])
    words = tests[~tests["TEST"].isin(numeric)].drop_duplicates("TEST")
    return MeasuresPage(
        measures=tuple(measures),
        missing=tuple(test for test in kind.tests if test not in seen),
        textual=tuple(zip(words["TEST"], words["NAME"], strict=True)),
        treated=len(treated),
    )


def _measure(row: object, kind: Kind, several: bool) -> Measure:
    """Return a row of the tests with its counts; 0 where nobody treated has a result."""
    value = row._asdict()  # type: ignore[attr-defined]
    counts = {name: 0 if pd.isna(value[name]) else int(value[name]) for name in ("MEASURED", "WORSENED", "SEVERE")}
    graded, known = (bool(value[name]) and not pd.isna(value[name]) for name in ("GRADED", "KNOWN"))
    return Measure(
        test=value["TEST"],
        series=value["SERIES"],
        several=several,
        name=value["NAME"],
        unit=value["UNIT"] if isinstance(value["UNIT"], str) else "",
        category=value["CATEGORY"],
        group=kind.group_of(value["TEST"]),
        measured=counts["MEASURED"],
        worsened=counts["WORSENED"],
        severe=counts["SEVERE"] if graded else None,
        graded=graded,
        known=known,
    )


def find_measure(page: MeasuresPage, test: str, series: str) -> Measure:
    """Return a test of a page.

    Raises
    ------
    UserError : the cut has no such test.
    """
    found = next((item for item in page.measures if (item.test, item.series) == (test, series)), None)
    if found is None:
        raise UserError("error.test_unknown", test=test)
    return found


def measure_page(view: View, kind: Kind, measure: Measure) -> MeasurePage:
    """Return one test of a view."""
    test, series, frames = measure.test, measure.series, CutFrames(view)
    treated, shifts = frames.treated(), frames.shifts(kind)
    own = shifts[(shifts["TEST"] == test) & (shifts["SERIES"] == series) & shifts["USUBJID"].isin(treated)]
    every = frames.measures(kind, test, series)
    rows = coded(every[every["USUBJID"].isin(treated)], view)
    all_rows = shifts_of_all(own, treated)
    known = kind.units().get(test)
    return MeasurePage(
        measure=measure,
        course=course_of(rows),
        table=count_shifts_of(all_rows),
        rows=coded(all_rows, view) if view.sight.patients else None,
        outliers=find_outliers(rows, known.plausible if known else None, ratio=kind.ratio)
        if view.sight.patients
        else None,
        patients=int(rows.loc[rows["AVAL"].notna(), "PCODE"].nunique()),
    )
