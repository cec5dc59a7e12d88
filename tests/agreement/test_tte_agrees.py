"""Time to response, duration, relapse, overall and failure-free survival: fast and slow give the same."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.agreement import COHORTS, STUDY_END, TIMES, by_key, cohort_of, settings_of
from support.cohort import Cohort, shuffled
from support.slow_reference import all_times
from support.strategies import cohorts, random_cohort

from saa_dash.analysis.adtte import PARAMETERS, derive_time_to_events
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets


def check_times(cohort: Cohort, setting: EndpointSettings) -> None:
    """Compare every patient and parameter."""
    rules = load_rule_sets()[setting.criteria]
    fast = derive_time_to_events(cohort.data(), rules, setting, study_end=STUDY_END)
    found = by_key(fast.rows, "USUBJID", "PARAMCD")
    slow = all_times(cohort.tables, cohort.cutoff, rules, setting)
    wanted = {(row["USUBJID"], row["PARAMCD"]): row for row in slow}
    assert {param for _, param in wanted} == set(PARAMETERS)
    assert set(found) == {key for key, row in wanted.items() if row["AT_RISK"]}
    absent = set(zip(fast.absent["USUBJID"], fast.absent["PARAMCD"], strict=True))
    assert absent == set(wanted) - set(found)
    for key, row in found.items():
        assert {name: row[name] for name in TIMES} == {name: wanted[key][name] for name in TIMES}, (key, setting)


@COHORTS
def test_times(kind: str, seed: int, patients: int) -> None:
    """Every parameter of ADTTE."""
    check_times(cohort_of(kind, seed, patients), settings_of(seed))


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_row_order_carries_no_meaning(seed: int) -> None:
    """The same rows in another order give the same frame."""
    data, setting = random_cohort(seed, 60).data(), settings_of(seed)
    rules = load_rule_sets()[setting.criteria]
    once = derive_time_to_events(data, rules, setting, study_end=STUDY_END).rows
    for order in (1, 2):
        again = derive_time_to_events(shuffled(data, order), rules, setting, study_end=STUDY_END).rows
        pd.testing.assert_frame_equal(again, once)


@given(cohorts, st.integers(0, 485))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_times_of_small_cohorts(cohort: Cohort, number: int) -> None:
    """Small cohorts, which Hypothesis makes smaller still where the two differ."""
    check_times(cohort, settings_of(number))


@pytest.mark.torture
def test_the_cohorts_reach_every_outcome() -> None:
    """What is compared is not one outcome over and over."""
    seen: Counter[tuple[str, int]] = Counter()
    for seed in range(8):
        setting = EndpointSettings()
        cohort, rules = random_cohort(seed, 40), load_rule_sets()[setting.criteria]
        rows = derive_time_to_events(cohort.data(), rules, setting, study_end=STUDY_END).rows
        seen.update(zip(rows["PARAMCD"], rows["EVNTCD"], strict=True))
    for param in PARAMETERS:
        codes = (0, 1) if param in ("OS", "FFS") else (0, 1, 2)
        for code in codes:
            assert seen[param, code] > 0, (param, code)
