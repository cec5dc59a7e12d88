"""Visits against their windows; planned against given over the patients; changes of dose."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from saa_dash.analysis.basis import prepare
from saa_dash.analysis.exposure import derive_exposure
from saa_dash.analysis.exposure_summary import count_components, count_lines, derive_plan_points, list_dose_changes
from saa_dash.analysis.kdigo_weeks import count_stages, derive_kidney_weeks
from saa_dash.analysis.visit_completeness import count_visits_done, derive_visits, planned_visits
from saa_dash.model.settings import EndpointSettings, StudySettings
from saa_dash.model.vocabulary import Origin
from saa_dash.protocol.loader import load_protocol

DAY_1 = date(2026, 3, 2)  # first ATG dose of the patient of these tests


def visits(data, **settings):
    found = derive_visits(prepare(data), EndpointSettings(**settings))
    return found.set_index("VISIT")


def visit(code, day):
    return {"VISIT": code, "SVSTDTC": day}


def test_windows_of_registered_assessments_follow_the_settings_and_the_others_stay_apart():
    def halves(days):
        return {v.code: v.half for v in planned_visits(days) if v.offset is not None}

    assert halves(7) == {"W1": 3, "W2": 3, "W3": 3, "W4": 7, "W6": 6, "W8": 7, "W10": 6, "W12": 7, "W16": 7, "W24": 7}
    assert halves(2) == dict.fromkeys(halves(2), 2)
    assert halves(13)["W12"] == 13 and halves(13)["W16"] == 13 and halves(13)["W24"] == 13
    assert [v.code for v in planned_visits(7) if v.registered] == ["W4", "W8", "W12"]


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-03-22", "EARLY"), ("2026-03-23", "IN"), ("2026-03-30", "IN"), ("2026-04-06", "IN"),
     ("2026-04-07", "LATE"), ("2026-03", "UNDATED")],
)  # fmt: skip
def test_week_4_is_offset_28_give_or_take_7(study, day, state):
    found = visits(study(SV=[visit("W4", day)])).loc["W4"]
    assert found[["STATE", "DUEFL", "TARGETDY", "LOWDY", "HIGHDY"]].tolist() == [state, "Y", 29, 22, 36]


def test_a_visit_is_missing_once_its_window_has_ended(study):
    assert visits(study(cutoff=date(2026, 4, 5))).loc["W4", ["STATE", "DUEFL"]].tolist() == ["NOT_DUE", "N"]
    assert visits(study(cutoff=date(2026, 4, 6))).loc["W4", ["STATE", "DUEFL"]].tolist() == ["MISSING", "Y"]


def test_who_left_before_the_window_ended_is_not_missing(study):
    left = [{"DSDECOD": "WITHDRAWAL", "DSSTDTC": "2026-04-06"}]
    found = visits(study(DS=left, SV=[visit("W6", "2026-04-13")]))
    assert found.loc["W4", ["STATE", "DUEFL", "ENDREAS"]].tolist() == ["ENDED", "N", "WITHDRAWAL"]
    assert found.loc["W6", "STATE"] == "IN"  # seen all the same
    later = visits(study(DS=[{"DSDECOD": "WITHDRAWAL", "DSSTDTC": "2026-04-07"}])).loc["W4"]
    assert later["STATE"] == "MISSING"
    grafted = visits(study(DS=[{"DSDECOD": "HSCT", "DSSTDTC": "2026-03-20"}])).loc["W4"]
    assert grafted["STATE"] == "MISSING"  # efficacy ends there, visits do not


def test_screening_and_baseline_are_due_by_day_1(study):
    found = visits(study(SV=[visit("SCREENING", "2026-02-01"), visit("BASELINE", "2026-03-03")]))
    assert found.loc[["SCREENING", "BASELINE"], "STATE"].tolist() == ["IN", "LATE"]
    assert visits(study(SV=[visit("BASELINE", "2026-03-02")])).loc["BASELINE", "STATE"] == "IN"


def test_without_a_visit_form_results_filed_under_the_visit_tell_the_day(study):
    lab = {"LBTESTCD": "HGB", "LBSTRESN": 90.0, "VISIT": "W8"}
    rows = [{**lab, "LBDTC": "2026-04-28"}, {**lab, "LBDTC": "2026-04-27"}]
    found = visits(study(LB=rows)).loc["W8"]
    assert found[["STATE", "VISITDY", "SOURCE"]].tolist() == ["IN", 57, "LB"]
    assert visits(study(LB=rows, SV=[visit("W8", "2026-05-20")])).loc["W8", ["STATE", "SOURCE"]].tolist() == [
        "LATE",
        "SV",
    ]


def test_the_origin_in_force_moves_the_windows(study):
    found = visits(study(SV=[visit("W4", "2026-04-08")]), origin=Origin.ATG_END)
    assert found.loc["W4", ["STATE", "TARGETDY"]].tolist() == ["IN", 33]


def test_rates_leave_out_what_is_not_due(study):
    data = study(cutoff=date(2026, 4, 20), SV=[visit("W4", "2026-04-10"), visit("W6", "2026-04-10")])
    counts = {
        item.visit: item for item in count_visits_done(derive_visits(prepare(data), EndpointSettings()), "wilson")
    }
    assert [(counts[v].done.events, counts[v].done.total) for v in ("W1", "W4", "W6", "W8")] == [
        (0, 1), (1, 1), (1, 1), (0, 0),
    ]  # fmt: skip
    assert counts["W4"].in_window.events == 0
    assert counts["W8"].states["NOT_DUE"] == 1


def dose(drug, amount, start, end, **more):
    return {"EXTRT": drug, "EXDOSE": amount, "EXDOSU": "MG", "EXSTDTC": start, "EXENDTC": end, **more}


@pytest.fixture
def adex(study):
    rows = [
        dose("RATG", 180.0, "2026-03-02", "2026-03-03"),
        dose("RATG", 180.0, "2026-03-06", "2026-03-08"),
        dose("CSA", 300.0, "2026-03-02", "2026-03-15"),
        dose("CSA", 200.0, "2026-03-16", "2026-03-31", EXADJ="too high"),
        dose("CSA", 250.0, "2026-04-01", "2026-08-31"),
        dose("HPAG", 15.0, "2026-03-02", "2026-03-31"),
        dose("HPAG", 0.0, "2026-04-01", "2026-04-10", EXADJ="ALT"),
        dose("HPAG", 15.0, "2026-04-11", "2026-05-30"),
        {"EXTRT": "UCBMNC", "EXDOSE": 2.0, "EXDOSU": "E8_CELLS", "EXSTDTC": "2026-03-10"},
    ]
    return derive_exposure(study(EX=rows), load_protocol(), StudySettings())


def test_lines_of_the_plan_and_what_counts_as_planned(adex):
    points = derive_plan_points(adex)
    found = points.set_index(["EXTRT", "LINE"])[["AVAL", "PLAN", "OKFL"]].to_dict("index")
    assert found == {
        ("RATG", "TOTDOSE"): {"AVAL": 15, "PLAN": 15, "OKFL": "Y"},
        ("RATG", "NDAYS"): {"AVAL": 5, "PLAN": 5, "OKFL": "Y"},
        ("CSA", "START"): {"AVAL": 5, "PLAN": 5, "OKFL": "Y"},
        ("HPAG", "TOTDOSE"): {"AVAL": 1200, "PLAN": 1350, "OKFL": "N"},
        ("HPAG", "NDAYS"): {"AVAL": 80, "PLAN": 90, "OKFL": "N"},
        ("UCBMNC", "NDAYS"): {"AVAL": 1, "PLAN": 2, "OKFL": "N"},
        ("UCBMNC", "INF1"): {"AVAL": 2, "PLAN": 3, "OKFL": "N"},
        ("UCBMNC", "INF2"): {"AVAL": 0, "PLAN": 3, "OKFL": "N"},
    }
    shares = {(item.component, item.line): item.shares for item in count_lines(points, "wilson", 10)}
    assert shares["HPAG", "TOTDOSE"] == (0, 1, 0, 0)  # 88.9 %
    assert shares["UCBMNC", "INF1"] == (0, 1, 0, 0)
    assert shares["UCBMNC", "INF2"] == (1, 0, 0, 0)
    assert shares["CSA", "START"] == (0, 0, 1, 0)


def test_interruptions_and_reductions_with_their_reasons(adex):
    changes = list_dose_changes(adex)
    rows = changes[["EXTRT", "KIND", "FROMDY", "TODY", "DAYS", "BEFORE", "AFTER", "REASON"]]
    assert rows.astype(object).where(rows.notna(), None).to_numpy().tolist() == [
        ["CSA", "REDUCED", 15, None, None, 5, pytest.approx(10 / 3), "too high"],
        ["HPAG", "INTERRUPTED", 31, 40, 10, None, None, "ALT"],
        ["RATG", "INTERRUPTED", 3, 4, 2, None, None, None],
    ]
    found = {item.component: item for item in count_components(adex, changes, 1, "wilson", stops=True)}
    assert [found[name].reduced.events for name in ("RATG", "CSA", "HPAG", "UCBMNC")] == [0, 1, 0, 0]
    assert (found["HPAG"].interrupted.events, found["UCBMNC"].interrupted) == (1, None)
    assert found["HPAG"].days == (80, 80, 80)


def test_the_worst_creatinine_of_a_week_and_of_a_patient():
    kidney = pd.DataFrame(
        {
            "USUBJID": ["A", "A", "A", "B", "C"],
            "ADY": [1.0, 7.0, 8.0, 3.0, 20.0],
            "AVAL": [80.0, 130.0, 90.0, 70.0, 140.0],
            "RATIO": [1.0, 1.63, 1.1, 1.0, 1.75],
            "KDIGO": [0.0, 1.0, 0.0, float("nan"), float("nan")],
            "RATIOFL": [None, None, None, None, "Y"],
        }
    )
    weeks = derive_kidney_weeks(kidney)
    assert weeks[["USUBJID", "WEEK", "STATE", "ADY"]].to_numpy().tolist() == [
        ["A", 1, "1", 7], ["A", 2, "0", 8], ["B", 1, "UNKNOWN", 3], ["C", 3, "RATIO", 20],
    ]  # fmt: skip
    counts = count_stages(weeks, "clopper-pearson")
    assert (counts.measured, counts.staged, counts.injured.events, counts.injured.total) == (3, 1, 1, 1)
    assert counts.worst == {"UNKNOWN": 1, "0": 0, "RATIO": 1, "1": 1, "2": 0, "3": 0}
