"""Many patients counted by state: every one of them stands somewhere on every day."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from saa_dash.analysis.occupancy import count_states, occupancy_days
from saa_dash.analysis.results import Swimmer
from saa_dash.analysis.stretches import AFTER
from saa_dash.charts.swimmer import MAX_LANES, figure_swimmer
from saa_dash.charts.theme import Look

PATIENTS = [
    ("P1", 100, True, "ON_STUDY", None, ""), ("P2", 40, False, "DEATH", 40, "DEATH"),
    ("P3", 120, False, "WITHDRAWAL", 50, "WITHDRAWAL"), ("P4", 60, False, "COMPLETED", 70, "COMPLETED"),
]  # fmt: skip
STATES = [
    ("P1", 1, 29, ""), ("P1", 29, 100.6, "PR"), ("P2", 1, 40.6, ""), ("P3", 1, 29, ""), ("P3", 29, 50.6, "NR"),
    ("P3", 50.6, 120.6, AFTER),
    ("P4", 1, 60.6, ""),
]  # fmt: skip
EVENTS = [("P2", 40, "DEATH"), ("P3", 50, "WITHDRAWAL"), ("P4", 70, "COMPLETED"), ("P1", 7, "INFUSION")]


def _swimmer(copies: int = 1) -> Swimmer:
    def frame(rows: Sequence[tuple[object, ...]], columns: str) -> pd.DataFrame:
        many = [(f"P{i}{row[0]}", *row[1:]) for i in range(copies) for row in rows]
        return pd.DataFrame(many, columns=columns.split())

    return Swimmer(
        frame(PATIENTS, "PCODE LAST ONGOING STATUS END ENDED"),
        frame(STATES, "PCODE FROM TO STATE"),
        frame(EVENTS, "PCODE ADY KIND"),
    )


def test_states_on_each_day_against_a_count_by_hand() -> None:
    days = pd.Series([1.0, 29.0, 40.0, 41.0, 50.0, 51.0, 61.0, 71.0, 100.0, 101.0]).to_numpy()
    found = count_states(_swimmer(), days)
    table = {day: dict(zip(part["STATE"], part["N"], strict=True)) for day, part in found.groupby("ADY")}
    assert table == {
        1: {"": 4}, 29: {"": 2, "PR": 1, "NR": 1}, 40: {"": 2, "PR": 1, "NR": 1},
        41: {"": 1, "PR": 1, "NR": 1, "DEATH": 1}, 50: {"": 1, "PR": 1, "NR": 1, "DEATH": 1},
        51: {"": 1, "PR": 1, "DEATH": 1, "WITHDRAWAL": 1}, 61: {"": 1, "PR": 1, "DEATH": 1, "WITHDRAWAL": 1},
        71: {"PR": 1, "DEATH": 1, "WITHDRAWAL": 1, "COMPLETED": 1},
        100: {"PR": 1, "DEATH": 1, "WITHDRAWAL": 1, "COMPLETED": 1},
        101: {"AHEAD": 1, "DEATH": 1, "WITHDRAWAL": 1, "COMPLETED": 1},
    }  # fmt: skip


def test_the_days_are_weeks_and_few_enough() -> None:
    assert occupancy_days(30).tolist() == [1, 8, 15, 22, 29]
    assert len(occupancy_days(4000)) <= 61


def test_more_than_the_lanes_hold_are_counted_instead_of_drawn_one_by_one() -> None:
    few, many = (figure_swimmer(_swimmer(n), Look("en"), rule="") for n in (MAX_LANES // 4, MAX_LANES // 4 + 1))
    assert {trace.customdata is not None for trace in few.figure.data} == {True}
    assert [trace.customdata for trace in many.figure.data] == [None] * len(many.figure.data)
    first = {trace.name: trace.y[0] for trace in many.figure.data if trace.x[0] == 1}
    assert first == {"Followed, no response assessed": 84}
    assert len(many.figure.to_json()) < 20_000
