"""Pasted results in the team's own workbook: behind its rows, in its units, with nothing else changed."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support.crf_sheets import STUDY

from saa_dash.ingest.form import load_form
from saa_dash.ingest.lis import parse_lis
from saa_dash.ingest.lis_rows import lab_rows, not_convertible
from saa_dash.ingest.lis_workbook import append_lab_rows, write_lab_workbook
from saa_dash.ingest.pipeline import Incoming, read_incoming
from saa_dash.ingest.template import write_template
from saa_dash.model.errors import UsageError

Tables = dict[str, pd.DataFrame]
PASTE = """白细胞计数 2.1 10^9/L 2026-04-07 09:15
中性粒细胞绝对值 <0.1 10^9/L 2026-04-07 09:15
血红蛋白 7.4 g/dL 2026-04-07 09:15"""


def _pasted(text: str = PASTE, subject: str = "P002", sex: str | None = None) -> pd.DataFrame:
    return lab_rows(parse_lis(text), subject=subject, date="2026-04-07", sex=sex)


def _written(folder: Path, tables: Tables, lab: pd.DataFrame) -> Path:
    """Return a workbook of subjects and this laboratory sheet."""
    path = folder / "crf.xlsx"
    write_template(path, tables={"SUBJ": tables["SUBJ"], "LAB": lab}, study=STUDY)
    return path


def _lab(path: Path) -> Worksheet:
    return next(page for page in openpyxl.load_workbook(path) if "LAB" in page.title)


def _column(code: str) -> int:
    return load_form().sheets["LAB"].codes.index(code) + 1


def _read(path: Path) -> Incoming:
    return read_incoming(path, study=STUDY, cutoff=None)


def _results(incoming: Incoming, day: str) -> dict[str, tuple[str, str, float]]:
    """Return typed value, its unit and the value in standard units by test, of one day."""
    rows = incoming.tables["LB"]
    rows = rows[rows["LBDTC"].str.startswith(day)]
    return {
        row.LBTESTCD: (row.LBORRES, row.LBORRESU, row.LBSTRESN)
        for row in rows[["LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESN"]].itertuples()
    }


def _cells(path: Path) -> dict[str, list[list[object]]]:
    return {
        page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in openpyxl.load_workbook(path)
    }


def test_the_import_sees_the_new_rows_and_all_the_old_ones(
    workbook: Path, from_workbook: Incoming, tmp_path: Path
) -> None:
    source, out = workbook, tmp_path / "merged.xlsx"
    added = append_lab_rows(source, _pasted(), out)
    before, after = from_workbook, _read(out)
    assert (added.rows, added.values, added.left_out) == (1, 3, ())
    assert not after.has_errors
    assert _results(after, "2026-04-07") == {
        "WBC": ("2.1", "10^9/L", 2.1),
        "ANC": ("<0.1", "10^9/L", 0.1),
        "HGB": ("74", "g/L", 74.0),
    }
    new = after.tables["LB"]["LBDTC"] == "2026-04-07T09:15"
    assert after.tables["LB"].loc[new, "USUBJID"].unique().tolist() == [f"{STUDY}-P002"]
    for name, frame in before.tables.items():
        rows = after.tables[name][~new] if name == "LB" else after.tables[name]
        columns = [column for column in frame if column != "SRCFILE"]
        pd.testing.assert_frame_equal(rows[columns].reset_index(drop=True), frame[columns])


def test_nothing_else_in_the_workbook_changes(workbook: Path, tmp_path: Path) -> None:
    source, out = workbook, tmp_path / "merged.xlsx"
    append_lab_rows(source, _pasted(), out)
    before, after = _cells(source), _cells(out)
    lab = _lab(source).title
    assert list(after) == list(before)
    assert {name for name in before if after[name] != before[name]} == {lab}
    assert after[lab][: len(before[lab])] == before[lab]
    old, new = openpyxl.load_workbook(source), openpyxl.load_workbook(out)
    for name in before:
        rules = [
            [(str(r.sqref), r.type, r.formula1) for r in b[name].data_validations.dataValidation] for b in (old, new)
        ]
        assert rules[0] == rules[1]
        assert new[name].freeze_panes == old[name].freeze_panes
        assert new[name].sheet_state == old[name].sheet_state
        assert new[name]["A1"].fill.start_color.rgb == old[name]["A1"].fill.start_color.rgb
        assert new[name].column_dimensions["B"].width == old[name].column_dimensions["B"].width
    assert list(new.defined_names) == list(old.defined_names)


def test_notes_keep_their_size(workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "merged.xlsx"
    append_lab_rows(workbook, _pasted(), out)
    with zipfile.ZipFile(out) as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".vml")]
    assert drawings
    assert all("width:260px" in text and "height:130px" in text for text in drawings)


def test_cells_are_dates_numbers_and_text(workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "merged.xlsx"
    append_lab_rows(workbook, _pasted(subject="=1+1"), out)
    page = _lab(out)
    last = page.max_row
    assert page.cell(last, 1).value == "=1+1"
    assert page.cell(last, 1).data_type == "s"
    assert page.cell(last, _column("LBDTC")).is_date
    assert page.cell(last, _column("LBTM")).value == "09:15"
    assert page.cell(last, _column("WBC")).value == 2.1
    assert page.cell(last, _column("ANC")).value == "<0.1"


def test_values_and_limits_take_the_unit_of_the_sheet(tables: Tables, tmp_path: Path) -> None:
    lab = tables["LAB"].astype(object)
    lab.loc[0, "HGB"] = "g/dL"
    lab.loc[1:4, "HGB"] = None
    lab.loc[5:, "HGB"] = [6.2, 8.1, 7.05, 9.5]
    source, out = _written(tmp_path, tables, lab), tmp_path / "merged.xlsx"
    append_lab_rows(source, _pasted("血红蛋白 74 g/L 130-175 2026-04-07", sex="M"), out)
    page, column = _lab(out), _column("HGB")
    assert [page.cell(row, column).value for row in range(3, 7)] == [13, 17.5, None, None]
    assert _results(_read(out), "2026-04-07") == {"HGB": ("7.4", "g/dL", 74.0)}


def test_limits_that_stand_there_stay(workbook: Path, tmp_path: Path) -> None:
    source, out = workbook, tmp_path / "merged.xlsx"
    column = _column("HGB")
    before = [_lab(source).cell(row, column).value for row in range(2, 7)]
    append_lab_rows(source, _pasted("血红蛋白 74 g/L 100-200 2026-04-07"), out)
    assert [_lab(out).cell(row, column).value for row in range(2, 7)] == before


def test_a_column_without_unit_is_not_given_another_one(tables: Tables, tmp_path: Path) -> None:
    lab = tables["LAB"].astype(object)
    lab.loc[0, "HGB"] = None
    source, out = _written(tmp_path, tables, lab), tmp_path / "merged.xlsx"
    append_lab_rows(source, _pasted("血红蛋白 7.4 g/dL 2026-04-07"), out)
    read = _read(out)
    assert _results(read, "2026-04-07")["HGB"][2] == 74.0
    assert _results(read, "2026-02-09")["HGB"][2] == 62.0


def test_what_cannot_be_converted_is_left_out_and_named(tables: Tables, tmp_path: Path) -> None:
    out = tmp_path / "merged.xlsx"
    rows = _pasted("血红蛋白 74 g/L 2026-04-07\n网织红细胞 1.2 % 2026-04-07")
    lab = tables["LAB"].assign(ARC=["10^9/L", *[None] * 8])
    added = append_lab_rows(_written(tmp_path, tables, lab), rows, out)
    assert added.left_out == ("ARC",)
    assert list(_results(_read(out), "2026-04-07")) == ["HGB"]


def test_a_percentage_beside_counts_is_not_taken_for_a_count() -> None:
    paste = parse_lis("网织红细胞 30 10^9/L 2026-04-07\n网织红细胞 1.2 % 2026-04-09")
    rows = lab_rows(paste, subject="P001")
    assert rows["ARC"].dropna().tolist() == ["10^9/L", "30"]
    assert [(result.value, result.date) for result in not_convertible(paste)] == [("1.2", "2026-04-09")]


def test_sheet_and_columns_by_other_names_and_in_other_order(tables: Tables, tmp_path: Path) -> None:
    source, out = tmp_path / "own.xlsx", tmp_path / "merged.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Laboratory results"
    page.append(["化验登记"])
    page.append(["HGB", "subject id", "采血日期"])
    page.append([62, "P001", "2026-02-09"])
    book.save(source)
    added = append_lab_rows(
        source, _pasted(), out, {"采血日期": "LBDTC", "subject id": "SUBJID", "Laboratory results": "LAB"}
    )
    rows = list(openpyxl.load_workbook(out)["Laboratory results"].iter_rows(min_row=2, values_only=True))
    assert added.rows == 1
    assert rows[0][:3] == ("HGB", "subject id", "采血日期")
    assert {str(name).split(" ")[0] for name in rows[0][3:]} == {"采样时间", "白细胞", "中性粒细胞绝对值"}
    assert rows[2][:2] == (74, "P002")
    assert sorted(map(str, rows[2][3:])) == ["09:15", "2.1", "<0.1"]


def test_a_workbook_may_be_completed_in_place(workbook: Path, tmp_path: Path) -> None:
    source = shutil.copy(workbook, tmp_path / "own.xlsx")
    append_lab_rows(source, _pasted(), source)
    append_lab_rows(source, _pasted("血小板计数 15 10^9/L 2026-04-14"), source)
    read = _read(source)
    assert list(_results(read, "2026-04-07")) == ["WBC", "ANC", "HGB"]
    assert _results(read, "2026-04-14") == {"PLAT": ("15", "10^9/L", 15.0)}


def test_a_new_workbook_holds_the_rows_and_the_usual_limits_of_the_rest(tmp_path: Path) -> None:
    out = tmp_path / "new.xlsx"
    write_lab_workbook(out, _pasted("血红蛋白 7.4 g/dL 13-17.5 2026-04-07", sex="M"))
    page = _lab(out)
    limits = [[page.cell(row, _column(code)).value for row in range(2, 7)] for code in ("HGB", "PLAT")]
    assert limits == [["g/dL", 13, 17.5, None, None], ["×10⁹/L", 125, 350, 125, 350]]
    assert _results(_read(out), "2026-04-07") == {"HGB": ("7.4", "g/dL", 74.0)}


def _without_lab(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.remove(next(page for page in book if "LAB" in page.title))
    book.save(path)


def _with_formula(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    next(page for page in book if "SUBJ" in page.title)["C2"] = "=30+4"
    book.save(path)


def _broken(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_without_lab, "error.lis_no_sheet"),
        (_with_formula, "error.lis_formula"),
        (_broken, "error.lis_unreadable"),
        (lambda path: path.write_text("no workbook"), "error.lis_unreadable"),
        (lambda path: path.unlink(), "error.lis_unreadable"),
    ],
)
def test_a_workbook_that_cannot_take_them(
    workbook: Path, tmp_path: Path, spoil: Callable[[Path], object], code: str
) -> None:
    source, out = shutil.copy(workbook, tmp_path / "own.xlsx"), tmp_path / "merged.xlsx"
    spoil(source)
    with pytest.raises(UsageError) as caught:
        append_lab_rows(source, _pasted(), out)
    assert caught.value.message.code == code
    assert not out.exists()
