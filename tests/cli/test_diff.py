"""`diff` finds the planted changes between two cuts, each in its kind, and none between equal ones."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from support.command_line import Run
from support.crf_sheets import STUDY, small_study

Row = tuple[str, str, str, str, str, str]


def write(sheets: dict[str, pd.DataFrame], folder: Path) -> Path:
    folder.mkdir()
    for code, frame in sheets.items():
        frame.to_csv(folder / f"{code}.csv", index=False)
    (folder / "INFO.csv").write_text(f"key,value\nstudy,{STUDY}\nsynthetic,Y\n", "utf-8")
    return folder


def imported(run: Run, sheets: dict[str, pd.DataFrame], folder: Path, cutoff: str = "2026-07-31") -> str:
    done = run("import", write(sheets, folder), "--cutoff", cutoff, "--json")
    assert done.code == 0, done.out
    return str(done.document["cut"]["id"])


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        names = ("USUBJID", "domain", "kind", "variable", "old", "new")
        return [tuple(row[name].removeprefix(f"{STUDY}-") for name in names) for row in csv.DictReader(stream)]  # type: ignore[misc]


def test_planted_changes_are_found_and_nothing_else(run: Run, tmp_path: Path) -> None:
    first = imported(run, small_study(), tmp_path / "one")
    sheets = small_study()
    lab = sheets["LAB"].astype(object)
    lab.loc[(lab["SUBJID"] == "P001") & (lab["VISIT"] == "W4"), "PLAT"] = 26  # a value
    lab.loc[lab["SUBJID"] == "P003", "LBDTC"] = "2026-03-03"  # a date: part of the key of five results
    lab.loc[lab["SUBJID"] == "P002", "ALT"] = None  # a result that went
    sheets["LAB"] = lab
    sheets["AE"].loc[1, "AETOXGR"] = 4
    more = pd.DataFrame(
        {"SUBJID": ["P003"], "AESPID": ["1"], "AETERM": ["发热"], "AETOXGR": [2], "AETOXV": ["5.0"],
         "AESTDTC": ["2026-03-09"], "AESER": ["N"]}
    )  # fmt: skip
    sheets["AE"] = pd.concat([sheets["AE"], more], ignore_index=True)
    sheets["TRANSF"] = sheets["TRANSF"].iloc[:1]  # the second transfusion went
    second = imported(run, sheets, tmp_path / "two")

    out = tmp_path / "diff.csv"
    done = run("diff", second, "--since", first, "--out", out, "--json")
    assert done.code == 0, done.err
    found = rows(out)
    assert sorted(row for row in found if row[2] != "derived") == [
        ("P001", "CM", "removed", "CMTRT", "RBC", ""),
        ("P001", "LB", "modified", "LBORRES", "25", "26"),
        ("P001", "LB", "modified", "LBSTRESN", "25", "26"),
        ("P002", "AE", "modified", "AETOXGR", "3", "4"),
        ("P002", "LB", "removed", "LBORRES", "180", ""),
        ("P003", "AE", "new", "AETERM", "", "发热"),
        *[("P003", "LB", "modified", "LBDTC", "2026-03-02", "2026-03-03")] * 5,
    ]
    document = done.document
    assert document["kinds"] == {"new": 1, "removed": 2, "modified": 8, "derived": len(found) - 11}
    with out.open(encoding="utf-8") as stream:
        assert stream.readline() == "USUBJID,domain,ROWKEY,kind,variable,old,new\n"
    # the other way round, every one is turned
    back = tmp_path / "back.csv"
    assert run("diff", first, "--since", second, "--out", back).code == 0
    turned = {"new": "removed", "removed": "new"}
    again = sorted((a, b, turned.get(kind, kind), c, new, old) for a, b, kind, c, old, new in rows(back))
    assert again == sorted(found)


@pytest.mark.torture
def test_what_is_derived_differently_is_told_for_subjects_in_both_cuts(run: Run, tmp_path: Path) -> None:
    first = imported(run, small_study(), tmp_path / "one")
    sheets = small_study()
    lab = sheets["LAB"].astype(object)
    lab.loc[(lab["SUBJID"] == "P001") & (lab["VISIT"] == "W4"), "ALT"] = 600  # grade 0 → 4 at most
    sheets["LAB"] = lab
    new = {name: sheets["SUBJ"].loc[0, name] for name in sheets["SUBJ"].columns} | {"SUBJID": "P004"}
    sheets["SUBJ"] = pd.concat([sheets["SUBJ"], pd.DataFrame([new])], ignore_index=True)
    second = imported(run, sheets, tmp_path / "two")
    out = tmp_path / "diff.csv"
    assert run("diff", second, "--since", first, "--out", out).code == 0
    found = rows(out)
    derived = [row for row in found if row[2] == "derived"]
    assert derived == [("P001", "ADLB", "derived", "ATOXGR", "0", "3")]
    assert {row[1] for row in found if row[0] == "P004"} == {"DM", "IE"}
    assert {row[2] for row in found if row[0] == "P004"} == {"new"}


def test_equal_cuts_differ_in_nothing_and_other_studies_are_not_compared(run: Run, tmp_path: Path) -> None:
    first = imported(run, small_study(), tmp_path / "one")
    later = imported(run, small_study(), tmp_path / "two", "2026-08-31")  # equal rows, another cut-off
    out = tmp_path / "diff.csv"
    assert run("diff", first, "--since", first, "--out", out).code == 0
    assert rows(out) == []
    assert run("diff", later, "--since", first, "--out", out).code == 2  # the file exists
    assert run("diff", later, "--since", first, "--out", out, "--force", "--json").document["kinds"]["modified"] == 0
    assert run("diff", "latest", "--since", "nothing", "--out", tmp_path / "x.csv").code == 2
    assert not (tmp_path / "x.csv").exists()
