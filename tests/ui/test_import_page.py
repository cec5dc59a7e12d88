"""The Data page with a file in it: what is found is shown, what is good is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open
from support.transport import demographics, write_transport

from saa_dash.ingest.form import load_form
from saa_dash.services.imports import DEMO_FILE


@pytest.fixture
def bad_workbook(tmp_path: Path) -> Path:
    """The demo workbook with a wrong sex, an impossible age and a date in the wrong order."""
    book = openpyxl.load_workbook(DEMO_FILE)
    sheet = next(page for page in book if page.title.endswith("SUBJ"))
    codes = list(load_form().sheets["SUBJ"].codes)
    sheet.cell(3, codes.index("SEX") + 1).value = "未知"
    sheet.cell(4, codes.index("AGE") + 1).value = 200
    sheet.cell(5, codes.index("ATGSTDTC") + 1).value = "05/03/2026"
    out = tmp_path / "bad.xlsx"
    book.save(out)
    return out


def _table(app: AppTest, *columns: str) -> pd.DataFrame:
    """Return the table that has these columns."""
    return next(table.value for table in app.dataframe if set(columns) <= set(table.value.columns))


def _upload(app: AppTest, path: Path) -> AppTest:
    app.file_uploader(key="upload").upload(path.name, path.read_bytes(), "application/vnd.ms-excel")
    return app.run()


def test_a_bad_workbook_shows_every_problem_and_cannot_be_published(open_empty: Open, bad_workbook: Path) -> None:
    app = _upload(open_empty("data", "zh"), bad_workbook)
    assert not app.exception
    assert "有 3 处错误，改正后再发布。" in [e.value for e in app.error]
    rows = _table(app, "程度", "行", "填写内容")
    errors = rows[rows["程度"] == "错误"]
    assert errors["行"].tolist() == [3, 4, 5]
    assert errors["填写内容"].tolist() == ["未知", "200", "05/03/2026"]
    assert "publish" not in [button.key for button in app.button]


def test_a_good_workbook_is_published_and_shown(open_empty: Open) -> None:
    app = _upload(open_empty("data", "en"), DEMO_FILE)
    assert "No errors: ready to publish." in [s.value for s in app.success]
    assert app.button(key="publish").disabled
    app.text_input(key="import_cutoff").input("2026年7月31日").run()
    app.text_input(key="import_label").input("July").run()
    app.button(key="publish").click().run()
    assert any(s.value.startswith("Published: ") and "10 subjects" in s.value for s in app.success)
    assert app.selectbox(key="cut").options == ["Cut-off 2026-07-31 · July"]
    again = app.button(key="publish").click().run()
    assert any("Same content as the existing cut" in i.value for i in again.info)


def test_a_cutoff_in_the_future_is_refused(open_empty: Open) -> None:
    app = _upload(open_empty("data", "en"), DEMO_FILE)
    app.text_input(key="import_cutoff").input(date.today().replace(year=date.today().year + 1).isoformat()).run()
    assert any("cannot be after today" in w.value for w in app.warning)
    assert app.button(key="publish").disabled


def test_a_file_of_another_kind_is_answered(open_empty: Open, tmp_path: Path) -> None:
    other = tmp_path / "notes.xlsx"
    other.write_bytes(b"this is no workbook")
    app = _upload(open_empty("data", "zh"), other)
    assert not app.exception
    assert app.error


def test_pasted_laboratory_results_are_recognised_and_names_remembered(open_empty: Open) -> None:
    app = open_empty("data", "en")
    app.text_input(key="lis_subject").input("P001")
    app.text_input(key="lis_date").input("2026-03-05")
    app.text_area(key="lis_text").input("中性粒细胞绝对值\t0.42\t10^9/L\n神秘项目\t7\t10^9/L\n").run()
    assert _table(app, "Test", "Value")["Value"].tolist() == ["0.42"]
    app.selectbox(key="lis_name_神秘项目").select("PLAT")
    app.button(key="lis_remember").click().run()
    assert _table(app, "Test", "Value")["Value"].tolist() == ["0.42", "7"]


def test_an_old_excel_file_is_answered_with_the_way_on(open_empty: Open, tmp_path: Path) -> None:
    old = tmp_path / "old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    app = _upload(open_empty("data", "zh"), old)
    assert not app.exception
    assert any("另存为 .xlsx" in e.value for e in app.error)


def test_the_files_of_a_package_are_uploaded_together(open_empty: Open, tmp_path: Path) -> None:
    history = {"STUDYID": ["S1"], "DOMAIN": ["MH"], "USUBJID": ["S1-01"], "MHTERM": ["Fever"], "MHSTDTC": ["2025"]}
    package = write_transport(tmp_path / "p", dm=demographics(BRTHDTC=["1990-01-01"] * 3), mh=history)
    app = open_empty("data", "en")
    for file in sorted(package.iterdir()):
        app.file_uploader(key="upload").upload(file.name, file.read_bytes(), "application/octet-stream")
    app.run()
    assert not app.exception
    assert "No errors: ready to publish." in [s.value for s in app.success]
    recon = _table(app, "Sheet", "Rows in").set_index("Sheet")
    assert recon["Rows out"].to_dict() == {"DM": 3, "MH": 1}
    left_out = "This variable can identify persons; it was left out at reading (3 values)."
    assert left_out in _table(app, "Count", "Problem")["Problem"].tolist()
    app.text_input(key="import_cutoff").input("2026-07-31").run()
    app.button(key="publish").click().run()
    assert any("3 subjects, 4 records" in s.value for s in app.success)
