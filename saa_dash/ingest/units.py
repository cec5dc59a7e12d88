"""Units of the tests: recognition, conversion to the standard unit, usual limits and plausibility."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..model.vocabulary import LAB_TESTS, VITAL_SIGNS
from .text import fold

_UNITS_FILE = Path(__file__).with_name("units.toml")
_IGNORED = re.compile(r"[\^*×\s]|^x(?=10)")

RBC_PERCENT = "rbc_percent"
# ARC [10^9/L] = percent / 100 × RBC [10^12/L] × 1000
PERCENT_RBC_FACTOR = 10.0
FAHRENHEIT = "fahrenheit"  # (°F − 32) × 5 / 9 = °C


@dataclass(frozen=True)
class Hint:
    """A typed value beyond `below` or `above` was probably meant in `unit`."""

    unit: str
    below: float = -math.inf
    above: float = math.inf


@dataclass(frozen=True)
class TestUnits:
    """What is known of one test.

    Parameters
    ----------
    name, category : LBTEST / VSTEST and LBCAT.
    standard : standard unit.
    factors : value in that unit × factor = value in the standard unit; `RBC_PERCENT` needs the red cell count,
        `FAHRENHEIT` has an offset.
    plausible : limits in the standard unit outside of which a value is queried, both ends plausible.
    limits : usual adult limits in the standard unit by row code LLN_M, ULN_M, LLN_F, ULN_F; absent where there is none.
    """

    code: str
    name: str
    category: str
    standard: str
    factors: Mapping[str, float | str]
    plausible: tuple[float, float]
    hints: tuple[Hint, ...]
    limits: Mapping[str, float]


def fold_unit(text: str) -> str:
    """Return the comparison form of a unit: ``×10⁹/L``, ``10^9/L`` and ``10*9/L`` are the same."""
    return _IGNORED.sub("", fold(text).replace("μ", "u").replace("µ", "u"))


def _hint(spec: Mapping[str, Any]) -> Hint:
    return Hint(spec["unit"], spec.get("below", -math.inf), spec.get("above", math.inf))


def _test(code: str, spec: Mapping[str, Any], standard: str, factors: Mapping[str, Any]) -> TestUnits:
    rows = ("LLN_M", "ULN_M", "LLN_F", "ULN_F")
    limits = zip(rows, spec.get("limits", ()), strict=False)
    low, high = spec["plausible"]
    return TestUnits(
        code=code,
        name=spec["name"],
        category=spec.get("category", ""),
        standard=standard,
        factors=factors[spec["factors"]] if "factors" in spec else {standard: 1.0},
        plausible=(float(low), float(high)),
        hints=tuple(_hint(hint) for hint in spec.get("hints", ())),
        limits={row: float(value) for row, value in limits if not math.isnan(value)},
    )


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(_UNITS_FILE.read_text("utf-8"))


@cache
def lab_units() -> Mapping[str, TestUnits]:
    """Return the laboratory tests by code."""
    raw = _raw()
    return {code: _test(code, spec, LAB_TESTS[code], raw["factors"]) for code, spec in raw["lab"].items()}


@cache
def vital_units() -> Mapping[str, TestUnits]:
    """Return the vital signs by code."""
    raw = _raw()
    return {code: _test(code, spec, VITAL_SIGNS[code], raw["factors"]) for code, spec in raw["vital"].items()}


@cache
def _unit_words(units: tuple[str, ...]) -> Mapping[str, str]:
    aliases = _raw()["aliases"]
    return {fold_unit(word): unit for unit in units for word in (unit, *aliases.get(unit, ()))}


def canonical_unit(test: TestUnits, text: str) -> str | None:
    """Return the unit of `test` that `text` names, e.g. ``/uL`` for ``个/μL``; None where it is none of its units."""
    return _unit_words(tuple(test.factors)).get(fold_unit(text))
