"""Pasting laboratory results on the Data page: into the uploaded workbook, or into a new one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open
from support.crf_sheets import STUDY, small_study

from saa_dash.ingest.template import write_template
from saa_dash.model.errors import Refused, UsageError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services import audit
from saa_dash.services.imports import check_source
from saa_dash.services.lis import add_to_workbook, read_paste, write_new_workbook

PASTE = "血红蛋白\t7.4 ↓\tg/dL\t13-17.5\n血小板计数\t12 ↓\t10^9/L"


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "own.xlsx"
    write_template(path, tables=small_study(), study=STUDY)
    return path


def _paste(app: AppTest, subject: str = "P002", day: str = "2026-04-07") -> AppTest:
    app.text_input(key="lis_subject").input(subject).run()
    app.text_input(key="lis_date").input(day).run()
    return app.text_area(key="lis_text").input(PASTE).run()


def _downloads(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def test_results_go_into_the_uploaded_workbook_which_is_checked_again(open_empty: Open, form: Path) -> None:
    app = open_empty("data", "zh")
    app.file_uploader(key="upload").upload(form.name, form.read_bytes(), "application/vnd.ms-excel")
    app.run()
    first = app.session_state["_staged"][1]
    before = app.session_state["_report"][1].table_rows["LB"]
    _paste(app)
    assert "下载带有这些结果的新录入表（Excel）" not in _downloads(app)
    app.button(key="lis_add").click().run()
    assert not app.exception
    assert "已加入 own.xlsx：1 行、2 个结果，并已重新检查。" in [s.value for s in app.success]
    assert app.session_state["_report"][1].table_rows["LB"] == before + 2
    assert app.text_area(key="lis_text").value == ""
    assert "下载加好的工作簿" in _downloads(app)
    merged = app.session_state["_staged"][1]
    assert merged != first
    assert not Path(first).exists()


def test_without_a_workbook_a_new_one_is_offered(open_empty: Open) -> None:
    app = _paste(open_empty("data", "en"))
    assert not app.exception
    assert "Download a new form with these results (Excel)" in _downloads(app)
    assert "lis_add" not in [button.key for button in app.button]


def test_sex_is_asked_only_where_there_are_limits(open_empty: Open) -> None:
    app = _paste(open_empty("data", "zh"))
    assert app.radio(key="lis_sex").options == ["男女相同", "男", "女"]
    app.text_area(key="lis_text").input("血小板计数\t12\t10^9/L").run()
    assert "lis_sex" not in [radio.key for radio in app.radio]


def test_a_sampling_date_is_asked_for(open_empty: Open) -> None:
    app = _paste(open_empty("data", "zh"), day="")
    assert "有的结果没有日期，请填采样日期。" in [w.value for w in app.warning]
    assert "只要化验页（CSV）" not in _downloads(app)


def test_an_addition_leaves_an_audit_row(tmp_path: Path, form: Path) -> None:
    data, me = tmp_path / "data", local_principal()
    rows = read_paste(me, data, PASTE + "\t2026-04-07", subject="P002").rows
    merged = add_to_workbook(me, data, form, rows)
    last = audit.audit_rows(me, data)[-1]
    assert last.action == "lab_paste"
    assert (last.details["rows"], last.details["values"]) == (merged.rows, merged.values)
    assert check_source(me, data, merged.path).table_rows["LB"] == check_source(me, data, form).table_rows["LB"] + 2


def test_nothing_is_added_without_results_or_without_the_right(tmp_path: Path, form: Path) -> None:
    data, me = tmp_path / "data", local_principal()
    paste = read_paste(me, data, "", subject="P002")
    with pytest.raises(UsageError, match="lis_no_rows"):
        add_to_workbook(me, data, form, paste.rows)
    presenter = Principal("presenter", frozenset({Role.PRESENTER}))
    with pytest.raises(Refused):
        add_to_workbook(presenter, data, form, paste.rows)
    with pytest.raises(Refused):
        write_new_workbook(presenter, tmp_path / "new.xlsx", paste.rows, "zh")
    assert not (tmp_path / "new.xlsx").exists()


def test_english_stands_first_in_an_english_workbook(tmp_path: Path) -> None:
    data, me, out = tmp_path / "data", local_principal(), tmp_path / "new.xlsx"
    write_new_workbook(me, out, read_paste(me, data, PASTE, subject="P002").rows, "en")
    book = openpyxl.load_workbook(BytesIO(out.read_bytes()))
    assert str(next(page for page in book if "LAB" in page.title)["A1"].value).startswith("Subject")
