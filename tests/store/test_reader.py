"""Reading cuts: types, selections, threads, two at once, and what the connection must not be able to do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.cut_maker import make_cut
from support.tables import STUDY, SUBJECTS, make_tables

from saa_dash.model.cut import CutInfo
from saa_dash.model.errors import EnvironmentProblem
from saa_dash.model.schema import TABLES
from saa_dash.store.connections import ConnectionPool, connect
from saa_dash.store.reader import attach_pair, close_all, open_cut

DTYPES = {"text": "str", "float": "float64", "int": "Int64"}


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("ROWKEY", ignore_index=True)


def test_what_went_in_comes_out_with_the_promised_types(tmp_path: Path) -> None:
    tables = make_tables()
    data = open_cut(tmp_path, make_cut(tmp_path, tables=tables).cut_id).study_data()
    assert set(data.tables) == set(TABLES)
    for name, table in TABLES.items():
        assert dict(data[name].dtypes) == {c: pd.Series(dtype=DTYPES[k]).dtype for c, k in table.all_columns.items()}
        pd.testing.assert_frame_equal(ordered(data[name]), ordered(tables[name]))


def test_some_subjects_only(tmp_path: Path) -> None:
    reader = open_cut(tmp_path, make_cut(tmp_path).cut_id)
    assert set(reader.table("LB", [SUBJECTS[0], "nobody"])["USUBJID"]) == {SUBJECTS[0]}
    assert len(reader.table("LB", [SUBJECTS[0]])) == 4
    assert reader.table("LB", []).empty
    assert dict(reader.table("LB", []).dtypes) == dict(reader.table("LB").dtypes)
    assert len(reader.study_data(list(SUBJECTS[:2]))["DM"]) == 2


def test_text_that_looks_like_a_command_is_text(tmp_path: Path) -> None:
    hostile = 'x\'; DROP TABLE "LB"; --'
    cut = make_cut(tmp_path, tables=make_tables(DM=[{"USUBJID": hostile, "SUBJID": hostile}]))
    reader = open_cut(tmp_path, cut.cut_id)
    assert reader.table("DM", [hostile])["USUBJID"].tolist() == [hostile]
    with pytest.raises(KeyError):
        reader.table('LB"; DROP TABLE "DM')


def test_data_currency(tmp_path: Path) -> None:
    tables = make_tables(
        AE=[
            {"USUBJID": SUBJECTS[0], "AETERM": "a", "AESTDTC": "2026-05-01", "AEENDTC": "2026-06-02T10:30"},
            {"USUBJID": SUBJECTS[1], "AETERM": "b", "AESTDTC": "2026-05-01", "AEENDTC": "2062-06-02"},
            {"USUBJID": SUBJECTS[2], "AETERM": "c"},
        ]
    )
    currency = open_cut(tmp_path, make_cut(tmp_path, tables=tables).cut_id).data_currency()
    of_ae = currency[currency["DOMAIN"] == "AE"]
    assert dict(zip(of_ae["USUBJID"], of_ae["LASTDTC"], strict=True)) == {
        SUBJECTS[0]: "2026-06-02",
        SUBJECTS[1]: "2026-05-01",  # the end lies after the cut-off
    }
    assert set(currency.loc[currency["DOMAIN"] == "LB", "LASTDTC"]) == {"2026-07-10"}


def test_reconciliation_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"sheet": ["LAB"], "rows_in": [12], "rows_out": [11], "note": ["excluded"]})
    back = open_cut(tmp_path, make_cut(tmp_path, reconciliation=frame).cut_id).reconciliation()
    assert back.to_dict("records") == [{"sheet": "LAB", "rows_in": 12, "rows_out": 11, "note": "excluded"}]
    other = make_cut(tmp_path, tables=make_tables(AE=[]))
    assert open_cut(tmp_path, other.cut_id).reconciliation().empty


def test_many_threads_read_two_cuts(tmp_path: Path) -> None:
    first = make_cut(tmp_path)
    second = make_cut(tmp_path, tables=make_tables(AE=[]))
    expected = {first.cut_id: 1, second.cut_id: 0}

    def work(number: int) -> bool:
        cut_id = (first if number % 2 else second).cut_id
        reader = open_cut(tmp_path, cut_id)
        return len(reader.table("AE")) == expected[cut_id] and len(reader.table("LB", [SUBJECTS[1]])) == 4

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(work, range(96)))


@pytest.mark.torture
def test_the_pool_stays_small_and_a_closed_connection_disturbs_nobody(tmp_path: Path) -> None:
    cuts = [make_cut(tmp_path, tables=make_tables(AE=[{"USUBJID": "S", "AETERM": str(n)}])) for n in range(4)]
    files = [(("cut", tmp_path / "cuts" / f"{info.cut_id}.duckdb"),) for info in cuts]
    pool = ConnectionPool(size=2)
    with pool.cursor(files[0]) as cursor:
        for other in files[1:]:
            with pool.cursor(other) as another:
                assert another.execute('SELECT count(*) FROM cut."AE"').fetchall() == [(1,)]
        assert len(pool) == 2
        assert cursor.execute('SELECT "AETERM" FROM cut."AE"').fetchall() == [("0",)]
    pool.close()
    assert len(pool) == 0


FORBIDDEN = [
    "COPY (SELECT 1) TO '{dir}/out.csv'",
    "COPY (SELECT 1) TO '{file}'",
    "SELECT * FROM read_csv('{dir}/secret.csv')",
    "SELECT * FROM '{dir}/secret.csv'",
    "ATTACH '{dir}/other.duckdb'",
    "EXPORT DATABASE '{dir}/export'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    'INSERT INTO file_cut.main."AE" ("AETERM") VALUES (\'x\')',
    'DELETE FROM file_cut.main."AE"',
    "CREATE TABLE file_cut.main.t (a INT)",
    "SELECT * FROM frame_of_the_caller",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_locked_down(tmp_path: Path, example: tuple[Path, CutInfo], statement: str) -> None:
    path = example[0] / "cuts" / f"{example[1].cut_id}.duckdb"
    before = path.read_bytes()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    frame_of_the_caller = pd.DataFrame({"a": [1]})
    con = connect((("cut", path),))
    with pytest.raises(duckdb.Error):
        con.cursor().execute(statement.format(dir=tmp_path, file=path)).fetchall()
    con.close()
    assert len(frame_of_the_caller) == 1
    assert path.read_bytes() == before
    assert not (tmp_path / "out.csv").exists()


def test_a_changed_file_is_not_opened(tmp_path: Path) -> None:
    info = make_cut(tmp_path)
    close_all()
    path = tmp_path / "cuts" / f"{info.cut_id}.duckdb"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(EnvironmentProblem) as error:
        open_cut(tmp_path, info.cut_id)
    assert error.value.message.code == "error.cut_damaged"


def test_two_cuts_at_once(tmp_path: Path) -> None:
    row = {"USUBJID": SUBJECTS[0], "AESPID": "1", "AETERM": "发热", "AESTDTC": "2026-04-01", "AETOXGR": 1}
    gone = {**row, "AESPID": "2"}
    fresh = {**row, "AESPID": "3"}
    same = {**row, "AESPID": "4"}
    old = make_cut(tmp_path, tables=make_tables(AE=[row, gone, same]))
    new = make_cut(tmp_path, tables=make_tables(AE=[{**row, "AETOXGR": 3}, fresh, same]))
    pair = attach_pair(tmp_path, old.cut_id, new.cut_id)
    changes = pair.changes("AE")
    kinds = {key.split("|")[2]: kind for key, kind in zip(changes["ROWKEY"], changes["KIND"], strict=True)}
    assert kinds == {"1": "modified", "2": "removed", "3": "new"}
    assert set(changes["USUBJID"]) == {SUBJECTS[0]}
    assert sorted(pair.table("a", "AE")["AESPID"]) == ["1", "2", "4"]
    assert sorted(pair.table("b", "AE")["AESPID"]) == ["1", "3", "4"]
    assert pair.changes("LB").empty
    assert attach_pair(tmp_path, old.cut_id, old.cut_id).changes("AE").empty


def test_study_and_cutoff(tmp_path: Path) -> None:
    info = make_cut(tmp_path)
    reader = open_cut(tmp_path, "latest")
    assert reader.info == info
    assert reader.study_data().cutoff == info.cutoff
    assert set(reader.table("DM")["STUDYID"]) == {STUDY}
