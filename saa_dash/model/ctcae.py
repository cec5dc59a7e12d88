"""Laboratory grades of one version of the CTCAE; `saa_dash.protocol.ctcae` reads them from ctcae.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

BaselineUse = Literal["abnormal", "either"]

HIGHEST_BY_VALUE = 4  # grade 5 is death, never a value


@dataclass(frozen=True)
class LowGrades:
    """Grades of a test that is graded where it falls.

    Parameters
    ----------
    test : LBTESTCD. below : grade 2…4 → value below which it holds; grade 1 is below the lower limit of normal.
    """

    test: str
    below: Mapping[int, float]


@dataclass(frozen=True)
class HighGrades:
    """Grades of a test that is graded where it rises.

    Parameters
    ----------
    test : LBTESTCD. uln : grade → multiple of the upper limit of normal above which it holds.
    baseline : grade → multiple of the baseline above which it holds; grades without one are judged by the limit only.
    use : ``abnormal`` where the baseline takes the place of the limit if it is above it, ``either`` where both count.
    first_included : grade 1 by the baseline holds at its multiple too.
    """

    test: str
    uln: Mapping[int, float]
    baseline: Mapping[int, float]
    use: BaselineUse
    first_included: bool


@dataclass(frozen=True)
class ToxicityCriteria:
    """All graded tests of one version, by LBTESTCD."""

    version: str
    low: Mapping[str, LowGrades]
    high: Mapping[str, HighGrades]

    @property
    def tests(self) -> tuple[str, ...]:
        """Every test with grades."""
        return (*self.low, *self.high)
