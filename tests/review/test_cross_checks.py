"""Cross-domain checks: every planted error is found, nothing else is; the demo and the package have known numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.pilot import pilot_frame
from support.tables import STUDY, make_frame

from saa_dash.analysis.adae import derive_adverse_events
from saa_dash.analysis.basis import prepare
from saa_dash.analysis.cross_check_parts import Checked, Material
from saa_dash.analysis.cross_checks import RULES, find_contradictions
from saa_dash.analysis.exposure import derive_exposure
from saa_dash.analysis.response import derive_response
from saa_dash.analysis.study_data import StudyData
from saa_dash.ingest.units import lab_units
from saa_dash.model.principal import local_principal
from saa_dash.model.schema import TABLES
from saa_dash.protocol.loader import load_protocol
from saa_dash.protocol.rules import load_rule_sets
from saa_dash.protocol.study import load_study
from saa_dash.services.context import Request, open_view
from saa_dash.services.review_checks import review_checks

Rows = dict[str, list[dict[str, Any]]]
DAY_1, CUTOFF = date(2026, 6, 1), date(2026, 6, 20)


def on(day: int) -> str:
    """Return the date of a study day."""
    return (DAY_1 + timedelta(days=day - (day > 0))).isoformat()


def event(**more: object) -> dict[str, object]:
    """Return an event that contradicts nothing."""
    usual = {"AETERM": "rash", "AESTDTC": on(3), "AEENDTC": on(5), "AESER": "N", "AETOXGR": 2, "AEOUT": "RECOVERED"}
    return {**usual, **more}


def medication(*spans: tuple[int, str]) -> list[dict[str, object]]:
    """Return medication from a study day to a date."""
    return [{"CMTRT": f"m{day}", "CMSTDTC": on(day), "CMENDTC": end} for day, end in spans]


def counts(test: str, *values: tuple[int, float]) -> list[dict[str, object]]:
    """Return results of a test by study day."""
    return [
        {"LBTESTCD": test, "LBDTC": on(day), "LBSTRESN": value, "LBORRES": str(value)} for day, value in values
    ]  # fmt: skip


# Check → what is planted for one patient, and (table, study day, A, B) of its findings.
PLANTED: dict[str, tuple[Rows, list[tuple[object, ...]]]] = {
    "death_without_event": ({"DS": [{"DSDECOD": "DEATH", "DSSTDTC": on(9)}]}, [("DS", 9, None, None)]),
    "event_without_death": (
        {"AE": [event(AEOUT="FATAL", AETOXGR=5, AESER="Y", AESDTH="Y")]},
        [("AE", 3, None, None)],
    ),
    "fatal_mismatch": (
        {
            "AE": [event(AEOUT="FATAL", AETOXGR=4, AESER="Y", AESDTH="Y")],
            "DS": [{"DSDECOD": "DEATH", "DSSTDTC": on(9)}],
        },
        [("AE", 3, 4, None)],
    ),
    "death_dates": (
        {
            "DM": [{"DTHDTC": on(8)}],
            "AE": [event(AEOUT="FATAL", AETOXGR=5, AESER="Y", AESDTH="Y")],
            "DS": [{"DSDECOD": "DEATH", "DSSTDTC": on(9)}],
        },
        [("DM", 8, 8, 9)],
    ),
    "after_death": (
        {
            "DM": [{"DTHDTC": on(9), "LSTALVDTC": on(11)}],
            "AE": [event(AEOUT="FATAL", AETOXGR=5, AESER="Y", AESDTH="Y")],
            "LB": counts("ALT", (9, 30), (10, 31)),
        },
        [("LB", 10, 9, None), ("DM", 11, 9, None)],
    ),
    "serious_without_criterion": ({"AE": [event(AESER="Y")]}, [("AE", 3, None, None)]),
    "criterion_without_serious": ({"AE": [event(AESHOSP="Y")]}, [("AE", 3, None, None)]),
    "serious_without_outcome": (
        {"AE": [event(AESER="Y", AESHOSP="Y", AEOUT=None)]},
        [("AE", 3, None, None)],
    ),
    "end_before_start": (
        {"CM": medication((5, on(4)), (9, "2026-06"))},
        [("CM", 5, None, 4)],
    ),
    "ongoing_with_end": (
        {"AE": [event(AEENRF="Y")], "CM": [{"CMTRT": "x", "CMSTDTC": on(5), "CMENRF": "Y"}]},
        [("AE", 3, None, 5)],
    ),
    "open_event_with_end": ({"AE": [event(AEOUT="NOT_RECOVERED")]}, [("AE", 3, None, 5)]),
    "ended_event_without_end": ({"AE": [event(AEENDTC=None)]}, [("AE", 3, None, None)]),
    "event_before_consent": ({"AE": [event(AESTDTC=on(-20))]}, [("AE", -20, None, -12)]),
    "dose_before_consent": ({"EX": [{"EXTRT": "CSA", "EXDOSE": 1, "EXSTDTC": on(-14)}]}, [("EX", -14, None, -12)]),
    "visits_out_of_order": (
        {"SV": [{"VISIT": "W1", "VISITNUM": 1, "SVSTDTC": on(9)}, {"VISIT": "W2", "VISITNUM": 2, "SVSTDTC": on(8)},
                {"VISIT": "UNSCHEDULED", "VISITNUM": 99, "SVSTDTC": on(2)}]},
        [("SV", 8, None, 9)],
    ),
    "undated": ({"PE": [{"PETESTCD": "SKIN", "PEORRES": "NORMAL"}]}, [("PE", None, None, None)]),
    "infusion_before_atg": (
        {"EX": [{"EXTRT": "UCBMNC", "EXDOSE": 3, "EXDOSU": "E8_CELLS", "EXSTDTC": on(4)}]},
        [("EX", 4, None, 5)],
    ),
    "infusion_off_day": (
        {"EX": [{"EXTRT": "UCBMNC", "EXDOSE": 3, "EXDOSU": "E8_CELLS", "EXSTDTC": on(10)}]},
        [("EX", 10, 3, None)],
    ),
    "dose_without_visit": (
        {"EX": [{"EXTRT": "CSA", "EXDOSE": 9, "EXSTDTC": on(8), "VISIT": "W1"}]},
        [("EX", 8, None, None)],
    ),
    "dose_after_end": (
        {
            "EX": [{"EXTRT": "CSA", "EXDOSE": 9, "EXSTDTC": on(9)}, {"EXTRT": "CSA", "EXDOSE": 9, "EXSTDTC": on(10)}],
            "DS": [{"DSDECOD": "WITHDRAWAL", "DSSTDTC": on(9)}],
        },
        [("EX", 10, None, 9)],
    ),
    "dose_after_discontinuation": (
        {
            "EX": [{"EXTRT": "CSA", "EXDOSE": 9, "EXSTDTC": on(9)}, {"EXTRT": "HPAG", "EXDOSE": 15, "EXSTDTC": on(10)}],
            "DS": [{"DSDECOD": "DISCONTINUATION", "DSCOMP": "CSA", "DSSTDTC": on(8)}],
        },
        [("EX", 9, None, 8)],
    ),
    "transfusion_without_count": (
        {
            "CM": [{"CMCLAS": "RBC", "CMTRT": "RBC", "CMSTDTC": on(day)} for day in (-9, 4, 5)],  # history, 3 d, 4 d
            "LB": counts("HGB", (1, 60)),
        },
        [("CM", 5, None, None)],
    ),
    "transfusion_at_high_count": (
        {
            "CM": [{"CMCLAS": "PLATELET", "CMTRT": "PLATELET", "CMSTDTC": on(day)} for day in (4, 11)],
            "LB": counts("PLAT", (3, 50), (4, 70), (10, 49)),
        },
        [("CM", 4, 50, None)],
    ),
    "rise_without_transfusion": (
        {
            "CM": [{"CMCLAS": "RBC", "CMTRT": "RBC", "CMSTDTC": on(12)}],
            "LB": counts("HGB", (1, 60), (8, 80), (12, 62), (16, 90)),
        },
        [("LB", 8, 60, 80)],
    ),
    "assessment_without_lineage": (
        {
            "DM": [{"ATGSTDTC": "2026-04-20", "ATGENDTC": "2026-04-24"}],
            "SV": [{"VISIT": "W4", "VISITNUM": 4, "SVSTDTC": "2026-05-25"}],
            "LB": [
                {"LBTESTCD": test, "LBDTC": "2026-05-18", "LBSTRESN": value, "LBORRES": "1"}
                for test, value in (("ANC", 1.0), ("HGB", 90))
            ],
        },
        [("SV", 29, None, None)],
    ),
    "result_without_visit": (
        {"LB": [{**row, "VISIT": "W2"} for row in counts("ALT", (8, 30), (9, 30))]},
        [("LB", 8, None, None)],
    ),
    "result_off_visit": (
        {
            "SV": [{"VISIT": "W1", "VISITNUM": 1, "SVSTDTC": on(8)}],
            "LB": [{**row, "VISIT": "W1"} for row in counts("ALT", (8, 30), (15, 31), (16, 32))],
        },
        [("LB", 16, 8, 8)],
    ),
    "unit_jump": ({"LB": counts("CREAT", (1, 80), (3, 0.9), (5, 85))}, [("LB", 3, 80, 0.9)]),
    "duplicate_result": (
        {"LB": [*counts("ALT", (2, 30), (2, 35), (4, 31)), {**counts("ALT", (4, 30))[0], "LBTPT": "A"}]},
        [("LB", 2, 30, 35)],
    ),
    "duplicate_event": (
        {"AE": [event(AESPID="1"), event(AESPID="2", AETERM="Rash ", AETOXGR=3)]},
        [("AE", 3, None, None)],
    ),
    "duplicate_row": (
        {"DV": [{"DVCAT": "OTHER", "DVTERM": "x", "DVSTDTC": on(4)}] * 2},
        [("DV", 4, None, None)],
    ),
}  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    """Return the tables: one clean patient, and one for each check."""
    out: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for who, planted in [("clean", {}), *((name, rows) for name, (rows, _) in PLANTED.items())]:
        subject = f"{STUDY}-{who}"
        person = {"SUBJID": who, "SEX": "F", "ATGSTDTC": on(1), "ATGENDTC": on(5), "RFICDTC": on(-12)}
        own = {**planted, "DM": [{**person, **(planted.get("DM") or [{}])[0]}]}
        own["SV"] = [{"VISIT": "SCREENING", "VISITNUM": -1, "SVSTDTC": on(-12)}, *planted.get("SV", [])]
        for name, rows in own.items():
            out[name] += [{"USUBJID": subject, **row} for row in rows]
    return out


@pytest.fixture(scope="module")
def checked() -> dict[str, Checked]:
    data = StudyData(CUTOFF, {name: make_frame(name, rows) for name, rows in tables().items()})
    basis, settings = prepare(data), load_study(Path("none"))
    adae = derive_adverse_events(data, basis)
    material = Material(
        data=data,
        basis=basis,
        exposure=derive_exposure(data, load_protocol(), settings, basis, adae),
        response=derive_response(data, load_rule_sets()["nih"], settings.primary, basis),
        plausible={code: test.plausible for code, test in lab_units().items()},
    )
    return {found.check.code: found for found in flat(find_contradictions(material).values())}


def flat(groups: Iterable[tuple[Checked, ...]]) -> list[Checked]:
    return [found for group in groups for found in group]


def told(found: Checked) -> list[tuple[object, ...]]:
    """Return patient, table, day and numbers of findings, missing as None."""
    names = ["USUBJID", "DOMAIN", "ADY", "A", "B"]
    rows = found.findings[names].itertuples(index=False, name=None)
    return [
        (str(who).removeprefix(f"{STUDY}-"), *(None if v != v else v for v in values)) for who, *values in rows
    ]  # fmt: skip


def test_every_rule_has_a_planted_error() -> None:
    assert {check.code for rules in RULES.values() for check, _ in rules} == set(PLANTED)


# What one contradiction brings about elsewhere: a wrong infusion day is off its day too, a dose before consent …
BESIDES = {
    "infusion_off_day": {("infusion_before_atg", "EX", 4.0)},
}


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_error_is_found_and_nothing_else(checked: dict[str, Checked], code: str) -> None:
    found = checked[code]
    assert found.lacking == ""
    besides = BESIDES.get(code, set())
    mine = [row for row in told(found) if tuple(row[:3]) not in besides]
    assert mine == [(code, *expected) for expected in PLANTED[code][1]]
    assert found.looked_at >= len(mine)


def test_findings_name_their_rows_and_the_other_one(checked: dict[str, Checked]) -> None:
    twice = checked["duplicate_result"].findings.iloc[0]
    assert (twice["DOMAIN2"], twice["ROWKEY"] != twice["ROWKEY2"], twice["NAME"], twice["LIST"]) == (
        "LB", True, "ALT", "lab_test",
    )  # fmt: skip
    late = checked["dose_after_end"].findings.iloc[0]
    assert (late["DOMAIN2"], late["MORE"], late["MORELIST"]) == ("DS", "WITHDRAWAL", "disposition")
    lacking = checked["assessment_without_lineage"].findings.iloc[0]
    assert (lacking["NAME"], lacking["MORE"], lacking["ROWKEY"].startswith("SV|")) == ("PLAT", "W4", True)


def test_empty_tables_lack_what_is_checked() -> None:
    rows = {"DM": [{"USUBJID": "S1", "SUBJID": "S1", "SEX": "F"}]}
    data = StudyData(CUTOFF, {name: make_frame(name, rows.get(name, [])) for name in TABLES})
    material = Material(data, prepare(data), None, None, {})
    found = {one.check.code: one for one in flat(find_contradictions(material).values())}
    assert all(one.findings.empty for one in found.values())
    lacking = {code: one.lacking for code, one in found.items() if one.lacking}
    assert lacking["death_without_event"] == "no_events"
    assert lacking["infusion_off_day"] == "no_protocol"
    assert lacking["transfusion_without_count"] == "no_transfusions"
    assert lacking["visits_out_of_order"] == "no_visits"
    assert set(found) - set(lacking) == {
        "death_dates", "after_death", "end_before_start", "undated", "duplicate_result", "duplicate_row",
    }  # fmt: skip


def test_the_package_of_306_has_known_numbers(pilot_data_dir: Path) -> None:
    """Events are counted a second time from the transport file; the others were looked at row by row."""
    who = local_principal()
    lines = {line.code: line for line in review_checks(who, open_view(who, Request(pilot_data_dir, "latest")))}
    found = {code: line.found for code, line in lines.items() if line.found}
    assert found == {
        "after_death": 2, "criterion_without_serious": 33, "open_event_with_end": 250, "visits_out_of_order": 2,
        "result_off_visit": 31, "duplicate_result": 25, "duplicate_event": 310, "duplicate_row": 17,
    }  # fmt: skip
    ae = pilot_frame("ae")
    criterion = (ae[["AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG"]] == "Y").any(axis=1)
    assert found["criterion_without_serious"] == int((criterion & (ae["AESER"] != "Y")).sum())
    open_end = ae["AEOUT"].eq("NOT RECOVERED/NOT RESOLVED") & (ae["AEENDTC"] != "")
    assert found["open_event_with_end"] == int(open_end.sum())
    assert found["duplicate_event"] == int(ae.duplicated(["USUBJID", "AEDECOD", "AESTDTC"]).sum())
    assert lines["death_without_event"].looked_at == 3
    assert {code for code, line in lines.items() if line.lacking} == {
        "fatal_mismatch", "ongoing_with_end", "event_before_consent", "dose_before_consent", "infusion_before_atg",
        "infusion_off_day", "transfusion_without_count", "transfusion_at_high_count", "rise_without_transfusion",
        "assessment_without_lineage",
    }  # fmt: skip
