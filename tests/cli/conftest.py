"""A synthetic workbook, a folder of CSV files, and a way to call the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import Outcome, Run

from saa_dash.cli import main


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the data directory ``data`` of the test, in English."""

    def call(*args: object) -> Outcome:
        capsys.readouterr()
        code = main([*map(str, args), "--data", str(tmp_path / "data"), "--lang", "en"])
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return call


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CSV files of three synthetic patients."""
    out = tmp_path_factory.mktemp("in") / "csv"
    assert main(["simulate", "--patients", "3", "--seed", "5", "--format", "csv", str(out)]) == 0
    return out


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of three synthetic patients."""
    out = tmp_path_factory.mktemp("in") / "form.xlsx"
    assert main(["simulate", "--patients", "3", "--seed", "5", str(out)]) == 0
    return out
