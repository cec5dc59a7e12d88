"""From files to cuts on the command line."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Run
from support.cut_maker import make_cut
from support.tables import make_tables

from saa_dash.store.state import StateDb

CUT_KEYS = {
    "id", "label", "cutoff", "imported", "study", "synthetic", "subjects", "rows", "content_hash", "parent",
    "file_sha256", "sources", "importer", "protocol_hash", "settings_hash",
}  # fmt: skip
PROBLEM_KEYS = ["severity", "code", "file", "sheet", "row", "column", "value", "expected", "remedy"]


def edited(folder: Path, out: Path, sheet: str, column: str, value: str) -> Path:
    """Copy CSV files with one value of the first patient's first row changed; a new column is added where missing."""
    out.mkdir()
    for path in folder.iterdir():
        (out / path.name).write_bytes(path.read_bytes())
    target = out / f"{sheet}.csv"
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    if column not in rows[0]:
        rows = [[*row, ""] for row in rows]
        rows[0][-1] = column
    rows[1][rows[0].index(column)] = value
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return out


def test_from_workbook_to_cut_and_back_again(run: Run, workbook: Path, tmp_path: Path) -> None:
    checked = run("check", workbook, "--json")
    assert checked.code == 0
    assert checked.document["ok"] is True
    assert checked.document["subjects"] == 3
    assert checked.document["counts"]["error"] == 0
    assert not (tmp_path / "data").exists()  # a check writes nothing

    first = run("import", workbook, "--cutoff", "2026-07-31", "--label", "七月", "--json")
    assert first.code == 0
    cut = first.document["cut"]
    assert first.document["published"] is True
    assert set(cut) >= CUT_KEYS
    assert (cut["label"], cut["cutoff"], cut["synthetic"], cut["subjects"]) == ("七月", "2026-07-31", True, 3)
    assert cut["study"] == "ChiCTR2600117810"
    assert cut["id"].endswith(cut["content_hash"][:8])
    kept = tmp_path / "data" / "sources" / cut["sources"][0]["sha256"]
    assert kept.read_bytes() == workbook.read_bytes()

    again = run("import", workbook, "--cutoff", "2026-07-31", "--json")
    assert (again.code, again.document["published"], again.document["cut"]) == (0, False, cut)
    assert run("cuts", "--json").document == {"cuts": [cut]}
    listed = run("cuts")
    assert [line.split("\t")[0] for line in listed.out.splitlines()] == ["id", cut["id"]]

    actions = [row["action"] for row in run("audit", "show", "--json").document["rows"]]
    assert actions == ["import", "cut", "import"]
    verified = run("audit", "verify", "--json")
    assert (verified.code, verified.document) == (0, {"ok": True, "rows": 3, "findings": []})


def test_errors_in_the_data_are_exit_1_and_nothing_is_written(run: Run, folder: Path, tmp_path: Path) -> None:
    bad = edited(folder, tmp_path / "bad", "SUBJ", "SEX", "perhaps")
    checked = run("check", bad, "--json")
    assert checked.code == 1
    assert checked.document["ok"] is False
    errors = [problem for problem in checked.document["problems"] if problem["severity"] == "error"]
    assert all(list(problem) == PROBLEM_KEYS for problem in checked.document["problems"])
    assert [(p["sheet"], p["row"], p["value"]) for p in errors] == [("SUBJ", 2, "perhaps")]
    assert errors[0]["expected"]
    assert errors[0]["remedy"]
    imported = run("import", bad, "--cutoff", "2026-07-31", "--json")
    assert imported.code == 1
    assert imported.document["error"]["code"] == "error.data_problems"
    assert [p for p in imported.document["problems"] if p["severity"] == "error"] == errors
    assert run("cuts", "--json").document == {"cuts": []}


def test_identifiers_are_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    named = edited(folder, tmp_path / "named", "SUBJ", "身份证号", "11010519491231002X")
    assert run("check", named, "--json").code == 3
    imported = run("import", named, "--cutoff", "2026-07-31", "--json")
    assert imported.code == 3
    assert imported.document["error"]["code"] == "error.identifiers"
    assert run("cuts", "--json").document == {"cuts": []}
    assert not (tmp_path / "data" / "sources").exists()


HOLDER = """
import sys
from pathlib import Path
from saa_dash.store.reader import open_cut
reader = open_cut(Path(sys.argv[1]), "latest")
print(len(reader.table("DM")), flush=True)
sys.stdin.readline()
print(len(open_cut(Path(sys.argv[1]), "latest").table("DM")), len(reader.table("DM")), flush=True)
"""


@pytest.mark.torture
def test_import_while_another_process_holds_a_cut_open(run: Run, folder: Path, tmp_path: Path) -> None:
    make_cut(tmp_path / "data", tables=make_tables(DM=[{"USUBJID": "S-1", "SUBJID": "1"}]))
    root = str(Path(__file__).parents[2])
    call = [sys.executable, "-c", HOLDER, str(tmp_path / "data")]
    env = {**os.environ, "PYTHONPATH": root}
    with subprocess.Popen(call, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "1\n"
        done = run("import", folder, "--cutoff", "2026-07-31")
        assert done.code == 0
        assert done.out.strip() == run("cuts", "--json").document["cuts"][0]["id"]
        assert "Published data cut" in done.err
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "3 1\n"  # the new cut, and the old one still


def test_template_and_simulate_need_force_to_write_over(run: Run, tmp_path: Path, folder: Path) -> None:
    out = tmp_path / "form.xlsx"
    assert run("template", out, "--json").document == {"path": str(out)}
    before = out.read_bytes()
    refused = run("template", out, "--json")
    assert (refused.code, refused.document["error"]["code"]) == (2, "error.output_exists")
    assert out.read_bytes() == before
    again = tmp_path / "csv"
    args = ("simulate", "--patients", "3", "--seed", "5", "--format", "csv", again)
    assert "SYNTHETIC DATA" in run(*args).out
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {p.name: p.read_bytes() for p in folder.iterdir()}
    (again / "stray.csv").write_text("x")
    assert run(*args).code == 2
    assert run(*args, "--force").code == 0
    assert not (again / "stray.csv").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_backup_and_restore(run: Run, tmp_path: Path) -> None:
    cut_id = make_cut(tmp_path / "data").cut_id
    archive = tmp_path / "b.zip"
    assert run("backup", archive, "--json").document["cuts"] == 1
    assert run("backup", archive).code == 2
    assert run("restore", archive, "--json").document["error"]["code"] == "error.restore_occupied"
    assert run("restore", archive, "--force").code == 0
    assert [cut["id"] for cut in run("cuts", "--json").document["cuts"]] == [cut_id]
    actions = [row["action"] for row in run("audit", "show", "--json").document["rows"]]
    assert actions == ["backup", "restore"]


def test_tampering_with_the_audit_trail_is_exit_1(run: Run, tmp_path: Path) -> None:
    for number in range(2):
        StateDb(tmp_path / "data").append_audit("local", "view", {"n": number})
    (tmp_path / "data" / "audit.head").write_text('{"rows": 9, "hash": "x"}')
    verified = run("audit", "verify", "--json")
    assert verified.code == 1
    assert verified.document["findings"] == ["Rows are missing at the end: 2 found, 9 expected."]


def test_a_cut_without_its_audit_row_is_found(run: Run, tmp_path: Path) -> None:
    info = make_cut(tmp_path / "data")
    assert run("audit", "verify", "--json").document["findings"] == [f"No audit row tells of data cut {info.cut_id}."]


def test_doctor_says_each_check(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saa_dash.services.doctor.find_browser", lambda: None)
    done = run("doctor", "--json")
    assert done.code == 4
    checks = {check["check"]: check for check in done.document["checks"]}
    assert list(checks) == ["python", "packages", "browser", "font", "disk", "permissions", "cuts"]
    assert checks["python"]["ok"] is True
    assert checks["browser"]["ok"] is False
    assert "Chrome" in checks["browser"]["found"]
    assert checks["browser"]["remedy"].startswith("Install one of them")
