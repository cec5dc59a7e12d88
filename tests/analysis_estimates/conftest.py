"""The reference results computed by R."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of R's results: survival 3.5-3 ``survfit``, ``quantile``, ``survdiff``; cmprsk 2.2-11 ``cuminc``."""
    return Path(__file__).parents[1] / "reference" / "r-survival"
