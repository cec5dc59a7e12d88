"""The shipped workbook: what it holds, that it is what the simulator makes, and that it can be read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from support.simulated_response import responses

from saa_dash.ingest.pipeline import read_incoming
from saa_dash.protocol.loader import load_protocol
from saa_dash.simulate.cohort import DEMO_CUTOFF, demo_cohort
from saa_dash.simulate.write import write_cohort

SHIPPED = Path(__file__).parents[2] / "data" / "demo" / "saa_demo.xlsx"
Sheets = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def verdicts(demo: Sheets) -> pd.DataFrame:
    return pd.DataFrame({week: responses(demo, 7 * week) for week in (4, 8, 12)})


def test_responses_worth_looking_at(verdicts: pd.DataFrame) -> None:
    assert verdicts.loc["P003"].tolist() == ["PR", "CR", "CR"]
    assert verdicts.loc["P004"].tolist() == ["NR", "NR", "PR"]  # late
    assert verdicts.loc["P005"].tolist() == ["PR", "PR", "NR"]  # response lost
    assert verdicts.loc["P010"].tolist() == ["NR", "NR", "NR"]
    assert verdicts[4].value_counts().to_dict() == {"NR": 8, "PR": 2}
    assert verdicts[8].value_counts().to_dict() == {"NR": 5, "PR": 4, "CR": 1}
    assert verdicts[12].value_counts().to_dict() == {"NR": 4, "PR": 4, "CR": 2}


def test_events_worth_looking_at(demo: Sheets) -> None:
    ae, ds, visit = demo["AE"], demo["DS"], demo["VISIT"]
    assert ds.loc[ds["DSDECOD"] == "DEATH", "SUBJID"].tolist() == ["P007"]
    assert ds.loc[ds["DSDECOD"] == "WITHDRAWAL", "SUBJID"].tolist() == ["P001"]
    assert set(ae.loc[ae["AECAT"] == "SERUM_SICKNESS", "SUBJID"]) == {"P007", "P008", "P009"}
    assert "P007" in set(ae.loc[(ae["AECAT"] == "LIVER") & (ae["AETOXGR"] >= 3), "SUBJID"])
    assert "P010" in set(ae.loc[ae["AECAT"] == "KIDNEY", "SUBJID"])
    week8 = visit[visit["VISIT"] == "W8"].set_index("SUBJID")
    assert week8.loc["P010", "PLTYN"] is None


def _cells(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_shipped_workbook_is_what_the_simulator_makes(demo: Sheets, tmp_path: Path) -> None:
    write_cohort(tmp_path / "made.xlsx", demo, "xlsx")
    assert _cells(tmp_path / "made.xlsx") == _cells(SHIPPED)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    small = {code: sheet.head(8) for code, sheet in demo_cohort().items()}
    write_cohort(tmp_path / "one.xlsx", small, "xlsx")
    write_cohort(tmp_path / "two.xlsx", small, "xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_shipped_workbook_is_read_without_errors() -> None:
    incoming = read_incoming(SHIPPED, study=load_protocol().registration.number, cutoff=DEMO_CUTOFF)
    assert incoming.synthetic
    assert not incoming.has_errors
    assert incoming.excluded_after_cutoff == 0
    assert len(incoming.tables["DM"]) == 10
    assert {problem.severity for problem in incoming.problems} == {"query"}


def test_folder_of_csv(demo: Sheets, tmp_path: Path) -> None:
    out = tmp_path / "cohort"
    write_cohort(out, {code: sheet.head(8) for code, sheet in demo.items()}, "csv")
    write_cohort(out, demo, "csv")  # replaces what is there
    info = pd.read_csv(out / "INFO.csv", dtype=str).set_index("key")["value"]
    assert info.to_dict() == {"study": "ChiCTR2600117810", "form_version": "1", "synthetic": "Y"}
    lab = pd.read_csv(out / "LAB.csv", dtype=str)
    assert len(lab) == len(demo["LAB"])
    assert lab["SUBJID"].tolist()[:2] == ["UNIT", "LLN_M"]
    assert lab["HGB"].dropna().str.fullmatch(r"g/L|\d+").all()


def test_unknown_format_is_refused(demo: Sheets, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="xlsx or csv"):
        write_cohort(tmp_path / "x", demo, "ods")  # type: ignore[arg-type]
