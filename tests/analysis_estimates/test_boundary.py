"""Stopping boundary: the worked values, and operating characteristics by going through every course of the trial."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saa_dash.analysis.boundary import Boundary, derive_boundary, operating_characteristics, posterior_above
from saa_dash.model.settings import BoundarySettings


def of(cutoff: float, theta: float = 0.2, a: float = 0.4, b: float = 1.6) -> BoundarySettings:
    return BoundarySettings("death_100d", theta, a, b, cutoff)


@pytest.mark.parametrize(
    ("cutoff", "runs", "stop"),
    [
        (0.90, ((2, 2, 3), (3, 4, 6), (4, 7, 9), (5, 10, 10)), (0.17, 0.38, 0.62)),
        (0.95, ((2, 2, 2), (3, 3, 4), (4, 5, 8), (5, 9, 10)), (0.09, 0.26, 0.49)),
    ],
)
def test_worked_values(cutoff: float, runs: tuple[tuple[int, int, int], ...], stop: tuple[float, ...]) -> None:
    """Domain facts, section 7. (0.38470 at 0.3 is printed there as .39.)"""
    boundary = derive_boundary(of(cutoff), 10)
    assert boundary.runs() == runs
    assert [round(operating_characteristics(boundary, p).stop, 2) for p in (0.2, 0.3, 0.4)] == list(stop)


def every_course(boundary: Boundary, p: float) -> tuple[float, list[float]]:
    """Probability of stopping, and of ending after n patients, over all 2^N courses."""
    size = len(boundary.stop_at)
    stop, ends = 0.0, [0.0] * size
    for course in product((0, 1), repeat=size):
        chance = p ** sum(course) * (1 - p) ** (size - sum(course))
        for n in range(1, size + 1):
            limit = boundary.stop_at[n - 1]
            if limit is not None and sum(course[:n]) >= limit:
                stop += chance
                ends[n - 1] += chance
                break
        else:
            ends[-1] += chance
    return stop, ends


@settings(deadline=None, max_examples=25)
@given(
    st.integers(1, 9),
    st.floats(0.05, 0.6),
    st.floats(0.3, 3),
    st.floats(0.3, 5),
    st.floats(0.6, 0.99),
    st.sampled_from([0.0, 0.1, 0.35, 0.8, 1.0]),
)
def test_every_course_gone_through(size: int, theta: float, a: float, b: float, cutoff: float, p: float) -> None:
    boundary = derive_boundary(of(cutoff, theta, a, b), size)
    found = operating_characteristics(boundary, p)
    stop, ends = every_course(boundary, p)
    assert found.stop == pytest.approx(stop, abs=1e-12)
    assert list(found.size) == pytest.approx(ends, abs=1e-12)
    assert found.expected_n == pytest.approx(sum(n * e for n, e in enumerate(ends, start=1)))
    assert sum(found.size) == pytest.approx(1)


@given(st.integers(1, 30), st.floats(0.6, 0.99))
def test_boundary_is_where_the_posterior_crosses(size: int, cutoff: float) -> None:
    settings_ = of(cutoff)
    for n, limit in enumerate(derive_boundary(settings_, size).stop_at, start=1):
        if limit is None:
            assert posterior_above(n, n, settings_) <= cutoff
        else:
            assert posterior_above(limit, n, settings_) > cutoff
            assert limit == 0 or posterior_above(limit - 1, n, settings_) <= cutoff


def test_posterior_by_hand() -> None:
    """Uniform prior, one event of one: density 2p, so P(p > θ) = 1 - θ²."""
    assert posterior_above(1, 1, of(0.9, 0.3, 1, 1)) == pytest.approx(0.91)
