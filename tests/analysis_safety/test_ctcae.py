"""CTCAE grades: boundaries, baselines, missing limits, censored values, and a slow second opinion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.slow_safety import exact, grade_chemistry, grade_count

from saa_dash.analysis.ctcae import INDICATORS, JUDGED_BY, Graded, Results, grade_test, range_indicator
from saa_dash.analysis.logic import ABOVE, BELOW, EXACT
from saa_dash.protocol.ctcae import load_ctcae

CRITERIA = load_ctcae()


def graded(test, value, lower=None, upper=None, base=None, base_upper=None, reading=EXACT) -> Graded:
    numbers = [np.array([np.nan if x is None else x], float) for x in (value, lower, upper, base, base_upper)]
    return grade_test(test, Results(numbers[0], np.array([reading]), *numbers[1:]), CRITERIA)


def grade(test, value, **known) -> float | None:
    found = graded(test, value, **known).grade[0]
    return None if np.isnan(found) else int(found)


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        ("ANC", 1.8, 0), ("ANC", 1.79, 1), ("ANC", 1.5, 1), ("ANC", 1.49, 2), ("ANC", 1.0, 2), ("ANC", 0.99, 3),
        ("ANC", 0.5, 3), ("ANC", 0.49, 4), ("ANC", 0.0, 4),
        ("WBC", 3.0, 0), ("WBC", 2.0, 2), ("WBC", 1.0, 3), ("WBC", 0.99, 4),
        ("PLAT", 75, 0), ("PLAT", 74, 2), ("PLAT", 50, 2), ("PLAT", 49, 3), ("PLAT", 25, 3), ("PLAT", 24, 4),
        ("HGB", 100, 0), ("HGB", 99, 2), ("HGB", 80, 2), ("HGB", 79, 3), ("HGB", 40, 3),
    ],
)  # fmt: skip
def test_counts_at_their_boundaries_have_the_lower_grade(test, value, expected):
    assert grade(test, value, lower=1.8) == expected


@pytest.mark.parametrize(
    ("test", "times", "expected"),
    [
        ("ALT", 1.0, 0), ("ALT", 1.01, 1), ("ALT", 3.0, 1), ("ALT", 3.01, 2), ("ALT", 5.0, 2), ("ALT", 5.01, 3),
        ("ALT", 20.0, 3), ("ALT", 20.01, 4), ("AST", 3.0, 1), ("ALP", 2.5, 1), ("ALP", 2.51, 2), ("GGT", 20.0, 3),
        ("BILI", 1.5, 1), ("BILI", 1.51, 2), ("BILI", 3.0, 2), ("BILI", 10.0, 3), ("BILI", 10.1, 4),
        ("CREAT", 1.0, 0), ("CREAT", 1.5, 1), ("CREAT", 3.0, 2), ("CREAT", 6.0, 3), ("CREAT", 6.01, 4),
    ],
)  # fmt: skip
def test_multiples_of_the_upper_limit_at_their_boundaries_have_the_lower_grade(test, times, expected):
    assert grade(test, times * 40, upper=40) == expected


def test_a_boundary_holds_although_the_product_is_not_a_binary_number():
    assert 17.1 * 3 != 51.3
    assert grade("BILI", 51.3, upper=17.1) == 2
    assert grade("ALT", 0.3, upper=0.1) == 1


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        ("ALT", 149, 0), ("ALT", 150, 1), ("ALT", 300, 1), ("ALT", 301, 2), ("ALT", 2001, 4), ("ALP", 199, 0),
        ("ALP", 200, 1), ("ALP", 250, 1), ("ALP", 251, 2), ("BILI", 100, 0), ("BILI", 101, 1), ("BILI", 151, 2),
    ],
)  # fmt: skip
def test_an_abnormal_baseline_takes_the_place_of_the_limit(test, value, expected):
    assert grade(test, value, upper=40, base=100, base_upper=40) == expected
    assert JUDGED_BY[graded(test, value, upper=40, base=100, base_upper=40).by[0]] == "BASELINE"


def test_a_baseline_at_the_limit_is_normal():
    assert grade("ALT", 60, upper=40, base=40, base_upper=40) == 1


@pytest.mark.parametrize(("value", "expected"), [(75, 0), (75.1, 2), (150, 2), (150.1, 3), (300, 3), (600.1, 4)])
def test_creatinine_is_graded_by_baseline_or_limit_whichever_is_worse(value, expected):
    assert grade("CREAT", value, upper=100, base=50, base_upper=100) == expected


def test_without_limits_only_what_does_not_depend_on_them_is_graded():
    assert grade("ANC", 1.2) == 2
    assert grade("ANC", 5.0) is None
    assert grade("ALT", 100) is None
    assert grade("ALT", 300, base=100, base_upper=40) == 1
    assert grade("ALT", 300, base=100) is None
    assert grade("CREAT", 300, base=50) is None


@pytest.mark.parametrize(
    ("test", "reading", "value", "known", "expected", "at_least"),
    [
        ("ANC", BELOW, 0.5, {"lower": 1.8}, 4, False),
        ("ANC", BELOW, 1.0, {"lower": 1.8}, 3, True),
        ("PLAT", ABOVE, 1000, {"lower": 125}, 0, False),
        ("ALT", ABOVE, 800, {"upper": 40}, 4, False),
        ("ALT", ABOVE, 300, {"upper": 40}, 3, True),
        ("ALT", BELOW, 5, {"upper": 40}, 0, False),
        ("ALT", BELOW, 50, {"upper": 40}, 0, True),
    ],
)
def test_a_censored_value_has_the_least_severe_grade_it_may_mean(test, reading, value, known, expected, at_least):
    found = graded(test, value, reading=reading, **known)
    assert (found.grade[0], bool(found.at_least[0])) == (expected, at_least)


@pytest.mark.parametrize(
    ("value", "reading", "lower", "upper", "expected"),
    [
        (3.0, EXACT, 3.1, 8.0, "LOW"), (3.1, EXACT, 3.1, 8.0, "NORMAL"), (8.0, EXACT, 3.1, 8.0, "NORMAL"),
        (8.1, EXACT, 3.1, 8.0, "HIGH"), (7.0, EXACT, np.nan, 6.0, "HIGH"), (5.0, EXACT, np.nan, 6.0, "NORMAL"),
        (5.0, EXACT, np.nan, np.nan, None), (3.1, BELOW, 3.1, 8.0, "LOW"), (4.0, BELOW, 3.1, 8.0, None),
        (8.0, ABOVE, 3.1, 8.0, "HIGH"), (np.nan, EXACT, 3.1, 8.0, None),
    ],
)  # fmt: skip
def test_tests_without_grades_are_low_normal_or_high(value, reading, lower, upper, expected):
    place = range_indicator(*(np.array([x]) for x in (value, reading, lower, upper)))[0]
    assert (None if place < 0 else INDICATORS[place]) == expected


def test_the_version_stands_with_the_grades():
    assert CRITERIA.version == "5.0"
    assert set(CRITERIA.tests) == {"ANC", "WBC", "PLAT", "HGB", "ALT", "AST", "ALP", "GGT", "BILI", "CREAT"}


hundredths = st.integers(0, 6000).map(lambda n: n / 20)
limits = st.none() | st.sampled_from([0.9, 1.8, 17.1, 20.52, 40.0, 57.0])
multiples = st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 6.0, 10.0, 20.0])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CRITERIA.tests), hundredths, limits, limits, limits, limits, st.none() | multiples)
def test_a_slow_second_implementation_agrees(test, value, lower, upper, base, base_upper, times):
    unit = base if base is not None else upper
    if times is not None and unit is not None:
        value = float(exact(times) * exact(unit))  # sits on a boundary
    slow = exact(value)
    if test in CRITERIA.low:
        expected = grade_count(test, slow, exact(lower))
    else:
        expected = grade_chemistry(test, slow, exact(upper), exact(base), exact(base_upper))
    assert grade(test, value, lower=lower, upper=upper, base=base, base_upper=base_upper) == expected
