"""Columns of derived frames: text with missing values, and Y/N flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

_TEXT = pd.StringDtype(na_value=np.nan)  # what dtype="str" stands for; looking the word up costs more than the column


def text(values: np.ndarray) -> Any:
    """Return strings as the text type of the frames; "" and None are missing."""
    return pd.array(np.where(values == "", None, values), dtype=_TEXT)  # type: ignore[call-overload]


def flag(condition: np.ndarray) -> Any:
    """Return Y where the condition holds, else N."""
    return text(np.where(condition, "Y", "N").astype(object))


def coded(codes: np.ndarray, words: Sequence[str]) -> Any:
    """Return ``words[code]`` as the text type of the frames; a negative code and the word "" are missing.

    For long columns of few words: Arrow makes them without a Python object per row.
    """
    missing = [i for i, word in enumerate(words) if word == ""]
    mask = (codes < 0) | np.isin(codes, missing) if missing else codes < 0
    index = pa.array(np.where(mask, 0, codes).astype("int32"), mask=mask)
    values = pa.DictionaryArray.from_arrays(index, pa.array(list(words) or [""], pa.large_string()))
    return pd.StringDtype(na_value=np.nan).__from_arrow__(values.cast(pa.large_string()))  # type: ignore[attr-defined]


def mark(condition: np.ndarray) -> Any:
    """Return Y where the condition holds, missing elsewhere."""
    return coded(np.where(condition, 0, -1), ("Y",))
