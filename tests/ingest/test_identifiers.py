"""Direct identifiers are found, refused and never repeated."""

from __future__ import annotations

import pytest
from support.crf_sheets import STUDY, small_study

from saa_dash.ingest.frames import source_of_frames
from saa_dash.ingest.identifiers import identifier_in, is_id_number, mask
from saa_dash.ingest.pipeline import Incoming, import_source

ID_NUMBER = "11010519491231002X"  # the example of the standard GB 11643-1999
MOBILE = "13912345678"


def subjects_with(**columns: list[str]) -> Incoming:
    tables = {"SUBJ": small_study()["SUBJ"].assign(**columns)}
    return import_source(source_of_frames(tables, name="crf", study=STUDY), study=STUDY, cutoff=None)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("姓名", "张三丰", "identifier_name"),
        ("患者姓名", "李四", "identifier_name"),
        ("Name", "Zhang San", "identifier_name"),
        ("身份证号", ID_NUMBER, "identifier_id_number"),
        ("手机号码", MOBILE, "identifier_mobile"),
        ("住院号", "0012345", "identifier_hospital_number"),
        ("病案号", "A-998", "identifier_hospital_number"),
        ("门诊号", "77123", "identifier_hospital_number"),
        ("出生日期", "1990-03-07", "identifier_birth_date"),
    ],
)
def test_columns(column: str, value: str, code: str) -> None:
    incoming = subjects_with(**{column: [value, "", ""]})
    problem = next(problem for problem in incoming.problems if problem.code == code)
    assert incoming.has_identifiers and incoming.has_errors
    assert (problem.sheet, problem.column) == ("SUBJ", column)
    assert all(value not in str(problem) for problem in incoming.problems)


def test_year_of_birth_and_empty_columns_are_no_identifiers() -> None:
    incoming = subjects_with(出生日期=["1990", "1985", ""], 姓名=["", "", ""])
    assert not incoming.has_identifiers


def test_initials_are_left_out_with_a_note() -> None:
    incoming = subjects_with(姓名缩写=["ZSF", "LS", "WW"])
    notes = [(problem.code, problem.params["n"]) for problem in incoming.problems if problem.column == "姓名缩写"]
    assert notes == [("initials_left_out", 3)]
    assert not incoming.has_errors
    assert not any("ZSF" in frame.to_csv() for frame in incoming.tables.values())


@pytest.mark.parametrize("text", [f"家属电话{MOBILE}", f"+86 {MOBILE}", "139-1234-5678", f"身份证 {ID_NUMBER}。"])
def test_values_in_free_text(text: str) -> None:
    tables = {"SUBJ": small_study()["SUBJ"], "DV": small_study()["DV"].assign(DVTERM=[text])}
    incoming = import_source(source_of_frames(tables, name="crf", study=STUDY), study=STUDY, cutoff=None)
    (problem,) = [problem for problem in incoming.problems if problem.severity == "error"]
    assert problem.code.startswith("identifier_")
    assert (problem.sheet, problem.row, problem.column) == ("DV", 2, "DVTERM")
    assert problem.value == mask(text)


def test_an_identifier_typed_as_subject_is_not_repeated_by_other_findings() -> None:
    tables = {"SUBJ": small_study()["SUBJ"], "PE": small_study()["PE"].assign(SUBJID=[ID_NUMBER])}
    incoming = import_source(source_of_frames(tables, name="crf", study=STUDY), study=STUDY, cutoff=None)
    assert {problem.code for problem in incoming.problems if problem.code != "sheet_absent"} == {
        "identifier_id_number",
        "subject_unknown",
    }
    assert not any(ID_NUMBER in str(problem) for problem in incoming.problems)


def test_checksum_decides() -> None:
    assert is_id_number(ID_NUMBER)
    assert not is_id_number("110105194912310021")
    assert identifier_in("110105194912310021") is None


@pytest.mark.parametrize("text", ["2026-03-05", "20260305", "46086", "0.35", "LOT 12345678", "P001", "1390000"])
def test_ordinary_cells(text: str) -> None:
    assert identifier_in(text) is None


def test_fifteen_digits_of_the_old_form() -> None:
    assert identifier_in("110105491231002") == "identifier_id_number"
    assert identifier_in("990105491231002") is None
