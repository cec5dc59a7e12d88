"""Shared fixtures of the import tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from support.crf_sheets import STUDY, small_study

from saa_dash.ingest.pipeline import Incoming, read_incoming
from saa_dash.ingest.template import write_template

Tables = dict[str, pd.DataFrame]


@pytest.fixture
def tables() -> Tables:
    """Three subjects with something on every sheet."""
    return small_study()


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three subjects as a CRF workbook."""
    path = tmp_path_factory.mktemp("workbook") / "crf.xlsx"
    write_template(path, tables=small_study(), study=STUDY)
    return path


@pytest.fixture(scope="session")
def from_workbook(workbook: Path) -> Incoming:
    """What the import makes of that workbook."""
    return read_incoming(workbook, study=STUDY, cutoff=None)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write tables as a folder of CSV files and return its path."""

    def write(tables: Mapping[str, pd.DataFrame], encoding: str = "utf-8", separator: str = ",") -> Path:
        path = tmp_path / f"csv-{encoding}"
        path.mkdir(exist_ok=True)
        for code, frame in tables.items():
            frame.to_csv(path / f"{code}.csv", index=False, encoding=encoding, sep=separator)
        info = f"key{separator}value\nstudy{separator}{STUDY}\nform_version{separator}1\nsynthetic{separator}N\n"
        (path / "INFO.csv").write_text(info, encoding=encoding)
        return path

    return write
