"""ADAE: onset, treatment-emergence, relation, class, offsets; complications and rates."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from support.slow_safety import onset_and_emergence
from support.tables import empty_tables, make_frame

from saa_dash.analysis.adae import derive_adverse_events
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.complications import count_patient_days, estimate_complications
from saa_dash.analysis.rates import estimate_rate
from saa_dash.analysis.study_data import StudyData


def event(start, *, term="Fever", **more):
    return {"AETERM": term, "AEDECOD": term, "AETOXGR": 2, "AESER": "N", "AESTDTC": start, **more}


def dates(column):
    return [None if pd.isna(value) else value.date().isoformat() for value in column]


@pytest.mark.parametrize(
    ("start", "end", "onset", "imputed", "emergent"),
    [
        ("2026-03-01", None, "2026-03-01", None, "N"),
        ("2026-03-02", None, "2026-03-02", None, "Y"),
        ("2026-03", None, "2026-03-02", "D", "Y"),
        ("2026-02", None, "2026-02-01", "D", "N"),
        ("2026-04", None, "2026-04-01", "D", "Y"),
        ("2026", None, "2026-03-02", "M", "Y"),
        ("2025", None, "2025-01-01", "M", "N"),
        (None, None, "2026-03-02", "Y", "Y"),
        (None, "2026-02-20", None, None, "N"),
        ("2026-03", "2026-03-01", "2026-03-01", "D", "N"),
        ("2026-03", "2026-03", "2026-03-02", "D", "Y"),
    ],
)
def test_a_partial_onset_is_the_earliest_possible_not_before_the_first_dose(
    study, start, end, onset, imputed, emergent
):
    found = derive_adverse_events(study(AE=[event(start, AEENDTC=end)])).iloc[0]
    assert dates([found["ASTDT"]]) == [onset]
    assert (None if pd.isna(found["ASTDTF"]) else found["ASTDTF"]) == imputed
    assert found["TRTEMFL"] == emergent


partial = st.none() | st.tuples(st.integers(0, 60), st.sampled_from([10, 7, 4])).map(
    lambda pair: (date(2026, 2, 1) + timedelta(days=pair[0])).isoformat()[: pair[1]]
)


NO_ROWS = empty_tables()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(partial, partial), min_size=1, max_size=60), st.integers(0, 40))
def test_a_slow_second_implementation_of_emergence_agrees(pairs, first_dose):
    dose = date(2026, 2, 10) + timedelta(days=first_dose)
    rows = [{"USUBJID": "S-1", **event(a, AEENDTC=b, AESPID=str(i))} for i, (a, b) in enumerate(pairs)]
    ex = [{"USUBJID": "S-1", "EXTRT": "RATG", "EXDOSE": 180.0, "EXSTDTC": dose.isoformat()}]
    given_rows = {"DM": [{"USUBJID": "S-1"}], "EX": ex, "AE": rows}
    tables = NO_ROWS | {name: make_frame(name, rows) for name, rows in given_rows.items()}
    found = derive_adverse_events(StudyData(date(2026, 8, 31), tables)).set_index("AESPID")
    for i, (start, end) in enumerate(pairs):
        onset, emergent = onset_and_emergence(start, end, dose)
        assert dates([found.at[str(i), "ASTDT"]]) == [None if onset is None else onset.isoformat()]
        assert found.at[str(i), "TRTEMFL"] == ("Y" if emergent else "N")


def test_worsening_of_an_event_from_before_is_named(study):
    rows = [event("2026-02-20", AETOXGR=1), event("2026-03-10", AETOXGR=3), event("2026-03-12", term="Rash")]
    found = derive_adverse_events(study(AE=rows))
    assert found["TRTEMFL"].tolist() == ["N", "Y", "Y"]
    assert found["TEREAS"].fillna("-").tolist() == ["-", "WORSENING", "ONSET"]


def test_relation_per_component_keeps_unassessable_apart(study):
    rows = [
        event("2026-03-10", AERELATG="POSSIBLE", AERELCSA="UNASSESSABLE", AERELHPG="UNLIKELY"),
        event("2026-03-11", AERELATG="UNRELATED", AERELCSA="UNASSESSABLE"),
        event("2026-03-12", AERELUCB="UNLIKELY"),
        event("2026-03-13"),
    ]
    found = derive_adverse_events(study(AE=rows)).fillna({"RELUCB": "-"})
    assert found["RELATG"].fillna("-").tolist() == ["Y", "N", "-", "-"]
    assert found["RELCSA"].fillna("-").tolist() == ["U", "U", "-", "-"]
    assert found["RELFL"].fillna("-").tolist() == ["Y", "U", "N", "-"]


def test_onset_counts_from_each_component_and_infusion(study):
    doses = [
        {"EXTRT": "RATG", "EXDOSE": 180.0, "EXSTDTC": "2026-03-02", "EXENDTC": "2026-03-06"},
        {"EXTRT": "HPAG", "EXDOSE": 0.0, "EXSTDTC": "2026-03-02"},
        {"EXTRT": "HPAG", "EXDOSE": 15.0, "EXSTDTC": "2026-03-04"},
        {"EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": "2026-03-08"},
        {"EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": "2026-03-20"},
    ]
    found = derive_adverse_events(study(EX=doses, AE=[event("2026-03-08", AEENDTC="2026-03-10")])).iloc[0]
    assert found[["ASTDY", "OFFATG", "OFFHPG", "OFFINF1", "OFFINF2", "ADURN"]].tolist() == [7, 6, 4, 0, -12, 3]
    assert np.isnan(found["OFFCSA"])


def test_severity_without_a_grade_is_kept_as_it_is(study):
    row = {"AETERM": "RASH", "AESEV": "MODERATE", "AESTDTC": "2026-03-09", "AEREL": "REMOTE"}
    found = derive_adverse_events(study(AE=[row])).iloc[0]
    assert pd.isna(found["AETOXGR"]) and found["AESEV"] == "MODERATE" and found["RELFL"] == "N"


def test_classes_of_special_interest_say_who_asks(study):
    rows = [event("2026-03-09", AECAT=code) for code in ("SERUM_SICKNESS", "OTHER", "GVHD")] + [event("2026-03-09")]
    found = derive_adverse_events(study(AE=rows)).set_index("AECAT", drop=False)
    assert found.loc["SERUM_SICKNESS", ["AESIFL", "AESISRC"]].tolist() == ["Y", "REGISTRY"]
    assert found.loc["GVHD", ["AESIFL", "AESISRC"]].tolist() == ["Y", "DSMB"]
    assert pd.isna(found.loc["OTHER", "AESIFL"])


def test_events_after_the_cutoff_are_left_out_and_open_ones_last(study):
    found = derive_adverse_events(study(AE=[event("2026-09-01"), event("2026-05-01")]))
    assert found["ONGOFL"].tolist() == ["Y"] and np.isnan(found["ADURN"].iloc[0])


# ------------------------------------------------------------------------------------------------- complications


def test_complications_are_coded_events_with_exact_limits(study):
    rows = [
        event("2026-03-05", AECAT="INFECTION", AESER="Y", AETOXGR=3), event("2026-03-10", AECAT="INFECTION"),
        event("2026-03-11", AECAT="OTHER"), event("2026-03-12"), event("2026-02-20", AECAT="BLEEDING"),
    ]  # fmt: skip
    data = study(dm={"LSTALVDTC": "2026-06-09"}, AE=rows)
    basis = prepare(data)
    table = estimate_complications(derive_adverse_events(data, basis), basis.anchors, "clopper-pearson")
    by = {row.code: row for row in table.rows}
    assert table.patient_days == 100 and table.uncoded == 1
    assert (by["ALL"].events, by["INFECTION"].events, by["BLEEDING"].events, by["OTHER"].events) == (3, 2, 0, 1)
    assert (by["INFECTION"].patients.events, by["INFECTION"].patients.total) == (1, 1)
    assert (by["INFECTION"].serious, by["INFECTION"].severe) == (1, 1)
    assert by["INFECTION"].rate.rate == pytest.approx(2.0)
    onset = by["INFECTION"].onsets[0]
    assert (onset.component, onset.events, onset.earliest, onset.median, onset.latest) == ("ATG", 2, 3, 5.5, 8)
    registry = [row.code for row in table.rows if row.registry]
    assert registry == ["ALL", "SERUM_SICKNESS", "INFECTION", "BLEEDING", "LIVER", "KIDNEY", "OTHER"]


def test_patient_days_count_both_ends_of_everybody_treated(study):
    basis = prepare(study(dm={"LSTALVDTC": "2026-03-02"}))
    assert count_patient_days(basis.anchors) == 1


@pytest.mark.parametrize(("events", "lower", "upper"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)])
def test_poisson_limits_are_those_of_the_published_table_and_of_chi_square(events, lower, upper):
    rate = estimate_rate(events, 100)
    assert (rate.rate, rate.lower, rate.upper) == pytest.approx((events, lower, upper), abs=6e-4)
    by_chi_square = (chi2.ppf(0.025, 2 * events) / 2 if events else 0, chi2.ppf(0.975, 2 * events + 2) / 2)
    assert (rate.lower, rate.upper) == pytest.approx(by_chi_square, rel=1e-12)


def test_a_rate_without_follow_up_is_not_a_number():
    assert np.isnan(estimate_rate(0, 0).rate)
