from __future__ import annotations

import pandas as pd
import pytest

from saa_dash.simulate.cohort import demo_cohort, simulate_cohort


@pytest.fixture(scope="session")
def many() -> dict[str, pd.DataFrame]:
    """Two thousand patients followed to the end."""
    return simulate_cohort(2000, seed=1)


@pytest.fixture(scope="session")
def few() -> dict[str, pd.DataFrame]:
    """Sixty patients followed to the end."""
    return simulate_cohort(60, seed=5)


@pytest.fixture(scope="session")
def demo() -> dict[str, pd.DataFrame]:
    """The ten patients of the shipped workbook."""
    return demo_cohort()
