"""Columns of derived frames: text with missing values, and Y/N flags."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def text(values: np.ndarray) -> Any:
    """Return strings as the text type of the frames; "" and None are missing."""
    return pd.array(np.where(values == "", None, values), dtype="str")  # type: ignore[call-overload]


def flag(condition: np.ndarray) -> Any:
    """Return Y where the condition holds, else N."""
    return text(np.where(condition, "Y", "N").astype(object))
