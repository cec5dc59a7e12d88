"""Time to response, relapse, survival."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from saa_dash.analysis.study_data import StudyData
from saa_dash.analysis.survival import estimate_follow_up
from saa_dash.analysis.tte import TimeToEvents

Ask = Callable[..., tuple[int, int, str] | str]

GOOD = {"ANC": 2.0, "HGB": 120.0, "PLAT": 120.0, "ARC": 90.0}
FAIR = {"ANC": 0.8, "HGB": 85.0, "PLAT": 40.0, "ARC": 70.0}
BAD = {"ANC": 0.1, "HGB": 60.0, "PLAT": 8.0, "ARC": 10.0}


def test_time_to_response_and_to_cr(outcome: Ask, low: Callable[..., int]) -> None:
    panels = {-1: BAD, 27: BAD, 57: FAIR, 84: GOOD}
    assert outcome("TTRESP", panels=panels) == (57, 1, "RESPONSE")
    assert outcome("TTCR", panels=panels) == (84, 1, "CR")
    assert low("TTRESP", panels=panels) == 27
    assert low("TTCR", panels=panels) == 57


def test_never_responded(outcome: Ask) -> None:
    panels = {28: BAD, 56: BAD}
    assert outcome("TTRESP", panels=panels) == (56, 0, "LAST_VISIT")
    assert outcome("TTRESP") == (0, 0, "LAST_VISIT")
    assert outcome("TTRESP", panels=panels, events={"DEATH": 70}) == (70, 2, "DEATH")
    assert outcome("DOR", panels=panels) == "NO_RESPONSE"
    assert outcome("TTREL", panels=panels) == "NO_RESPONSE"


RELAPSES: dict[str, tuple[Mapping[int, Mapping[str, float]], dict[str, Any], tuple[int, int, str]]] = {
    "still in response": ({28: GOOD, 56: GOOD, 120: GOOD}, {}, (92, 0, "LAST_ASSESSMENT")),
    "SAA counts twice, 7 days apart": ({28: GOOD, 100: BAD, 107: BAD}, {}, (72, 1, "RELAPSE_COUNTS")),
    "6 days apart are too close": ({28: GOOD, 100: BAD, 106: BAD}, {}, (78, 0, "LAST_ASSESSMENT")),
    "once is no relapse": ({28: GOOD, 100: BAD, 120: GOOD}, {}, (92, 0, "LAST_ASSESSMENT")),
    "one low lineage is no SAA": (
        {28: GOOD, 100: {**GOOD, "PLAT": 8.0}, 110: {**GOOD, "PLAT": 8.0}}, {}, (82, 0, "LAST_ASSESSMENT")),
    "transfused again, twice": (
        {28: GOOD, 100: GOOD, 110: GOOD}, {"given": {"RBC": (95, 105)}}, (72, 1, "RELAPSE_TRANSFUSION")),
    "one septic transfusion seen twice is no relapse": (
        {28: GOOD, 100: GOOD, 108: GOOD}, {"given": {"RBC": (99,)}}, (80, 0, "LAST_ASSESSMENT")),
    "transplanted": ({28: GOOD, 56: GOOD}, {"events": {"HSCT": 70}}, (42, 1, "HSCT")),
    "salvage": ({28: GOOD, 56: GOOD}, {"events": {"SALVAGE": 70}}, (42, 1, "SALVAGE")),
    "death competes": ({28: GOOD, 56: GOOD}, {"events": {"DEATH": 70}}, (42, 2, "DEATH")),
    "counts after the transplant do not exist": (
        {28: GOOD, 90: BAD, 100: BAD}, {"events": {"HSCT": 95}}, (67, 1, "HSCT")),
}  # fmt: skip


@pytest.mark.parametrize("case", RELAPSES)
@pytest.mark.parametrize("param", ["DOR", "TTREL"])
def test_relapse(outcome: Ask, case: str, param: str) -> None:
    panels, words, expected = RELAPSES[case]
    assert outcome(param, panels=panels, **words) == expected


def test_going_on_being_transfused_is_no_relapse(outcome: Ask) -> None:
    """PR, still transfused: need that never ended; need that comes back after a free assessment."""
    panels = {28: FAIR, 56: FAIR, 84: FAIR, 100: FAIR}
    on_and_on = {"RBC": tuple(range(-7, 101, 7))}
    assert outcome("TTREL", panels=panels, given=on_and_on) == (72, 0, "LAST_ASSESSMENT")
    back = {"RBC": (-7, 0, 14, 21, 80, 95)}
    assert outcome("TTREL", panels=panels, given=back) == (56, 1, "RELAPSE_TRANSFUSION")


def test_last_day_before_relapse(low: Callable[..., int]) -> None:
    assert low("TTREL", panels={28: GOOD, 80: GOOD, 100: BAD, 110: BAD}) == 80


@pytest.mark.parametrize(
    ("words", "os", "ffs"),
    [
        ({}, (190, 0, "ALIVE"), (190, 0, "ALIVE")),
        ({"events": {"DEATH": 50}}, (50, 1, "DEATH"), (50, 1, "DEATH")),
        ({"events": {"HSCT": 50}}, (190, 0, "ALIVE"), (50, 1, "HSCT")),
        ({"events": {"SALVAGE": 50, "DEATH": 60}}, (60, 1, "DEATH"), (50, 1, "SALVAGE")),
        ({"events": {"WITHDRAWAL": 50}}, (190, 0, "ALIVE"), (190, 0, "ALIVE")),
        ({"panels": {28: GOOD, 100: BAD, 110: BAD}}, (190, 0, "ALIVE"), (100, 1, "RELAPSE_COUNTS")),
        ({"alive": 260, "cutoff": 300}, (243, 0, "STUDY_END"), (243, 0, "STUDY_END")),
        ({"alive": 190, "cutoff": 300, "events": {"DEATH": 244}}, (243, 0, "STUDY_END"), (243, 0, "STUDY_END")),
        ({"alive": 260, "cutoff": 200}, (200, 0, "ALIVE"), (200, 0, "ALIVE")),
        ({"alive": None, "visits": (28, 56)}, (56, 0, "ALIVE"), (56, 0, "ALIVE")),
    ],
)
def test_survival(outcome: Ask, words: dict[str, Any], os: tuple, ffs: tuple) -> None:
    """The study ends on 31 October 2026, offset 243."""
    assert outcome("OS", **words) == os
    assert outcome("FFS", **words) == ffs


def test_without_a_study_end_nothing_is_cut(
    patient: Callable[..., StudyData], derived: Callable[..., TimeToEvents]
) -> None:
    rows = derived(patient(events={"DEATH": 260}, cutoff=300), study_end=None).rows
    assert rows.loc[rows["PARAMCD"] == "OS", "AVAL"].tolist() == [260]
    rows = derived(patient(cutoff=300), study_end=None).rows
    assert rows.loc[rows["PARAMCD"] == "OS", "EVNTDESC"].tolist() == ["ALIVE"]


def test_follow_up_is_the_reverse_curve() -> None:
    curve = estimate_follow_up([50, 190, 200], [1, 0, 0])
    assert curve.surv.tolist() == [1, 0.5, 0]


def test_columns_and_types(patient: Callable[..., StudyData], derived: Callable[..., TimeToEvents]) -> None:
    found = derived(patient(panels={28: GOOD}), date(2026, 10, 31)).rows
    assert list(found.columns) == [
        "USUBJID", "PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTCD", "EVNTDESC", "LOWDT",
    ]  # fmt: skip
    assert set(found["EVNTCD"]) <= {0, 1, 2}
    assert (found["AVAL"] >= 0).all()
    assert ((found["EVNTCD"] == 0) == (found["CNSR"] == 1)).all()
