"""How a call is read: global options anywhere, exit codes, one JSON document, both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from saa_dash import __version__
from saa_dash.cli import COMMANDS, main

CAPSYS = pytest.CaptureFixture[str]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_command_in_the_language(lang: str, capsys: CAPSYS) -> None:
    assert main(["--help", "--lang", lang]) == 0
    out = capsys.readouterr().out
    lines = [line.split()[0] for line in out.splitlines() if line.startswith("  ") and line.split()]
    assert [name for name in lines if name in COMMANDS] == list(COMMANDS)
    assert ("用法" in out) == (lang == "zh")
    assert ("Usage" in out) == (lang == "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", [*COMMANDS, "audit verify", "audit show"])
def test_help_of_each_command(lang: str, command: str, capsys: CAPSYS) -> None:
    assert main(["--lang", lang, *command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert ("全局选项" in out) == (lang == "zh")
    assert ("Global options" in out) == (lang == "en")
    assert "Show this message" not in out


def test_help_is_one_document_too(capsys: CAPSYS) -> None:
    assert main(["import", "--help", "--json", "--lang", "en"]) == 0
    assert json.loads(capsys.readouterr().out)["help"].startswith("Usage: saa-dash import [OPTIONS] PATH")


def test_version(capsys: CAPSYS) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


BAD = [
    ([], "error.usage_command_missing"),
    (["frobnicate"], "error.usage_command"),
    (["cuts", "--frobnicate"], "error.usage_option"),
    (["import", "."], "error.usage_missing"),
    (["import", ".", "--cutoff", "31.7.2026"], "error.usage_value"),
    (["import", "/no/such/file.xlsx", "--cutoff", "2026-07-31"], "error.usage_value"),
    (["check"], "error.usage_missing"),
    (["simulate", "--patients", "x", "--seed", "1", "out.xlsx"], "error.usage_value"),
    (["simulate", "--patients", "0", "--seed", "1", "out.xlsx"], "error.simulate_patients"),
    (["import", ".", "--cutoff", "2999-01-01"], "error.cutoff_future"),
    (["cuts", "--lang", "fr"], "error.usage_lang"),
    (["cuts", "--data"], "error.usage_no_value"),
    (["cuts", "extra"], "error.usage"),
]


@pytest.mark.parametrize(("args", "code"), BAD)
def test_bad_usage_is_exit_2_and_one_document(
    args: list[str], code: str, tmp_path: Path, capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAA_DASH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert main(["--json", *args]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["error"]["code"] == code
    assert document["error"]["message"]
    assert document["error"]["remedy"]
    assert document["problems"] == []
    assert not list(tmp_path.iterdir())


def test_without_json_the_sentence_goes_to_stderr(capsys: CAPSYS) -> None:
    assert main(["cuts", "--frobnicate", "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "There is no option --frobnicate.\nAdd --help to see the options.\n"


def test_global_options_stand_anywhere(tmp_path: Path, capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAA_DASH_LANG", "en")
    for args in (["--data", str(tmp_path), "--json", "cuts"], ["cuts", "--json", f"--data={tmp_path}"]):
        assert main(args) == 0
        out, err = capsys.readouterr()
        assert json.loads(out) == {"cuts": []}
        assert err == "There is no data cut yet.\n"
    assert main(["cuts", "--lang", "zh", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().err == "还没有数据版本。\n"


def test_a_defect_says_a_number_and_the_log_no_values(
    tmp_path: Path, capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise ValueError("patient P001")

    monkeypatch.setattr("saa_dash.services.cuts.list_cuts", fail)
    assert main(["cuts", "--json", "--lang", "en", "--data", str(tmp_path)]) == 4
    out, err = capsys.readouterr()
    message = json.loads(out)["error"]["message"]
    log = (tmp_path / "logs" / "errors.log").read_text()
    assert message.split()[-1].rstrip(".") in log
    assert "ValueError" in log
    assert "P001" not in log + err + out
    assert "Traceback" not in err


def test_the_module_runs_and_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from saa_dash.cli import main; main(['--help']);"
        "print([m for m in ('pandas', 'numpy', 'streamlit', 'duckdb', 'pyarrow', 'openpyxl') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    call = [sys.executable, "-m", "saa_dash", "--version"]
    done = subprocess.run(call, cwd=root, capture_output=True, text=True, env={**os.environ}, check=True)
    assert done.stdout.strip() == __version__
