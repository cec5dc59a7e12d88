"""Words of the laboratory and the vital signs page: names of tests, units, series, levels, findings."""

from __future__ import annotations

from ..analysis.shifts import ShiftTable
from ..report import names
from ..report.names import plain as plain
from ..services.measures import Measure
from .words import language, t


def test_name(code: str, given: str = "") -> str:
    """Return the name of a test; one the catalogues do not know goes by the name the study gives it."""
    return names.test_name(code, given, language())


def series_name(series: str) -> str:
    """Return what tells a series apart: time point, position."""
    return names.series_name(series, language())


def measure_name(measure: Measure) -> str:
    """Return the name of a test with its series where it has several."""
    name = test_name(measure.test, measure.name)
    if not measure.several or not measure.series:
        return name
    return t("lab.test_series", name=name, series=series_name(measure.series))


def unit_name(unit: str) -> str:
    """Return a unit as it is written; one the catalogues do not know as the study writes it."""
    return names.unit_name(unit, language())


def level_names(levels: tuple[str, ...]) -> dict[str, str]:
    """Return the words of the levels of a shift table."""
    return {level: t(f"lab.level.{level}") for level in levels}


def finding(table: ShiftTable, name: str, *, known: bool) -> str:
    """Return the title of a test: how many worsened."""
    numbers = {"name": name, "n": table.treated, "worse": table.worsened, "severe": table.severe}
    if not known:
        return t("lab.finding.unknown", **numbers)
    return t("lab.finding.graded" if table.graded else "lab.finding.ranged", **numbers)
