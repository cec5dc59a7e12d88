"""A file of another shape on the Data page: asked about once, then read without a question; the same by command."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open

from saa_dash.cli import main
from saa_dash.model.errors import Refused
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services import audit
from saa_dash.services.imports import check_source
from saa_dash.services.mapping import forget_mapping, keep_mapping, mapping_text, read_shapes

PEOPLE = "patient id,gender,age,status\nP1,2,40,x\nP2,1,51,y\n"
BLOODS = "patient id,sample date,Hb (g/dL),PLT\nP1,05/03/2026,8.1,22\nP2,07/03/2026,9.4,31\n"


def _upload(app: AppTest, *files: tuple[str, str]) -> AppTest:
    app.file_uploader(key="upload").set_value([(name, text.encode(), "text/csv") for name, text in files])
    return app.run()


def _table(app: AppTest, column: str) -> pd.DataFrame:
    return next(table.value for table in app.dataframe if column in table.value.columns)


def _texts(app: AppTest) -> str:
    return " ".join(element.value for kind in (app.markdown, app.caption, app.warning, app.info) for element in kind)


def test_a_foreign_file_is_asked_about_once(open_empty: Open) -> None:
    app = _upload(open_empty("data", "en"), ("people.csv", PEOPLE), ("bloods.csv", BLOODS))
    assert not app.exception
    assert "This is not the CRF form. Say below what its columns are." in [i.value for i in app.info]
    overview = _table(app, "Goes to").set_index("Table")
    assert overview["Goes to"].to_dict() == {"people": "Subjects", "bloods": "Laboratory"}
    assert overview.loc["people", ["Columns left out", "To check"]].tolist() == [1, 1]
    # the dates of bloods.csv can be read two ways: saving waits for the answer
    assert app.button(key="mapper_save").disabled
    app.selectbox(key="mapper_table").select_index(0).run()
    columns = _table(app, "Meaning").set_index("Column")
    assert columns.loc["Hb (g/dL)", ["Meaning", "Unit"]].tolist() == ["LAB.HGB", "g/dL"]
    order = next(radio for radio in app.radio if "which comes first" in radio.label)
    order.set_value("dmy").run()
    assert _table(app, "Hb [g/dL]")["Sampling date"].tolist() == ["2026-03-05", "2026-03-07"]
    assert "Rows read: 2 of 2 · values read: 8 of 8" in _texts(app)
    # in the other language the answer stays
    app.button_group(key="lang").set_value("zh").run()
    assert "含义" in _table(app, "把握").columns
    assert _table(app, "血红蛋白 [g/dL]")["采样日期"].tolist() == ["2026-03-05", "2026-03-07"]
    assert not app.button(key="mapper_save").disabled
    app.button(key="mapper_save").click().run()
    assert not app.exception
    report = app.session_state["_report"][1]
    assert [p.code for p in report.problems if p.severity == "error"] == []
    assert report.table_rows["LB"] == 4
    # the next export of the same shape needs no answer
    again = _upload(open_empty("data", "zh"), ("六月.csv", PEOPLE.replace("51", "52")), ("血.csv", BLOODS))
    assert not again.exception
    assert "mapper_save" not in [button.key for button in again.button]
    assert any(text.value.startswith("按 20") and "列对应读取" in text.value for text in again.caption)
    again.button(key="mapper_forget").click().run()
    assert "mapper_save" in [button.key for button in again.button]
    assert "这些列是什么？" in [heading.value for heading in again.subheader]


def test_a_person_is_refused_before_the_columns_are_shown(open_empty: Open) -> None:
    app = _upload(open_empty("data", "zh"), ("p.csv", "patient id,phone\nP1,13812345678\n"))
    assert not app.exception
    assert "mapper_save" not in [button.key for button in app.button]
    assert not any("13812345678" in str(table.value) for table in app.dataframe)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE)
    return folder


def test_a_mapping_is_remembered_audited_and_forgotten(tmp_path: Path, foreign: Path) -> None:
    me, data = local_principal(), tmp_path / "data"
    shapes = read_shapes(me, data, foreign)
    assert shapes is not None and not shapes.is_known
    keep_mapping(me, data, [proposal.table_map for proposal in shapes.tables])
    assert audit.audit_rows(me, data)[-1].details["kind"] == "shape"
    known = read_shapes(me, data, foreign)
    assert known is not None and known.is_known
    assert {p.code for p in check_source(me, data, foreign).problems} >= {"mapping_remembered", "columns_left_out"}
    forget_mapping(me, data, [proposal.table.signature for proposal in known.tables])
    assert [p.code for p in check_source(me, data, foreign).problems] == ["shape_unknown"]
    presenter = Principal("presenter", frozenset({Role.PRESENTER}))
    with pytest.raises(Refused):
        keep_mapping(presenter, data, [])
    with pytest.raises(Refused):
        read_shapes(presenter, data, foreign)


def test_a_mapping_file_on_the_command_line(tmp_path: Path, foreign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, file = tmp_path / "data", tmp_path / "m.toml"
    shapes = read_shapes(local_principal(), data, foreign)
    assert shapes is not None
    file.write_text(mapping_text([proposal.table_map for proposal in shapes.tables]), encoding="utf-8")
    assert main(["--data", str(data), "--json", "check", str(foreign)]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["code"], problem["file"]) == ("shape_unknown", "people.csv")
    assert main(["--data", str(data), "--json", "check", str(foreign), "--mapping", str(file)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["subjects"], document["tables"]["DM"]) == (2, 2)
    file.write_text("nothing = 1", encoding="utf-8")
    assert main(["--data", str(data), "check", str(foreign), "--mapping", str(file)]) == 2
