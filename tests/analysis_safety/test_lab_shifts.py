"""Shifts, courses, outliers, examination shifts on small tables with answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.tables import STUDY, empty_tables, make_frame

from saa_dash.analysis.adlb import derive_laboratory
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.examination_shifts import (
    count_examination_shifts,
    derive_examination_shifts,
    examination_rows,
)
from saa_dash.analysis.findings_course import bin_width, course_of, estimate_ribbon
from saa_dash.analysis.measures import extremity, measures_of_laboratory, measures_of_vital_signs
from saa_dash.analysis.outliers import find_outliers
from saa_dash.analysis.shifts import count_shifts_of, derive_shifts, shifts_of_all, summarise_shifts
from saa_dash.analysis.study_data import StudyData
from saa_dash.analysis.vitals import derive_examination, derive_vital_signs
from saa_dash.protocol.ctcae import load_ctcae
from saa_dash.protocol.vital_limits import load_vital_limits

FIVE = tuple(f"{STUDY}-P00{n}" for n in range(1, 6))
LIMITS = {"BILI": (3, 20), "CRP": (1, 6), "PLAT": (125, 350)}
START = pd.Timestamp("2026-03-02")


def day(number):
    """Date of a study day; day 1 is the first dose."""
    return (START + pd.Timedelta(days=number - 1 if number > 0 else number)).date().isoformat()


def lab(patient, test, value, number, sign=None):
    low, high = LIMITS[test]
    return {"USUBJID": FIVE[patient - 1], "LBTESTCD": test, "LBSTRESN": value, "LBORRES": str(value), "LBCENS": sign,
            "LBDTC": day(number), "LBSTNRLO": low, "LBSTNRHI": high}  # fmt: skip


def study(**tables):
    doses = [{"USUBJID": who, "EXTRT": "RATG", "EXDOSE": 1.0, "EXDOSU": "MG", "EXSTDTC": day(1)} for who in FIVE]
    rows = {"DM": [{"USUBJID": who, "SUBJID": who[-4:]} for who in FIVE], "EX": doses, **tables}
    return StudyData(START.date().replace(month=9), empty_tables() | {k: make_frame(k, v) for k, v in rows.items()})


def measures(*rows):
    data = study(LB=list(rows))
    basis = prepare(data)
    return measures_of_laboratory(derive_laboratory(data, load_ctcae(), basis), basis)


def coded(frame):
    return frame.assign(PCODE=frame["USUBJID"].str[-4:]).drop(columns="USUBJID")


@pytest.fixture(scope="module")
def shifts():
    """P001 0 → 3, P002 0 → 2 with a baseline of 20, P003 abnormal baseline 40 → 2 × it, P004 no baseline, P005 none."""
    return derive_shifts(
        measures(
            lab(1, "BILI", 10, -1), lab(1, "BILI", 61, 8), lab(1, "BILI", 70, 20), lab(1, "BILI", 12, 30),
            lab(2, "BILI", 20, -3), lab(2, "BILI", 31, 5),
            lab(3, "BILI", 40, -1), lab(3, "BILI", 80, 9),
            lab(4, "BILI", 21, 9),
            lab(1, "CRP", 4, -1), lab(1, "CRP", 30, 3), lab(1, "CRP", 0.5, 9),
            lab(2, "CRP", 9, -1), lab(2, "CRP", 8, 3), lab(3, "CRP", 9, -1), lab(3, "CRP", 3, 4),
            lab(4, "CRP", 3, -1),
        ),
        ratio=True,
    )  # fmt: skip


def of(shifts, test):
    return shifts_of_all(shifts[shifts["TEST"] == test], FIVE)


def test_every_treated_patient_has_a_cell(shifts):
    rows = of(shifts, "BILI")
    cells = list(zip(rows["BEFORE"], rows["AFTER"], rows["WORSE"], strict=True))
    assert cells == [("0", "3", True), ("0", "2", True), ("2", "2", False), ("UNKNOWN", "1", True),
                     ("UNKNOWN", "UNKNOWN", False)]  # fmt: skip
    table = count_shifts_of(rows)
    assert table.counts == ((0, 0, 1, 1, 0, 0), (0,) * 6, (0, 0, 1, 0, 0, 0), (0,) * 6, (0,) * 6, (0, 1, 0, 0, 0, 1))
    assert (table.treated, table.measured, table.worsened, table.severe) == (5, 4, 3, 1)


def test_behind_a_cell_stand_values_and_days(shifts):
    first = of(shifts, "BILI").iloc[0]
    assert (first["BASE"], first["BASEDY"], first["WORST"], first["WORSTDY"], first["UPPER"]) == (10, -1, 70, 20, 20)


def test_without_grades_a_new_direction_is_for_the_worse(shifts):
    rows = of(shifts, "CRP")
    assert list(zip(rows["BEFORE"], rows["AFTER"], rows["WORSE"], strict=True)) == [
        ("NORMAL", "BOTH", True), ("HIGH", "HIGH", False), ("HIGH", "NORMAL", False), ("NORMAL", "UNKNOWN", False),
        ("UNKNOWN", "UNKNOWN", False),
    ]  # fmt: skip
    assert rows["WORST"].iloc[0] == 30  # 5 times the upper limit is farther than half the lower one
    assert count_shifts_of(rows).severe is None


def test_the_summary_counts_what_the_tables_count(shifts):
    found = summarise_shifts(shifts).set_index("TEST")
    assert found.loc["BILI", ["MEASURED", "WORSENED", "SEVERE"]].tolist() == [4, 3, 1]
    assert found.loc["CRP", ["MEASURED", "WORSENED"]].tolist() == [3, 1]
    assert np.isnan(found.loc["CRP", "SEVERE"])


def test_a_cut_without_results_has_no_tests():
    assert summarise_shifts(derive_shifts(measures(), ratio=True)).empty


def test_quantiles_take_one_value_a_patient_and_bin_and_need_five():
    rows = [lab(n, "PLAT", 10 * n, 29) for n in range(1, 6)]  # week 4, the centre of a bin
    rows += [lab(n, "PLAT", 999, 25) for n in range(1, 6)]  # farther from it
    rows += [lab(n, "PLAT", 50, 15) for n in range(1, 5)] + [lab(1, "PLAT", 7, -1)]
    ribbon = estimate_ribbon(course_of(coded(measures(*rows))).values, "AVAL").set_index("ADY")
    assert ribbon["N"].to_dict() == {-7: 1, 15: 4, 29: 5}
    assert ribbon.loc[29, ["P10", "P25", "P50", "P75", "P90"]].tolist() == [14, 20, 30, 40, 46]
    assert ribbon.loc[15].isna()["P50"] and ribbon.loc[-7, "BASEFL"]
    assert [bin_width(last) for last in (84, 200, 365, 3000)] == [14, 14, 28, 84]


def test_limits_that_differ_leave_what_is_normal_for_everybody():
    rows = [{**lab(1, "PLAT", 200, 3), "LBSTNRLO": 100, "LBSTNRHI": 300}, lab(2, "PLAT", 200, 3)]
    limits = course_of(coded(measures(*rows))).limits
    assert (limits.lower, limits.upper, limits.differ) == (125, 300, True)


def test_extremes_are_ranked_and_jumps_stand_out():
    steady = [lab(1, "BILI", 10 + 0.1 * (n % 3), n) for n in range(1, 30)]
    rows = [*steady, lab(1, "BILI", 100, 30), lab(2, "BILI", 1, 4), lab(3, "BILI", 500, 4), lab(4, "BILI", 5, -4)]
    found = find_outliers(coded(measures(*rows)), (2, 400), ratio=True)
    assert found.outside[["PCODE", "SIDE", "TIMES"]].values.tolist() == [
        ["P003", "HIGH", 25], ["P001", "HIGH", 5], ["P002", "LOW", pytest.approx(1 / 3)],
    ]  # fmt: skip
    assert found.implausible["PCODE"].tolist() == ["P002", "P003"]
    assert found.changes == 29
    assert found.jumps[["PCODE", "ADY", "PREVIOUS", "PREVDY"]].values.tolist() == [["P001", 30, 10.2, 29]]
    few = find_outliers(coded(measures(*steady[:5])), None, ratio=True)
    assert (few.jumps.empty, few.changes, few.plausible) == (True, 4, None)


def test_zero_below_a_limit_is_infinitely_far():
    far = extremity(np.array([0.0, 2, 5]), np.full(3, 2.0), np.full(3, 4.0), ratio=True)
    assert far.tolist() == [np.inf, 0, pytest.approx(np.log(1.25))]


def test_vital_signs_go_by_usual_limits_and_weight_by_its_own_baseline():
    def sign(test, value, number):
        return {"USUBJID": FIVE[0], "VSTESTCD": test, "VSSTRESN": value, "VSORRES": str(value), "VSDTC": day(number)}

    rows = [sign("TEMP", 37.3, -1), sign("TEMP", 37.4, 2), sign("WEIGHT", 60, -1), sign("WEIGHT", 57, 9),
            sign("WEIGHT", 56.9, 20), sign("HEIGHT", 170, 2)]  # fmt: skip
    found = measures_of_vital_signs(derive_vital_signs(study(VS=rows)), load_vital_limits())
    assert found.set_index(["TEST", "ADY"])["IND"].to_dict() == {
        ("HEIGHT", 2): -1, ("TEMP", -1): 1, ("TEMP", 2): 2, ("WEIGHT", -1): 1, ("WEIGHT", 9): 1, ("WEIGHT", 20): 0,
    }  # fmt: skip


def test_examinations_shift_from_the_baseline_to_the_worst_finding():
    def seen(patient, finding, number, words=None):
        return {"USUBJID": FIVE[patient - 1], "PETESTCD": "SKIN", "PEORRES": finding, "PEDTC": day(number),
                "PEDESC": words}  # fmt: skip

    rows = [seen(1, "NORMAL", -1), seen(1, "ABNORMAL_CS", 8, "瘀斑"), seen(1, "ABNORMAL_CS", 15), seen(1, "NORMAL", 29),
            seen(2, "ABNORMAL_CS", -1), seen(2, "ABNORMAL_NCS", 8), seen(3, "ABNORMAL_NCS", 8)]  # fmt: skip
    shifts = derive_examination_shifts(derive_examination(study(PE=rows)))
    found = examination_rows(shifts, "SKIN", FIVE)
    assert list(zip(found["BEFORE"], found["AFTER"], found["WORSE"], strict=True)) == [
        ("NORMAL", "ABNORMAL_CS", True), ("ABNORMAL_CS", "ABNORMAL_NCS", False), ("UNKNOWN", "ABNORMAL_NCS", True),
        ("UNKNOWN", "UNKNOWN", False), ("UNKNOWN", "UNKNOWN", False),
    ]  # fmt: skip
    assert (found["WORSTDY"].iloc[0], found["DESC"].iloc[0]) == (8, "瘀斑")
    table = count_examination_shifts(found)
    assert (table.treated, table.measured, table.worsened, table.severe) == (5, 3, 2, None)
