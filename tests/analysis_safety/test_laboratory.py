"""ADLB: baseline, change, worst grade, visit names, shifts; liver, kidney, cyclosporine from it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.adlb import count_shifts, derive_laboratory, list_worsened
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.csa import count_time_in_range, derive_levels, derive_time_in_range
from saa_dash.analysis.kidney import derive_kidney, stages
from saa_dash.analysis.liver import derive_liver_peaks, list_hys_law_candidates
from saa_dash.analysis.study_data import StudyData
from saa_dash.model.protocol import TargetRange
from saa_dash.model.vocabulary import LAB_TESTS
from saa_dash.protocol.ctcae import load_ctcae

CRITERIA = load_ctcae()
LIMITS = {"ALT": (9, 50), "AST": (15, 40), "ALP": (45, 125), "BILI": (3, 20), "BILDIR": (0, 7), "CREAT": (57, 97),
          "ANC": (1.8, 6.3), "CRP": (None, 6)}  # fmt: skip


def lab(test, value, day, *, sign=None, **more):
    low, high = LIMITS.get(test, (None, None))
    return {
        "LBTESTCD": test, "LBSTRESN": value, "LBORRES": f"{sign or ''}{value}", "LBDTC": day, "LBCENS": sign,
        "LBSTNRLO": low, "LBSTNRHI": high, "LBSTRESU": LAB_TESTS[test], **more,
    }  # fmt: skip


def adlb(data):
    return derive_laboratory(data, CRITERIA)


def test_the_baseline_is_the_last_value_before_the_first_dose_day(study):
    rows = [lab("ANC", 0.3, "2026-02-20"), lab("ANC", 0.4, "2026-03-01"), lab("ANC", 0.2, "2026-03-02")]
    found = adlb(study(LB=rows))
    assert found["ABLFL"].tolist()[1] == "Y" and found["ABLFL"].notna().sum() == 1
    assert found["BASE"].fillna(-1).tolist() == [-1, 0.4, 0.4]
    assert found["CHG"].iloc[2] == pytest.approx(-0.2)
    assert found["ADY"].tolist() == [-10, -1, 1]
    assert found["POSTFL"].tolist() == ["N", "N", "Y"]


def test_of_one_day_the_latest_time_counts_else_the_lowest_value(study):
    timed = [lab("ANC", 0.3, "2026-03-01T08:00"), lab("ANC", 0.9, "2026-03-01T20:00"), lab("ANC", 1, "2026-03-09")]
    assert adlb(study(LB=timed))["BASE"].iloc[-1] == 0.9
    untimed = [lab("ANC", 0.3, "2026-03-01"), lab("ANC", 0.9, "2026-03-01"), lab("ANC", 1, "2026-03-09")]
    assert adlb(study(LB=untimed))["BASE"].iloc[-1] == 0.3


def test_the_baseline_is_graded_by_the_limit_and_later_values_by_the_baseline(study):
    found = adlb(
        study(LB=[lab("ALT", 200, "2026-03-01"), lab("ALT", 250, "2026-03-09"), lab("ALT", 650, "2026-03-20")])
    )
    assert found["ATOXGR"].tolist() == [2, 0, 2]
    assert found["ATOXBY"].tolist() == ["ULN", "BASELINE", "BASELINE"]
    assert found["BTOXGR"].fillna(-1).tolist() == [2, 2, 2]
    assert set(found["ATOXV"]) == {"5.0"}


def test_the_worst_value_of_the_worst_grade_is_flagged_once(study):
    rows = [lab("ANC", 0.4, "2026-03-01"), lab("ANC", 0.3, "2026-03-05"), lab("ANC", 0.1, "2026-03-09"),
            lab("ANC", 0.1, "2026-03-12"), lab("ANC", 3, "2026-05-01")]  # fmt: skip
    found = adlb(study(LB=rows))
    assert found.loc[found["WORSTFL"] == "Y", "ADT"].tolist() == [pd.Timestamp("2026-03-09")]
    assert found["TRTEMFL"].dropna().unique().tolist() == ["N"]  # grade 4 at baseline already


def test_tests_without_grades_are_low_normal_or_high_only(study):
    found = adlb(study(LB=[lab("CRP", 30, "2026-03-09"), lab("CRP", 3, "2026-03-12")]))
    assert found["ATOXGR"].isna().all() and found["ATOXV"].isna().all()
    assert found["ANRIND"].tolist() == ["HIGH", "NORMAL"]


def test_the_statement_of_the_laboratory_stands_in_where_there_are_no_limits(study):
    row = {**lab("LDH", 300, "2026-03-09"), "LBNRIND": "HIGH"}
    assert adlb(study(LB=[row]))["ANRIND"].tolist() == ["HIGH"]


def test_a_count_in_another_unit_has_no_grade(study):
    rows = [lab("HGB", 8.5, "2026-03-09", LBSTRESU="mmol/L"), lab("ALT", 200, "2026-03-09", LBSTRESU="IU/L")]
    found = adlb(study(LB=rows)).set_index("PARAMCD")["ATOXGR"]
    assert found["ALT"] == 2 and np.isnan(found["HGB"])


def test_visits_keep_the_name_they_were_given(study):
    rows = [
        lab("ANC", 1, "2026-03-01", VISIT="BASELINE", VISITNUM=0),
        lab("ANC", 1, "2026-03-30", VISIT="W4", VISITNUM=4),
        lab("ANC", 1, "2026-03-31", VISIT="UNSCHEDULED"),
        lab("ANC", 1, "2026-04-20", VISIT="CYCLE 2", VISITNUM=2.5),
    ]
    found = adlb(study(LB=rows))
    assert found["AVISIT"].tolist() == ["Baseline", "Week 4", "Unscheduled", "CYCLE 2"]
    assert found["AVISITN"].fillna(-9).tolist() == [0, 4, -9, 2.5]


def test_records_after_the_cutoff_are_left_out_and_undated_ones_kept_aside(study):
    rows = [lab("ALT", 900, "2026-09-05"), lab("ALT", 900, "2026-03"), lab("ALT", 30, "2026-03-09")]
    found = adlb(study(LB=rows))
    assert len(found) == 2
    assert found.loc[found["ADT"].isna(), "WORSTFL"].isna().all()
    assert found.loc[found["WORSTFL"] == "Y", "AVAL"].tolist() == [30]


def test_the_shift_counts_patients_from_baseline_to_worst(study):
    data = study(LB=[lab("ALT", 30, "2026-03-01"), lab("ALT", 300, "2026-03-09"), lab("ALT", 60, "2026-03-20")])
    found = adlb(data)
    shift = next(item for item in count_shifts(found, CRITERIA) if item.test == "ALT")
    assert shift.table[0][3] == 1 and shift.patients == 1 and (shift.worsened, shift.severe) == (1, 1)
    assert list_worsened(found, 3)["AVAL"].tolist() == [300]
    assert sum(item.patients for item in count_shifts(found, CRITERIA)) == 1


def test_the_order_of_the_rows_carries_no_meaning(study):
    rows = [lab(test, value, f"2026-03-{day:02d}", ROWKEY=f"LB|{test}|{day}|{value}") for day in (1, 5, 9)
            for test in ("ANC", "ALT") for value in (1.0, 60.0, 60.0)]  # fmt: skip
    data = study(LB=rows)
    shuffled = StudyData(data.cutoff, {**data.tables, "LB": data["LB"].sample(frac=1, random_state=3)})
    pd.testing.assert_frame_equal(adlb(data), adlb(shuffled))


# --------------------------------------------------------------------------------------------------------- liver


def candidates(data):
    return list_hys_law_candidates(adlb(data), prepare(data))


@pytest.mark.parametrize(("after", "found"), [(0, 1), (30, 1), (31, 0), (-1, 0)])
def test_bilirubin_counts_within_30_days_after_the_aminotransferase(study, after, found):
    day = (pd.Timestamp("2026-04-10") + pd.Timedelta(days=after)).date().isoformat()
    assert len(candidates(study(LB=[lab("ALT", 150, "2026-04-10"), lab("BILI", 41, day)]))) == found


@pytest.mark.parametrize(("alt", "bili", "found"), [(150, 40.1, 1), (149.9, 60, 0), (150, 40, 0)])
def test_aminotransferase_from_3_and_bilirubin_above_2_multiples(study, alt, bili, found):
    assert len(candidates(study(LB=[lab("ALT", alt, "2026-04-10"), lab("BILI", bili, "2026-04-12")]))) == found


def test_an_alp_at_2_multiples_in_between_rules_a_candidate_out(study):
    pair = [lab("AST", 200, "2026-04-10"), lab("BILI", 50, "2026-04-20"), lab("BILDIR", 20, "2026-04-20")]
    assert candidates(study(LB=[*pair, lab("ALP", 250, "2026-04-15")])).empty
    low = candidates(study(LB=[*pair, lab("ALP", 249, "2026-04-15")]))
    assert low[["AMTEST", "DAYS", "ALPFL", "BILDIR", "DIRPCT"]].iloc[0].tolist() == ["AST", 10, "N", 20, 40]
    assert candidates(study(LB=pair))["ALPFL"].tolist() == ["U"]


def test_peaks_fall_into_quadrants_and_baselines_into_mdish(study):
    rows = [lab("ALT", 100, "2026-03-01"), lab("ALT", 240, "2026-04-10"), lab("BILI", 18, "2026-04-10")]
    data = study(LB=rows)
    peaks = derive_liver_peaks(adlb(data), prepare(data)).iloc[0]
    assert (peaks["ALTXULN"], peaks["BILIXULN"], peaks["QUADRANT"]) == (4.8, 0.9, "TEMPLE")
    assert (peaks["MDISHFL"], peaks["MAMT"], peaks["MQUAD"]) == ("Y", 2.4, "NORMAL")


# -------------------------------------------------------------------------------------------------------- kidney


@pytest.mark.parametrize(
    ("value", "ref7", "ref2", "stage"),
    [
        (74.9, 50, np.nan, 0), (75, 50, np.nan, 1), (99.9, 50, np.nan, 1), (100, 50, np.nan, 2), (150, 50, np.nan, 3),
        (126.5, 100, 100, 1), (126.4, 100, 100, 0), (353.6, 330, 327, 1 + 2), (353.6, 330, np.nan, 0),
    ],
)  # fmt: skip
def test_kdigo_stages_at_their_boundaries(value, ref7, ref2, stage):
    assert stages(*(np.array([x], float) for x in (value, ref7, ref2)))[0] == stage


@pytest.mark.parametrize(("day", "stage", "ratio_only"), [("2026-03-08", 2, None), ("2026-03-09", None, "Y")])
def test_outside_the_window_it_is_a_creatinine_ratio(study, day, stage, ratio_only):
    data = study(LB=[lab("CREAT", 60, "2026-03-01"), lab("CREAT", 130, day)])
    row = derive_kidney(adlb(data), prepare(data)).iloc[0]
    assert row["RATIO"] == pytest.approx(130 / 60)
    assert (row["KDIGO"] == stage) if stage else np.isnan(row["KDIGO"])
    assert (row["RATIOFL"] == "Y") == (ratio_only == "Y")


def test_a_rise_in_48_hours_is_stage_1(study):
    data = study(
        LB=[lab("CREAT", 100, "2026-04-01"), lab("CREAT", 126.5, "2026-04-03"), lab("CREAT", 126, "2026-04-10")]
    )
    assert derive_kidney(adlb(data), prepare(data))["KDIGO"].fillna(-1).tolist() == [-1, 1, 0]


# -------------------------------------------------------------------------------------------------- cyclosporine


def test_time_in_range_is_a_fraction_of_troughs_from_day_4_on(study):
    def level(value, day, tpt="C0", sign=None):
        return {**lab("CSA", value, day, sign=sign), "LBTPT": tpt}

    rows = [level(200, "2026-03-04"), level(150, "2026-03-05"), level(250, "2026-03-06"), level(149.9, "2026-03-07"),
            level(250.1, "2026-03-08"), level(200, "2026-03-09", "C2"), level(25, "2026-03-10", sign="<"),
            level(160, "2026-03-11", sign="<")]  # fmt: skip
    levels = derive_levels(adlb(study(LB=rows)), TargetRange(150, 250, "ug/L"))
    total = count_time_in_range(levels)
    assert (total.samples, total.in_range, total.low, total.high, total.unknown) == (6, 2, 2, 1, 1)
    assert total.fraction == pytest.approx(2 / 6)
    assert derive_time_in_range(levels)["FRACTION"].tolist() == [pytest.approx(2 / 6)]
