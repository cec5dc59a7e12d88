"""Worst first: each step of the order decides where all before it are equal."""

from __future__ import annotations

import pandas as pd

from saa_dash.analysis.ae_levels import Scale
from saa_dash.analysis.profile_order import rank_patients

# subject, status, (grade, serious, ongoing) of events, response by week, platelets by day
_PEOPLE = {
    "well": ("ON_STUDY", [(2, "N", "Y")], ["PR", "CR"], [30, 250]),
    "low": ("ON_STUDY", [], ["PR", "CR"], [90, 21]),
    "partial": ("ON_STUDY", [], ["NR", "PR"], [20, 200]),
    "new": ("ON_STUDY", [], ["NYD", "NYD"], [12]),
    "unknown": ("LOST", [], ["PR", "NE"], [50]),
    "failed": ("ON_STUDY", [], ["NR"], [60]),
    "severe": ("ON_STUDY", [(3, "N", "Y"), (4, "N", "N")], ["CR"], [300]),
    "worse": ("ON_STUDY", [(4, "N", "Y")], ["CR"], [300]),
    "serious": ("ON_STUDY", [(1, "Y", "Y")], ["CR"], [300]),
    "over": ("ON_STUDY", [(4, "Y", "N")], ["CR"], [299]),
    "dead": ("DEATH", [], ["CR"], [300]),
    "empty": ("NOT_TREATED", [], [], []),
}


def _frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    status = pd.DataFrame([(name, one[0]) for name, one in _PEOPLE.items()], columns=["USUBJID", "STATUS"])
    events = [(name, *event, "Y", None) for name, one in _PEOPLE.items() for event in one[1]]
    adae = pd.DataFrame(events, columns=["USUBJID", "AETOXGR", "AESER", "ONGOFL", "TRTEMFL", "AESEV"])
    states = [(name, 4 * i + 4, state) for name, one in _PEOPLE.items() for i, state in enumerate(one[2])]
    response = pd.DataFrame(states, columns=["USUBJID", "AVISITN", "AVALC"])
    counts = [(name, 10.0 * i, float(value)) for name, one in _PEOPLE.items() for i, value in enumerate(one[3])]
    platelets = pd.DataFrame(counts, columns=["USUBJID", "ADY", "AVAL"])
    return status, adae.astype({"AETOXGR": "Int64"}), response, platelets


def test_each_step_decides_in_its_turn() -> None:
    ranked = rank_patients(list(_PEOPLE), *_frames(), Scale.GRADE)
    assert ranked["USUBJID"].tolist() == [
        "dead", "serious", "worse", "severe", "failed", "unknown", "new", "empty", "partial", "low", "well", "over",
    ]  # fmt: skip
    why = dict(zip(ranked["USUBJID"], zip(ranked["WHY"], ranked["VALUE"].fillna(-1), strict=True), strict=True))
    assert why["dead"] == ("DEATH", -1)
    assert why["serious"] == ("OPEN_SAE", -1)
    assert why["worse"] == ("OPEN_GRADE", 4)
    assert why["severe"] == ("OPEN_GRADE", 3)  # the grade 4 has ended
    assert why["failed"] == ("NR", -1)
    assert why["partial"] == ("PLAT", 200)
    assert why["empty"] == ("NONE", -1)


def test_equal_patients_stay_in_the_order_of_their_codes() -> None:
    names = ["b", "a", "c"]
    status = pd.DataFrame({"USUBJID": names, "STATUS": "ON_STUDY"})
    _, adae, response, platelets = (frame.iloc[:0] for frame in _frames())
    assert rank_patients(names, status, adae, response, platelets, Scale.GRADE)["USUBJID"].tolist() == names
