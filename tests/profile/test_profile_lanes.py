"""Stretches on a patient's profile: pauses, adverse events, response from visit to visit, lanes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from saa_dash.analysis.ae_levels import Scale
from saa_dash.analysis.profile_lanes import derive_event_bars, derive_pauses, derive_ribbon, pack_lanes


def _doses(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["EXTRT", "FROM", "TO"])


def test_days_without_a_dose_between_two_doses_are_a_pause() -> None:
    doses = _doses(
        ("HPAG", 6, 35), ("HPAG", 40, 95), ("CSA", 1, 5), ("CSA", 6, 8), ("UCBMNC", 8, 8), ("UCBMNC", 19, 19)
    )
    assert derive_pauses(doses).to_numpy().tolist() == [["HPAG", 36.0, 39.0]]


def test_overlapping_records_are_one_stretch_and_there_is_no_day_0() -> None:
    doses = _doses(("CSA", -3, -1), ("CSA", 1, 20), ("CSA", 2, 4), ("CSA", 22, 30), ("HPAG", -4, -2), ("HPAG", 1, 9))
    assert derive_pauses(doses).to_numpy().tolist() == [["CSA", 21.0, 21.0], ["HPAG", -1.0, -1.0]]
    assert derive_pauses(doses.iloc[:0]).empty


def _events() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ASTDY": [3.0, 10.0, 12.0, np.nan],
            "AENDY": [5.0, np.nan, 12.0, np.nan],
            "ONGOFL": ["N", "Y", "N", "Y"],
            "AEDECOD": ["Fever", None, "Sepsis", "Rash"],
            "AETERM": ["hot", "itching", "septic", "rash"],
            "AETOXGR": pd.array([1, 3, 4, 2], dtype="Int64"),
            "AESEV": [None, None, None, None],
            "AESER": ["N", "N", "Y", None],
            "ASTDTF": [None, "D", None, None],
            "AENDTF": [None, None, None, None],
        }
    )


def test_events_stand_worst_first_and_what_lasts_reaches_the_last_contact() -> None:
    bars, undated = derive_event_bars(_events(), Scale.GRADE, last=60.0)
    assert undated == 1
    assert bars[["NAME", "FROM", "TO", "LEVEL", "SERIOUS", "ONGOING", "IMPUTED"]].to_numpy().tolist() == [
        ["Sepsis", 12.0, 12.0, 4, True, False, False],
        ["itching", 10.0, 60.0, 3, False, True, True],
        ["Fever", 3.0, 5.0, 1, False, False, False],
    ]


def _response(*rows: tuple[int, str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["AVISITN", "AVALC", "ADT", "REASON"])
    return frame.assign(ADT=pd.to_datetime(frame["ADT"]).astype("datetime64[s]"))


def _ribbon(response: pd.DataFrame, last: float, stop: float = float("nan")) -> list[list[object]]:
    day_one = float((pd.Timestamp("2026-03-02") - pd.Timestamp("1970-01-01")).days)
    target = pd.Series({4: 29.0, 8: 57.0, 12: 85.0})
    return derive_ribbon(response, day_one, last, stop, target)[["FROM", "TO", "STATE", "WEEK"]].to_numpy().tolist()


def test_a_response_holds_until_the_next_assessed_visit() -> None:
    response = _response(
        (4, "NR", "2026-03-30", "BELOW"), (8, "NE", None, "MISSING"), (12, "NYD", None, "NOT_DUE")
    )  # fmt: skip
    assert _ribbon(response, 70.0) == [[29.0, 57.0, "NR", 4], [57.0, 71.0, "NE", 8]]
    assert _ribbon(response, 40.0) == [[29.0, 57.0, "NR", 4]]
    assert _ribbon(response, 70.0, stop=64.0)[-1] == [57.0, 64.0, "NE", 8]
    assert _ribbon(response.iloc[:0], 70.0) == []
    died = _response((4, "PR", "2026-03-30", None), (8, "NR", "2026-04-20", "DEATH"), (12, "NR", "2026-04-20", "DEATH"))
    assert _ribbon(died, 50.0) == [[29.0, 50.0, "PR", 4], [50.0, 51.0, "NR", 8]]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)), max_size=25), st.integers(1, 6))
def test_no_two_stretches_of_a_lane_touch_and_nobody_is_left_out_without_need(
    stretches: list[tuple[int, int]], lanes: int
) -> None:
    start = np.array([float(first) for first, _ in stretches])
    end = start + np.array([float(length) for _, length in stretches])
    lane = pack_lanes(start, end, lanes)
    assert lane.max(initial=-1) < lanes
    for i in range(len(start)):
        met = [j for j in range(i) if start[j] <= end[i] and end[j] >= start[i]]
        taken = {int(lane[j]) for j in met} - {-1}
        free = [number for number in range(lanes) if number not in taken]
        assert lane[i] == (free[0] if free else -1)
