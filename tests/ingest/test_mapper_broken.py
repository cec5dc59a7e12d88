"""Tables that cannot be read as they are: each fault is named with file, column, row and remedy, nothing is raised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from saa_dash.i18n.problem_words import problem_words
from saa_dash.ingest.pipeline import Incoming, read_cells, read_incoming
from saa_dash.ingest.shapes.apply import read_tables
from saa_dash.ingest.shapes.mapping import ColumnMap, KnownMap, TableMap
from saa_dash.ingest.shapes.mapping_file import read_mapping
from saa_dash.ingest.shapes.propose import propose
from saa_dash.model.errors import UsageError
from saa_dash.model.problem import Problem

TODAY = date(2027, 1, 1)
PEOPLE = "patient id,sex,age\nP1,F,40\nP2,M,51\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, *maps: TableMap) -> Incoming:
    found = read_tables(read_cells(folder)).tables
    known = [KnownMap(table) for table in maps] or [KnownMap(propose(table).table_map) for table in found]
    return read_incoming(folder, study="S", cutoff=None, today=TODAY, shapes=known)


def one(incoming: Incoming, code: str) -> Problem:
    """Return the only finding of a kind, which must have words and a remedy in both languages."""
    (problem,) = [problem for problem in incoming.problems if problem.code == code]
    for lang in ("zh", "en"):
        words = problem_words(problem, lang)
        assert words.message and words.remedy
        assert "{" not in words.message
    return problem


def test_an_unknown_shape_is_named_with_its_columns(tmp_path: Path) -> None:
    path = write(tmp_path, people=PEOPLE) / "people.csv"
    problem = one(read_incoming(path, study="S", cutoff=None), "shape_unknown")
    assert (problem.severity, problem.file, problem.row) == ("error", "people.csv", 1)
    assert problem.params["columns"] == "patient id · sex · age"
    assert "--mapping" in problem_words(problem, "en").remedy


@pytest.mark.parametrize("text", ["", "\n\n", "patient id,sex,age\n"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    incoming = read_incoming(write(tmp_path, empty=text), study="S", cutoff=None)
    assert one(incoming, "file_empty").file == "empty.csv"
    assert incoming.has_errors


def test_a_file_of_numbers_has_no_header(tmp_path: Path) -> None:
    incoming = read_incoming(write(tmp_path, numbers="1,2,3\n4,5,6\n"), study="S", cutoff=None)
    assert one(incoming, "header_missing").file == "numbers.csv"


def test_a_header_that_stands_twice(tmp_path: Path) -> None:
    incoming = read(write(tmp_path, people=PEOPLE, labs="patient id,date,Hb,Hb\nP1,2026-03-01,80,81\n"))
    problem = one(incoming, "header_twice")
    assert (problem.file, problem.row, problem.column, problem.params["read_as"]) == ("labs.csv", 1, "Hb", "Hb (2)")
    assert incoming.tables["LB"]["LBORRES"].tolist() == ["80"]
    assert one(incoming, "columns_left_out").params["columns"] == "Hb (2) (1)"


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "gb18030"), (",", "utf-16")])
def test_separators_and_encodings(tmp_path: Path, separator: str, encoding: str) -> None:
    text = "患者编号,性别,年龄\nP1,女,40\n".replace(",", separator)
    (tmp_path / "患者.csv").write_text(text, encoding=encoding)
    incoming = read(tmp_path)
    assert incoming.tables["DM"][["SUBJID", "SEX", "AGE", "SRCROW"]].values.tolist() == [["P1", "F", 40.0, 2]]


def test_a_merged_header_and_a_row_of_units(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "bloods"
    for row in (
        ["City hospital", None, None, None],
        ["Patient ID", "Sampling date", "Blood counts", None],
        [None, None, "Hb", "PLT"],
        [None, None, "g/dL", "/uL"],
        ["P1", date(2026, 3, 1), 8.1, 22000],
    ):
        sheet.append(row)
    people = book.create_sheet("people")
    for cells in (["Patient ID", "Sex", "Age"], ["P1", "F", 40]):
        people.append(cells)
    book.save(tmp_path / "own.xlsx")
    path = tmp_path / "own.xlsx"
    maps = [KnownMap(propose(table).table_map) for table in read_tables(read_cells(path)).tables]
    incoming = read_incoming(path, study="S", cutoff=None, today=TODAY, shapes=maps)
    lb = incoming.tables["LB"]
    assert lb[["LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESN", "SRCROW", "SRCSHEET"]].values.tolist() == [
        ["HGB", "8.1", "g/dL", 81.0, 5, "bloods"],
        ["PLAT", "22000", "/uL", 22.0, 5, "bloods"],
    ]


def test_dates_that_can_be_read_two_ways_are_asked_about(tmp_path: Path) -> None:
    folder = write(tmp_path, people=PEOPLE, labs="patient id,date,Hb\nP1,05/03/2026,80\nP2,07/03/2026,90\n")
    problem = one(read(folder), "mapping_date_order")
    assert (problem.severity, problem.file, problem.column) == ("error", "labs.csv", "date")


def test_the_answer_about_dates_is_used_and_a_wrong_date_is_named_as_typed(tmp_path: Path) -> None:
    folder = write(tmp_path, people=PEOPLE, labs="patient id,date,Hb\nP1,05/03/2026,80\nP2,31/02/2026,90\n")
    incoming = read(folder)
    assert incoming.tables["LB"]["LBDTC"].dropna().tolist() == ["2026-03-05"]
    problem = next(p for p in incoming.problems if p.code.startswith("date_"))
    assert (problem.file, problem.row, problem.column, problem.value) == ("labs.csv", 3, "date", "31/02/2026")


def test_two_columns_for_one_target(tmp_path: Path) -> None:
    folder = write(tmp_path, people="patient id,sex,age,years\nP1,F,40,40\n")
    columns = [("patient id", "SUBJID"), ("sex", "SUBJ.SEX"), ("age", "SUBJ.AGE"), ("years", "SUBJ.AGE")]
    names = tuple(name for name, _ in columns)
    mapping = TableMap("people", names, ("SUBJ",), tuple(ColumnMap(*pair) for pair in columns))
    problem = one(read(folder, mapping), "mapping_twice")
    assert (problem.column, problem.params["columns"]) == ("years", "age · years")


def test_no_subject_column_and_an_unknown_target(tmp_path: Path) -> None:
    folder = write(tmp_path, labs="when,Hb\n2026-03-01,80\n")
    columns = (ColumnMap("when", "DATE"), ColumnMap("Hb", "LAB.HAEMO"))
    incoming = read(folder, TableMap("labs", ("when", "Hb"), ("LAB",), columns))
    assert one(incoming, "mapping_no_subject").file == "labs.csv"
    assert one(incoming, "mapping_target").params["target"] == "LAB.HAEMO"


def test_units_that_do_not_go_together(tmp_path: Path) -> None:
    labs = "patient id,date,test,result,unit\n"
    labs += "P1,2026-03-01,HGB,80,g/L\nP1,2026-03-02,HGB,8.1,g/dL\nP2,2026-03-01,HGB,5,furlong\n"
    incoming = read(write(tmp_path, people=PEOPLE, labs=labs))
    problem = one(incoming, "unit_unknown")
    assert (problem.file, problem.row, problem.value) == ("labs.csv", 4, "furlong")
    assert incoming.tables["LB"][["LBORRES", "LBORRESU", "LBSTRESN"]].values.tolist() == [
        ["80", "g/L", 80.0],
        ["8.1", "g/dL", 81.0],
    ]


def test_an_unknown_test_is_left_out_and_counted(tmp_path: Path) -> None:
    labs = "patient id,date,test,result,unit\nP1,2026-03-01,HGB,80,g/L\nP1,2026-03-01,Zonulin,3,ng/mL\n"
    incoming = read(write(tmp_path, people=PEOPLE, labs=labs))
    problem = one(incoming, "test_left_out")
    assert (problem.severity, problem.row, problem.value, problem.params["n"]) == ("query", 3, "Zonulin", 1)
    row = incoming.reconciliation.set_index("sheet").loc["labs"]
    assert (row["values_in"], row["values_out"], row["values_ignored"]) == (10, 5, 5)


def test_values_nobody_knows_are_named_where_they_stand(tmp_path: Path) -> None:
    incoming = read(write(tmp_path, people="patient id,sex,age\nP1,F,40\nP2,divers,abc\n"))
    places = {(p.code, p.row, p.column, p.value) for p in incoming.problems if p.severity == "error"}
    assert places == {("choice_unknown", 3, "sex", "divers"), ("number_unreadable", 3, "age", "abc")}


def test_rows_of_a_subject_that_contradict_each_other(tmp_path: Path) -> None:
    flat = "patient id,sex,age,date,Hb\nP1,F,40,2026-03-01,80\nP1,M,40,2026-03-08,82\n"
    problem = one(read(write(tmp_path, flat=flat)), "subject_values_differ")
    assert (problem.row, problem.column, problem.value, problem.params["first_row"]) == (3, "sex", "M", 2)


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [("dob", "1980-02-03", "identifier_birth_date"), ("phone", "13812345678", "identifier_mobile"),
     ("note", "11010519491231002X", "identifier_id_number"), ("姓名", "张三", "identifier_name")],
)  # fmt: skip
def test_persons_are_refused_before_anything_is_shown(tmp_path: Path, header: str, value: str, code: str) -> None:
    folder = write(tmp_path, people=f"record_id,redcap_event_name,{header}\n1,baseline_arm_1,{value}\n")
    assert read_tables(read_cells(folder)).tables == ()
    incoming = read_incoming(folder, study="S", cutoff=None)
    assert incoming.has_identifiers
    assert {problem.code for problem in incoming.problems} == {code}
    assert not any(value in str(problem) for problem in incoming.problems)


def test_initials_are_left_out_without_being_shown(tmp_path: Path) -> None:
    folder = write(tmp_path, people="patient id,initials,sex,age\nP1,ZXQ,F,40\n")
    (table,) = read_tables(read_cells(folder)).tables
    column = next(column for column in propose(table).columns if column.column.source == "initials")
    assert (column.reason, column.examples, column.column.target) == ("initials", (), "")
    incoming = read(folder)
    assert one(incoming, "initials_left_out").params["n"] == 1
    assert not any("ZXQ" in str(problem) for problem in incoming.problems)


@pytest.mark.parametrize("text", ["", "version = 1", "version = 2\n[[table]]", "version = 1\n[[table]]\nname = 1",
                                  "version = 1\n[[table]]\n[table.columns]\na = 3", "not toml ["])  # fmt: skip
def test_a_file_that_is_no_mapping(text: str) -> None:
    with pytest.raises(UsageError, match="mapping_file"):
        read_mapping(text, "m.toml")
