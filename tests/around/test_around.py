"""What is found around a study day: windows, overlaps, listed and folded results, places in the source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from support.tables import make_tables

from saa_dash.analysis.around import AroundGroup, day_of, day_offset, derive_around, opening_day, overlaps
from saa_dash.analysis.basis import Basis, prepare
from saa_dash.analysis.study_data import StudyData
from saa_dash.protocol.ctcae import load_ctcae
from saa_dash.protocol.vital_limits import load_vital_limits

WHO = "S-P001"
# Day 1 is 2026-03-01; day 10 is 2026-03-10.
_LIMITS = {"LBSTNRLO": 0.0, "LBSTNRHI": 20.0, "LBSTRESU": "umol/L"}


def _bili(day: int, value: float) -> dict[str, object]:
    return {"USUBJID": WHO, "LBTESTCD": "BILI", "LBDTC": f"2026-03-{day:02d}", "LBSTRESN": value, **_LIMITS}


def _event(name: str, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    return {"USUBJID": WHO, "AETERM": name, "AEDECOD": name, "AESTDTC": start, "AEENDTC": end, "AESER": "N", **more}


TABLES: Mapping[str, Any] = {
    "DM": [{"USUBJID": WHO, "SUBJID": "P001", "SEX": "F", "DTHDTC": "2026-03-30"}],
    "EX": [
        {"USUBJID": WHO, "EXTRT": "RATG", "EXSTDTC": "2026-03-01", "EXENDTC": "2026-03-05", "EXDOSE": 100.0},
        {"USUBJID": WHO, "EXTRT": "HPAG", "EXSTDTC": "2026-03-02", "EXENRF": "Y", "EXDOSE": 15.0},
    ],
    "AE": [
        _event("Ended before", "2026-03-01", "2026-03-06", AETOXGR=2),
        _event("Ends on the first day", "2026-03-01", "2026-03-07", AETOXGR=1),
        _event("Lasts", "2026-02-20", AETOXGR=1),
        _event("Begins on the last day", "2026-03-13", AETOXGR=3),
        _event("Begins after", "2026-03-14", AETOXGR=4, AESER="Y"),
    ],
    "CM": [
        {"USUBJID": WHO, "CMCAT": "TRANSFUSION", "CMCLAS": "RBC", "CMTRT": "RBC", "CMSTDTC": "2026-03-06"},
        {"USUBJID": WHO, "CMCAT": "TRANSFUSION", "CMCLAS": "PLATELET", "CMTRT": "PLATELET", "CMSTDTC": "2026-03-07"},
        {"USUBJID": WHO, "CMCAT": "CONCOMITANT", "CMCLAS": "STEROID", "CMTRT": "prednisone", "CMSTDTC": "2026-03-01"},
        {"USUBJID": WHO, "CMCAT": "CONCOMITANT", "CMCLAS": "OTHER", "CMTRT": "undated", "CMSTDTC": None},
    ],
    "LB": [
        _bili(2, 10.0), _bili(8, 25.0), _bili(10, 70.0), _bili(12, 18.0), _bili(13, 19.0), _bili(20, 200.0),
        {"USUBJID": WHO, "LBTESTCD": "LDH", "LBDTC": "2026-03-10", "LBSTRESN": 500.0},
        {"USUBJID": WHO, "LBTESTCD": "CSA", "LBTPT": "C0", "LBDTC": "2026-03-09", "LBSTRESN": 120.0},
    ],
    "VS": [
        {"USUBJID": WHO, "VSTESTCD": "TEMP", "VSDTC": "2026-03-10", "VSSTRESN": 39.1, "VSSTRESU": "C"},
        {"USUBJID": WHO, "VSTESTCD": "TEMP", "VSDTC": "2026-03-11", "VSSTRESN": 36.8, "VSSTRESU": "C"},
        {"USUBJID": WHO, "VSTESTCD": "HEIGHT", "VSDTC": "2026-03-11", "VSSTRESN": 170.0, "VSSTRESU": "cm"},
    ],
    "PE": [{"USUBJID": WHO, "PETESTCD": "SKIN", "PEORRES": "ABNORMAL_CS", "PEDESC": "rash", "PEDTC": "2026-03-12"}],
    "SV": [{"USUBJID": WHO, "VISIT": "W1", "SVSTDTC": "2026-03-08"}],
    "RS": [{"USUBJID": WHO, "VISIT": "W4", "RSORRES": "PR", "RSDTC": "2026-03-29"}],
    "DS": [{"USUBJID": WHO, "DSDECOD": "DISCONTINUATION", "DSCOMP": "CSA", "DSSTDTC": "2026-03-11"}],
    "DV": [{"USUBJID": WHO, "DVCAT": "DOSE", "DVTERM": "late", "DVSEV": "MINOR", "DVSTDTC": "2026-03-25"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def prepared() -> tuple[StudyData, Basis]:
    data = StudyData(date(2026, 7, 31), make_tables(**TABLES))
    return data, prepare(data)


def _around(prepared: tuple[StudyData, Basis], day: int, span: int) -> Mapping[str, AroundGroup]:
    return derive_around(*prepared, load_ctcae(), load_vital_limits(), day, span)


def test_there_is_no_day_0() -> None:
    assert [day_of(n) for n in (-2, -1, 0, 1)] == [-2, -1, 1, 2]
    assert day_offset(np.array([-2.0, -1.0, 1.0, 2.0])).tolist() == [-2, -1, 0, 1]


def test_what_overlaps_the_window_is_listed_in_time_order(prepared: tuple[StudyData, Basis]) -> None:
    found = _around(prepared, 10, 3)
    events = found["AE"].rows
    assert events["NAME"].tolist() == ["Lasts", "Ends on the first day", "Begins on the last day"]
    assert events["FROM"].tolist() == [-9, 1, 13]
    assert events["ONGOING"].tolist() == [True, False, True]
    assert found["SUPPORT"].rows["NAME"].tolist() == ["prednisone", "PLATELET"]
    assert found["SUPPORT"].undated == 1
    treatment = found["TREATMENT"].rows
    assert treatment[["KIND", "CODE", "FROM"]].to_numpy().tolist() == [["DOSE", "HPAG", 2], ["LEVEL", "CSA", 9]]
    assert found["VISIT"].rows["CODE"].tolist() == ["W1"]
    assert found["END"].rows[["CODE", "COMPONENT"]].to_numpy().tolist() == [["DISCONTINUATION", "CSA"]]


def test_results_out_of_limits_and_changes_of_grade_are_listed_the_others_counted(
    prepared: tuple[StudyData, Basis],
) -> None:
    found = _around(prepared, 10, 3)
    lab = found["LAB"]
    # 25 and 70 lie above 20; 18 is normal, but its grade fell from 3; 19 is normal as the one before it
    assert lab.rows["AVAL"].tolist() == [25.0, 70.0, 18.0]
    assert lab.rows["ATOXGR"].tolist() == [1, 3, 0]
    assert lab.rows["PREVGR"].tolist() == [0, 1, 3]
    assert lab.within["AVAL"].tolist() == [19.0]
    assert lab.unjudged == 1  # LDH without limits
    vital = found["VITAL"]
    assert vital.rows["CODE"].tolist() == ["TEMP", "SKIN"]
    assert vital.rows["ANRIND"].tolist()[0] == "HIGH"
    assert vital.within["AVAL"].tolist() == [36.8]
    assert vital.unjudged == 1  # height


def test_every_row_names_its_place_in_the_source(prepared: tuple[StudyData, Basis]) -> None:
    found = _around(prepared, 10, 14)
    for name, group in found.items():
        assert group.rows["SRCROW"].notna().all(), name
    lab = found["LAB"].rows
    assert lab.loc[lab["AVAL"] == 70.0, ["SRCSHEET", "SRCROW"]].to_numpy().tolist() == [["LB", 4]]


def test_an_empty_window_is_empty_and_death_is_found_on_its_day(prepared: tuple[StudyData, Basis]) -> None:
    before = _around(prepared, -40, 3)
    assert {name: len(group.rows) for name, group in before.items()} == dict.fromkeys(before, 0)
    end = _around(prepared, 30, 3)["END"].rows
    assert end[["KIND", "FROM", "SRCSHEET"]].to_numpy().tolist() == [["DEATH", 30, "DM"]]
    assert _around(prepared, 26, 3)["END"].rows["KIND"].tolist() == ["DEVIATION"]


def test_a_patient_opens_at_the_worst_event(prepared: tuple[StudyData, Basis]) -> None:
    assert opening_day(*prepared) == (14, "WORST_AE")
    quiet = StudyData(date(2026, 7, 31), make_tables(**{**TABLES, "AE": []}))
    assert opening_day(quiet, prepare(quiet)) == (1, "DAY_ONE")


def test_both_ends_of_the_window_belong_to_it_on_either_side_of_day_1(prepared: tuple[StudyData, Basis]) -> None:
    rows = _around(prepared, 10, 14)["AE"].rows
    assert overlaps(rows[rows["NAME"] == "Ended before"], 9, 3).tolist() == [True]
    assert overlaps(rows[rows["NAME"] == "Ended before"], 10, 3).tolist() == [False]
    assert overlaps(rows[rows["NAME"] == "Ended before"], -3, 3).tolist() == [True]  # day -3 + 3 is day 1
    assert overlaps(rows[rows["NAME"] == "Ended before"], -4, 3).tolist() == [False]
