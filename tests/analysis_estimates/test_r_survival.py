"""Agreement with R to 1e-9: every file of tests/reference/r-survival."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from saa_dash.analysis.estimate_tables import cif_table, km_table, quantile_table
from saa_dash.analysis.incidence import compare_gray, compare_logrank

TOLERANCE = 1e-9
TABLES = {"km": km_table, "cif": cif_table, "quantiles": quantile_table}
FOLDER = Path(__file__).parents[1] / "reference" / "r-survival"
RESULTS = sorted(path.name for kind in TABLES for path in FOLDER.glob(f"*.{kind}.csv"))
TESTS = sorted(path.name for path in FOLDER.glob("*.tests.csv"))


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype={"group": str}, keep_default_na=False, na_values=["NA"])


def test_every_file_is_compared(reference: Path) -> None:
    inputs = {path.name for path in reference.glob("*.csv")} - set(RESULTS) - set(TESTS)
    assert len(inputs) == 6
    assert len(RESULTS) == 15
    assert len(TESTS) == 4


@pytest.mark.parametrize("name", RESULTS)
def test_estimates_as_r_gives_them(reference: Path, name: str) -> None:
    stem, kind, _ = name.split(".")
    found, expected = TABLES[kind](read(reference / f"{stem}.csv")), read(reference / name)
    assert list(found.columns) == list(expected.columns)
    for column in expected:
        ours, theirs = found[column].to_numpy(), expected[column].to_numpy()
        if column in ("group", "conf_type"):
            assert list(ours) == list(theirs)
        else:
            np.testing.assert_allclose(ours.astype(float), theirs.astype(float), rtol=0, atol=TOLERANCE, err_msg=column)


@pytest.mark.parametrize("name", TESTS)
def test_tests_as_r_gives_them(reference: Path, name: str) -> None:
    data = read(reference / name.replace(".tests", ""))
    for row in read(reference / name).itertuples():
        times = data["time"], data["event"], data["group"]
        found = compare_logrank(*times) if row.test == "logrank" else compare_gray(*times, cause=int(row.cause))
        assert found.df == row.df
        assert found.statistic == pytest.approx(row.statistic, abs=TOLERANCE)
        assert found.p == pytest.approx(row.p, abs=TOLERANCE)
