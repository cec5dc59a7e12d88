"""Days, three-valued logic and look-ups against plain Python."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saa_dash.analysis.days import as_dates, as_days, day_number, possible_days, study_day, whole_days
from saa_dash.analysis.logic import ABOVE, AT_MOST, BELOW, EXACT, letters, more_than, reaches
from saa_dash.analysis.lookup import Intervals, nearest, pack


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-05", date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-03-05T08:30", date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_partial_date_spans_what_it_may_mean(text: str, first: date, last: date) -> None:
    earliest, latest = possible_days(pd.Series([text], dtype="str"))
    assert (earliest[0], latest[0]) == (day_number(first), day_number(last))


@pytest.mark.parametrize("text", [None, "", "2026-13-01", "unknown"])
def test_what_is_no_date_is_missing(text: str | None) -> None:
    assert np.isnan(possible_days(pd.Series([text], dtype="str"))[0][0])


def test_a_partial_date_is_no_whole_date() -> None:
    days = whole_days(pd.Series(["2026-03", "2026-03-05"], dtype="str"))
    assert np.isnan(days[0])
    assert as_dates(days)[1] == np.datetime64("2026-03-05")
    assert as_days(as_dates(days))[1] == days[1]


def test_there_is_no_study_day_0() -> None:
    assert list(study_day(np.array([99.0, 100.0, 101.0, 128.0]), np.array(100.0))) == [-1, 1, 2, 29]


@pytest.mark.parametrize(
    ("value", "reading", "limit", "strict", "answer"),
    [
        (0.5, EXACT, 0.5, False, "Y"),
        (0.5, EXACT, 0.5, True, "N"),
        (0.1, BELOW, 0.1, False, "N"),  # "<0.1" is below 0.1
        (0.5, BELOW, 0.1, False, "U"),
        (100, ABOVE, 100, True, "Y"),
        (90, ABOVE, 100, False, "U"),
        (0.4, AT_MOST, 0.5, False, "N"),
        (0.5, AT_MOST, 0.5, False, "U"),
        (0.5, AT_MOST, 0.5, True, "N"),
        (np.nan, EXACT, 0.5, False, "U"),
    ],
)
def test_reaching_a_limit(value: float, reading: np.int8, limit: float, strict: bool, answer: str) -> None:
    got = reaches(np.array([value], dtype=float), np.array([reading]), limit, strict=strict)
    assert letters(got)[0] == answer


def test_a_limit_not_known_exactly() -> None:
    got = reaches(np.array([114.0, 115.0, 130.0]), np.full(3, EXACT), 115.0, limit_at_most=130.0)
    assert list(letters(got)) == ["N", "U", "Y"]


def test_more_than_one_of_three() -> None:
    no, maybe, yes = (np.array([i], dtype="int8") for i in range(3))
    assert [letters(more_than(list(c), 1))[0] for c in ((yes, yes, maybe), (yes, no, no), (yes, maybe, no))] == [
        "Y", "N", "U"
    ]  # fmt: skip


_points = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), max_size=12)


@given(points=_points, subject=st.integers(0, 2), target=st.integers(-3, 33), within=st.integers(0, 8))
def test_nearest_is_the_nearest(points: list[tuple[int, int]], subject: int, target: int, within: int) -> None:
    points = sorted(set(points))
    keys = pack(np.array([s for s, _ in points], dtype="int64"), np.array([d for _, d in points], dtype=float))
    index = nearest(keys, np.array([subject]), np.array([float(target)]), within)[0]
    own = [d for s, d in points if s == subject and abs(d - target) <= within]
    best = min(own, key=lambda d: (abs(d - target), d), default=None)
    assert (None if index < 0 else points[index]) == (None if best is None else (subject, best))


_spans = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 9)), max_size=10)


@given(spans=_spans, subject=st.integers(0, 2), day=st.integers(0, 40))
def test_days_since_the_latest_interval(spans: list[tuple[int, int, int]], subject: int, day: int) -> None:
    columns = [np.array([span[i] for span in spans], dtype=float) for i in range(3)]
    intervals = Intervals.of(columns[0].astype("int64"), columns[1], columns[1] + columns[2])
    got = intervals.days_since(np.array([subject]), np.array([float(day)]))[0]
    own = [max(day - (first + length), 0) for who, first, length in spans if who == subject and first <= day]
    assert np.isnan(got) if not own else got == min(own)
