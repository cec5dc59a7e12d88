"""eDISH, candidates for Hy's law and KDIGO of the pilot package against a plain count from its transport files."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from support.pilot import CUTOFF, pilot_frame
from support.slow_shifts import first_doses, number

from saa_dash.analysis.edish import Plane
from saa_dash.model.principal import local_principal
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.exposure import exposure_page
from saa_dash.services.organs import cyclosporine_page, kidney_page, liver_page, organ_course

WHO = local_principal()
TESTS = ("ALT", "AST", "ALP", "BILI", "CREAT")
Result = tuple[int, Fraction, Fraction | None]  # days from the first dose, value, upper limit of normal


@pytest.fixture(scope="module")
def view(pilot_data_dir: Path) -> View:
    return open_view(WHO, Request(pilot_data_dir, "latest"))


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, list[Result]]]:
    """Results of the treated by patient and test, in order of days; a value below detection is the limit itself."""
    starts = first_doses(pilot_frame("ex").to_dict("records"))
    found: dict[str, dict[str, list[Result]]] = {who: defaultdict(list) for who in starts}
    frame = pilot_frame("lb")
    for row in frame[frame["LBTESTCD"].isin(TESTS)].to_dict("records"):
        value = number(row["LBORRES"])
        if value is None or row["USUBJID"] not in starts or not row["LBDTC"]:
            continue
        day = date.fromisoformat(row["LBDTC"][:10])
        if day <= CUTOFF:
            high = number(row["LBORNRHI"])
            found[row["USUBJID"]][row["LBTESTCD"]].append(((day - starts[row["USUBJID"]]).days, value, high))
    return {who: {test: sorted(rows) for test, rows in tests.items()} for who, tests in found.items()}


def multiples(rows: list[Result], *, own: bool) -> list[tuple[int, Fraction]]:
    """Days on treatment and multiples of the limit, or of the baseline where that is above its limit."""
    before = [row for row in rows if row[0] < 0]
    base = min((row for row in before if row[0] == before[-1][0]), key=lambda row: row[1]) if before else None
    altered = base is not None and base[2] is not None and base[1] > base[2]
    if own and altered:
        assert base is not None
        return [(day, value / base[1]) for day, value, _ in rows if day >= 0]
    return [(day, value / high) for day, value, high in rows if day >= 0 and high]


def quadrants(results: dict[str, dict[str, list[Result]]], amt: str, bili: str, *, own: bool = False) -> Counter[str]:
    counted: Counter[str] = Counter()
    for tests in results.values():
        enzymes = [m for test in ("ALT", "AST") for _, m in multiples(tests.get(test, []), own=own)]
        pigment = [m for _, m in multiples(tests.get("BILI", []), own=own)]
        if enzymes and pigment:
            high = max(enzymes) >= Fraction(amt), max(pigment) > Fraction(bili)
            names = {(0, 0): "NORMAL", (1, 0): "TEMPLE", (0, 1): "CHOLESTASIS", (1, 1): "HY"}
            counted[names[int(high[0]), int(high[1])]] += 1
    return counted


@pytest.mark.parametrize(
    ("plane", "cuts"),
    [
        (Plane(), ("3", "2")),
        (Plane(2.0, 1.5), ("2", "3/2")),
        (Plane(1.5, 1.0), ("3/2", "1")),
        (Plane(2.0, 1.0, modified=True), ("2", "1")),
    ],
)
def test_quadrants_equal_the_count_from_the_files(view, results, plane, cuts):
    page = liver_page(WHO, view, plane)
    counted = quadrants(results, *cuts, own=plane.modified)
    assert {name: rate.events for name, rate in page.quadrants.items() if rate.events} == dict(counted)
    assert {rate.total for rate in page.quadrants.values()} == {sum(counted.values())}
    assert (page.treated, page.measured) == (254, sum(counted.values()))


def test_the_count_sees_the_package(results):
    assert quadrants(results, "3", "2") == {"NORMAL": 242, "TEMPLE": 3, "CHOLESTASIS": 1, "HY": 1}


def test_candidates_are_timed_and_the_one_in_the_quadrant_is_none(view, results):
    def candidate(tests: dict[str, list[Result]]) -> bool:
        enzymes = [d for test in ("ALT", "AST") for d, m in multiples(tests.get(test, []), own=False) if m >= 3]
        yellow = [d for d, m in multiples(tests.get("BILI", []), own=False) if m > 2]
        blocked = [d for d, m in multiples(tests.get("ALP", []), own=False) if m >= 2]
        pairs = ((a, min((b for b in yellow if a <= b <= a + 30), default=None)) for a in enzymes)
        return any(b is not None and not any(a <= d <= b for d in blocked) for a, b in pairs)

    page = liver_page(WHO, view)
    assert page.candidates.events == sum(candidate(tests) for tests in results.values()) == len(page.listed) == 0
    code = page.points.loc[page.points["QUAD"] == "HY", "PCODE"].iloc[0]
    days = organ_course(WHO, view, code).liver
    assert days["AMTXULN"].max() >= 3 and days["BILIXULN"].max() > 2
    assert days["ADY"].is_monotonic_increasing


def test_stages_of_kidney_injury_equal_the_count_from_the_files(view, results):
    staged = measured = injured = 0
    for tests in results.values():
        rows = tests.get("CREAT", [])
        after = [row for row in rows if row[0] >= 0]
        measured += bool(after)
        earlier = [(value, [v for d, v, _ in rows if 1 <= day - d <= 7]) for day, value, _ in after]
        staged += any(before for _, before in earlier)
        injured += any(before and value >= Fraction(3, 2) * min(before) for value, before in earlier)
    counts = kidney_page(WHO, view).counts
    assert (counts.measured, counts.staged, counts.injured.events) == (measured, staged, injured)
    assert counts.worst == {"UNKNOWN": measured - staged, "0": staged, "RATIO": 0, "1": 0, "2": 0, "3": 0}
    assert counts.weeks["N"].sum() >= measured


def test_what_the_package_lacks_is_not_zero(view):
    page = cyclosporine_page(WHO, view)
    assert (page.target, page.all, page.levels) == (None, None, 0)
    exposure = exposure_page(WHO, view)
    assert (exposure.lines, exposure.criteria, exposure.violations, exposure.deviations) == ((), (), None, None)
    assert [item.stopped for item in exposure.components] == [None, None]


def test_doses_given_and_reduced_equal_the_count_from_the_files(view):
    given, reduced = defaultdict(set), defaultdict(set)
    last: dict[tuple[str, str], float] = {}
    for row in sorted(pilot_frame("ex").to_dict("records"), key=lambda row: row["EXSTDTC"]):
        who, drug = row["USUBJID"], row["EXTRT"]
        given[drug].add(who)
        if row["EXDOSE"] < last.get((who, drug), 0):
            reduced[drug].add(who)
        last[who, drug] = row["EXDOSE"]
    found = {item.component: item for item in exposure_page(WHO, view).components}
    assert {drug: item.given.events for drug, item in found.items()} == {drug: len(who) for drug, who in given.items()}
    assert {drug: item.reduced.events for drug, item in found.items()} == {d: len(reduced[d]) for d in given}
    assert found["XANOMELINE"].reduced.events > 0
