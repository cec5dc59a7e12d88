"""Published response rates that stand beside the trial's own: historical, not randomised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .rules import Bilingual


class AtgSource(StrEnum):
    """Animal the anti-thymocyte globulin comes from."""

    HORSE = "HORSE"
    RABBIT = "RABBIT"
    PORCINE = "PORCINE"


@dataclass(frozen=True)
class BenchmarkPoint:
    """Rates at one time point.

    Parameters
    ----------
    months : months after treatment.
    orr, crr : proportions 0-1, from the counts where they are known; None where not published.
    responders, complete, evaluable : counts; None where only percentages are known, and then no interval is drawn.
    """

    months: int
    orr: float | None
    crr: float | None
    responders: int | None
    complete: int | None
    evaluable: int | None


@dataclass(frozen=True)
class Benchmark:
    """One published cohort.

    Parameters
    ----------
    n : patients treated. criteria : nearest rule set, "" where the publication's definition is not known here.
    same_institute : True for a cohort of this trial's own institute.
    """

    benchmark_id: str
    label: Bilingual
    citation: str
    n: int
    atg: AtgSource
    criteria: str
    same_institute: bool
    points: tuple[BenchmarkPoint, ...]
