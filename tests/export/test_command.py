"""`export` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saa_dash.cli import main


def run(cut, *args: str) -> int:
    return main(["--data", str(cut[0]), "--lang", "en", *args])


def test_export_writes_one_json_document(cut, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code = run(cut, "--json", "export", "latest", str(tmp_path / "o"), "--format", "csv", "--set", "arc_cut=20")
    document = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (document["sensitivity"], document["differs_from_primary"]) == (True, ["primary.arc_cut"])
    assert [file["name"] for file in document["files"]][:2] == ["ADSL.csv", "ADRS.csv"]
    assert (tmp_path / "o" / "ADSL.csv").is_file()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--format", "sas"], "csv, parquet, xpt, dataset-json"),
        (["--format", "csv", "--set", "arc_cut"], "key=value"),
        (["--format", "csv", "--set", "window=7"], "window_days"),
        (["--format", "csv", "--window-days", "x"], "0…13"),
        (["--format", "csv", "--independence", "never"], "value_valid, 28, strict"),
        ([], "--format"),
    ],
)
def test_a_wrong_call_is_usage_and_writes_nothing(cut, tmp_path: Path, capsys: pytest.CaptureFixture[str], args, said):
    assert run(cut, "export", "latest", str(tmp_path / "o"), *args) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_options_and_set_reach_the_settings(cut, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    options = ["--criteria", "race", "--origin", "atg_end", "--window-days", "5", "--independence", "28"]
    assert run(cut, "export", "latest", str(tmp_path / "o"), "--format", "csv", *options) == 0
    assert "SENSITIVITY" in capsys.readouterr().out
    settings = json.loads((tmp_path / "o" / "manifest.json").read_text("utf-8"))["settings"]
    assert [settings[key] for key in ("criteria", "origin", "window_days", "independence")] == [
        "race", "atg_end", 5, "28",
    ]  # fmt: skip
