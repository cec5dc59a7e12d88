"""Arrays as a site would type them: whole numbers, few decimals, "<0.1", blanks; and runs of equal days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .draws import Array
from .timeline import FIRST


def whole(values: Array) -> Array:
    """Return Python integers in an object array."""
    return np.asarray(np.round(values).astype(np.int64).astype(object))


def decimal(values: Array, places: int) -> Array:
    """Return Python floats rounded to `places` in an object array."""
    return np.asarray(np.round(np.asarray(values, dtype=float), places).astype(object))


def blank(values: Array, missing: Array) -> Array:
    """Return the values with None where `missing`."""
    return either(missing, None, values)


def below(values: Array, limit: str, censored: Array) -> Array:
    """Return the values with ``<limit`` where `censored`."""
    return np.where(censored, f"<{limit}", np.asarray(values, dtype=object))


def either(condition: Array, yes: object, no: object) -> Array:
    """Return `yes` where the condition holds, else `no`, as cells (either may be None or an array)."""
    chosen, otherwise = np.asarray(yes, dtype=object), np.asarray(no, dtype=object)
    return np.asarray(np.where(condition, chosen, otherwise))


def yes_no(values: Array) -> Array:
    """Return Y / N."""
    return np.where(values, "Y", "N").astype(object)


def frame(columns: Mapping[str, object]) -> pd.DataFrame:
    """Return a frame of object columns, so that what was typed stays as it was typed."""
    cells = {name: np.asarray(values, dtype=object) for name, values in columns.items()}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()})


def stretches(grid: Array) -> tuple[Array, Array, Array, Array]:
    """Return the runs of equal non-zero values along days.

    Parameters
    ----------
    grid : (patients, days), numbers or booleans.

    Returns
    -------
    patient, first offset, last offset, value: one entry per run, ordered by patient and day.
    """
    values = np.asarray(grid, dtype=float)
    edge = np.ones((len(values), 1), dtype=bool)
    change = values[:, 1:] != values[:, :-1]
    begins = np.concatenate([edge, change], axis=1) & (values != 0)
    ends = np.concatenate([change, edge], axis=1) & (values != 0)
    patient, first = np.nonzero(begins)
    last = np.nonzero(ends)[1]
    return patient, first + FIRST, last + FIRST, values[patient, first]
