"""The bar of the swimmer has the colour of a response only while somebody assesses it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.results import Swimmer
from saa_dash.analysis.status import derive_status
from saa_dash.analysis.stretches import AFTER, derive_stretches
from saa_dash.charts.swimmer import figure_swimmer
from saa_dash.charts.swimmer_letters import place_letters
from saa_dash.charts.theme import Look

DATES = ("ATGSDT", "TRTSDT", "LSTALVDT", "DTHDT", "WDDT", "LOSTDT", "COMPLDT", "HSCTDT", "SALVDT")
# Day of: first ATG dose, last known alive, then the ends.
ANCHORS = {
    "FOLLOWED": {"LSTALVDT": 100},
    "LEFT": {"LSTALVDT": 160, "WDDT": 48},
    "DIED": {"LSTALVDT": 29, "DTHDT": 29},
    "GRAFTED": {"LSTALVDT": 140, "HSCTDT": 70, "DTHDT": 140},
    "DONE": {"LSTALVDT": 90, "COMPLDT": 90, "SALVDT": 90},
}
VISITS = [
    ("FOLLOWED", 29, "NR", "BELOW"), ("FOLLOWED", 57, "PR", ""), ("FOLLOWED", 85, "PR", ""),
    ("FOLLOWED", np.nan, "NYD", ""),
    ("LEFT", 29, "NR", "BELOW"), ("LEFT", 57, "NR", "WITHDRAWN"), ("LEFT", 85, "NR", "WITHDRAWN"),
    ("DIED", 29, "NR", "DEATH"),
    ("GRAFTED", 29, "PR", ""), ("GRAFTED", 57, "CR", ""), ("GRAFTED", 85, "NR", "HSCT"),
    ("DONE", 57, "PR", ""), ("DONE", 90, "CR", ""),
]  # fmt: skip


def _anchors() -> pd.DataFrame:
    def day(number: int | None) -> pd.Timestamp:
        return pd.NaT if number is None else pd.Timestamp(date(2026, 1, 1)) + pd.Timedelta(days=number - 1)

    rows = [[day({"ATGSDT": 1, "TRTSDT": 1, **days}.get(name)) for name in DATES] for days in ANCHORS.values()]
    return pd.DataFrame(rows, columns=list(DATES), dtype="datetime64[s]").assign(USUBJID=list(ANCHORS))


@pytest.fixture(scope="module")
def swimmer() -> Swimmer:
    status = derive_status(_anchors()).rename(columns={"USUBJID": "PCODE", "LASTDY": "LAST", "ENDDY": "END"})
    visits = pd.DataFrame(VISITS, columns=["PCODE", "ADY", "AVALC", "REASON"])
    events = pd.DataFrame([("LEFT", 48, "WITHDRAWAL"), ("LEFT", 40, "INDEPENDENT")], columns=["PCODE", "ADY", "KIND"])
    return Swimmer(status, derive_stretches(visits, status), events)


def test_what_ends_the_assessment(swimmer: Swimmer) -> None:
    held = swimmer.patients.set_index("PCODE")
    assert held["ENDED"].to_dict() == {
        "FOLLOWED": "", "LEFT": "WITHDRAWAL", "DIED": "DEATH", "GRAFTED": "HSCT", "DONE": "COMPLETED",
    }  # fmt: skip
    assert held["END"].fillna(-1).to_dict() == {"FOLLOWED": -1, "LEFT": 48, "DIED": 29, "GRAFTED": 70, "DONE": 90}


def test_no_response_from_the_end_of_the_assessment_on(swimmer: Swimmer) -> None:
    told = {
        code: [tuple(row) for row in rows[["FROM", "TO", "STATE"]].to_numpy().tolist()]
        for code, rows in swimmer.states.groupby("PCODE")
    }
    assert told == {
        "FOLLOWED": [(1, 29, ""), (29, 57, "NR"), (57, 100.6, "PR")],
        "LEFT": [(1, 29, ""), (29, 48.6, "NR"), (48.6, 160.6, AFTER)],
        "DIED": [(1, 29.6, "")],
        "GRAFTED": [(1, 29, ""), (29, 57, "PR"), (57, 70.6, "CR"), (70.6, 140.6, AFTER)],
        "DONE": [(1, 57, ""), (57, 90, "PR"), (90, 90.6, "CR")],
    }


def test_the_line_after_is_thin_neutral_and_said(swimmer: Swimmer) -> None:
    view = figure_swimmer(swimmer, Look("en"), rule="NIH")
    bars = {trace.name: trace for trace in view.figure.data if trace.type == "bar"}
    assert bars["after"].width == 0.1 < bars["NR"].width
    assert bars["after"].marker.color not in {trace.marker.color for name, trace in bars.items() if name != "after"}
    assert list(bars["after"].hovertext) == [
        "GRAFTED: HSCT on day 70; no longer assessed, followed to day 140",
        "LEFT: Withdrawal on day 48; no longer assessed, followed to day 160",
    ]
    assert view.footnote.endswith("━ followed on for survival, response no longer assessed")
    assert "In 2 patients a thin line" in view.alt
    assert view.table["Assessed"].tolist()[:3] == ["still", "to day 48 (Withdrawal)", "to day 29 (Death)"]


def test_letters_stand_beside_the_marks_of_events(swimmer: Swimmer) -> None:
    figure = figure_swimmer(swimmer, Look("en"), rule="NIH").figure
    letters = next(trace for trace in figure.data if trace.name == "letters")
    placed = dict(zip(zip(letters.customdata, letters.text, strict=True), letters.x, strict=True))
    assert placed[("FOLLOWED", "NR")] == 43
    at = placed[("LEFT", "NR")]  # the middle, day 38.8, is too near to the mark on day 40
    assert 29 < at < 40 - 0.025 * 160 and not (set(placed) & {("DIED", "NR")})
    crowded = pd.DataFrame([("A", 20, 30, "NR")], columns=["PCODE", "FROM", "TO", "STATE"])
    marks = pd.DataFrame([("A", 23), ("A", 27)], columns=["PCODE", "ADY"])
    assert place_letters(crowded, marks, 100).empty
