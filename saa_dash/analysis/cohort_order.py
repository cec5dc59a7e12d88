"""In what order the patients of a cohort stand under one another.

Orders
------
- number   : by code.
- response : by the response shown last (CR, PR, NR, NE, none yet), then by the visits before it, then by code.
- severity : VSAA, SAA, NSAA, not known; then by response.
- time     : longest on study first.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .pcode_order import patient_order
from .schedule import WEEKS

ORDERS = ("response", "severity", "time", "number")
_STATES = ("CR", "PR", "NR", "NE")
_SEVERITIES = ("VSAA", "SAA", "NSAA")


def order_patients(patients: pd.DataFrame, response: pd.DataFrame, by: str) -> list[str]:
    """Return the P-codes in an order.

    Parameters
    ----------
    patients : PCODE, SEVERITY, LAST (study day of last contact). response : PCODE, AVISITN, AVALC; may be empty.
    by : of `ORDERS`.
    """
    rows = patients.sort_values("PCODE", key=patient_order, ignore_index=True)
    code = rows["PCODE"]
    if by == "number":
        return [str(name) for name in code]
    if by == "time":
        last = rows["LAST"].fillna(-np.inf).to_numpy("float64")
        return [str(name) for name in code.iloc[np.argsort(-last, kind="stable")]]
    keys = [_ranks(response, code, week) for week in WEEKS]  # lexsort: the last key decides first
    shown = np.stack(keys)
    latest = np.full(len(code), len(_STATES))
    for rank in shown:  # visits in order: a later one overwrites an earlier one where it was assessed
        latest = np.where(rank < len(_STATES), rank, latest)
    sort_keys = [*keys, latest]
    if by == "severity":
        place = {name: i for i, name in enumerate(_SEVERITIES)}
        sort_keys.append(np.array([place.get(name, len(place)) for name in rows["SEVERITY"]]))
    return [str(name) for name in code.iloc[np.lexsort(sort_keys)]]


def _ranks(response: pd.DataFrame, code: pd.Series, week: int) -> np.ndarray:
    """Return the rank of each patient's response at a visit; beyond all where it is not assessed yet."""
    here = response[response["AVISITN"] == week].drop_duplicates("PCODE").set_index("PCODE")["AVALC"]
    place = {name: i for i, name in enumerate(_STATES)}
    return np.array([place.get(name, len(place)) for name in here.reindex(code)])
