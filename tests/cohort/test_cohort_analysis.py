"""Cohort derivations on a few patients whose answers can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.cohort_courses import CohortCourse, count_from, derive_origins, with_baseline
from saa_dash.analysis.cohort_map import derive_levels, runs_of
from saa_dash.analysis.cohort_order import order_patients
from saa_dash.analysis.trilineage import first_reached, lanes_of, median_time, summarise_lineage
from saa_dash.analysis.waterfall import ALL_SUPPORTED, NO_BASELINE, NO_VALUE, Limits, best_change
from saa_dash.charts.cohort_course import figure_cohort_course
from saa_dash.charts.cohort_marks import CohortDrawing
from saa_dash.charts.cohort_waterfall import figure_waterfall
from saa_dash.charts.theme import Look

LOOK = Look("en")
# patient, study day, platelets, held up by a transfusion
PLATELETS = [
    ("P1", -3, 10, False), ("P1", 3, 90, True), ("P1", 8, 30, False), ("P1", 20, 45, False), ("P1", 25, 45, False),
    ("P2", -9, 12, False), ("P2", -2, 15, True), ("P2", 4, 9, False), ("P2", 15, 11, False),
    ("P3", -2, 20, False), ("P3", 5, 60, True), ("P3", 12, 50, True),
    ("P4", 6, 40, False),
    ("P5", -1, 8, False),
    ("P6", -40, 5, False), ("P6", 30, 130, False),
]  # fmt: skip


def counts_of(rows: list[tuple[str, int, float, bool]], test: str = "PLAT") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["USUBJID", "ADY", "AVAL", "HELD"]).astype({"ADY": "float64", "AVAL": "float64"})
    why = np.where(frame["HELD"], "PLATELET", "")
    return with_baseline(frame.assign(TEST=test, CENS="", WHY=why))


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return counts_of(PLATELETS).rename(columns={"USUBJID": "PCODE"})


def test_the_baseline_is_the_last_value_before_day_1_however_long_ago(counts: pd.DataFrame) -> None:
    base = counts.drop_duplicates("PCODE").set_index("PCODE")
    assert base["BASE"].dropna().to_dict() == {"P1": 10, "P2": 15, "P3": 20, "P5": 8, "P6": 5}
    assert base.index[base["BASEHELD"]].tolist() == ["P2"]
    changes = counts[counts["PCODE"] == "P2"].set_index("ADY")["CHG"]
    assert changes.dropna().to_dict() == {4: -6, 15: -4}


@pytest.mark.parametrize(
    ("shift", "expected"),
    [(0, [-2, -1, 1, 2, 8]), (1, [-3, -2, -1, 1, 7]), (7, [-9, -8, -7, -6, 1])],
)
def test_days_counted_from_another_origin_know_no_day_0(shift: int, expected: list[int]) -> None:
    days = np.array([-2.0, -1, 1, 2, 8])
    assert count_from(days, np.full(5, float(shift))).tolist() == expected
    assert np.isnan(count_from(days, np.full(5, np.nan))).all()


def test_origins_are_days_from_day_1_and_the_never_infused_have_none() -> None:
    dates = {
        "ATGSDT": ["2026-03-02", "2026-03-02", None], "ATGEDT": ["2026-03-06", "2026-03-05", None],
        "INF1DT": ["2026-03-09", None, None], "TRTSDT": ["2026-03-01", "2026-03-02", None],
        "HSCTDT": [None, "2026-04-10", None], "SALVDT": [None, "2026-04-02", None],
    }  # fmt: skip
    anchors = pd.DataFrame({"USUBJID": ["A", "B", "C"]} | {name: pd.to_datetime(days) for name, days in dates.items()})
    found = derive_origins(anchors).set_index("USUBJID")
    assert found.index.tolist() == ["A", "B"]
    assert found.loc["A", ["ATG_START", "ATG_END", "FIRST_INFUSION"]].tolist() == [0, 4, 7]
    assert np.isnan(found.loc["B", "FIRST_INFUSION"])
    assert found["STOPDY"].fillna(0).tolist() == [0, 32]


def test_the_waterfall_takes_the_best_unsupported_value_and_names_who_has_none(counts: pd.DataFrame) -> None:
    change = best_change(counts, ["P1", "P2", "P3", "P4", "P5", "P6"], "PLAT", Limits(100.0, False, 20.0))
    shown = change.bars[["PCODE", "BASE", "AVAL", "ADY", "CHG", "LEVEL", "BASEHELD"]].to_numpy().tolist()
    assert shown == [
        ["P6", 5, 130, 30, 125, "CR", False],
        ["P1", 10, 45, 20, 35, "FREE", False],  # not the 90 of day 3, held up; the first of two equal ones
        ["P2", 15, 11, 15, -4, "BELOW", True],
    ]
    assert change.left_out == {NO_BASELINE: ("P4",), NO_VALUE: ("P5",), ALL_SUPPORTED: ("P3",)}
    assert (change.supported, change.risen, change.patients) == (3, 2, 6)
    strict = best_change(counts, ["P6"], "PLAT", Limits(130.0, True, None))
    assert strict.bars["LEVEL"].tolist() == ["BELOW"]
    assert best_change(counts, ["P6"], "PLAT").bars["LEVEL"].tolist() == [""]
    assert best_change(counts, ["P1"], "ANC").left_out == {NO_BASELINE: ("P1",)}


def test_the_bars_stand_in_order_and_tell_the_levels_apart(counts: pd.DataFrame) -> None:
    change = best_change(counts, ["P1", "P2", "P6"], "PLAT", Limits(100.0, False, 20.0))
    view = figure_waterfall([change], LOOK, notes=["nobody else"])
    bars = [trace for trace in view.figure.data if trace.type == "bar"]
    drawn = {trace.customdata[0][0]: (trace.x[0], trace.y[0], trace.name) for trace in bars}
    assert drawn == {"P6": (0, 125, "PLAT-CR"), "P1": (1, 35, "PLAT-FREE"), "P2": (2, -4, "PLAT-BELOW")}
    assert list(view.figure.layout.xaxis.ticktext) == ["P6", "P1", "P2"]
    assert view.title == "Best unsupported value above baseline: Platelets 2/3"
    assert view.table["Change from baseline"].tolist() == ["+125", "+35", "-4"]
    assert view.footnote.endswith("nobody else")


def _course(patients: int) -> CohortCourse:
    rows = [(f"P{i}", day, float(day + i), False) for i in range(1, patients + 1) for day in (-2, 1, 15, 29)]
    rows.append(("P1", 43, 70.0, True))
    values = counts_of(sorted(rows)).rename(columns={"USUBJID": "PCODE"})
    return CohortCourse("PLAT", "10^9/L", values, "atg_start", patients, (), (), (), ((20.0, "SAA"), (100.0, "CR")))


def test_no_median_and_no_ribbon_below_five_but_n_at_each_bin() -> None:
    drawing = CohortDrawing("PLT", "x", "value", ribbon=False, log=False)
    few, enough = (figure_cohort_course(_course(n), drawing, LOOK) for n in (4, 5))
    traces = {"few": {t.name: t for t in few.figure.data}, "enough": {t.name: t for t in enough.figure.data}}
    assert "median" not in traces["few"]
    assert "P25-P75" not in traces["few"]
    assert list(traces["few"]["n"].text) == ["4", "4", "4", "4", "1"]
    assert few.title == "PLT: the courses of 4 patients"
    median = traces["enough"]["median"]
    assert median.x.tolist() == [-7, 1, 15, 29, 43]
    assert median.y[:4].tolist() == [1, 4, 18, 32]
    assert np.isnan(median.y[4])  # one patient on day 43
    assert traces["enough"]["P25-P75"].x.max() == 29
    assert enough.title == "PLT, median: 1 at baseline, 32 x on day 29 (n = 5)"
    ribbon = figure_cohort_course(_course(5), CohortDrawing("PLT", "x", "value", ribbon=True, log=False), LOOK)
    assert "values" not in {trace.name for trace in ribbon.figure.data}
    assert not ribbon.patients


def test_supported_values_are_hollow_thresholds_named_and_ends_labelled_apart() -> None:
    view = figure_cohort_course(_course(5), CohortDrawing("PLT", "x", "value", ribbon=False, log=False), LOOK)
    marks = next(trace for trace in view.figure.data if trace.name == "values")
    hollow = [
        tuple(point) for point, fill in zip(marks.customdata, marks.marker.color, strict=True) if fill == "#FFFFFF"
    ]
    assert hollow == [("P1", 43)]
    assert marks.hovertext[4] == "P1 · PLT 70 x · day 43<br>After Platelets: does not count as reached"
    texts = {note.text: note for note in view.figure.layout.annotations}
    assert {"20 SAA", "100 CR", "P1", "P5"} <= set(texts)
    low, high = view.figure.layout.yaxis.range
    named = {f"P{i}": 29 + i for i in range(2, 6)}  # the last value of each, on the same day
    places = {code: texts[code].y for code in named if code in texts}  # four do not find room next to their lines
    assert 2 <= len(places) < 4
    assert min(np.diff(sorted(places.values()))) > 0.05 * (high - low)
    assert all(abs(at - named[code]) < 0.05 * (high - low) for code, at in places.items())
    change = figure_cohort_course(_course(5), CohortDrawing("PLT", "x", "change", ribbon=False, log=True), LOOK)
    assert not {"20 SAA", "100 CR"} & {note.text for note in change.figure.layout.annotations}
    assert change.title == "PLT, median change from baseline: +31 x on day 29 (n = 5)"


RESPONSE = pd.DataFrame(
    [
        ("P1", "NR", "NR", "PR"), ("P2", "NYD", "NYD", "NYD"), ("P3", "PR", "CR", "CR"), ("P10", "NR", "PR", "NE"),
        ("P4", "NR", "NR", "NYD"),
    ],
    columns=["PCODE", "4", "8", "12"],
).melt("PCODE", var_name="AVISITN", value_name="AVALC").astype({"AVISITN": int})  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("number", ["P1", "P2", "P3", "P4", "P10"]),
        ("response", ["P3", "P1", "P4", "P10", "P2"]),
        ("severity", ["P4", "P3", "P1", "P10", "P2"]),
        ("time", ["P10", "P1", "P3", "P4", "P2"]),
    ],
)
def test_orders(by: str, expected: list[str]) -> None:
    patients = pd.DataFrame(
        {
            "PCODE": ["P10", "P4", "P3", "P2", "P1"],
            "SEVERITY": ["NSAA", "VSAA", "SAA", None, "SAA"],
            "LAST": [90.0, 30.0, 50.0, None, 50.0],
        }
    )
    assert order_patients(patients, RESPONSE, by) == expected


def test_how_far_a_lineage_has_come() -> None:
    rows = pd.DataFrame(
        {
            "USUBJID": list("abcdef"), "AVISITN": 8, "PLAT": [120.0, 40.0, 60.0, 9.0, np.nan, 5.0],
            "PLATCR": ["Y", "N", "N", "N", "U", None], "PLATSAA": ["N", "N", "Y", "Y", "U", None],
            "PLATSUP": ["N", "N", "Y", "Y", "N", None], "PLATLIM": 100.0,
        }
    )  # fmt: skip
    found = derive_levels(rows, {"PLAT": 20.0})
    assert dict(zip(found["USUBJID"], found["LEVEL"], strict=True)) == {
        "a": "CR", "b": "FREE", "c": "SUPPORTED", "d": "BELOW", "e": "UNKNOWN",
    }  # fmt: skip
    runs = runs_of(pd.Series(["CR", "CR", "NR", "CR"]))
    assert runs.to_numpy().tolist() == [["CR", 0, 2], ["NR", 2, 1], ["CR", 3, 1]]


def test_lanes_and_summary_repeat_what_the_recovery_found() -> None:
    times = pd.DataFrame(
        {
            "PCODE": ["P1", "P2", "P3", "P4", "P5"], "PARAMCD": "TTPLT20", "EVNTCD": [1, 1, 0, 2, 0],
            "EVNTDESC": ["RECOVERY", "RECOVERY", "CANDIDATE_OPEN", "DEATH", "LAST_COUNT"],
            "DAY": [15.0, 31.0, 40.0, 20.0, 80.0], "AVAL": [14.0, 30.0, 39.0, 19.0, 79.0],
        }
    )  # fmt: skip
    absent = pd.DataFrame({"PCODE": ["P6", "P7"], "PARAMCD": "TTPLT20", "REASON": ["AT_BASELINE", "NOT_TREATED"]})
    candidates = pd.DataFrame({"PCODE": ["P1", "P2", "P3"], "PARAMCD": "TTPLT20", "CNFDY": [25.0, 40.0, np.nan]})
    lanes = lanes_of(times, absent, candidates).set_index("PCODE")
    assert lanes["STATUS"].to_dict() == {
        "P1": "RECOVERED", "P2": "RECOVERED", "P3": "OPEN", "P4": "COMPETING", "P5": "WAITING", "P6": "BASELINE",
    }  # fmt: skip
    assert lanes["DAY"].dropna().to_dict() == {"P1": 15, "P2": 31, "P3": 40, "P4": 20}
    assert lanes["CNFDY"].dropna().to_dict() == {"P1": 25, "P2": 40}
    summary = summarise_lineage("TTPLT20", times, lanes, "clopper-pearson", "log-log")
    assert (summary.recovered.events, summary.recovered.total) == (2, 5)
    assert (summary.open, summary.rival, summary.baseline, summary.threshold) == (1, 1, 1, 20.0)
    assert summary.median is not None
    assert np.isnan(summary.median.estimate)  # the incidence ends at 0.2 + 0.6 / 3


def test_the_median_is_where_the_incidence_reaches_a_half_not_where_1_minus_km_does() -> None:
    time = np.array([10.0, 20.0, 30.0, 40.0, 50.0, 60.0])
    rivals_first = np.array([2, 2, 1, 1, 1, 0])  # incidence 1/6, 2/6, 3/6 at 30, 40, 50: half from 50 to the end
    assert median_time(time, rivals_first, "log-log").estimate == 55.0
    plain = np.array([1, 1, 1, 1, 0, 0])
    found = median_time(time, plain, "log-log")
    assert found.estimate == 35.0  # exactly one half from 30 to 40
    assert found.lower <= 20
    assert np.isnan(median_time(time, np.zeros(6, int), "plain").estimate)


def test_the_first_value_at_a_threshold_is_unsupported_and_from_the_origin_on(counts: pd.DataFrame) -> None:
    origin = pd.Series(1.0, index=[f"P{i}" for i in range(1, 7)])
    assert first_reached(counts, "TTPLT20", origin).to_dict() == {"P1": 8, "P4": 6, "P6": 30}
    later = origin.where(origin.index != "P1", 9.0)
    assert first_reached(counts, "TTPLT20", later)["P1"] == 20
