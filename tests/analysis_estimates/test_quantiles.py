"""Quantiles with Brookmeyer–Crowley limits: the rules of R one by one, and a slow reading of the curve."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saa_dash.analysis.quantiles import estimate_quantiles
from saa_dash.analysis.survival import estimate_survival

NONE = math.nan


def quantiles(times: list[float], events: list[int], conf_type: str = "plain") -> list[float]:
    return [q.estimate for q in estimate_quantiles(estimate_survival(times, events), conf_type)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("times", "events", "expected"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], [1.5, 2.5, 3.5]),  # S equals 1-q over an interval: its middle
        ([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], [2, 3, 4]),
        ([1, 2, 3, 4], [1, 1, 0, 0], [1.5, 3, NONE]),  # flat at 0.5 to the end of the curve: middle of 2 and 4
        ([1, 2, 3, 9], [1, 0, 0, 0], [5, NONE, NONE]),  # flat at 0.75 to the end
        ([1, 2, 3, 4], [0, 0, 0, 0], [NONE, NONE, NONE]),
        ([7], [1], [7, 7, 7]),
        ([7], [0], [NONE, NONE, NONE]),
        ([0, 0, 5, 5], [1, 1, 1, 1], [0, 2.5, 5]),  # events on day 0
        ([3, 3, 3], [1, 1, 1], [3, 3, 3]),
        ([0.5, 1.25, 2.75], [1, 1, 1], [0.5, 1.25, 2.75]),
        ([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], [3, 5, NONE]),  # last one censored
    ],
)
def test_quartiles(times: list[float], events: list[int], expected: list[float]) -> None:
    assert quantiles(times, events) == pytest.approx(expected, nan_ok=True)


def test_product_that_misses_by_rounding_still_is_the_level() -> None:
    """49/50 × 48/49 × … reaches 0.5 only within rounding; the middle rule must see it."""
    times = [float(t) for t in range(1, 51)]
    assert quantiles(times, [1] * 50)[1] == 25.5


def test_limits_are_read_from_the_bands() -> None:
    curve = estimate_survival([10, 12, 12, 12, 12, 13, 13, 17, 18, 29], [1] * 10)
    found = estimate_quantiles(curve, "log-log")
    assert [q.lower for q in found] == [10, 10, 12]
    assert [q.upper for q in found] == pytest.approx([13, 17, NONE], nan_ok=True)


def slow_reading(time: np.ndarray, failed: np.ndarray, q: float) -> float:
    """First time at or above q; the middle where q is met exactly until the next step or the end."""
    exact = [i for i in range(len(time)) if abs(failed[i] - q) < 1e-8]
    if exact:
        later = [time[i] for i in range(len(time)) if failed[i] > q + 1e-8]
        return (time[exact[0]] + (later[0] if later else time[-1])) / 2
    reached = [time[i] for i in range(len(time)) if failed[i] > q]
    return reached[0] if reached else math.nan


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=24), st.sampled_from([0.25, 0.5, 0.75])
)
def test_slow_reading_agrees(rows: list[tuple[int, bool]], q: float) -> None:
    curve = estimate_survival([t for t, _ in rows], [e for _, e in rows])
    (found,) = estimate_quantiles(curve, "plain", [q])
    assert found.estimate == pytest.approx(slow_reading(curve.time, 1 - curve.surv, q), nan_ok=True)
