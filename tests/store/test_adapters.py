"""Cut files of older schema versions open in today's form; one fixture per version stands beside this file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from support.tables import SUBJECTS

from saa_dash.model.errors import EnvironmentProblem
from saa_dash.model.schema import SCHEMA_VERSION, TABLES
from saa_dash.store.adapters import Step, view_sql
from saa_dash.store.catalogue import list_cuts
from saa_dash.store.connections import connect
from saa_dash.store.reader import open_cut

FIXTURES = Path(__file__).parent / "fixtures"
CUT_1 = "20260801T093100Z-1488a275"


def test_there_is_a_fixture_for_every_version() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == {f"schema_{v}" for v in range(1, SCHEMA_VERSION + 1)}


def test_a_cut_of_schema_1_opens() -> None:
    reader = open_cut(FIXTURES / "schema_1", CUT_1)
    data = reader.study_data()
    assert data.cutoff.isoformat() == "2026-07-31"
    assert {name: len(frame) for name, frame in data.tables.items() if len(frame)} == {
        "DM": 3, "SV": 1, "LB": 12, "CM": 1, "EX": 3, "AE": 1,
    }  # fmt: skip
    assert all(list(data[name].columns) == list(table.all_columns) for name, table in TABLES.items())
    lab = data["LB"]
    assert lab.loc[(lab["LBTESTCD"] == "HGB") & (lab["VISIT"] == "W12"), "LBSTRESN"].tolist() == [105.0] * 3
    assert reader.pcodes()["PCODE"].tolist() == ["P01", "P02", "P03"]
    assert [problem.code for problem in reader.findings()] == ["range"]
    assert [info.label for info in list_cuts(FIXTURES / "schema_1")] == ["schema 1"]


def select(sql: str) -> list[dict[str, object]]:
    con = duckdb.connect(str(FIXTURES / "schema_1" / "cuts" / f"{CUT_1}.duckdb"), read_only=True)
    try:
        return [dict(row) for row in con.sql(sql).df().to_dict("records")]  # type: ignore[misc]
    finally:
        con.close()


def test_a_step_makes_new_columns_out_of_old_ones_and_the_rest_is_missing() -> None:
    old = TABLES["DM"]
    today = replace(old, columns={"USUBJID": "text", "AGEGR": "text", "AGE": "int", "BRAND_NEW": "float"})
    steps = {
        1: Step({"DM": {"AGEGR": "CASE WHEN \"AGE\" < 40 THEN '<40' ELSE '≥40' END"}}),
        2: Step({"DM": {"AGEGR": "'age ' || \"AGEGR\""}, "LB": {"X": "1"}}),
    }
    present = frozenset(old.all_columns)
    rows = select(view_sql(today, 'main."DM"', present, (1, 3), steps) + ' ORDER BY "USUBJID"')
    assert [row["AGEGR"] for row in rows] == ["age <40", "age ≥40", "age ≥40"]
    assert [row["AGE"] for row in rows] == [25, 41, 57]
    assert [row["USUBJID"] for row in rows] == list(SUBJECTS)
    assert list(rows[0]) == list(today.all_columns)
    one_step = select(view_sql(today, 'main."DM"', present, (2, 3), {2: steps[1]}) + ' ORDER BY "USUBJID"')
    assert [row["AGEGR"] for row in one_step] == ["<40", "≥40", "≥40"]


def test_a_table_that_an_old_file_lacks_is_empty() -> None:
    sql = view_sql(TABLES["MH"], 'main."NEWER"', frozenset(), (1, 1), {})
    con = duckdb.connect()
    assert con.sql(sql).columns == list(TABLES["MH"].all_columns)
    assert con.sql(sql).fetchall() == []
    con.close()


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.duckdb"
    con = duckdb.connect(str(path))
    con.execute(f'CREATE TABLE "META" AS SELECT \'schema_version\' AS "KEY", \'{SCHEMA_VERSION + 1}\' AS "VALUE"')
    con.close()
    with pytest.raises(EnvironmentProblem) as error:
        connect((("cut", path),))
    assert error.value.message.code == "error.cut_newer"
