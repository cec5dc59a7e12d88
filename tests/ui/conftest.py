"""A data folder with the demo cut, made once, and the app started from its shell script."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.app import Open, opener

from saa_dash.model.principal import local_principal
from saa_dash.services.imports import make_demo_cut


@pytest.fixture(scope="session")
def _demo_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    make_demo_cut(local_principal(), folder)
    return folder


@pytest.fixture
def demo_dir(_demo_made: Path, tmp_path: Path) -> Path:
    """A copy of the demo installation of one's own."""
    return Path(shutil.copytree(_demo_made, tmp_path / "data"))


@pytest.fixture
def open_demo(demo_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of the demo installation."""
    return opener(demo_dir, monkeypatch)


@pytest.fixture
def open_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of an empty installation."""
    return opener(tmp_path / "empty", monkeypatch)
