"""A cut that holds something for every dataset, exported once in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cut_maker import make_cut
from support.rich_cut import rich_tables

from saa_dash.export.writing import FORMATS
from saa_dash.model.cut import CutInfo
from saa_dash.model.principal import local_principal
from saa_dash.services.export import export_cut


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CutInfo]:
    """A data directory with that cut."""
    data_dir = tmp_path_factory.mktemp("data")
    return data_dir, make_cut(data_dir, tables=rich_tables(), synthetic=True)


@pytest.fixture(scope="session")
def exported(cut: tuple[Path, CutInfo], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Format → folder with its files."""
    data_dir, info = cut
    root = tmp_path_factory.mktemp("out")
    for fmt in FORMATS:
        export_cut(local_principal(), data_dir, info.cut_id, root / fmt, fmt)
    return {fmt: root / fmt for fmt in FORMATS}
