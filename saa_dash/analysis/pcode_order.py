"""The order of P-codes: P2 comes before P10, P99 before P100."""

from __future__ import annotations

import pandas as pd


def patient_order(column: pd.Series) -> pd.Series:
    """Return what a column is sorted by: of PCODE its number, any other as it is (a ``key`` of `sort_values`)."""
    return column.str.slice(1).astype("int64") if column.name == "PCODE" else column
