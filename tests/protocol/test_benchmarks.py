"""Published rates are what the publications say."""

from __future__ import annotations

import pytest

from saa_dash.i18n.catalogue import LANGUAGES, has_key
from saa_dash.model.benchmark import AtgSource
from saa_dash.protocol import load_benchmarks, load_rule_sets

# id: n, ATG source, {months: (ORR %, CR %)}
EXPECTED = {
    "race_hatg_csa": (101, "HORSE", {3: (31, 10), 6: (41, 20)}),
    "race_hatg_csa_epag": (96, "HORSE", {3: (59, 22), 6: (68, 32)}),
    "townsley_cohort3": (31, "HORSE", {3: (87, 48), 6: (94, 58)}),
    "townsley_all": (92, "HORSE", {3: (80, 30), 6: (87, 39)}),
    "scheinberg_ratg": (60, "RABBIT", {6: (37, None)}),
    "scheinberg_hatg": (60, "HORSE", {6: (68, None)}),
    "marsh_ratg": (35, "RABBIT", {3: (34, 0), 6: (40, 3)}),
    "li_ratg": (51, "RABBIT", {3: (100 * 13 / 51, None), 6: (41.2, None)}),
    "fan_patg_hpag_tpo": (39, "PORCINE", {3: (75, 25), 6: (100 * 20 / 26, 100 * 9 / 26)}),
    "pan_patg_hpag_ctx": (43, "PORCINE", {3: (65, 9), 6: (70, 28)}),
}


def test_all_cohorts_in_order() -> None:
    assert [item.benchmark_id for item in load_benchmarks()] == list(EXPECTED)


@pytest.mark.parametrize("benchmark_id", EXPECTED)
def test_rates(benchmark_id: str) -> None:
    item = next(one for one in load_benchmarks() if one.benchmark_id == benchmark_id)
    n, atg, rates = EXPECTED[benchmark_id]
    assert (item.n, item.atg) == (n, AtgSource(atg))
    assert [point.months for point in item.points] == list(rates)
    for point in item.points:
        orr, crr = rates[point.months]
        assert point.orr == pytest.approx(orr / 100, abs=1e-12)
        assert point.crr == (None if crr is None else pytest.approx(crr / 100, abs=1e-12))


def test_counts_only_where_published() -> None:
    counts = {
        (item.benchmark_id, point.months): (point.responders, point.complete, point.evaluable)
        for item in load_benchmarks()
        for point in item.points
        if point.evaluable is not None
    }
    assert counts == {
        ("li_ratg", 3): (13, None, 51),
        ("fan_patg_hpag_tpo", 3): (27, 9, 36),
        ("fan_patg_hpag_tpo", 6): (20, 9, 26),
    }


def test_criteria_are_known_rule_sets() -> None:
    assert {item.criteria for item in load_benchmarks()} <= {*load_rule_sets(), ""}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_source_has_a_name(lang: str) -> None:
    assert all(has_key(lang, f"atg.{item.atg}") for item in load_benchmarks())
