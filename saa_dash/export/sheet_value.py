"""A value as a cell of a workbook can hold it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.cells import harmless


def sheet_value(value: object) -> object:
    """Return a value for a cell: missing is empty, infinite is a word, text is no formula, stamps lose their type."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "−∞"
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, str):
        return harmless(value)
    return value if isinstance(value, bool | int | float) or hasattr(value, "isoformat") else harmless(str(value))
