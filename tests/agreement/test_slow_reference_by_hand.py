"""The slow reference against patients decided by hand from the text of the domain facts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from support.agreement import by_key, letter
from support.cohort import Cohort
from support.slow_facts import Row, Tables
from support.slow_recovery import recovery, red_cell_independence
from support.slow_reference import all_times
from support.slow_response import response
from support.slow_severity import severity
from support.slow_survival import survival

from saa_dash.analysis.adtte import derive_time_to_events
from saa_dash.analysis.response import derive_response
from saa_dash.model.schema import TABLES
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

D0 = date(2026, 3, 2)
CUTOFF = date(2026, 8, 31)
DEFAULT = EndpointSettings()
NORMAL = {"ANC": 2.0, "HGB": 120.0, "PLAT": 120.0, "ARC": 90.0}


def on(offset: int) -> str:
    """ISO date of an offset from ATG day 1."""
    return (D0 + timedelta(offset)).isoformat()


def patient(**rows: list[dict[str, object]]) -> Tables:
    """A man treated with ATG on five days who answered "no" to every question."""
    base: dict[str, list[dict[str, object]]] = {
        "DM": [{"SEX": "M"}],
        "EX": [{"EXTRT": "RATG", "EXDOSE": 3.0, "EXSTDTC": on(i), "EXENDTC": on(i)} for i in range(5)],
        "SV": [
            {"VISIT": f"W{w}", "VISITNUM": w, "SVSTDTC": on(7 * w), "RBCYN": "N", "PLTYN": "N", "GCSFYN": "N"}
            for w in (1, 2, 3, 4, 6, 8, 10, 12)
        ],
        **rows,
    }
    full: Tables = {}
    for name, table in TABLES.items():
        empty: Row = dict.fromkeys(table.all_columns)
        full[name] = [{**empty, "USUBJID": "S-P001", **row} for row in base.get(name, [])]
    return full


def panel(offset: int, time: str = "", **values: float | str) -> list[dict[str, object]]:
    """Counts of one day; a text such as "<0.1" carries its sign."""
    rows = []
    for test, value in values.items():
        sign = value[0] if isinstance(value, str) else None
        number = float(value[1:]) if isinstance(value, str) else value
        rows.append({"LBTESTCD": test, "LBDTC": on(offset) + time, "LBSTRESN": number, "LBCENS": sign})
    return rows


def counts(test: str, *pairs: tuple[int, float]) -> list[dict[str, object]]:
    """One lineage over time."""
    return [row for offset, value in pairs for row in panel(offset, **{test: value})]


def transfused(kind: str, *offsets: int) -> list[dict[str, object]]:
    """Support of one class, on single days."""
    return [{"CMCLAS": kind, "CMSTDTC": on(o), "CMENDTC": on(o)} for o in offsets]


@pytest.mark.parametrize(
    ("criteria", "values", "answer"),
    [
        ("nih", {"ANC": 1.0, "HGB": 100.0, "PLAT": 100.0, "ARC": 60.0}, ("CR", None)),
        ("race", {"ANC": 1.0, "HGB": 101.0, "PLAT": 101.0, "ARC": 60.0}, ("PR", None)),
        ("nih", {"ANC": 0.5, "HGB": 70.0, "PLAT": 19.0, "ARC": 60.0}, ("PR", None)),
        ("nih", {"ANC": 0.49, "HGB": 70.0, "PLAT": 19.0, "ARC": 90.0}, ("NR", "BELOW")),
        ("nih", {"ANC": "<0.5", "HGB": 70.0, "PLAT": "<20", "ARC": 90.0}, ("NR", "BELOW")),
        ("nih", {"WBC": 0.4, "HGB": 70.0, "PLAT": 19.0}, ("NR", "BELOW")),
        ("nih", {"WBC": 4.0, "HGB": 70.0, "PLAT": 30.0, "ARC": 90.0}, ("PR", None)),
        ("nih", {"WBC": 4.0, "HGB": 120.0, "PLAT": 120.0, "ARC": 90.0}, ("NE", "MISSING")),
        ("nih", {"ANC": 2.0, "HGB": 120.0, "PLAT": 120.0}, ("CR", None)),
        ("camitta_ebmt", {"ANC": 1.6, "HGB": 129.0, "PLAT": 151.0, "ARC": 90.0}, ("PR", None)),
    ],
)
def test_counts_decide(criteria: str, values: dict[str, float | str], answer: tuple[str, str | None]) -> None:
    """Values on and beside the limits."""
    settings = EndpointSettings(criteria=criteria)
    seen = response(patient(LB=panel(28, **values)), "S-P001", 4, CUTOFF, load_rule_sets()[criteria], settings)
    assert (seen["AVALC"], seen["REASON"]) == answer


@pytest.mark.parametrize(
    ("days", "chosen"), [((21, 35), 21), ((20, 36), None), ((27, 29), 27), ((29, 25), 29), ((28, 28), 28)]
)
def test_panel_nearest_to_the_target_ties_to_the_earlier(days: tuple[int, int], chosen: int | None) -> None:
    """Rule 1."""
    lab = [row for day in days for row in panel(day, **NORMAL)]
    seen = response(patient(LB=lab), "S-P001", 4, CUTOFF, load_rule_sets()["nih"], DEFAULT)
    assert seen["ADT"] == (None if chosen is None else D0 + timedelta(chosen))


@pytest.mark.parametrize(
    ("kind", "offset", "answer"),
    [
        ("PLATELET", 21, ("NR", "SUPPORTED")),
        ("PLATELET", 28, ("NR", "SUPPORTED")),
        ("PLATELET", 20, ("CR", None)),
        ("RBC", 14, ("PR", None)),
        ("RBC", 13, ("CR", None)),
        ("GCSF", 21, ("NR", "SUPPORTED")),
        ("GCSF", 20, ("CR", None)),
        ("PEGGCSF", 14, ("NR", "SUPPORTED")),
        ("PEGGCSF", 13, ("CR", None)),
    ],
)
def test_support_in_the_look_back(kind: str, offset: int, answer: tuple[str, str | None]) -> None:
    """Rule 2, with reticulocytes below their limit so that one more lineage makes it SAA."""
    tables = patient(LB=panel(28, **{**NORMAL, "ARC": 10.0}), CM=transfused(kind, offset))
    seen = response(tables, "S-P001", 4, CUTOFF, load_rule_sets()["nih"], DEFAULT)
    assert (seen["AVALC"], seen["REASON"]) == answer


def test_question_unanswered_is_no_independence() -> None:
    """Rule 3."""
    visits = [{"VISIT": "W4", "VISITNUM": 4, "SVSTDTC": on(28), "RBCYN": "N", "PLTYN": None, "GCSFYN": "N"}]
    tables = patient(LB=panel(28, **NORMAL), SV=visits)
    seen = response(tables, "S-P001", 4, CUTOFF, load_rule_sets()["nih"], DEFAULT)
    assert (seen["AVALC"], seen["REASON"]) == ("NE", "SUPPORT_UNKNOWN")


@pytest.mark.parametrize(("offset", "answer"), [(27, "NR"), (28, "NR"), (29, "CR")])
@pytest.mark.parametrize("event", ["DEATH", "HSCT", "SALVAGE", "WITHDRAWAL"])
def test_stopped_on_or_before_the_target_day(event: str, offset: int, answer: str) -> None:
    """Rule 7."""
    tables = patient(LB=panel(26, **NORMAL), DS=[{"DSDECOD": event, "DSSTDTC": on(offset)}])
    assert response(tables, "S-P001", 4, CUTOFF, load_rule_sets()["nih"], DEFAULT)["AVALC"] == answer


@pytest.mark.parametrize(("cutoff", "answer"), [(34, "NYD"), (35, "NR")])
def test_a_death_is_not_due_before_the_survivors_of_its_date(cutoff: int, answer: str) -> None:
    """Denominators: dead or alive alike."""
    tables = patient(DS=[{"DSDECOD": "DEATH", "DSSTDTC": on(3)}])
    seen = response(tables, "S-P001", 4, D0 + timedelta(cutoff), load_rule_sets()["nih"], DEFAULT)
    assert seen["AVALC"] == answer


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        ({"ANC": 0.2, "PLAT": 19.0, "ARC": 70.0}, "SAA"),
        ({"ANC": 0.19, "PLAT": 19.0, "ARC": 70.0}, "VSAA"),
        ({"ANC": 0.5, "PLAT": 19.0, "ARC": 60.0, "HGB": 60.0}, "NSAA"),
        ({"ANC": 0.1, "PLAT": 30.0}, None),
    ],
)
def test_severity(values: dict[str, float], grade: str | None) -> None:
    """Section 1."""
    assert severity(patient(LB=panel(-1, **values)), "S-P001", DEFAULT)["SEVERITY"] == grade


@pytest.mark.parametrize(
    ("pairs", "code", "day"),
    [
        (((10, 0.4), (20, 0.5), (27, 0.6)), 1, 20),
        (((20, 0.5), (26, 0.6)), 0, 20),
        (((20, 0.5), (55, 0.6)), 1, 20),
        (((20, 0.5), (56, 0.6)), 0, 56),
        (((20, 0.5), (22, 0.4), (27, 0.6), (34, 0.6)), 1, 27),
        (((10, 0.4), (20, 0.3)), 0, 20),
    ],
)
def test_recovery_is_confirmed_7_to_35_days_later(pairs: tuple[tuple[int, float], ...], code: int, day: int) -> None:
    """Section 3."""
    seen = recovery(patient(LB=counts("ANC", *pairs)), "S-P001", "TTANC05", CUTOFF, DEFAULT)
    assert (seen["EVNTCD"], seen["AVAL"]) == (code, day)


def test_supported_high_values_neither_confirm_nor_break() -> None:
    """Platelets 25 on day 27 follow a transfusion; day 34 confirms day 20."""
    lab = counts("PLAT", (20, 25.0), (27, 25.0), (34, 25.0))
    seen = recovery(patient(LB=lab, CM=transfused("PLATELET", 21)), "S-P001", "TTPLT20", CUTOFF, DEFAULT)
    assert (seen["EVNTCD"], seen["AVAL"]) == (1, 20)
    lab = counts("PLAT", (20, 25.0), (27, 25.0))
    seen = recovery(patient(LB=lab, CM=transfused("PLATELET", 21)), "S-P001", "TTPLT20", CUTOFF, DEFAULT)
    assert (seen["EVNTCD"], seen["AVAL"]) == (0, 20)


@pytest.mark.parametrize(("next_one", "day"), [(38, 39), (39, 11)])
def test_first_stretch_of_28_days_free_of_red_cells(next_one: int, day: int) -> None:
    """After the transfusion of day 10, free are days 11 to 38 where the next one comes on day 39."""
    cm = transfused("RBC", -5, 10, next_one)
    seen = red_cell_independence(patient(CM=cm), "S-P001", CUTOFF, DEFAULT)
    assert (seen["EVNTCD"], seen["AVAL"]) == (1, day)


def test_survival_ends_with_the_study() -> None:
    """2026-10-31 censors administratively."""
    tables = patient(DM=[{"SEX": "F", "LSTALVDTC": "2026-11-20"}])
    seen = survival(tables, "S-P001", "OS", [], date(2026, 12, 1), load_rule_sets()["nih"], DEFAULT)
    assert (seen["EVNTCD"], seen["ADT"]) == (0, date(2026, 10, 31))


def test_relapse_by_transfusions_on_two_assessments() -> None:
    """Need on days 38 and 46 is relapse, though day 52 shows only the red cells of day 38."""
    lab = [row for offset in (28, 38, 46, 52) for row in panel(offset, **NORMAL)]
    tables = patient(LB=lab, CM=transfused("RBC", 38) + transfused("PLATELET", 39))
    rules = load_rule_sets()["nih"]
    slow = {row["PARAMCD"]: row for row in all_times(tables, CUTOFF, rules, DEFAULT)}["TTREL"]
    fast = by_key(derive_time_to_events(Cohort(CUTOFF, tables).data(), rules, DEFAULT).rows, "PARAMCD")[("TTREL",)]
    for row in (slow, fast):
        assert (row["EVNTCD"], row["ADT"]) == (1, D0 + timedelta(38))


def test_one_transfusion_is_no_relapse() -> None:
    """The same red cells of day 38 show on both assessments."""
    lab = [row for offset in (28, 38, 46, 60) for row in panel(offset, **NORMAL)]
    tables = patient(LB=lab, CM=transfused("RBC", 38))
    rules = load_rule_sets()["nih"]
    slow = {row["PARAMCD"]: row for row in all_times(tables, CUTOFF, rules, DEFAULT)}["TTREL"]
    fast = by_key(derive_time_to_events(Cohort(CUTOFF, tables).data(), rules, DEFAULT).rows, "PARAMCD")[("TTREL",)]
    for row in (slow, fast):
        assert (row["EVNTCD"], row["ADT"]) == (0, D0 + timedelta(60))


@pytest.mark.parametrize(("second", "provisional"), [(55, "Y"), (56, "N")])
def test_two_assessments_at_least_4_weeks_apart(second: int, provisional: str) -> None:
    """Camitta: CR on day 28 is confirmed 28 days later, not 27."""
    lab = [row for offset in (28, second) for row in panel(offset, ANC=2.0, HGB=140.0, PLAT=160.0, ARC=90.0)]
    tables, rules = patient(LB=lab), load_rule_sets()["camitta_ebmt"]
    settings = EndpointSettings(criteria="camitta_ebmt")
    fast = by_key(derive_response(Cohort(CUTOFF, tables).data(), rules, settings), "AVISITN")
    for week in (4, 8):
        slow = response(tables, "S-P001", week, CUTOFF, rules, settings)
        assert (slow["AVALC"], letter(slow["PROVISIONAL"])) == ("CR", provisional)
        assert (fast[(week,)]["AVALC"], fast[(week,)]["PROVFL"]) == ("CR", provisional)


def test_counts_typed_after_death_are_no_recovery() -> None:
    """Death on day 10 competes, whatever stands behind it."""
    tables = patient(LB=counts("ANC", (20, 2.0), (27, 2.0)), DS=[{"DSDECOD": "DEATH", "DSSTDTC": on(10)}])
    slow = recovery(tables, "S-P001", "TTANC05", CUTOFF, DEFAULT)
    frame = derive_time_to_events(Cohort(CUTOFF, tables).data(), load_rule_sets()["nih"], DEFAULT).rows
    for row in (slow, by_key(frame, "PARAMCD")[("TTANC05",)]):
        assert (row["EVNTCD"], row["AVAL"]) == (2, 10)
