"""Tables of other shapes, made of the simulated cohort: mapped, they give what the form itself gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from support.foreign import long_lab, patients_table, wide_lab, write_redcap

from saa_dash.ingest.pipeline import Incoming, read_cells, read_incoming
from saa_dash.ingest.shapes.apply import read_tables, shape_source
from saa_dash.ingest.shapes.detect import standard_of, standard_of_source
from saa_dash.ingest.shapes.mapping import LEFT_OUT, ColumnMap, KnownMap, TableMap
from saa_dash.ingest.shapes.mapping_file import read_mapping, write_mapping
from saa_dash.ingest.shapes.propose import TableProposal, propose
from saa_dash.model.problem import Problem
from saa_dash.simulate.cohort import simulate_cohort
from saa_dash.simulate.write import write_cohort

STUDY = "ChiCTR2600117810"
TODAY = date(2027, 1, 1)
_SOURCE = ("SRCFILE", "SRCSHEET", "SRCROW")
_LIMITS = ("LBORNRLO", "LBORNRHI", "LBSTNRLO", "LBSTNRHI", "LBNRIND")
Sheets = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def cohort() -> dict[str, pd.DataFrame]:
    return simulate_cohort(2, 7, date(2026, 5, 15))


@pytest.fixture(scope="module")
def from_form(cohort: Sheets, tmp_path_factory: pytest.TempPathFactory) -> Incoming:
    folder = tmp_path_factory.mktemp("form") / "crf"
    write_cohort(folder, dict(cohort), "csv")
    return read_incoming(folder, study=STUDY, cutoff=None, today=TODAY)


@pytest.fixture
def tables(tmp_path: Path) -> Callable[..., Path]:
    """Write frames as CSV files of one folder."""

    def write(encoding: str = "utf-8", separator: str = ",", **frames: pd.DataFrame) -> Path:
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        for name, frame in frames.items():
            frame.to_csv(folder / f"{name}.csv", index=False, encoding=encoding, sep=separator)
        return folder

    return write


def proposals(folder: Path) -> list[TableProposal]:
    return [propose(table) for table in read_tables(read_cells(folder)).tables]


def mapped(folder: Path, maps: list[TableMap] | None = None) -> Incoming:
    known = [KnownMap(table) for table in maps or [proposal.table_map for proposal in proposals(folder)]]
    return read_incoming(folder, study=STUDY, cutoff=None, today=TODAY, shapes=known)


def content(frame: pd.DataFrame, without: tuple[str, ...] = ()) -> list[tuple[object, ...]]:
    """Return the rows of a table in one order, without where they stood."""
    columns = [name for name in frame if name not in (*_SOURCE, "ROWHASH", *without)]
    return sorted(frame[columns].astype("str").fillna("").itertuples(index=False, name=None))


def errors(incoming: Incoming) -> list[Problem]:
    return [problem for problem in incoming.problems if problem.severity == "error"]


def targets(proposal: TableProposal) -> dict[str, str]:
    return {column.source: column.target for column in proposal.table_map.columns}


def test_a_redcap_export_gives_the_tables_of_the_form(cohort: Sheets, from_form: Incoming, tmp_path: Path) -> None:
    folder = write_redcap(tmp_path / "redcap", cohort)
    proposed = proposals(folder)
    assert {standard_of(proposal.table).code for proposal in proposed} == {"redcap"}
    filled = [(code,) for code, sheet in cohort.items() if len(sheet)]
    assert [proposal.table_map.sheets for proposal in proposed] == filled
    labs = next(proposal for proposal in proposed if proposal.table.part == "labs")
    visits = next(column for column in labs.table_map.columns if column.target == "VISIT").values
    assert (visits["week_4_arm_1"], visits["baseline_arm_1"], visits["screening_arm_1"]) == (
        "W4",
        "BASELINE",
        "SCREENING",
    )

    maps = [proposal.table_map for proposal in proposed]
    maps = [replace(m, constants={"LAB.LIMITS": "usual"}) if m.sheets == ("LAB",) else m for m in maps]
    incoming = mapped(folder, maps)
    assert errors(incoming) == []
    for name, frame in from_form.tables.items():
        own_limits = _LIMITS if name == "LB" else ()
        assert content(incoming.tables[name], own_limits) == content(frame, own_limits), name
    men = incoming.tables["DM"].query("SEX == 'M'")["USUBJID"]
    alt = incoming.tables["LB"].query("LBTESTCD == 'ALT'")
    assert set(alt[alt["USUBJID"].isin(men)]["LBSTNRHI"]) == {50.0}  # the usual limit, as chosen
    # rows are traced back to the export
    raw = pd.read_csv(folder / "SAA_DATA.csv", dtype=str)
    result = incoming.tables["LB"].query("LBTESTCD == 'ANC'").iloc[5]
    assert raw["neut_abs"].iloc[result["SRCROW"] - 2] == result["LBORRES"]
    assert set(incoming.tables["LB"]["SRCSHEET"]) == {"SAA_DATA"}
    # nothing is lost silently: every filled cell of the file is accounted for
    own = incoming.reconciliation[~incoming.reconciliation["sheet"].str.startswith("→")]
    assert (own["values_in"] == own["values_out"] + own["values_ignored"]).all()
    noted = next(p for p in incoming.problems if p.code == "columns_left_out")
    assert "redcap_data_access_group" in str(noted.params["columns"])
    assert "labs_complete" in str(noted.params["columns"])


def test_a_wide_table_in_other_units_gives_the_same_results(
    cohort: Sheets, from_form: Incoming, tables: Callable[..., Path]
) -> None:
    bloods = wide_lab(cohort).assign(Comment="ok")
    folder = tables(patients=patients_table(cohort), bloods=bloods, separator=";")
    proposed = proposals(folder)
    found = standard_of_source([proposal.table for proposal in proposed], list(bloods.columns))
    assert found.code == "wide"
    lab = next(proposal for proposal in proposed if proposal.table.sheet == "bloods")
    assert targets(lab)["Hb (g/dL)"] == "LAB.HGB"
    units = {column.source: column.unit for column in lab.table_map.columns}
    assert (units["Hb (g/dL)"], units["PLAT (/uL)"], units["ALT"]) == ("g/dL", "/uL", "U/L")
    assert lab.table_map.column("DATE") == ColumnMap("Sample date", "DATE", order="dmy")

    incoming = mapped(folder)
    assert errors(incoming) == []
    keys = ["USUBJID", "LBTESTCD", "LBDTC", "VISIT", "VISITNUM", "LBSTRESN", "LBSTRESU", "LBCENS"]
    reference = from_form.tables["LB"].query("LBTESTCD != 'CSA'")
    assert content(incoming.tables["LB"][keys]) == content(reference[keys])
    haemoglobin = incoming.tables["LB"].query("LBTESTCD == 'HGB'").iloc[0]
    assert haemoglobin["LBORRESU"] == "g/dL"
    assert float(haemoglobin["LBORRES"]) * 10 == pytest.approx(haemoglobin["LBSTRESN"])
    assert content(incoming.tables["DM"], ("RFENDTC",)) == content(from_form.tables["DM"], ("RFENDTC",))
    left = next(p for p in incoming.problems if p.code == "columns_left_out")
    assert (left.file, left.params["columns"]) == ("bloods.csv", f"Comment ({len(bloods)})")


def test_a_long_table_of_mixed_units_keeps_what_was_typed(
    cohort: Sheets, from_form: Incoming, tables: Callable[..., Path]
) -> None:
    results = long_lab(cohort)
    folder = tables(patients=patients_table(cohort), results=results, encoding="gb18030")
    incoming = mapped(folder)
    assert [p for p in incoming.problems if p.severity != "note"] == []
    keys = ["USUBJID", "LBTESTCD", "LBDTC", "LBSTRESN", "LBSTNRLO", "LBSTNRHI", "LBNRIND", "LBCENS"]
    reference = from_form.tables["LB"].query("LBTESTCD != 'CSA'")
    assert content(incoming.tables["LB"][keys]) == content(reference[keys])
    lb = incoming.tables["LB"]
    assert set(lb.query("LBTESTCD == 'HGB'")["LBORRESU"]) == {"g/L", "g/dL"}
    typed = results.iloc[lb["SRCROW"].to_numpy(dtype=int) - 2].reset_index(drop=True)
    assert (typed["Test name"] == lb["LBTESTCD"]).all()
    assert (typed["Unit"] == lb["LBORRESU"]).all()


def test_one_flat_table_feeds_subjects_and_laboratory_and_visits_in_columns(tables: Callable[..., Path]) -> None:
    flat = pd.DataFrame(
        {
            "受试者编号": ["P1", "P2"],
            "性别": ["男", "女"],
            "年龄": ["34", "52"],
            "基线日期": ["2026-02-09", "2026-02-20"],
            "第4周日期": ["2026-03-10", "2026-03-20"],
            "基线血红蛋白": ["62", "58"],
            "第4周血红蛋白": ["81", "未查"],
            "备注": ["", "转院"],
        }
    ).rename(columns={"基线日期": "日期_基线", "第4周日期": "日期_第4周", "基线血红蛋白": "血红蛋白_基线"})
    flat = flat.rename(columns={"第4周血红蛋白": "血红蛋白_第4周"})
    folder = tables(flat=flat)
    proposed = proposals(folder)[0]
    assert set(proposed.table_map.sheets) == {"SUBJ", "LAB"}
    incoming = mapped(folder)
    assert errors(incoming) == []
    lb = incoming.tables["LB"][
        ["SUBJID" if "SUBJID" in incoming.tables["LB"] else "USUBJID", "VISIT", "LBDTC", "LBORRES"]
    ]
    assert content(lb) == [
        (f"{STUDY}-P1", "BASELINE", "2026-02-09", "62"),
        (f"{STUDY}-P1", "W4", "2026-03-10", "81"),
        (f"{STUDY}-P2", "BASELINE", "2026-02-20", "58"),
    ]
    assert content(incoming.tables["DM"][["SUBJID", "SEX", "AGE"]]) == [("P1", "M", "34.0"), ("P2", "F", "52.0")]


def test_two_laboratory_files_come_together_by_sample(tables: Callable[..., Path]) -> None:
    people = pd.DataFrame({"patient id": ["1"], "sex": ["F"], "age": ["40"]})
    counts = pd.DataFrame({"patient id": ["1"], "date": ["2026-03-01"], "Hb": ["80"], "PLT": ["22"]})
    liver = pd.DataFrame({"patient id": ["1"], "date": ["01-Mar-2026"], "ALT": ["31"]})
    incoming = mapped(tables(people=people, counts=counts, liver=liver))
    lb = incoming.tables["LB"]
    assert content(lb[["LBTESTCD", "LBDTC", "LBORRES"]]) == [
        ("ALT", "2026-03-01", "31"), ("HGB", "2026-03-01", "80"), ("PLAT", "2026-03-01", "22"),
    ]  # fmt: skip
    assert dict(zip(lb["LBTESTCD"], lb["SRCFILE"], strict=True))["ALT"] == "liver.csv"
    assert not any(problem.code == "duplicate_sample" for problem in incoming.problems)


def test_checkboxes_are_combined(tmp_path: Path) -> None:
    (tmp_path / "rc.csv").write_text(
        "record_id,redcap_event_name,cm_drug,cm_start,reason___1,reason___2,medications_complete\n"
        "P1,baseline_arm_1,Prednisone,2026-03-01,1,1,2\nP2,baseline_arm_1,Aciclovir,2026-03-02,0,1,2\n"
    )
    (table,) = read_tables(read_cells(tmp_path / "rc.csv")).tables
    assert table.part == "medications"
    assert table.body["reason"].tolist() == ["1; 2", "2"]
    assert set(table.set_aside) == {"medications_complete"}


def test_a_mapping_is_the_same_after_its_file(cohort: Sheets, tables: Callable[..., Path]) -> None:
    folder = tables(patients=patients_table(cohort), bloods=wide_lab(cohort))
    maps = [proposal.table_map for proposal in proposals(folder)]
    odd = replace(maps[0], name='a "b" \\ c\n', units={"LAB.HGB": "g/dL"}, constants={"CSA.LBTPT": "C0"})
    assert read_mapping(write_mapping([odd, maps[1]]), "m.toml") == (odd, maps[1])


def test_the_next_export_is_known_whatever_its_name_and_order(cohort: Sheets, tables: Callable[..., Path]) -> None:
    folder = tables(patients=patients_table(cohort), bloods=wide_lab(cohort).head(3))
    known = [KnownMap(proposal.table_map, "2026-05-01T08:00:00Z") for proposal in proposals(folder)]
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str)
        frame[frame.columns[::-1]].to_csv(path.with_name(f"june {path.name}"), index=False)
        path.unlink()
    shaped = shape_source(read_cells(folder), known)
    assert shaped is not None and shaped.trace is not None
    notes = [p for p in shaped.trace.problems if p.code == "mapping_remembered"]
    assert [(p.sheet, p.params["saved"]) for p in notes] == [
        ("june bloods", "2026-05-01"),
        ("june patients", "2026-05-01"),
    ]


def test_sdtm_saved_as_csv_is_read_as_a_package(tables: Callable[..., Path]) -> None:
    dm = pd.DataFrame(
        {"STUDYID": "S1", "DOMAIN": "DM", "USUBJID": ["S1-1"], "SUBJID": ["1"], "RFSTDTC": ["2026-01-05"],
         "BRTHDTC": ["1980-02-03"], "AGE": ["46"], "AGEU": "YEARS", "SEX": "F"}
    )  # fmt: skip
    lb = pd.DataFrame(
        {"STUDYID": "S1", "DOMAIN": "LB", "USUBJID": "S1-1", "LBSEQ": ["1"], "LBTESTCD": "HGB", "LBTEST": "Hemoglobin",
         "LBORRES": "8.1", "LBORRESU": "g/dL", "LBSTRESC": "81", "LBSTRESN": "81", "LBSTRESU": "g/L",
         "LBDTC": "2026-01-05"}
    )  # fmt: skip
    incoming = read_incoming(tables(dm=dm, lb=lb), study=STUDY, cutoff=None, today=TODAY)
    assert incoming.study == "S1"
    assert incoming.tables["LB"][["LBTESTCD", "LBSTRESN", "SRCROW"]].values.tolist() == [["HGB", 81.0, 2]]
    assert not incoming.has_identifiers
    assert not any("1980" in problem.value for problem in incoming.problems)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (["USUBJID", "PARAMCD", "AVAL", "ADT"], "adam"),
        (["record_id", "redcap_event_name", "hgb", "labs_complete"], "redcap"),
        (["Record ID", "Event Name", "Hb", "Complete?"], "redcap"),
        (["编号", "检验项目", "结果", "单位", "参考范围", "采样日期"], "lis"),
        (["patient", "test", "value", "unit", "date"], "long"),
        (["foo", "bar"], "unknown"),
    ],
)
def test_the_standard_is_told_by_the_columns(tmp_path: Path, headers: list[str], code: str) -> None:
    path = tmp_path / "some.csv"
    path.write_text(f"{','.join(headers)}\n{','.join('1' for _ in headers)}\n")
    tables = read_tables(read_cells(path)).tables
    assert {standard_of(table).code for table in tables} == {code}


def test_a_table_may_be_left_out(tables: Callable[..., Path]) -> None:
    people = pd.DataFrame({"patient id": ["1"], "sex": ["F"], "age": ["40"]})
    folder = tables(people=people, wards=pd.DataFrame({"ward": ["7"], "beds": ["30"]}))
    maps = [proposal.table_map for proposal in proposals(folder)]
    assert {m.name: m.sheets for m in maps} == {"people": ("SUBJ",), "wards": ()}
    assert all(column.target == LEFT_OUT for m in maps if m.name == "wards" for column in m.columns)
    incoming = mapped(folder, maps)
    assert [(p.sheet, p.params["n"]) for p in incoming.problems if p.code == "table_left_out"] == [("wards", 1)]
    assert errors(incoming) == []
