"""Anchor dates and ADSL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from support.panels import NR, iso, make_study

from saa_dash.analysis.anchors import derive_anchors, first_stop
from saa_dash.analysis.subjects import derive_subjects
from saa_dash.model.settings import EndpointSettings

WHO = ("A", "B", "C", "D", "E", "F")
EX = [
    # A: one row per ATG day, infusion in two bags, hetrombopag before ATG
    *({"USUBJID": "A", "EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": iso(day)} for day in (3, 1, 2)),
    {"USUBJID": "A", "EXTRT": "HPAG", "EXDOSE": 15.0, "EXSTDTC": "2026-02-26", "EXENRF": "Y"},
    *({"USUBJID": "A", "EXTRT": "UCBMNC", "EXDOSE": 1.5, "EXSTDTC": iso(day)} for day in (5, 5, 17)),
    # B: a row of dose 0 first, an infusion planned after the cut-off
    {"USUBJID": "B", "EXTRT": "RATG", "EXDOSE": 0.0, "EXSTDTC": iso(1)},
    {"USUBJID": "B", "EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": iso(2), "EXENDTC": iso(6)},
    {"USUBJID": "B", "EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": iso(101)},
    # C: only zero doses. D: no ATG row, dates typed. E: cyclosporine alone. F: nothing.
    {"USUBJID": "C", "EXTRT": "RATG", "EXDOSE": 0.0, "EXSTDTC": iso(1)},
    {"USUBJID": "E", "EXTRT": "CSA", "EXDOSE": 100.0, "EXSTDTC": iso(4)},
]
DM: list[Mapping[str, Any]] = [
    {"USUBJID": "A", "SUBJID": "A", "SEX": "M", "AGE": 30, "LSTALVDTC": iso(50), "ATGSTDTC": iso(2)},
    {"USUBJID": "B", "SUBJID": "B", "SEX": "F", "AGE": 31, "LSTALVDTC": iso(150)},
    {"USUBJID": "C", "SUBJID": "C", "SEX": "F", "AGE": 32, "ATGSTDTC": iso(1), "ENRLDTC": iso(1)},
    {"USUBJID": "D", "SUBJID": "D", "SEX": "M", "AGE": 33, "ATGSTDTC": iso(2), "ATGENDTC": iso(6), "DTHDTC": iso(120)},
    {"USUBJID": "E", "SUBJID": "E", "SEX": "M", "AGE": 34},
    {"USUBJID": "F", "SUBJID": "F", "SEX": "M", "AGE": 35},
]
DS = [
    {"USUBJID": "A", "DSDECOD": "DEATH", "DSSTDTC": iso(60)},
    {"USUBJID": "A", "DSDECOD": "WITHDRAWAL", "DSSTDTC": iso(40)},
    {"USUBJID": "B", "DSDECOD": "HSCT", "DSSTDTC": "2026-05"},
    {"USUBJID": "B", "DSDECOD": "SALVAGE", "DSSTDTC": "2026-05-01"},
    {"USUBJID": "E", "DSDECOD": "COMPLETED", "DSSTDTC": iso(90)},
]


@pytest.fixture(scope="module")
def adsl() -> pd.DataFrame:
    data = make_study({who: {45: NR} if who in "AD" else {} for who in WHO}, cutoff=100, EX=EX, DM=DM, DS=DS)
    return derive_subjects(data, EndpointSettings()).set_index("USUBJID")


def _day(value: Any) -> str:
    return "" if pd.isna(value) else str(value.date())


def test_treatment_dates_come_from_the_doses_given(adsl: pd.DataFrame) -> None:
    assert _day(adsl.loc["A", "TRTSDT"]) == "2026-02-26"
    assert [_day(adsl.loc["A", name]) for name in ("ATGSDT", "ATGEDT", "INF1DT", "INF2DT")] == [
        iso(1), iso(3), iso(5), iso(17)
    ]  # fmt: skip
    assert [_day(adsl.loc["B", name]) for name in ("ATGSDT", "ATGEDT", "INF1DT")] == [iso(2), iso(6), ""]


def test_typed_dates_stand_in_only_without_rows(adsl: pd.DataFrame) -> None:
    assert _day(adsl.loc["C", "ATGSDT"]) == ""
    assert [_day(adsl.loc["D", name]) for name in ("ATGSDT", "ATGEDT")] == [iso(2), iso(6)]


def test_analysis_sets(adsl: pd.DataFrame) -> None:
    assert adsl["FASFL"].to_dict() == {"A": "Y", "B": "Y", "C": "N", "D": "Y", "E": "N", "F": "N"}
    assert adsl["SAFFL"].to_dict() == {"A": "Y", "B": "Y", "C": "N", "D": "Y", "E": "Y", "F": "N"}


def test_a_death_after_the_cut_off_is_listed_apart(adsl: pd.DataFrame) -> None:
    assert (adsl.loc["D", "DTHFL"], _day(adsl.loc["D", "DTHDT"]), _day(adsl.loc["D", "DTHLATDT"])) == (
        "N",
        "",
        iso(120),
    )


def test_last_known_alive(adsl: pd.DataFrame) -> None:
    assert _day(adsl.loc["A", "LSTALVDT"]) == iso(60)  # the day of death
    assert _day(adsl.loc["B", "LSTALVDT"]) == iso(100)  # alive after the cut-off is alive at the cut-off
    assert _day(adsl.loc["D", "LSTALVDT"]) == iso(45)
    assert _day(adsl.loc["F", "LSTALVDT"]) == ""


def test_end_of_study(adsl: pd.DataFrame) -> None:
    assert adsl["EOSSTT"].fillna("").to_dict() == {
        "A": "DISCONTINUED", "B": "ONGOING", "C": "ONGOING", "D": "ONGOING", "E": "COMPLETED", "F": ""
    }  # fmt: skip
    assert (adsl.loc["A", "DCSREAS"], _day(adsl.loc["A", "EOSDT"])) == ("WITHDRAWAL", iso(40))


def test_what_ends_efficacy_first() -> None:
    data = make_study({who: {} for who in WHO}, cutoff=100, EX=EX, DM=DM, DS=DS)
    _, reason = first_stop(derive_anchors(data))
    assert list(reason) == ["WITHDRAWN", "HSCT", "", "", "", ""]  # a date without a day counts from the 1st: HSCT first
