"""ADVS and the physical examination against baseline."""

from __future__ import annotations

import pytest

from saa_dash.analysis.vitals import count_examination_changes, derive_examination, derive_vital_signs


def vital(test, value, day, **more):
    return {"VSTESTCD": test, "VSSTRESN": value, "VSORRES": str(value), "VSDTC": day, "VSSTRESU": "x", **more}


def test_changes_count_from_the_last_value_before_the_first_dose_day(study):
    rows = [vital("TEMP", 36.5, "2026-02-28"), vital("TEMP", 36.8, "2026-03-01"), vital("TEMP", 38.9, "2026-03-02")]
    found = derive_vital_signs(study(VS=rows))
    assert found["CHG"].iloc[-1] == pytest.approx(2.1)
    assert found["PCHG"].iloc[-1] == pytest.approx(100 * 2.1 / 36.8)
    assert found["ABLFL"].fillna("-").tolist() == ["-", "Y", "-"]


def test_positions_are_compared_with_their_like(study):
    rows = [vital("SYSBP", 120, "2026-03-01", VSPOS="SITTING"), vital("SYSBP", 110, "2026-03-01", VSPOS="STANDING"),
            vital("SYSBP", 130, "2026-03-09", VSPOS="STANDING")]  # fmt: skip
    assert derive_vital_signs(study(VS=rows))["CHG"].dropna().tolist() == [20]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("NORMAL", "ABNORMAL_CS", "NEW"), ("ABNORMAL_NCS", "ABNORMAL_CS", "WORSENED"),
        ("ABNORMAL_CS", "NORMAL", "RESOLVED"), ("NORMAL", "ABNORMAL_NCS", None), ("ABNORMAL_CS", "ABNORMAL_CS", None),
    ],
)  # fmt: skip
def test_examination_changes_are_named(study, before, after, change):
    rows = [{"PETESTCD": "SKIN", "PEORRES": before, "PEDTC": "2026-03-01"},
            {"PETESTCD": "SKIN", "PEORRES": after, "PEDTC": "2026-03-09", "PEDESC": "瘀斑"}]  # fmt: skip
    found = derive_examination(study(PE=rows))
    assert found["CHGCAT"].fillna("-").tolist() == ["-", change or "-"]
    assert found["BASEFIND"].tolist() == [before, before]
    counts = count_examination_changes(found)[0]
    assert (counts.system, counts.examined, counts.new) == ("SKIN", 1, int(change == "NEW"))


def test_of_several_findings_of_a_day_the_worst_counts(study):
    rows = [{"PETESTCD": "SKIN", "PEORRES": finding, "PEDTC": day} for day in ("2026-03-01", "2026-03-09")
            for finding in ("ABNORMAL_CS", "NORMAL")]  # fmt: skip
    assert derive_examination(study(PE=rows))["FINDING"].tolist() == ["ABNORMAL_CS", "ABNORMAL_CS"]
