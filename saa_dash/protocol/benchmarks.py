"""Reads the published response rates that stand beside the trial's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..model.benchmark import AtgSource, Benchmark, BenchmarkPoint
from .reading import Section, raise_findings, read_toml
from .rules import LISTED

BENCHMARKS_FILE = Path(__file__).with_name("benchmarks.toml")
ERROR = "error.protocol_invalid"


def load_benchmarks(path: Path | None = None) -> tuple[Benchmark, ...]:
    """Return the published cohorts in listed order.

    Parameters
    ----------
    path : a benchmark file; None for the one that ships with the product.

    Raises
    ------
    SettingsError : the file is wrong; every finding is listed with its key.
    """
    return _load(path or BENCHMARKS_FILE)


@cache
def _load(path: Path) -> tuple[Benchmark, ...]:
    top = read_toml(path, ERROR)
    benchmarks = tuple(_benchmark(item) for item in top.tables("benchmarks"))
    raise_findings(top, path, ERROR)
    return benchmarks


def _benchmark(section: Section) -> Benchmark:
    return Benchmark(
        benchmark_id=section.text("id"),
        label=section.bilingual("label"),
        citation=section.text("citation"),
        n=section.integer("n", 1, 100_000),
        atg=AtgSource(section.choice("atg", [item.value for item in AtgSource])),
        criteria=section.choice("criteria", LISTED) if section.has("criteria") else "",
        same_institute=section.boolean("same_institute", False),
        points=tuple(_point(item) for item in section.tables("points")),
    )


def _point(section: Section) -> BenchmarkPoint:
    evaluable = section.optional_integer("evaluable", 1, 100_000)
    highest = evaluable or 0
    responders = section.optional_integer("responders", 0, highest)
    complete = section.optional_integer("complete", 0, highest)
    return BenchmarkPoint(
        months=section.integer("months", 1, 120),
        orr=_proportion(responders, evaluable, section.optional_number("orr_percent", 0, 100)),
        crr=_proportion(complete, evaluable, section.optional_number("cr_percent", 0, 100)),
        responders=responders,
        complete=complete,
        evaluable=evaluable,
    )


def _proportion(count: int | None, evaluable: int | None, percent: float | None) -> float | None:
    # counts are exact where they are published; percentages are rounded
    if count is not None and evaluable:
        return count / evaluable
    return None if percent is None else percent / 100
