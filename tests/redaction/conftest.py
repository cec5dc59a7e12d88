"""The marked cut, made once, and people of each role."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.marked_cut import NUMBER, YEAR, make_marked_cut

from saa_dash.model.principal import local_principal
from saa_dash.services import review_deeds
from saa_dash.services.context import Request, open_view


@pytest.fixture(scope="session")
def marked_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the marked cut, and a query whose words hold a subject number and a date."""
    folder = tmp_path_factory.mktemp("marked") / "data"
    make_marked_cut(folder)
    view = open_view(local_principal(), Request(folder, "latest"))
    review_deeds.raise_query(local_principal(), view, "AE", (4,), "AETERM", f"{NUMBER}-04, {YEAR}-03-05?")
    return folder
