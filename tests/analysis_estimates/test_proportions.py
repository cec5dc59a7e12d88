"""Binomial limits: the exact table of ten patients, and the definition of each method."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from saa_dash.analysis.proportions import INTERVAL_METHODS, estimate_proportion, proportion_limits

# Clopper–Pearson 95 % limits of x of 10, %; domain facts, section 7.
TEN = [
    (0, 30.85), (0.25, 44.50), (2.52, 55.61), (6.67, 65.25), (12.16, 73.76), (18.71, 81.29), (26.24, 87.84),
    (34.75, 93.33), (44.39, 97.48), (55.50, 99.75), (69.15, 100),
]  # fmt: skip
counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def at_least(x: int, n: int, p: float) -> float:
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(x, n + 1))


def test_table_of_ten() -> None:
    lower, upper = proportion_limits(np.arange(11), 10, "clopper-pearson")
    assert [(round(100 * a, 2), round(100 * b, 2)) for a, b in zip(lower, upper, strict=True)] == TEN


@given(counts)
def test_clopper_pearson_turns_the_binomial_tails(count: tuple[int, int]) -> None:
    x, n = count
    found = estimate_proportion(x, n, "clopper-pearson")
    assert at_least(x, n, found.lower) == pytest.approx(0.025 if x else 1)
    assert 1 - at_least(x + 1, n, found.upper) == pytest.approx(0.025 if x < n else 1)


@given(counts)
def test_wilson_limits_solve_the_score_equation(count: tuple[int, int]) -> None:
    x, n = count
    found = estimate_proportion(x, n, "wilson")
    for limit in (found.lower, found.upper):
        if 0 < limit < 1:
            assert (x / n - limit) ** 2 == pytest.approx(1.959963984540054**2 * limit * (1 - limit) / n, abs=1e-12)


@given(counts)
def test_jeffreys_limits_cut_equal_tails_off_the_posterior(count: tuple[int, int]) -> None:
    x, n = count
    found = estimate_proportion(x, n, "jeffreys")
    posterior = beta(x + 0.5, n - x + 0.5)
    assert posterior.cdf(found.lower) == pytest.approx(0.025 if x else 0)
    assert posterior.cdf(found.upper) == pytest.approx(0.975 if x < n else 1)


@pytest.mark.parametrize("method", INTERVAL_METHODS)
def test_none_all_and_nobody(method: str) -> None:
    none, everybody, nobody = (estimate_proportion(x, n, method) for x, n in ((0, 10), (10, 10), (0, 0)))  # type: ignore[arg-type]
    assert (none.estimate, none.lower) == (0, 0)
    assert 0 < none.upper < 0.4
    assert (everybody.estimate, everybody.upper) == (1, 1)
    assert 0.6 < everybody.lower < 1
    assert all(math.isnan(value) for value in (nobody.estimate, nobody.lower, nobody.upper))


@given(counts, st.sampled_from(INTERVAL_METHODS))
def test_limits_enclose_the_estimate_and_mirror(count: tuple[int, int], method: str) -> None:
    x, n = count
    found, mirrored = (estimate_proportion(k, n, method) for k in (x, n - x))  # type: ignore[arg-type]
    assert found.lower <= found.estimate <= found.upper
    assert (found.lower, found.upper) == pytest.approx((1 - mirrored.upper, 1 - mirrored.lower))


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and total"):
        proportion_limits([3, 11], 10, "wilson")
