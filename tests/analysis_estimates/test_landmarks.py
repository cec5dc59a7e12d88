"""Ticks, times at which curves are read, and the median of a cumulative incidence against a slow reading."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saa_dash.analysis.curves import curve_of
from saa_dash.analysis.incidence import estimate_incidence
from saa_dash.analysis.landmarks import axis_ticks, landmark_points, median_of_incidence

rows_of = st.lists(st.tuples(st.integers(1, 40), st.sampled_from([0, 1, 1, 2])), min_size=1, max_size=15)


def test_weeks_4_8_and_12_are_always_ticked_and_long_axes_are_not_bare() -> None:
    assert axis_ticks(60) == [0, 28, 56, 84]
    assert axis_ticks(120) == [0, 28, 56, 84, 112]
    assert axis_ticks(300) == [0, 28, 56, 84, 168, 252]  # every quarter once the visits are over
    assert axis_ticks(700) == [0, 84, 168, 252, 336, 420, 504, 588, 672]
    for last in range(0, 3000, 13):
        for unit in ("days", "weeks", "months"):
            ticks = axis_ticks(float(last), unit)
            assert 3 <= len(ticks) <= 14, (last, unit)
            assert ticks[0] == 0
            assert ticks == sorted(set(ticks))
            assert ticks[-1] <= max(last, 84) + 0.5


def test_months_are_ticked_in_months() -> None:
    assert [round(day / 30.4375, 9) for day in axis_ticks(400, "months")] == [0, 3, 6, 9, 12]
    assert [round(day / 30.4375, 9) for day in axis_ticks(150, "months")] == [0, 1, 2, 3, 4]


def test_curves_are_read_at_the_visits_and_as_far_as_anybody_is_followed() -> None:
    assert [(p.kind, p.number, p.day) for p in landmark_points(190)] == [
        ("week", 4, 28), ("week", 8, 56), ("week", 12, 84), ("month", 3, 91), ("month", 6, 183),
    ]  # fmt: skip
    assert [p.day for p in landmark_points(10)] == [28, 56, 84]


def slow_reading(times: list[float], band: list[float]) -> float:
    """First time at which a band is at one half; the middle of the stretch where it equals one half."""
    known = [(time, level) for time, level in zip([0.0, *times], [0.0, *band], strict=True) if not math.isnan(level)]
    reached = [(time, level) for time, level in known if level >= 0.5 - 1e-9]
    if not reached:
        return math.nan
    low = min(level for _, level in reached)
    first = min(time for time, level in reached if level == low)
    if abs(low - 0.5) > 1e-9:
        return first
    above = [(level, time) for time, level in reached if level > 0.5 + 1e-9]
    if not above:
        return (first + max(times)) / 2
    least = min(level for level, _ in above)
    return (first + min(time for level, time in above if level == least)) / 2


@settings(max_examples=80, deadline=None)
@given(rows_of)
def test_half_of_all_have_had_the_event(rows: list[tuple[int, int]]) -> None:
    curve, _ = estimate_incidence([t for t, _ in rows], [e for _, e in rows])
    found = median_of_incidence(curve, "log-log")
    assert found.estimate == pytest.approx(slow_reading(curve.time.tolist(), curve.cif.tolist()), nan_ok=True)
    if not any(event == 2 for _, event in rows) and not math.isnan(found.estimate):
        assert found.estimate <= max(t for t, _ in rows)


def test_median_of_a_cumulative_incidence_and_its_limits_in_the_tables_of_r(reference: Path) -> None:
    """R's curve and limits (`*.cif.csv`) are 0.5 and above from these days on."""
    data = pd.read_csv(reference / "bmt_platelet_recovery.csv")
    found = median_of_incidence(estimate_incidence(data["time"], data["event"])[0], "log-log")
    table = pd.read_csv(reference / "bmt_platelet_recovery.cif.csv")
    table = table[(table["group"] == "all") & (table["cause"] == 1) & (table["conf_type"] == "log-log")]
    days = [float(table.loc[table[name] >= 0.5, "time"].min()) for name in ("cif", "upper", "lower")]
    assert days == [19, 17, 21]
    assert (found.estimate, found.lower, found.upper) == pytest.approx(tuple(days))


def test_a_curve_with_competing_events_is_never_one_minus_kaplan_meier() -> None:
    subjects = pd.DataFrame(
        {"PCODE": ["P01", "P02", "P03", "P04"], "AVAL": [5, 10, 20, 30], "EVNTCD": [2, 1, 0, 1],
         "EVNTDESC": ["DEATH", "RECOVERY", "LAST_COUNT", "RECOVERY"]}
    )  # fmt: skip
    curve = curve_of(subjects, subjects.iloc[:0], "TTANC05", "log-log", [0, 28])
    assert curve is not None
    assert curve.competing
    assert curve.steps["estimate"].tolist() == pytest.approx([0, 0, 0.25, 0.25, 0.75])  # 1 - KM would end at 1
    assert curve.rival["estimate"].iloc[-1] == pytest.approx(0.25)
    assert curve.steps["n_risk"].tolist() == [4, 4, 3, 2, 1]
    total = curve.at_risk[["n_risk", "n_censor", "n_event", "n_rival"]].sum(axis=1)
    assert total.tolist() == [4, 4]
