"""The marked-up copy: cells filled and commented, a first sheet that leads to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from support.crf_sheets import STUDY

from saa_dash.ingest.markup import list_sheet_name, write_marked_copy
from saa_dash.ingest.pipeline import read_incoming

RED, AMBER = "00F5B7B1", "00FCE4A8"


@pytest.fixture(scope="module")
def bad(workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bad") / "bad.xlsx"
    book = openpyxl.load_workbook(workbook)
    book["受试者 SUBJ"]["K2"] = "05/03/2026"
    book["实验室检查 LAB"]["H8"] = 260
    book["方案偏离 DV"]["D2"] = '=HYPERLINK("http://x")'
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbook(bad: Path, tmp_path: Path, lang: str) -> None:
    problems = read_incoming(bad, study=STUDY, cutoff=None).problems
    assert [problem.code for problem in problems] == ["date_ambiguous", "required_missing", "implausible"]
    out = tmp_path / "marked.xlsx"
    write_marked_copy(bad, problems, out, lang)
    book = openpyxl.load_workbook(out)
    page = book[book.sheetnames[0]]
    assert book.sheetnames[0] == list_sheet_name()
    links = [page.cell(row, 3).hyperlink.location for row in (5, 6, 7)]
    assert links == ["'受试者 SUBJ'!K2", "'方案偏离 DV'!D2", "'实验室检查 LAB'!H8"]
    assert page["E5"].value == "05/03/2026"
    assert page["F5"].value == {"zh": "分不清日和月。", "en": "Day and month cannot be told apart."}[lang]
    date_cell, value_cell = book["受试者 SUBJ"]["K2"], book["实验室检查 LAB"]["H8"]
    assert (date_cell.fill.start_color.rgb, value_cell.fill.start_color.rgb) == (RED, AMBER)
    assert page["F5"].value in date_cell.comment.text
    assert value_cell.value == 260


def test_a_marked_copy_can_be_mended_and_marked_again(bad: Path, tmp_path: Path) -> None:
    marked, again = tmp_path / "marked.xlsx", tmp_path / "again.xlsx"
    write_marked_copy(bad, read_incoming(bad, study=STUDY, cutoff=None).problems, marked, "zh")
    book = openpyxl.load_workbook(marked)
    book["受试者 SUBJ"]["K2"] = "2026-02-03"
    book["方案偏离 DV"]["D2"] = "推迟"
    book.save(marked)
    problems = read_incoming(marked, study=STUDY, cutoff=None).problems
    assert [problem.code for problem in problems] == ["implausible"]
    write_marked_copy(marked, problems, again, "zh")
    mended = openpyxl.load_workbook(again)
    assert mended.sheetnames.count(list_sheet_name()) == 1
    assert mended["受试者 SUBJ"]["K2"].comment is None
    assert mended["受试者 SUBJ"]["K2"].fill.fill_type is None
    assert mended["实验室检查 LAB"]["H8"].comment is not None


def test_folder(tables: dict[str, pd.DataFrame], folder: Callable[..., Path], tmp_path: Path) -> None:
    tables = {code: tables[code] for code in ("SUBJ", "DV")}
    tables["DV"] = tables["DV"].assign(DVTERM=["=1+1"], DVCAT=["?!"])
    source, out = folder(tables, "gb18030"), tmp_path / "marked.xlsx"
    problems = [p for p in read_incoming(source, study=STUDY, cutoff=None).problems if p.severity == "error"]
    assert [(problem.code, problem.row) for problem in problems] == [("choice_unknown", 2)]
    write_marked_copy(source, problems, out, "en")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [list_sheet_name(), "DV", "INFO", "SUBJ"]
    column = [cell.value for cell in book["DV"][1]].index("DVCAT") + 1
    assert book["DV"].cell(2, column).fill.start_color.rgb == RED
    term = book["DV"].cell(2, [cell.value for cell in book["DV"][1]].index("DVTERM") + 1)
    assert (term.value, term.data_type) == ("=1+1", "s")


def test_a_file_that_cannot_be_opened_gives_the_list(tmp_path: Path) -> None:
    source, out = tmp_path / "x.xlsx", tmp_path / "marked.xlsx"
    source.write_bytes(b"no workbook")
    write_marked_copy(source, read_incoming(source, study=STUDY, cutoff=None).problems, out, "zh")
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [list_sheet_name()]
    assert book.worksheets[0]["B5"].value == "x.xlsx"
