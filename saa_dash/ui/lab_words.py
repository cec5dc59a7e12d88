"""Words of the laboratory and the vital signs page: names of tests, units, series, levels, findings."""

from __future__ import annotations

import re

from ..analysis.measures import SEPARATOR
from ..analysis.shifts import ShiftTable
from ..i18n import has_key, label, translate
from ..services.measures import Measure
from .words import language, t

_MARKUP = re.compile(r"[*_`\[\]<>#|$~\\&:]+")  # names come from the data and stand in headings and figures
_MINUTES = re.compile(r"\bFOR (\d+) MINUTES?$")
_NO_UNITS = ("", "1", "NO UNITS", "FRACTION", "RATIO")
_NAMES = ("term.lab_test", "term.vital_sign", "lab.test")


def plain(text: str) -> str:
    """Return text of the data without what headings and figures would take for markup."""
    return " ".join(_MARKUP.sub(" ", text).split())


def test_name(code: str, given: str = "") -> str:
    """Return the name of a test; one the catalogues do not know goes by the name the study gives it."""
    lang = language()
    known = next((f"{where}.{code}" for where in _NAMES if has_key(lang, f"{where}.{code}")), None)
    return translate(lang, known) if known else plain(given) or plain(code)


def series_name(series: str) -> str:
    """Return what tells a series apart: time point, position."""
    parts = [part for part in series.split(SEPARATOR) if part]
    return " · ".join(_series_part(part) for part in parts)


def _series_part(part: str) -> str:
    lang = language()
    minutes = _MINUTES.search(part)
    if minutes:  # "AFTER STANDING FOR 3 MINUTES": the position stands before it
        return t("lab.minutes", n=int(minutes[1]))
    known = next((key for key in (f"term.csa_timepoint.{part}", f"lab.position.{part}") if has_key(lang, key)), None)
    return translate(lang, known) if known else plain(part).lower()


def measure_name(measure: Measure) -> str:
    """Return the name of a test with its series where it has several."""
    name = test_name(measure.test, measure.name)
    if not measure.several or not measure.series:
        return name
    return t("lab.test_series", name=name, series=series_name(measure.series))


def unit_name(unit: str) -> str:
    """Return a unit as it is written; one the catalogues do not know as the study writes it."""
    return t("lab.no_unit") if unit in _NO_UNITS else plain(label(language(), "unit", unit))


def level_names(levels: tuple[str, ...]) -> dict[str, str]:
    """Return the words of the levels of a shift table."""
    return {level: t(f"lab.level.{level}") for level in levels}


def finding(table: ShiftTable, name: str, *, known: bool) -> str:
    """Return the title of a test: how many worsened."""
    numbers = {"name": name, "n": table.treated, "worse": table.worsened, "severe": table.severe}
    if not known:
        return t("lab.finding.unknown", **numbers)
    return t("lab.finding.graded" if table.graded else "lab.finding.ranged", **numbers)
