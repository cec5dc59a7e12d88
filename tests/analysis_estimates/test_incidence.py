"""Cumulative incidence against the formula written out and against the infinitesimal jackknife that R takes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saa_dash.analysis.incidence import compare_gray, compare_logrank, estimate_incidence

rows_of = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 1, 1, 2])), min_size=1, max_size=20)


def aalen_johansen(rows: list[tuple[float, int]], cause: int) -> tuple[list[float], list[float]]:
    """Incidence and its infinitesimal-jackknife error: every patient's influence on the state probabilities."""
    n = len(rows)
    states = np.array([1.0, 0.0, 0.0])
    influence = np.zeros((n, 3))
    cif, error = [], []
    for time in sorted({t for t, _ in rows}):
        at_risk = np.array([t >= time for t, _ in rows])
        moved = np.array([[t == time and e == k for k in (1, 2)] for t, e in rows], dtype=float)
        hazard = np.zeros((3, 3))
        hazard[1, 1] = hazard[2, 2] = 1
        hazard[0, 1:] = moved.sum(axis=0) / at_risk.sum()
        hazard[0, 0] = 1 - hazard[0, 1:].sum()
        own = np.column_stack([1 - moved.sum(axis=1), moved]) - hazard[0]
        influence = influence @ hazard + states[0] / at_risk.sum() * own * at_risk[:, None]
        states = states @ hazard
        cif.append(states[cause])
        error.append(math.sqrt((influence[:, cause] ** 2).sum()))
    return cif, error


@settings(max_examples=60, deadline=None)
@given(rows_of)
def test_curve_and_error(rows: list[tuple[float, int]]) -> None:
    for curve in estimate_incidence([t for t, _ in rows], [e for _, e in rows]):
        cif, error = aalen_johansen(rows, curve.cause)
        np.testing.assert_allclose(curve.cif, cif, rtol=0, atol=1e-12)
        np.testing.assert_allclose(curve.std_err, error, rtol=0, atol=1e-9)
        assert curve.n_risk.tolist() == [sum(t >= time for t, _ in rows) for time in curve.time]


def test_causes_add_up_to_all_events() -> None:
    one, two = estimate_incidence([1, 2, 3, 4], [1, 2, 0, 1])
    assert (one.cif + two.cif).tolist() == pytest.approx([0.25, 0.5, 0.5, 1.0])


def test_a_cause_that_never_occurs_stays_at_zero() -> None:
    _, two = estimate_incidence([1, 2], [1, 0])
    assert two.cif.tolist() == [0, 0]
    assert all(math.isnan(x) for x in (*two.limits("log-log")[0], *two.limits("log")[1]))
    assert [x.tolist() for x in two.limits("plain")] == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("conf_type", "lower", "upper"), [("log-log", math.nan, math.nan), ("log", 1, 1), ("plain", 1, 1)]
)
def test_limits_where_the_curve_is_exactly_one(conf_type: str, lower: float, upper: float) -> None:
    """Everybody has the event at once: R's product is exactly 1 and its error exactly 0."""
    curve, _ = estimate_incidence([5, 5, 5], [1, 1, 1])
    low, high = curve.limits(conf_type)  # type: ignore[arg-type]
    assert (curve.cif[0], curve.std_err[0]) == (1, 0)
    assert (low[0], high[0]) == pytest.approx((lower, upper), nan_ok=True)


def test_error_vanishes_where_the_curve_ends_at_one() -> None:
    """The closed form leaves 1e-8 here, which on the log-log scale would be limits of 0 and 1."""
    times = [float(t) for t in range(1, 24)]
    curve, _ = estimate_incidence(times, [1] * 23)
    assert curve.std_err[-1] == pytest.approx(0, abs=1e-12)


def test_more_causes_than_two() -> None:
    curves = estimate_incidence([1, 2, 3], [3, 1, 2], causes=3)
    assert [curve.cif[-1] for curve in curves] == pytest.approx([1 / 3] * 3)


def test_tests_without_a_comparison_are_not_defined() -> None:
    for found in (compare_gray([1, 2], [1, 1], ["a", "a"]), compare_gray([1, 2], [2, 0], ["a", "b"])):
        assert math.isnan(found.p)
    assert math.isnan(compare_logrank([1, 2], [1, 1], ["a", "a"]).p)


def test_a_group_gone_before_the_first_event_takes_no_part_in_the_logrank_test() -> None:
    times, events, groups = [1, 5, 6, 7, 8], [0, 1, 1, 0, 1], ["c", "a", "b", "a", "b"]
    with_it = compare_logrank(times, events, groups)
    assert with_it.df == 1
    assert with_it.statistic == pytest.approx(compare_logrank(times[1:], events[1:], groups[1:]).statistic)
