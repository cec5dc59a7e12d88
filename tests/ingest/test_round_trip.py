"""What is written comes back: workbook, LibreOffice, CSV folders in any encoding, any wording of headers."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.crf_sheets import STUDY, limit_rows, small_study

from saa_dash.ingest.form import column_label, header, load_form, sheet_title
from saa_dash.ingest.frames import source_of_frames
from saa_dash.ingest.pipeline import Incoming, import_source, read_incoming
from saa_dash.ingest.template import write_template
from saa_dash.model.schema import TABLES

Tables = dict[str, pd.DataFrame]


def read(path: Path) -> Incoming:
    return read_incoming(path, study=STUDY, cutoff=None)


def identities(incoming: Incoming) -> dict[str, list[tuple[str, str]]]:
    return {
        name: sorted(zip(frame["ROWKEY"], frame["ROWHASH"], strict=True)) for name, frame in incoming.tables.items()
    }


def row(incoming: Incoming, table: str, **where: object) -> pd.Series:
    frame = incoming.tables[table]
    for name, value in where.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_of_an_empty_template_nothing_is_said_but_that_nobody_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_template(path, study=STUDY)
    incoming = read(path)
    assert [(p.code, p.severity) for p in incoming.problems] == [("subjects_none", "error")]
    assert all(frame.empty for frame in incoming.tables.values())


def test_filled_workbook_gives_the_tables(from_workbook: Incoming) -> None:
    incoming = from_workbook
    assert incoming.problems == ()
    assert {name: len(frame) for name, frame in incoming.tables.items() if len(frame)} == {
        "DM": 3, "IE": 6, "SV": 3, "LB": 22, "CM": 4, "EX": 3, "AE": 2, "VS": 4, "PE": 1, "RS": 1, "DS": 1, "DV": 1,
    }  # fmt: skip
    for name, frame in incoming.tables.items():
        assert list(frame.columns) == list(TABLES[name].all_columns)
    subject = row(incoming, "DM", SUBJID="P001")
    assert subject[["USUBJID", "SEX", "AGE", "WEIGHT", "DIAGDTC", "RFSTDTC"]].tolist() == [
        f"{STUDY}-P001", "M", 34.0, 65.5, "2026-01", "2026-02-10",
    ]  # fmt: skip
    anc = row(incoming, "LB", USUBJID=f"{STUDY}-P001", LBTESTCD="ANC", VISIT="BASELINE")
    assert anc[["LBORRES", "LBSTRESN", "LBCENS", "LBNRIND", "LBDTC", "VISITNUM", "LBORRESU"]].tolist() == [
        "<0.1", 0.1, "<", "LOW", "2026-02-09T08:30", 0.0, "10^9/L",
    ]  # fmt: skip
    hgb = row(incoming, "LB", USUBJID=f"{STUDY}-P002", LBTESTCD="HGB")
    assert hgb[["LBSTRESN", "LBSTNRLO", "LBSTNRHI", "LBORNRLO"]].tolist() == [70.5, 115.0, 150.0, "115"]
    level = row(incoming, "LB", LBTESTCD="CSA", LBCENS="<")
    assert level[["LBSTRESN", "LBTPT", "LBSTRESU"]].tolist() == [25.0, "C0", "ug/L"]
    assert row(incoming, "CM", CMCLAS="GCSF")["CMCAT"] == "GROWTH FACTOR"
    assert row(incoming, "CM", CMCLAS="PLATELET")[["CMCAT", "CMTRT", "CMDOSU"]].tolist() == [
        "TRANSFUSION", "PLATELET", "DOSE",
    ]  # fmt: skip
    assert row(incoming, "AE", USUBJID=f"{STUDY}-P001")["ROWKEY"] == f"AE|{STUDY}-P001|1|1"
    assert row(incoming, "SV", VISIT="W4")[["VISITNUM", "RBCYN", "GCSFYN"]].tolist() == [4.0, "Y", "N"]
    assert anc["SRCROW"] == 7 and anc["SRCSHEET"] == "实验室检查 LAB"


def test_the_file_s_own_study_and_flag_win(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    write_template(path, tables=tables, study="OTHER", synthetic=True)
    incoming = read(path)
    assert (incoming.study, incoming.synthetic) == ("OTHER", True)
    assert [problem.code for problem in incoming.problems] == ["study_differs"]
    assert set(incoming.tables["DM"]["STUDYID"]) == {"OTHER"}


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", ","), ("utf-16", "\t")]
)
def test_folder_equals_workbook(
    tables: Tables, from_workbook: Incoming, folder: Callable[..., Path], encoding: str, separator: str
) -> None:
    from_folder = read(folder(tables, encoding, separator))
    assert from_folder.problems == ()
    assert identities(from_folder) == identities(from_workbook)


@pytest.mark.torture
def test_libreoffice_keeps_everything(workbook: Path, from_workbook: Incoming, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        warnings.warn("LibreOffice (soffice) is not installed: the round trip through it is NOT tested", stacklevel=1)
        pytest.skip("LibreOffice (soffice) is not installed: the round trip through it is NOT tested")
    out = tmp_path / "office"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    converted = read(out / workbook.name)
    assert converted.problems == ()
    assert identities(converted) == identities(from_workbook)
    book = openpyxl.load_workbook(out / workbook.name)
    rules = {rule.formula1 for page in book for rule in page.data_validations.dataValidation}
    assert {"list_visit", "list_causality", "units_HGB"} <= rules
    assert book["LISTS"].sheet_state == "hidden"


def wordings(sheet: object) -> list[dict[str, str]]:
    return [
        {code: code for code in sheet.codes},
        {code: code.lower() for code in sheet.codes},
        {code: column_label("zh", sheet, code) for code in sheet.codes},
        {code: column_label("en", sheet, code) for code in sheet.codes},
        {code: header(sheet, code) for code in sheet.codes},
        {
            code: f" {column_label('en', sheet, code).upper()} {column_label('zh', sheet, code)}*"
            for code in sheet.codes
        },
    ]


@pytest.mark.torture
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_wording_and_order_of_columns(from_workbook: Incoming, data: st.DataObject) -> None:
    worded = {}
    for code, frame in small_study().items():
        sheet = load_form().sheets[code]
        words = data.draw(st.sampled_from(wordings(sheet)), label=code)
        order = data.draw(st.permutations(list(frame.columns)), label=f"order of {code}")
        name = data.draw(st.sampled_from([code, sheet_title("zh", code), sheet_title("en", code)]), label="sheet")
        worded[name] = frame[order].rename(columns=words)
    incoming = import_source(source_of_frames(worded, name="a", study=STUDY), study=STUDY, cutoff=None)
    assert [problem.code for problem in incoming.problems] == []
    assert identities(incoming) == identities(from_workbook)


@pytest.mark.torture
@settings(max_examples=5, deadline=None)
@given(
    values=st.lists(st.integers(1, 1999), min_size=1, max_size=6, unique=True),
    unit=st.sampled_from([("g/L", 1.0), ("g/dL", 10.0), ("mmol/L", 16.11)]),
    order=st.randoms(use_true_random=False),
)
def test_values_survive_units_and_row_order(values: list[int], unit: tuple[str, float], order: object) -> None:
    name, factor = unit
    typed = [value / 10 / factor for value in values]
    limits = limit_rows(["HGB"])
    limits.loc[0, "HGB"] = name
    rows = pd.DataFrame(
        {"SUBJID": "P1", "LBDTC": [f"2026-03-{day:02d}" for day in range(1, len(values) + 1)], "HGB": typed}
    )
    subjects = pd.DataFrame({"SUBJID": ["P1"], "SEX": ["M"], "AGE": [30]})
    shuffled = rows.sample(frac=1, random_state=order.randint(0, 99))
    results = [
        import_source(
            source_of_frames({"SUBJ": subjects, "LAB": pd.concat([limits, frame])}, name="a", study=STUDY),
            study=STUDY,
            cutoff=None,
        )
        for frame in (rows, shuffled)
    ]
    assert identities(results[0]) == identities(results[1])
    found = results[0].tables["LB"].set_index("LBDTC")["LBSTRESN"].reindex(rows["LBDTC"])
    assert found.tolist() == pytest.approx([value / 10 for value in values])
