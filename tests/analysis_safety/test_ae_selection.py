"""Adverse events under every condition, on a small table counted by hand; and by a slow second implementation."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.slow_events import count, wanted
from support.tables import empty_tables, make_frame

from saa_dash.analysis.adae import derive_adverse_events
from saa_dash.analysis.ae_filter import EventFilter, decode_filter, encode_filter, select_events
from saa_dash.analysis.ae_levels import Scale, population_members, severity_scale
from saa_dash.analysis.ae_listings import list_deaths, list_discontinuations, list_doubtful, list_leaving, list_serious
from saa_dash.analysis.ae_summary import estimate_answers, estimate_panel, find_recorded
from saa_dash.analysis.ae_terms import derive_marks, estimate_terms
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.study_data import StudyData

# Five subjects: A to C on ATG, infusions to A; D on cyclosporine alone; E a screen failure.
DM = [
    {"USUBJID": "A", "SCRNFL": "N"}, {"USUBJID": "B", "SCRNFL": "N", "DTHDTC": "2026-04-10"},
    {"USUBJID": "C", "SCRNFL": "N"}, {"USUBJID": "D", "SCRNFL": "N"}, {"USUBJID": "E", "SCRNFL": "Y"},
    {"USUBJID": "F", "SCRNFL": "N"},
]  # fmt: skip
EX = [
    *({"USUBJID": who, "EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": "2026-03-02"} for who in "ABC"),
    {"USUBJID": "A", "EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": "2026-03-09"},
    {"USUBJID": "A", "EXTRT": "UCBMNC", "EXDOSE": 3.0, "EXSTDTC": "2026-03-16"},
    {"USUBJID": "D", "EXTRT": "CSA", "EXDOSE": 200.0, "EXSTDTC": "2026-03-02"},
]  # fmt: skip
_AE = """
1 A Fever     GENERAL    2026-03-02 1 N INFUSION_REACTION DEFINITE  -            RECOVERED
2 A Fever     GENERAL    2026-03-10 3 Y OTHER             UNRELATED PROBABLE     RECOVERED
3 A Sepsis    INFECTIONS 2026-03-16 - Y INFECTION         -         UNASSESSABLE RECOVERED
4 B Sepsis    INFECTIONS 2026-04-08 5 N INFECTION         POSSIBLE  -            FATAL
5 B Rash      SKIN       2026-02-20 2 N -                 -         -            RECOVERED
6 C Rash      SKIN       2026-03-29 2 N OTHER             UNLIKELY  -            RECOVERED
7 C Fever     GENERAL    -          1 N -                 -         -            RECOVERED
8 D Headache  -          2026-03-05 4 N OTHER             -         -            RECOVERED
9 E Headache  -          2026-03-05 1 N -                 -         -            RECOVERED
"""
_COLUMNS = ("AESPID", "USUBJID", "AEDECOD", "AEBODSYS", "AESTDTC", "AETOXGR", "AESER", "AECAT", "AERELATG", "AERELUCB",
            "AEOUT")  # fmt: skip
AE = [
    {name: None if word == "-" else word for name, word in zip(_COLUMNS, line.split(), strict=True)}
    for line in _AE.strip().splitlines()
]
AE = [{**row, "AETERM": row["AEDECOD"], "AETOXGR": row["AETOXGR"] and int(row["AETOXGR"])} for row in AE]
AE[7] |= {"AESHOSP": "Y", "AEACNCSA": "WITHDRAWN"}
DS = [
    {"USUBJID": "B", "DSDECOD": "DEATH", "DSREAS": "septic shock", "DSSTDTC": "2026-04-10"},
    {"USUBJID": "C", "DSDECOD": "DISCONTINUATION", "DSCOMP": "HPAG", "DSREAS": "rash", "DSSTDTC": "2026-03-30"},
    {"USUBJID": "C", "DSDECOD": "WITHDRAWAL", "DSREAS": "consent", "DSSTDTC": "2026-05-01"},
    {"USUBJID": "E", "DSDECOD": "SCREEN FAILURE", "DSSTDTC": "2026-02-01"},
]


@pytest.fixture(scope="module")
def study():
    """Data, basis, ADAE and the populations."""
    tables = empty_tables() | {
        name: make_frame(name, rows) for name, rows in {"DM": DM, "EX": EX, "AE": AE, "DS": DS}.items()
    }
    data = StudyData(date(2026, 8, 31), tables)
    basis = prepare(data)
    return data, basis, derive_adverse_events(data, basis), population_members(basis.anchors, pd.Series(["E"]))


ALL = EventFilter(population="ENROLLED", emergent=False)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (EventFilter(), "123467" "8"),
        (EventFilter(population="FAS"), "123467"),
        (EventFilter(population="ENROLLED"), "1234678"),
        (ALL, "12345678"),
        (EventFilter(serious=True), "23"),
        (EventFilter(relation="ANY"), "124"),
        (EventFilter(relation="ATG"), "14"),
        (EventFilter(relation="UCB"), "2"),
        (EventFilter(relation="CSA"), ""),
        (EventFilter(classes=("INFECTION",)), "34"),
        (EventFilter(classes=("INFECTION", "INFUSION_REACTION")), "134"),
        (EventFilter(grade=1), "124678"),
        (EventFilter(grade=3), "248"),
        (EventFilter(grade=5), "4"),
        (EventFilter(window="DAY", first=1, last=9), "1278"),
        (EventFilter(window="DAY", first=28), "46"),
        (EventFilter(window="DAY", last=1), "17"),
        (EventFilter(window="DAY", first=-20, last=1, emergent=False), "157"),
        (EventFilter(window="INF1", last=1), "2"),
        (EventFilter(window="INF1", last=7), "23"),
        (EventFilter(window="INF2", last=0), "3"),
        (EventFilter(serious=True, relation="UCB", grade=3, classes=("OTHER",), window="INF1", last=3), "2"),
    ],
)  # fmt: skip
def test_each_condition_keeps_the_events_it_names(study, asked, expected):
    _, _, adae, members = study
    mine = adae[adae["USUBJID"].isin(members[asked.population])]
    assert "".join(sorted(select_events(mine, asked, Scale.GRADE).rows["AESPID"])) == expected


def test_what_the_causality_leaves_open_is_counted_apart(study):
    adae = study[2]
    found = select_events(adae, EventFilter(relation="UCB"), Scale.GRADE)
    assert (found.unassessable, found.unentered) == (1, 5)  # event 3; 1, 4, 6, 7, 8 (5 and 9 are not emergent)
    found = select_events(adae, EventFilter(relation="ANY"), Scale.GRADE)
    assert (found.unassessable, found.unentered) == (1, 2)  # 7 and 8; 6 is unlikely
    assert select_events(adae, EventFilter(grade=1), Scale.GRADE).ungraded == 1  # event 3
    nowhere = adae.assign(ASTDT=pd.NaT, ASTDY=float("nan"))
    assert select_events(nowhere, EventFilter(window="DAY", first=1), Scale.GRADE).undated == 7


def test_populations_are_the_treated_the_atg_treated_and_the_enrolled(study):
    assert {name: "".join(sorted(who)) for name, who in study[3].items()} == {
        "SAFETY": "ABCD", "FAS": "ABC", "ENROLLED": "ABCDF",
    }  # fmt: skip


def test_terms_count_patients_once_and_by_their_worst_grade(study):
    adae = study[2]
    events = select_events(adae, EventFilter(), Scale.GRADE).rows
    table = estimate_terms(events, 4, Scale.GRADE, "clopper-pearson")
    rows = [
        (r.SOC, r.PT, r.PATIENTS, r.EVENTS, r.SERIOUS, [r.P0, r.P1, r.P2, r.P3, r.P4, r.P5])
        for r in table.rows.itertuples()
    ]
    assert rows == [
        ("", "", 4, 7, 2, [0, 0, 1, 1, 1, 1]),
        ("GENERAL", "", 2, 3, 1, [0, 1, 0, 1, 0, 0]),
        ("GENERAL", "Fever", 2, 3, 1, [0, 1, 0, 1, 0, 0]),
        ("INFECTIONS", "", 2, 2, 1, [1, 0, 0, 0, 0, 1]),
        ("INFECTIONS", "Sepsis", 2, 2, 1, [1, 0, 0, 0, 0, 1]),
        ("", "", 1, 1, 0, [0, 0, 0, 0, 1, 0]),
        ("", "Headache", 1, 1, 0, [0, 0, 0, 0, 1, 0]),
        ("SKIN", "", 1, 1, 0, [0, 0, 1, 0, 0, 0]),
        ("SKIN", "Rash", 1, 1, 0, [0, 0, 1, 0, 0, 0]),
    ]
    fever = table.rows.iloc[2]
    assert (fever["ESTIMATE"], round(fever["LOWER"], 4), round(fever["UPPER"], 4)) == (0.5, 0.0676, 0.9324)
    marks = derive_marks(events, Scale.GRADE, "patients")
    fever = marks[(marks["KIND"] == "PT") & (marks["PT"] == "Fever")]
    assert fever[["USUBJID", "LEVEL", "SERIOUS", "EVENTS", "FIRST"]].to_numpy().tolist() == [
        ["A", 3, True, 2, 1.0], ["C", 1, False, 1, 1.0],
    ]  # fmt: skip
    assert len(derive_marks(events, Scale.GRADE, "events").query("PT == 'Fever'")) == 3


def test_no_events_leave_one_row_of_zero_with_its_upper_limit(study):
    table = estimate_terms(study[2].iloc[:0], 4, Scale.GRADE, "clopper-pearson")
    assert table.rows[["KIND", "PATIENTS", "EVENTS"]].to_numpy().tolist() == [["ALL", 0, 0]]
    assert round(table.rows["UPPER"].iloc[0], 4) == 0.6024


def test_answers_and_complications_of_the_safety_set(study):
    data, basis, adae, members = study
    safety = adae[adae["USUBJID"].isin(members["SAFETY"])]
    recorded = find_recorded(adae, data["DS"], own_form=False)
    stopped = list_discontinuations(data, basis, adae)
    others = {"DEATH": list_deaths(data, basis, adae, Scale.GRADE)["USUBJID"], "DISCONTINUED": stopped["USUBJID"]}
    answers = estimate_answers(safety, members["SAFETY"], others, recorded, "clopper-pearson")
    assert [(a.code, a.patients.events, a.patients.total, a.events) for a in answers if a.patients] == [
        ("ANY", 4, 4, 7), ("SERIOUS", 1, 4, 2), ("SEVERE", 3, 4, 3), ("RELATED", 2, 4, 3), ("DEATH", 1, 4, 0),
        ("DISCONTINUED", 2, 4, 0),
    ]  # fmt: skip
    assert recorded.components == ("ATG", "UCB")
    panel = estimate_panel(safety, basis.anchors[basis.anchors["SAFFL"]], Scale.GRADE, "clopper-pearson")
    found = {row.code: (row.patients.events, row.events) for row in panel.table.rows if row.events}
    assert found == {"ALL": (4, 6), "INFECTION": (2, 2), "OTHER": (3, 3), "INFUSION_REACTION": (1, 1)}
    assert panel.table.uncoded == 1
    assert panel.rows.set_index("CLASS").loc["INFECTION"].tolist() == [1, 0, 0, 0, 0, 1]


def test_what_a_study_did_not_record_has_no_proportion(study):
    adae = study[2].assign(AECAT=None, AEREL=None, AESER=None, AETOXGR=pd.array([pd.NA] * len(study[2]), "Int64"))
    adae = adae.assign(**{name: None for name in adae.columns if name.startswith(("AEACN", "AEREL"))})
    ds = study[0]["DS"].assign(DSCOMP=None)
    recorded = find_recorded(adae, ds, own_form=False)
    assert (recorded.classes, recorded.serious, recorded.action, recorded.scale) == (False, False, False, Scale.NONE)
    answers = estimate_answers(
        adae, study[3]["SAFETY"], {"DEATH": pd.Series(["B"]), "DISCONTINUED": pd.Series([])}, recorded, "wilson"
    )
    assert [a.code for a in answers if a.patients is None] == ["SERIOUS", "SEVERE", "RELATED", "DISCONTINUED"]
    empty = find_recorded(adae.iloc[:0], ds, own_form=True)
    assert empty.events and empty.classes and empty.action  # our form asks for all of it: nothing is a true zero
    assert not find_recorded(adae.iloc[:0], ds, own_form=False).events


def test_listings_hold_serious_doubtful_deaths_and_what_was_stopped(study):
    data, basis, adae, _ = study
    assert list_serious(adae)["AESPID"].tolist() == ["2", "3"]
    assert list_doubtful(adae, Scale.GRADE)["AESPID"].tolist() == ["4", "8"]  # fatal, hospitalised, yet not serious
    death = list_deaths(data, basis, adae, Scale.GRADE).iloc[0]
    assert (death["USUBJID"], death["ADY"], death["CAUSE"], death["EVENTS"]) == ("B", 40, "septic shock", "Sepsis")
    stopped = list_discontinuations(data, basis, adae)
    assert stopped[["USUBJID", "EXTRT", "ADY", "SOURCE", "REASON"]].to_numpy().tolist() == [
        ["C", "HPAG", 29, "DS", "rash"], ["D", "CSA", 4, "AE", "Headache"],
    ]  # fmt: skip
    assert list_leaving(data, basis)[["USUBJID", "WHAT", "ADY", "REASON"]].to_numpy().tolist() == [
        ["C", "WITHDRAWAL", 61, "consent"],
    ]  # fmt: skip


def _one_of(*values):
    return st.sampled_from([*values, None])


day = st.none() | st.integers(-5, 20).filter(bool)
events = st.lists(
    st.fixed_dictionaries(
        {
            "USUBJID": st.sampled_from("ABCD"), "AEBODSYS": _one_of("S1", "S2"), "AEDECOD": _one_of("P1", "P2"),
            "AETERM": _one_of("words"), "AETOXGR": _one_of(1, 2, 3, 4, 5), "AESEV": _one_of("MILD", "SEVERE"),
            "AESER": _one_of("Y", "N"), "TRTEMFL": st.sampled_from("YYN"), "RELFL": _one_of("Y", "N", "U"),
            "RELATG": _one_of("Y", "N", "U"), "AECAT": _one_of("INFECTION", "LIVER"), "ASTDY": day, "OFFINF1": day,
        }
    ),
    max_size=25,
)  # fmt: skip
filters = st.builds(
    EventFilter,
    population=st.sampled_from(["SAFETY", "FAS", "ENROLLED"]),
    emergent=st.booleans(),
    serious=st.booleans(),
    relation=st.sampled_from(["", "ANY", "ATG"]),
    classes=st.sampled_from([(), ("INFECTION",), ("INFECTION", "LIVER")]),
    grade=st.integers(0, 5),
) | st.builds(EventFilter, window=st.just("DAY"), first=day, last=day) | st.builds(
    EventFilter, window=st.just("INF1"), last=st.integers(0, 14)
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(events, filters)
def test_a_slow_second_count_agrees(rows, asked):
    names = [
        "USUBJID", "AEBODSYS", "AEDECOD", "AETERM", "AETOXGR", "AESEV", "AESER", "TRTEMFL", "RELFL", "RELATG", "AECAT",
        "ASTDY", "OFFINF1",
    ]  # fmt: skip
    text = dict.fromkeys(names, "str") | {"AETOXGR": "Int64", "ASTDY": "float64", "OFFINF1": "float64"}
    adae = pd.DataFrame(rows, columns=names).astype(text)
    adae["ASTDT"] = pd.to_datetime(adae["ASTDY"], unit="D")
    scale = severity_scale(adae)
    kept = [row for row in rows if wanted(row, asked, scale)]
    table = estimate_terms(select_events(adae, asked, scale).rows, 4, scale, "clopper-pearson").rows
    found = {
        (r["KIND"], r["SOC"], r["PT"]): {
            "patients": r["PATIENTS"], "events": r["EVENTS"], "serious": r["SERIOUS"],
            "by_patient": [r[f"P{n}"] for n in range(6)], "by_event": [r[f"E{n}"] for n in range(6)],
        }
        for r in table.to_dict("records")
    }  # fmt: skip
    nothing = {"patients": 0, "events": 0, "serious": 0, "by_patient": [0] * 6, "by_event": [0] * 6}
    assert found == (count(kept, scale) or {("ALL", "", ""): nothing})


@settings(max_examples=100, deadline=None)
@given(filters)
def test_a_link_brings_the_same_filter_back(asked):
    assert decode_filter(encode_filter(asked)) == asked


@pytest.mark.parametrize("code", ["", "xyz", "g9.pNOBODY.rXXX.cNOTHING", "d_.", "i3_4", "....", "g3g3"])
def test_what_a_link_does_not_say_rightly_is_left_out(code):
    assert decode_filter(code) in (EventFilter(), EventFilter(window="DAY"))
