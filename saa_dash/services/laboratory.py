"""The laboratory page: every test with its shifts, one test with courses, shifts and outliers."""

from __future__ import annotations

from ..access.policy import Permission, check_permission
from ..model.ctcae import HighGrades, LowGrades
from ..model.principal import Principal
from ..model.vocabulary import Component
from ..protocol.ctcae import load_ctcae
from .context import View
from .measures import LABORATORY, MeasurePage, MeasuresPage, find_measure, measure_page, measures_page
from .memory import remembered


def laboratory_page(principal: Principal, view: View) -> MeasuresPage:
    """Return every laboratory test of a view.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "laboratory", lambda: measures_page(view, LABORATORY))


def laboratory_test(principal: Principal, view: View, test: str, series: str) -> MeasurePage:
    """Return one laboratory test of a view.

    Raises
    ------
    Refused : without the right to see patients under codes. UserError : the cut has no such test.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    measure = find_measure(laboratory_page(principal, view), test, series)
    return remembered(principal, view, "laboratory_test", lambda: measure_page(view, LABORATORY, measure), test, series)


def grades_of(test: str) -> LowGrades | HighGrades | None:
    """Return the CTCAE grades of a test, None where it has none."""
    criteria = load_ctcae()
    return criteria.low.get(test) or criteria.high.get(test)


def ctcae_version() -> str:
    """Return the version of the grades in force."""
    return load_ctcae().version


def target_range(view: View, test: str) -> tuple[float, float] | None:
    """Return the target range of a drug level by the protocol, None for other tests and studies without protocol."""
    if view.protocol is None or test != Component.CSA:
        return None
    target = view.protocol.intervention(Component.CSA).target
    return (target.low, target.high) if target else None
