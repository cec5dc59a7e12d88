"""Recovery of counts: each sentence of the rule on one small patient."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from saa_dash.analysis.study_data import StudyData
from saa_dash.analysis.tte import TimeToEvents

Ask = Callable[..., tuple[int, int, str] | str]

CASES = {
    "reached exactly and confirmed after 7 days": ({5: 0.1, 10: 0.5, 17: 0.5}, (10, 1, "RECOVERY")),
    "6 days are too early": ({5: 0.1, 10: 0.5, 16: 0.5}, (10, 0, "CANDIDATE_OPEN")),
    "35 days confirm": ({10: 0.6, 45: 0.6}, (10, 1, "RECOVERY")),
    "36 days do not; the next is a candidate": ({10: 0.6, 46: 0.6}, (46, 0, "CANDIDATE_OPEN")),
    "a value below in between breaks": ({10: 0.6, 12: 0.49, 20: 0.6}, (20, 0, "CANDIDATE_OPEN")),
    "the search goes on with the next": ({10: 0.6, 12: 0.4, 20: 0.6, 27: 0.7}, (20, 1, "RECOVERY")),
    "every value may be the first": ({10: 0.6, 13: 0.6, 18: 0.6}, (10, 1, "RECOVERY")),
    "a value below after the confirmation changes nothing": ({10: 0.6, 17: 0.6, 20: 0.1}, (10, 1, "RECOVERY")),
    "never a candidate: last count": ({10: 0.1, 30: 0.2}, (30, 0, "LAST_COUNT")),
    "failed candidate: last count": ({10: 0.6, 30: 0.2}, (30, 0, "LAST_COUNT")),
    "no count at all: origin": ({}, (0, 0, "LAST_COUNT")),
    "day of the first dose counts": ({0: 0.6, 7: 0.6}, (0, 1, "RECOVERY")),
    "counts before do not": ({-1: 0.3, 7: 0.6}, (7, 0, "CANDIDATE_OPEN")),
    '"<0.5" is below': ({10: 0.6, 12: "<0.5", 18: 0.6}, (18, 0, "CANDIDATE_OPEN")),
    '"<0.9" neither confirms nor breaks': ({10: 0.6, 12: "<0.9", 18: 0.6}, (10, 1, "RECOVERY")),
    '">0.5" is at or above': ({10: ">0.5", 18: 0.6}, (10, 1, "RECOVERY")),
    "open until the window has passed": ({10: 0.6, 44: "<0.9"}, (10, 0, "CANDIDATE_OPEN")),
    "closed after it": ({10: 0.6, 46: "<0.9"}, (46, 0, "LAST_COUNT")),
}


@pytest.mark.parametrize("case", CASES)
def test_neutrophils(outcome: Ask, case: str) -> None:
    counts, expected = CASES[case]
    assert outcome("TTANC05", counts={"ANC": counts}) == expected


@pytest.mark.parametrize(
    ("param", "test", "limit"),
    [("TTANC10", "ANC", 1.0), ("TTPLT20", "PLAT", 20), ("TTPLT50", "PLAT", 50), ("TTPLT100", "PLAT", 100),
     ("TTHB80", "HGB", 80), ("TTHB100", "HGB", 100)],
)  # fmt: skip
def test_every_threshold_is_reached_at_its_value(outcome: Ask, param: str, test: str, limit: float) -> None:
    assert outcome(param, counts={test: {10: limit, 17: limit}}) == (10, 1, "RECOVERY")
    assert outcome(param, counts={test: {10: limit, 17: limit - 0.01}}) == (17, 0, "LAST_COUNT")


SUPPORT = {
    "7 days before: supported": ({10: 0.6, 17: 0.6}, {"GCSF": (3,)}, (17, 0, "CANDIDATE_OPEN")),
    "8 days before: not": ({10: 0.6, 17: 0.6}, {"GCSF": (2,)}, (10, 1, "RECOVERY")),
    "a supported high value does not confirm": ({10: 0.6, 17: 0.6}, {"GCSF": (17,)}, (10, 0, "CANDIDATE_OPEN")),
    "nor break": ({10: 0.6, 15: 0.6, 24: 0.6}, {"GCSF": (15,)}, (10, 1, "RECOVERY")),
    "a supported low value breaks": ({10: 0.6, 15: 0.4, 18: 0.6}, {"GCSF": (15,)}, (18, 0, "LAST_COUNT")),
    "pegylated: 14 days": ({10: 0.6, 24: 0.6}, {"PEGGCSF": (10,)}, (24, 0, "LAST_COUNT")),
    "platelets do not hold neutrophils": ({10: 0.6, 17: 0.6}, {"PLATELET": (10,)}, (10, 1, "RECOVERY")),
}


@pytest.mark.parametrize("case", SUPPORT)
def test_support(outcome: Ask, case: str) -> None:
    counts, given, expected = SUPPORT[case]
    assert outcome("TTANC05", counts={"ANC": counts}, given=given) == expected


def test_at_or_above_at_baseline_is_not_at_risk(outcome: Ask) -> None:
    counts = {"PLAT": {-20: 8, -2: 20, 10: 30, 20: 30}}
    assert outcome("TTPLT20", counts=counts) == "AT_BASELINE"
    assert outcome("TTPLT50", counts=counts) == (20, 0, "LAST_COUNT")


def test_baseline_is_the_last_value_before_the_first_dose(outcome: Ask) -> None:
    assert outcome("TTPLT20", counts={"PLAT": {-20: 25, -2: 19, 0: 40, 10: 40}}) == (0, 1, "RECOVERY")


@pytest.mark.parametrize("kind", ["DEATH", "HSCT", "SALVAGE"])
def test_death_and_new_treatment_compete(outcome: Ask, kind: str) -> None:
    counts = {"ANC": {10: 0.6, 40: 0.6}}
    assert outcome("TTANC05", counts=counts, events={kind: 60}) == (10, 1, "RECOVERY")
    assert outcome("TTANC05", counts={"ANC": {10: 0.2}}, events={kind: 60}) == (60, 2, kind)
    assert outcome("TTANC05", counts={"ANC": {58: 0.6}}, events={kind: 60}) == (60, 2, kind)


def test_counts_after_transplantation_do_not_exist(outcome: Ask) -> None:
    counts = {"ANC": {10: 0.2, 20: 0.6, 27: 0.6, 34: 0.6}}
    assert outcome("TTANC05", counts=counts, events={"HSCT": 26}) == (26, 2, "HSCT")
    assert outcome("TTANC05", counts=counts, events={"HSCT": 27}) == (20, 1, "RECOVERY")


def test_withdrawal_does_not_compete(outcome: Ask) -> None:
    assert outcome("TTANC05", counts={"ANC": {10: 0.2, 20: 0.3}}, events={"WITHDRAWAL": 15}) == (20, 0, "LAST_COUNT")


def test_origins(outcome: Ask) -> None:
    counts = {"ANC": {3: 0.6, 7: 0.6, 14: 0.6}}
    for origin, expected in (("atg_start", (3, 1, "RECOVERY")), ("atg_end", (3, 1, "RECOVERY"))):
        assert outcome("TTANC05", counts=counts, settings={"origin": origin}) == expected
    assert outcome("TTANC05", counts=counts, settings={"origin": "first_infusion"}) == (0, 1, "RECOVERY")
    never = {"infusion": None, "settings": {"origin": "first_infusion"}}
    assert outcome("TTANC05", counts=counts, **never) == "NO_ORIGIN"
    assert outcome("TTANC05", counts=counts, atg=False) == "NOT_TREATED"


def test_stopped_before_the_origin_is_not_at_risk(outcome: Ask) -> None:
    words = {"counts": {"ANC": {10: 0.6}}, "events": {"SALVAGE": 6}, "settings": {"origin": "first_infusion"}}
    assert outcome("TTANC05", **words) == "STOPPED_BEFORE"


def test_three_consecutive_days_as_a_setting(outcome: Ask) -> None:
    settings = {"recovery_rule": "three_days"}
    ask = lambda counts: outcome("TTANC05", counts={"ANC": counts}, settings=settings)  # noqa: E731
    assert ask({9: 0.6, 11: 0.6, 12: 0.6, 13: 0.5}) == (11, 1, "RECOVERY")
    assert ask({9: 0.6, 11: 0.6, 12: 0.6}) == (11, 0, "CANDIDATE_OPEN")
    assert ask({9: 0.6, 17: 0.6, 30: 0.2}) == (30, 0, "LAST_COUNT")


def test_other_confirmation_windows(outcome: Ask) -> None:
    counts = {"ANC": {10: 0.6, 13: 0.6}}
    assert outcome("TTANC05", counts=counts, settings={"confirm_min": 3}) == (10, 1, "RECOVERY")


def test_last_day_known_free_is_the_count_before(low: Callable[..., int]) -> None:
    assert low("TTANC05", counts={"ANC": {5: 0.1, 10: 0.6, 20: 0.6}}) == 5
    assert low("TTANC05", counts={"ANC": {-5: 0.1, 10: 0.6, 20: 0.6}}) == 0
    assert low("TTANC05", counts={"ANC": {5: 0.1}}) == 5


def test_interval_since_the_previous_count_is_kept(
    patient: Callable[..., StudyData], derived: Callable[..., TimeToEvents]
) -> None:
    found = derived(patient(counts={"ANC": {-5: 0.1, 10: 0.6, 20: 0.6}, "PLAT": {15: 30}})).candidates
    anc = found[found["PARAMCD"] == "TTANC05"].iloc[0]
    assert anc["GAPDAYS"] == 15
    assert (anc["CNFDT"] - anc["ADT"]).days == 10
    platelets = found[found["PARAMCD"] == "TTPLT20"].iloc[0]
    assert pd.isna(platelets["CNFDT"])
    assert pd.isna(platelets["PREVDT"])
