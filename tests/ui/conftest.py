"""A data folder with the demo cut, made once, and the app started from its shell script."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.app import Open, opener

from saa_dash.model.principal import local_principal
from saa_dash.services.imports import make_demo_cut


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo installation, shared by all tests that only look: results are computed once."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    make_demo_cut(local_principal(), folder)
    shutil.copytree(folder, folder.with_name("untouched"))
    return folder


@pytest.fixture
def own_demo_dir(demo_dir: Path, tmp_path: Path) -> Path:
    """A copy of the demo installation for a test that writes, as it was before anybody looked at a patient."""
    return Path(shutil.copytree(demo_dir.with_name("untouched"), tmp_path / "data"))


@pytest.fixture
def open_demo(demo_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of the demo installation."""
    return opener(demo_dir, monkeypatch)


@pytest.fixture
def open_own_demo(own_demo_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of a demo installation that the test changes."""
    return opener(own_demo_dir, monkeypatch)


@pytest.fixture
def open_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of an empty installation."""
    return opener(tmp_path / "empty", monkeypatch)
