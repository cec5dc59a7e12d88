"""Kaplan–Meier against the product-limit formula written out, and its edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saa_dash.analysis.survival import (
    at_risk_table,
    estimate_follow_up,
    estimate_landmarks,
    estimate_survival,
    merge_ties,
)

Z = 1.959963984540054

times_and_events = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 3.5, 7.0, 28.0]), st.sampled_from([0, 1, 2])),
    min_size=1,
    max_size=25,
)


def product_limit(rows: list[tuple[float, int]]) -> list[tuple[float, int, int, int, float, float]]:
    """Time, at risk, events, censored, survival and standard error, patient by patient."""
    out, surv, variance = [], 1.0, 0.0
    for time in sorted({t for t, _ in rows}):
        at_risk = sum(t >= time for t, _ in rows)
        events = sum(t == time and e > 0 for t, e in rows)
        censored = sum(t == time and e == 0 for t, e in rows)
        surv *= 1 - events / at_risk
        if at_risk == events:
            variance = math.inf
        elif events:
            variance += events / (at_risk * (at_risk - events))
        out.append((time, at_risk, events, censored, surv, surv * math.sqrt(variance) if surv else math.nan))
    return out


@settings(max_examples=60, deadline=None)
@given(times_and_events)
def test_curve_is_the_product_limit(rows: list[tuple[float, int]]) -> None:
    curve = estimate_survival([t for t, _ in rows], [e for _, e in rows])
    expected = np.array(product_limit(rows))
    columns = (curve.time, curve.n_risk, curve.n_event, curve.n_censor, curve.surv, curve.std_err)
    np.testing.assert_allclose(np.array(columns, dtype=float).T, expected, rtol=0, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(times_and_events, st.randoms(use_true_random=False))
def test_order_of_patients_does_not_matter(rows: list[tuple[float, int]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (estimate_survival([t for t, _ in r], [e for _, e in r]) for r in (rows, shuffled))
    assert np.array_equal(one.surv, other.surv)
    assert np.array_equal(one.time, other.time)


def test_limits_written_out() -> None:
    curve = estimate_survival([1, 2, 3, 4], [1, 0, 1, 0])
    s, sigma = 0.375, math.sqrt(1 / 12 + 1 / 2)
    for conf_type, lower, upper in (
        ("plain", max(s - Z * s * sigma, 0), min(s + Z * s * sigma, 1)),
        ("log", s * math.exp(-Z * sigma), min(s * math.exp(Z * sigma), 1)),
        ("log-log", s ** math.exp(-Z * sigma / math.log(s)), s ** math.exp(Z * sigma / math.log(s))),
    ):
        low, high = curve.limits(conf_type)  # type: ignore[arg-type]
        assert (low[2], high[2]) == pytest.approx((lower, upper), abs=1e-12)


@pytest.mark.parametrize(
    ("conf_type", "before", "after"),
    [
        ("log-log", (math.nan, math.nan), (math.nan,) * 2),
        ("log", (1, 1), (math.nan,) * 2),
        ("plain", (1, 1), (math.nan,) * 2),
    ],
)
def test_limits_at_one_and_at_zero_are_those_of_r(conf_type: str, before: tuple[float, float], after: tuple) -> None:
    curve = estimate_survival([1, 2], [0, 1])
    low, high = curve.limits(conf_type)  # type: ignore[arg-type]
    assert curve.surv.tolist() == [1, 0]
    assert curve.std_err.tolist() == pytest.approx([0, math.nan], nan_ok=True)
    assert (low[0], high[0]) == pytest.approx(before, nan_ok=True)
    assert (low[1], high[1]) == pytest.approx(after, nan_ok=True)


def test_events_come_before_censoring_of_the_same_day() -> None:
    curve = estimate_survival([5, 5, 8], [0, 1, 1])
    assert curve.n_risk.tolist() == [3, 1]
    assert curve.surv.tolist() == pytest.approx([2 / 3, 0])


def test_event_on_day_0_counts() -> None:
    curve = estimate_survival([0, 0, 4], [1, 0, 0])
    assert curve.time.tolist() == [0, 4]
    assert curve.surv.tolist() == pytest.approx([2 / 3, 2 / 3])


def test_times_closer_than_the_tolerance_are_one() -> None:
    assert merge_ties([3.0, 0.3, 0.1 + 0.2]).tolist() == [3.0, 0.3, 0.3]
    assert merge_ties([1e9, 1e9 + 1, 5]).tolist() == [1e9, 1e9, 5]
    assert merge_ties([1.0, 1.001]).tolist() == [1.0, 1.001]


def test_no_patients_is_refused() -> None:
    with pytest.raises(ValueError, match="no times"):
        estimate_survival([], [])


def test_follow_up_takes_the_event_as_censoring() -> None:
    curve = estimate_follow_up([10, 20, 30], [1, 0, 0])
    assert curve.n_event.tolist() == [0, 1, 1]
    assert curve.surv.tolist() == pytest.approx([1, 0.5, 0])


def test_landmarks() -> None:
    curve = estimate_survival([10, 20, 30, 40], [1, 0, 1, 0])
    found = {mark.time: mark for mark in estimate_landmarks(curve, [0, 10, 28, 40, 41], "plain")}
    assert [found[t].estimate for t in (0, 10, 28, 40)] == pytest.approx([1, 0.75, 0.75, 0.375])
    assert [found[t].n_risk for t in (0, 10, 28, 40, 41)] == [4, 4, 2, 1, 0]
    assert math.isnan(found[41].estimate)
    assert (found[0].lower, found[0].upper) == (1, 1)
    assert found[28].lower == pytest.approx(0.75 - Z * 0.75 * math.sqrt(1 / 12))


def test_landmark_after_the_last_death_is_zero() -> None:
    (mark,) = estimate_landmarks(estimate_survival([1, 2], [1, 1]), [9], "log-log")
    assert mark.estimate == 0


def test_at_risk_table() -> None:
    table = at_risk_table(estimate_survival([10, 20, 20, 40], [1, 0, 1, 0]), [0, 10, 20, 30, 50])
    assert table["n_risk"].tolist() == [4, 4, 3, 1, 0]
    assert table["n_event"].tolist() == [0, 0, 1, 2, 2]
    assert table["n_censor"].tolist() == [0, 0, 0, 1, 2]
    assert (table["n_risk"] + table["n_event"] + table["n_censor"]).tolist() == [4] * 5  # nobody twice, nobody lost
