"""One example cut that tests read and never change."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cut_maker import make_cut

from saa_dash.model.cut import CutInfo


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CutInfo]:
    """A data directory with the cut of the example tables."""
    data_dir = tmp_path_factory.mktemp("example")
    return data_dir, make_cut(data_dir)
