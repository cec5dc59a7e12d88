"""Adverse events over time: onset from each component, bands, exposure-adjusted rates, grade by visit, first event."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from support.tables import empty_tables, make_frame

from saa_dash.analysis.adae import derive_adverse_events
from saa_dash.analysis.ae_levels import Scale
from saa_dash.analysis.ae_time_bars import BAND_STARTS, MAX_LANES, count_bands, derive_timeline
from saa_dash.analysis.ae_time_first import derive_first_events
from saa_dash.analysis.ae_time_grades import count_visit_grades
from saa_dash.analysis.ae_time_onset import add_sides
from saa_dash.analysis.ae_time_rates import estimate_exposure_rates
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.curves import curve_of
from saa_dash.analysis.rates import estimate_rate, rate_limits
from saa_dash.analysis.study_data import StudyData

CUTOFF = date(2026, 8, 31)
DAY_ONE = date(2026, 3, 2)


def day(study_day: int) -> str:
    return (DAY_ONE + timedelta(days=study_day - (study_day > 0))).isoformat()


def cut(patients: dict[str, dict[str, object]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ADAE and anchors; a patient is its last day, its death, and events as (day, end, grade, class)."""
    dm, ex, ae = [], [], []
    for name, told in patients.items():
        dm.append(
            {"USUBJID": name, "LSTALVDTC": day(told["last"]), "DTHDTC": day(told["death"]) if "death" in told else None}
        )
        if told.get("treated", True):
            ex.append({"USUBJID": name, "EXTRT": "RATG", "EXDOSE": 180.0, "EXSTDTC": day(1)})
        for number, (start, end, grade, code, *more) in enumerate(told["events"]):
            row = {"AESTDTC": day(start), "AEENDTC": day(end) if end else None, "AETOXGR": grade, "AECAT": code}
            ae.append(
                {
                    "USUBJID": name,
                    "AESPID": str(number),
                    "AEDECOD": code,
                    "AEBODSYS": "X",
                    **row,
                    **(more[0] if more else {}),
                }
            )
        for infusion in told.get("infusions", ()):
            ex.append({"USUBJID": name, "EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": infusion})
    frames = {"DM": dm, "EX": ex, "AE": ae}
    tables = empty_tables() | {name: make_frame(name, rows) for name, rows in frames.items()}
    basis = prepare(StudyData(CUTOFF, tables))
    adae = derive_adverse_events(StudyData(CUTOFF, tables), basis)
    return add_sides(adae, basis), basis.anchors


@pytest.mark.parametrize(
    ("onset", "infusion", "side"),
    [
        ("2026-03-09", "2026-03-10", "BEFORE"),
        ("2026-03-11", "2026-03-10", "AFTER"),
        ("2026-03-10", "2026-03-10", "SAME_DAY"),  # nobody knows which came first
        ("2026-03-10T14:00", "2026-03-10", "SAME_DAY"),
        ("2026-03-10", "2026-03-10T09:30", "SAME_DAY"),
        ("2026-03-10T09:29", "2026-03-10T09:30", "BEFORE"),
        ("2026-03-10T14:00", "2026-03-10T09:30", "AFTER"),
        ("2026-03-10T09:30", "2026-03-10T09:30", "SAME_DAY"),
        ("2026-03", "2026-03-10", "UNCLEAR"),
        ("2026-04", "2026-03-10", "AFTER"),
        (None, "2026-03-10", "UNCLEAR"),
    ],
)
def test_before_and_after_an_infusion_are_told_apart_and_nothing_is_guessed(study, onset, infusion, side):
    cells = {"EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": infusion}
    atg = {"EXTRT": "RATG", "EXDOSE": 180.0, "EXSTDTC": "2026-03-02"}
    data = study(AE=[{"AETERM": "Fever", "AEDECOD": "Fever", "AESTDTC": onset}], EX=[atg, cells])
    basis = prepare(data)
    row = add_sides(derive_adverse_events(data, basis), basis).iloc[0]
    assert row["SIDEINF1"] == side
    assert pd.isna(row["SIDEINF2"])  # never given


def test_a_second_dose_of_the_day_without_a_time_leaves_the_order_open(study):
    bags = [{"EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": start} for start in ("2026-03-10T09:30", "2026-03-10")]
    atg = {"EXTRT": "RATG", "EXDOSE": 180.0, "EXSTDTC": "2026-03-02"}
    data = study(AE=[{"AETERM": "Fever", "AESTDTC": "2026-03-10T14:00"}], EX=[atg, *bags])
    basis = prepare(data)
    assert add_sides(derive_adverse_events(data, basis), basis)["SIDEINF1"].tolist() == ["SAME_DAY"]


PEOPLE: dict[str, dict[str, object]] = {
    "A": {"last": 61, "infusions": (day(8),),
          "events": [(8, 10, 2, "INFECTION"), (3, 4, 1, "BLEEDING"), (30, None, 3, "INFECTION")]},
    "B": {"last": 29, "death": 29, "infusions": (day(9),), "events": [(20, 29, 5, "INFECTION")]},
    "C": {"last": 100, "events": [(90, 95, 1, "OTHER")]},
    "D": {"last": 50, "treated": False, "events": []},
}  # fmt: skip


def test_the_axis_starts_at_the_component_and_who_never_had_it_is_counted_apart():
    adae, anchors = cut(PEOPLE)
    safety = anchors[anchors["SAFFL"]]
    found = derive_timeline(adae, safety, Scale.GRADE, "INF1")
    bars = found.bars.sort_values(["USUBJID", "FROM"])
    assert bars[["USUBJID", "FROM", "TO", "ASTDY", "ONGOING"]].to_numpy().tolist() == [
        ["A", -5, -4, 3, False], ["A", 0, 2, 8, False], ["A", 22, 53, 30, True], ["B", 11, 20, 20, False],
    ]  # fmt: skip
    assert (found.without, found.undated, found.more) == (1, 0, 0)
    assert found.patients[["USUBJID", "ATG", "INF1", "DEATH"]].fillna(-99).to_numpy().tolist() == [
        ["A", -7, 0, -99], ["B", -8, 0, 20],
    ]  # fmt: skip
    bands = count_bands(adae, safety, Scale.GRADE, "INF1")
    assert bands.rows["FROM"].iloc[1:].tolist() == list(BAND_STARTS[:4])  # nobody is followed into the later ones
    assert bands.rows["EVENTS"].tolist() == [1, 1, 1, 1, 0]
    assert bands.rows["OBSERVED"].tolist() == [2, 2, 2, 2, 1]  # B dies on day 20 of the axis
    assert bands.rows["E5"].tolist() == [0, 0, 1, 0, 0]


def test_more_events_at_once_than_lanes_leave_out_the_least_severe():
    events = [(5, 9, 1 + (n == 3), "OTHER") for n in range(MAX_LANES + 2)]
    adae, anchors = cut({"A": {"last": 20, "events": events}})
    found = derive_timeline(adae, anchors, Scale.GRADE, "ATG")
    assert (len(found.bars), found.more) == (MAX_LANES, 2)
    assert found.bars["LEVEL"].max() == 2


# Exact 95 % limits of a count, as tables of the Poisson distribution print them (Garwood 1936).
PRINTED = [(0, 0, 3.69), (1, 0.03, 5.57), (3, 0.62, 8.77), (5, 1.62, 11.67), (10, 4.80, 18.39), (100, 81.36, 121.63)]


@pytest.mark.parametrize(("events", "lower", "upper"), PRINTED)
def test_exact_poisson_limits_are_the_printed_ones_and_those_of_chi_square(events, lower, upper):
    found = estimate_rate(events, 50.0, 50.0)
    assert (found.lower, found.upper) == (pytest.approx(lower, abs=0.0051), pytest.approx(upper, abs=0.0051))
    by_chi2 = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0, chi2.ppf(0.975, 2 * events + 2) / 2
    assert np.allclose(np.ravel(rate_limits(np.array([events]), np.array([1.0]))), by_chi2, rtol=1e-12)


def test_five_events_in_ten_units_as_epitools_gives_them():
    found = estimate_rate(5, 10.0, 1.0)  # R, epitools: pois.exact(5, 10)
    assert (found.rate, found.lower, found.upper) == (
        0.5, pytest.approx(0.1623486, abs=5e-8), pytest.approx(1.1668332, abs=5e-8),
    )  # fmt: skip
    assert np.isnan(rate_limits(np.array([0]), np.array([0.0]))).all()  # no follow-up, no limits


def test_time_at_risk_ends_with_the_first_event():
    adae, anchors = cut(PEOPLE)
    safety = anchors[anchors["SAFFL"]]
    found = estimate_exposure_rates(adae, safety, "CLASS", Scale.GRADE)
    assert (found.subjects, found.days) == (3, 61 + 29 + 100)
    rows = found.rows.set_index("NAME")
    infection = rows.loc["INFECTION"]
    assert infection[["PATIENTS", "EVENTS", "DAYS"]].tolist() == [2, 3, 8 + 20 + 100]
    assert infection["RATE"] == pytest.approx(2 / 128)
    assert (infection["LOWER"], infection["UPPER"]) == (
        pytest.approx(chi2.ppf(0.025, 4) / 2 / 128), pytest.approx(chi2.ppf(0.975, 6) / 2 / 128),
    )  # fmt: skip
    assert infection["EVRATE"] == pytest.approx(3 / 190)
    assert rows.loc["ALL", ["PATIENTS", "EVENTS", "DAYS"]].tolist() == [3, 5, 3 + 20 + 90]
    gvhd = rows.loc["GVHD"]  # zero, with its upper limit
    assert gvhd[["PATIENTS", "EVENTS", "DAYS", "LOWER"]].tolist() == [0, 0, 190, 0]
    assert gvhd["UPPER"] == pytest.approx(-np.log(0.025) / 190)


def drawn_patient(draw: np.random.Generator) -> dict[str, object]:
    """Return a patient with up to five events that last, some of them before the first dose."""
    last = int(draw.integers(1, 121))
    starts = [int(d) or 1 for d in draw.integers(-5, last + 1, draw.integers(0, 6))]
    classes = ("INFECTION", "LIVER")
    events = [(d, None, int(draw.integers(1, 6)), classes[int(draw.integers(2))]) for d in starts]
    return {"last": last, "events": events}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slow_second_count_of_rates_and_grades_agrees(seed):
    draw = np.random.default_rng(seed)
    patients = {f"P{n:02d}": drawn_patient(draw) for n in range(40)}
    adae, anchors = cut(patients)
    rows = estimate_exposure_rates(adae, anchors, "CLASS", Scale.GRADE).rows.set_index("NAME")
    for code in ("INFECTION", "LIVER"):
        firsts = {name: [d for d, _, _, c in one["events"] if c == code and d > 0] for name, one in patients.items()}
        time = sum(min(days) if days else patients[name]["last"] for name, days in firsts.items())
        assert rows.loc[code, ["PATIENTS", "EVENTS", "DAYS"]].tolist() == [
            sum(bool(days) for days in firsts.values()), sum(map(len, firsts.values())), time,
        ]  # fmt: skip
    grades = count_visit_grades(adae, anchors, Scale.GRADE).rows
    for _, row in grades.iterrows():
        here = [one for one in patients.values() if one["last"] >= row["FROM"]]
        end = np.inf if np.isnan(row["TO"]) else row["TO"]
        worst = [
            max([g for d, _, g, _ in one["events"] if 0 < d <= end], default=0) for one in here
        ]  # all of them last
        assert row["OBSERVED"] == len(here)
        assert row[["NONE", "P1", "P2", "P3", "P4", "P5"]].tolist() == [worst.count(g) for g in range(6)]


def test_grades_stand_between_visits_and_a_death_leaves_the_denominator():
    adae, anchors = cut(PEOPLE)
    rows = count_visit_grades(adae, anchors[anchors["SAFFL"]], Scale.GRADE).rows.set_index("VISIT")
    assert rows.loc["W1", ["FROM", "TO", "OBSERVED", "NONE", "P2"]].tolist() == [1, 8, 3, 2, 1]
    assert rows.loc["W4", ["FROM", "TO", "OBSERVED", "NONE", "P5"]].tolist() == [23, 29, 3, 2, 1]
    assert rows.loc["W6", ["FROM", "TO", "OBSERVED", "NONE", "P3"]].tolist() == [30, 43, 2, 1, 1]
    assert rows.index[-1] == "W16"  # nobody is followed beyond day 113


def test_the_first_complication_competes_with_death_alone():
    adae, anchors = cut(PEOPLE)
    subjects, absent = derive_first_events(adae, anchors, "BLEEDING")
    assert subjects[["USUBJID", "AVAL", "EVNTCD", "EVNTDESC"]].to_numpy().tolist() == [
        ["A", 2, 1, "AE_ONSET"], ["B", 28, 2, "DEATH"], ["C", 99, 0, "ALIVE"],
    ]  # fmt: skip
    assert absent.to_numpy().tolist() == [["D", "NOT_DOSED"]]
    curve = curve_of(subjects.assign(PCODE=subjects["USUBJID"]), absent, "AE_BLEEDING", "log-log", [0, 28, 56])
    assert curve is not None
    assert curve.steps["estimate"].iloc[-1] == pytest.approx(1 / 3)
    assert curve.at_risk[["n_risk", "n_event", "n_rival"]].to_numpy().tolist() == [[3, 0, 0], [2, 1, 0], [1, 1, 1]]
    infection, _ = derive_first_events(adae, anchors, "INFECTION")
    assert infection["EVNTCD"].tolist() == [1, 1, 0]  # an event before the death is an event
    any_class, _ = derive_first_events(adae, anchors, "ALL")
    assert any_class["AVAL"].tolist() == [2, 19, 89]
