"""Derived against investigator-assessed response."""

from __future__ import annotations

from support.panels import CR, NR, PR, iso, make_study

from saa_dash.analysis.agreement import compare_with_investigator, count_agreement
from saa_dash.analysis.response import derive_response
from saa_dash.analysis.study_data import StudyData
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

ENTRIES = [
    ("A", "W4", 29, "CR"),
    ("B", "W4", 29, "NR"),
    ("B", "W4", 30, "CR"),  # corrected the next day: counts
    ("C", None, 29, "NR"),  # visit by number only
    ("D", "W12", 85, "NR"),  # not yet due
]


def _data() -> StudyData:
    rows = [
        {"USUBJID": who, "VISIT": visit, "VISITNUM": None if visit else 4, "RSDTC": iso(day), "RSORRES": answer}
        for who, visit, day, answer in ENTRIES
    ]
    return make_study({"A": {29: CR}, "B": {29: PR}, "C": {29: NR}, "D": {29: NR}}, cutoff=70, RS=rows)


def test_entries_are_found_and_compared() -> None:
    data = _data()
    compared = compare_with_investigator(data, derive_response(data, load_rule_sets()["nih"], EndpointSettings()))
    week_4 = compared[compared["AVISITN"] == 4].set_index("USUBJID")
    assert list(week_4["INVAVALC"].fillna("")) == ["CR", "CR", "NR", ""]
    assert list(week_4["AGREEFL"].fillna("")) == ["Y", "N", "Y", ""]
    assert str(week_4.loc["B", "INVDT"].date()) == iso(30)
    assert set(compared["AVISITN"]) == {4, 8}


def test_cross_table() -> None:
    data = _data()
    compared = compare_with_investigator(data, derive_response(data, load_rule_sets()["nih"], EndpointSettings()))
    week_4 = count_agreement(compared)[0]
    assert week_4.table == ((1, 0, 0, 0), (1, 0, 0, 0), (0, 0, 1, 0), (0, 0, 0, 0))
    assert (week_4.agree, week_4.disagree, week_4.not_entered) == (2, 1, 1)
