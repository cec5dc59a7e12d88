"""Names of classes, tests and units in a language; what no list knows goes by the name the study gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from ..analysis.measures import SEPARATOR
from ..i18n import has_key, keys, label, translate

_SOC = "term.soc."
_TESTS = ("term.lab_test", "term.vital_sign", "lab.test")
_NO_UNITS = ("", "1", "NO UNITS", "FRACTION", "RATIO")
_MARKUP = re.compile(r"[*_`\[\]<>#|$~\\&:]+")  # names come from the data and stand in headings and figures
_MINUTES = re.compile(r"\bFOR (\d+) MINUTES?$")


def plain(text: str) -> str:
    """Return text of the data without what headings and figures would take for markup."""
    return " ".join(_MARKUP.sub(" ", text).split())


def soc_names(codes: Iterable[str], lang: str) -> Mapping[str, str]:
    """Return each system organ class in words; one that no list knows as it is typed.

    Our form codes the classes; packages spell them in English, in capitals as a rule.
    """
    return {code: _soc(code, lang) for code in codes}


def _soc(code: str, lang: str) -> str:
    if not code:
        return translate(lang, "ae.no_class")
    if has_key(lang, f"{_SOC}{code}"):
        return translate(lang, f"{_SOC}{code}")
    known = _english().get(code.strip().upper())
    return translate(lang, f"{_SOC}{known}") if known else code


@cache
def _english() -> Mapping[str, str]:
    codes = (key.removeprefix(_SOC) for key in keys("en") if key.startswith(_SOC))
    return {translate("en", f"{_SOC}{code}").upper(): code for code in codes}


def test_name(code: str, given: str, lang: str) -> str:
    """Return the name of a test; one the catalogues do not know goes by the name the study gives it."""
    known = next((f"{where}.{code}" for where in _TESTS if has_key(lang, f"{where}.{code}")), None)
    return translate(lang, known) if known else plain(given) or plain(code)


def dose_unit(unit: str, lang: str) -> str:
    """Return a unit of doses as it is written."""
    known = f"methods.dose_unit.{unit}"
    return translate(lang, known) if has_key(lang, known) else unit


def unit_name(unit: str, lang: str) -> str:
    """Return a unit as it is written; one the catalogues do not know as the study writes it."""
    return translate(lang, "lab.no_unit") if unit in _NO_UNITS else plain(label(lang, "unit", unit))


def series_name(series: str, lang: str) -> str:
    """Return what tells a series of a test apart: time point, position."""
    return " · ".join(_series_part(part, lang) for part in series.split(SEPARATOR) if part)


def _series_part(part: str, lang: str) -> str:
    minutes = _MINUTES.search(part)
    if minutes:  # "AFTER STANDING FOR 3 MINUTES": the position stands before it
        return translate(lang, "lab.minutes", n=int(minutes[1]))
    known = next((key for key in (f"term.csa_timepoint.{part}", f"lab.position.{part}") if has_key(lang, key)), None)
    return translate(lang, known) if known else plain(part).lower()
