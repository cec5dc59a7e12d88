"""The marked cut, made once, and people of each role."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.marked_cut import make_marked_cut


@pytest.fixture(scope="session")
def marked_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the marked cut."""
    folder = tmp_path_factory.mktemp("marked") / "data"
    make_marked_cut(folder)
    return folder
