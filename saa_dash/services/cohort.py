"""The cohort's courses and its best changes: all selected, treated patients on the same axes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.anchors import derive_anchors
from ..analysis.basis import prepare
from ..analysis.cohort_courses import CohortCourse, count_from, derive_cohort_counts, derive_origins
from ..analysis.counts import COUNT_TESTS
from ..analysis.pcode_order import patient_order
from ..analysis.results import Multiples
from ..analysis.waterfall import Limits, LineageChange, best_change
from ..model.principal import Principal
from ..model.vocabulary import LAB_TESTS, Origin
from ..protocol.hashing import settings_hash
from ..store.derived import derived_frame
from .context import View
from .derived import coded
from .gaps import Gaps, gaps
from .measures import LABORATORY, CutFrames
from .memory import remembered
from .views import record_view

ORIGINS = tuple(str(origin) for origin in Origin)
# Tests that can be drawn besides the blood counts: those a response or its price is judged by.
TESTS = ("ANC", "HGB", "PLAT", "ARC", "WBC", "ALT", "AST", "BILI", "BILDIR", "CREAT")
_SHIFT = {"atg_start": "ATG_START", "atg_end": "ATG_END", "first_infusion": "FIRST_INFUSION"}


def cohort_tests(principal: Principal, view: View) -> tuple[str, ...]:
    """Return the tests of `TESTS` of which the cut holds results.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "cohort_tests", lambda: _tests(view))


def _tests(view: View) -> tuple[str, ...]:
    held = view.reader().distinct("LB", "LBTESTCD")
    return tuple(test for test in TESTS if test in held)


def cohort_course(principal: Principal, view: View, test: str, origin: str) -> CohortCourse:
    """Return the courses of one test.

    Parameters
    ----------
    test : of `TESTS`. origin : of `ORIGINS`; in a cut without ATG days count from the first dose whatever is asked.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    held = gaps(principal, view)
    return remembered(principal, view, "cohort_course", lambda: _course(view, held, test, origin), test, origin)


def cohort_courses(
    principal: Principal, view: View, test: str, origin: str, page: int = 0, size: int = 24
) -> Multiples:
    """Return the courses of one test one by one, one page of panels.

    Parameters
    ----------
    test, origin : as of `cohort_course`. page : first page is 0. size : panels a page.

    Raises
    ------
    Refused : without the right to see patients under codes.
    EnvironmentProblem : the audit trail cannot tell of it; nothing is shown then.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    codes = view.chosen_pcodes[page * size : (page + 1) * size]
    if view.sight.patients:
        record_view(principal, view, codes)
    course = cohort_course(principal, view, test, origin)
    values = course.values[course.values["PCODE"].isin(codes)].reset_index(drop=True)
    return Multiples(test, pd.DataFrame({"PCODE": codes}), values, course.origin, course.limits)


def waterfall(principal: Principal, view: View) -> tuple[LineageChange, ...]:
    """Return the best unsupported change of each lineage of the treated patients.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    held = gaps(principal, view)
    return remembered(principal, view, "waterfall", lambda: _waterfall(view, held))


def _waterfall(view: View, held: Gaps) -> tuple[LineageChange, ...]:
    counts = coded(cohort_counts(view), view)
    pcodes = _codes(treated_origins(view), view)
    return tuple(
        best_change(counts, pcodes, lineage, None if held.response else limits_of(view, lineage))
        for lineage in held.lineages
    )


def limits_of(view: View, lineage: str) -> Limits:
    """Return the limits of a lineage in the rule set in force."""
    rules = view.rules
    found = next((limit for limit in rules.cr if limit.test == lineage), None)
    saa = {"ANC": rules.saa.anc, "PLAT": rules.saa.plat}.get(lineage)
    return Limits(found.value if found else None, bool(found and found.strict), saa)


def cohort_counts(view: View) -> pd.DataFrame:
    """Return `analysis.cohort_courses.derive_cohort_counts` of the whole cut."""
    return _kept(view, "COHORT-COUNTS", lambda: derive_cohort_counts(prepare(view.reader().study_data())))


def treated_origins(view: View) -> pd.DataFrame:
    """Return `analysis.cohort_courses.derive_origins` of the whole cut."""
    return _kept(view, "COHORT-ORIGINS", lambda: derive_origins(derive_anchors(view.reader().study_data())))


def _kept(view: View, name: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return derived_frame(view.data_dir, view.cut, settings_hash(view.settings), name, compute)


def _codes(frame: pd.DataFrame, view: View) -> tuple[str, ...]:
    codes = coded(frame[["USUBJID"]], view).sort_values("PCODE", key=patient_order)
    return tuple(str(code) for code in codes["PCODE"])


def _course(view: View, held: Gaps, test: str, origin: str) -> CohortCourse:
    origins = treated_origins(view)
    column = _SHIFT[origin] if held.atg else None
    shift = origins.set_index("USUBJID")[column] if column else pd.Series(0.0, index=origins["USUBJID"])
    treated = origins[origins["USUBJID"].isin(view.chosen)]
    reached = treated[shift.reindex(treated["USUBJID"]).notna().to_numpy(bool)]
    rows = _rows(view, test)
    rows = rows[rows["USUBJID"].isin(reached["USUBJID"])]
    days = count_from(rows["ADY"].to_numpy("float64"), shift.reindex(rows["USUBJID"]).to_numpy("float64"))
    values = coded(rows.assign(ADY=days), view).sort_values(["PCODE", "ADY"], key=patient_order, ignore_index=True)
    codes, all_codes = _codes(reached, view), _codes(treated, view)
    having = set(values["PCODE"])
    stopped = treated[treated["STOPDY"].notna()] if test in COUNT_TESTS else treated.iloc[:0]
    return CohortCourse(
        test=test,
        unit=_unit(rows, test),
        values=values[["PCODE", "ADY", "AVAL", "CENS", "HELD", "WHY", "BASEFL", "CHG"]],
        origin=origin if held.atg else "first_dose",
        treated=len(treated),
        without_origin=tuple(code for code in all_codes if code not in set(codes)),
        without_values=tuple(code for code in codes if code not in having),
        stopped=_codes(stopped, view),
        limits=() if held.response else _named_limits(view, test),
    )


def _unit(rows: pd.DataFrame, test: str) -> str:
    """Return the unit most values have; blood counts are judged in the standard one."""
    units = rows["UNIT"].value_counts() if "UNIT" in rows else rows["TEST"].iloc[:0]
    return LAB_TESTS[test] if units.empty else str(units.index[0])


def _named_limits(view: View, test: str) -> tuple[tuple[float, str], ...]:
    limits = limits_of(view, test)
    return tuple((value, name) for value, name in ((limits.saa, "SAA"), (limits.cr, "CR")) if value is not None)


def _rows(view: View, test: str) -> pd.DataFrame:
    """Return the values of a test of all subjects: blood counts as they are judged, others as they were measured."""
    if test in COUNT_TESTS:
        counts = cohort_counts(view)
        return counts[counts["TEST"] == test]
    rows = CutFrames(view).measures(LABORATORY, test, "")
    rows = rows[rows["AVAL"].notna() & rows["ADY"].notna()]
    shown = (rows["ADY"] >= -28) | rows["BASEFL"]
    return rows.loc[shown, ["USUBJID", "TEST", "ADY", "AVAL", "CENS", "HELD", "BASEFL", "CHG", "UNIT"]].assign(WHY="")
