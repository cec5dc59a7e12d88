"""Reads the laboratory grades of the CTCAE into `ToxicityCriteria`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast, get_args

from ..model.ctcae import HIGHEST_BY_VALUE, BaselineUse, HighGrades, LowGrades, ToxicityCriteria
from ..model.vocabulary import LAB_TESTS
from .reading import Section, raise_findings, read_toml

CTCAE_FILE = Path(__file__).with_name("ctcae.toml")
ERROR = "error.protocol_invalid"

_MAX_LIMIT = 1000.0
_GRADES = range(1, HIGHEST_BY_VALUE + 1)


def load_ctcae(path: Path | None = None) -> ToxicityCriteria:
    """Return the laboratory grades in force.

    Parameters
    ----------
    path : a file of grades; None for the one that ships with the product.

    Raises
    ------
    SettingsError : the file is wrong; every finding is listed with its key.

    Source: CTCAE version 5.0 (NCI, 2017); domain facts, section 5.
    """
    return _load(path or CTCAE_FILE)


@cache
def _load(path: Path) -> ToxicityCriteria:
    top = read_toml(path, ERROR)
    low, high = top.table("low"), top.table("high")
    criteria = ToxicityCriteria(
        version=top.text("version"),
        low={test: LowGrades(test, _limits(low.table(test))) for test in LAB_TESTS if low.has(test)},
        high={test: _high(high.table(test), test) for test in LAB_TESTS if high.has(test)},
    )
    raise_findings(top, path, ERROR)
    return criteria


def _high(section: Section, test: str) -> HighGrades:
    return HighGrades(
        test=test,
        uln=_limits(section.table("uln")),
        baseline=_limits(section.table("baseline")),
        use=cast(BaselineUse, section.choice("use", get_args(BaselineUse))),
        first_included=section.boolean("first_included"),
    )


def _limits(section: Section) -> dict[int, float]:
    found = {grade: section.optional_number(f"g{grade}", 0, _MAX_LIMIT) for grade in _GRADES}
    return {grade: limit for grade, limit in found.items() if limit is not None}
