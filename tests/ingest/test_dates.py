"""Dates and times as people type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saa_dash.ingest.dates import read_date, read_time

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in text)


@given(DAYS)
def test_every_whole_form_gives_the_same_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f" {full_width(day.isoformat())} ",
        str(serial),
        f"{day:%d %b %Y}",
        f"{day.isoformat()} 08:30",
    ]
    assert {read_date(form).iso for form in forms} == {day.isoformat()}


@given(DAYS)
def test_month_alone_stands_only_where_partial_dates_may(day: date) -> None:
    month = f"{day:%Y-%m}"
    for form in (month, f"{day.year}年{day.month}月", f"{month}-UK", f"{day.year}/{day.month}"):
        assert read_date(form, partial=True).iso == month
        assert read_date(form).issue == "date_partial"


@given(st.integers(1, 31), st.integers(1, 12), st.sampled_from("-/."))
def test_day_first_is_never_guessed(day: int, month: int, sign: str) -> None:
    assert read_date(f"{day:02d}{sign}{month:02d}{sign}2026", partial=True).issue == "date_ambiguous"
    assert read_date(f"{day}{sign}{month}{sign}26").issue == "date_ambiguous"


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "3月5日", "abc", "1", "999999", "2026-3-5-1"])
def test_unreadable(text: str) -> None:
    assert read_date(text, partial=True).issue == "date_unreadable"


def test_time_typed_with_the_date_is_kept() -> None:
    read = read_date("2026-03-05T07:05")
    assert (read.iso, read.time) == ("2026-03-05", "07:05")


@given(st.integers(0, 24 * 60 - 1))
def test_clock_and_excel_fraction_agree(minutes: int) -> None:
    clock = str(timedelta(minutes=minutes))[:-3]
    expected = f"{minutes // 60:02d}:{minutes % 60:02d}"
    assert read_time(clock) == expected
    if minutes:
        assert read_time(f"{minutes / 1440:.15f}") == expected


@pytest.mark.parametrize("text", ["24:00", "8", "08:60", "早上"])
def test_no_time(text: str) -> None:
    assert read_time(text) is None
