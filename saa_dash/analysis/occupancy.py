"""How many patients stand where on each study day: the swimmer figure of many patients, counted.

Decisions
---------
- Only patients with a day 1 are counted; every one of them stands somewhere on every day.
- Up to the day of death, withdrawal, loss or completion a patient is in its response state ("" before the first
  assessed visit, after transplant or salvage therapy, and wherever no response is assessed); from the day after, in
  what ended it.
- Who is still followed and has not come that far is AHEAD, not lost.

Source: domain facts, section 2; status as in `status`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .results import Swimmer

ENDS = ("COMPLETED", "LOST", "WITHDRAWAL", "DEATH")
STATES = ("CR", "PR", "NR", "NE", "", "AHEAD", *ENDS)
_WEEK, _MOST_BARS = 7.0, 60


def occupancy_days(last: float) -> np.ndarray:
    """Return the study days to count on: day 1, then every week, rarer on long axes, up to `last`."""
    weeks = max(1.0, np.ceil(max(last - 1, 0.0) / _WEEK / _MOST_BARS))
    return np.arange(1.0, max(last, 1.0) + 1, weeks * _WEEK)


def count_states(swimmer: Swimmer, days: np.ndarray) -> pd.DataFrame:
    """Return ADY, STATE (of `STATES`), N: patients in each state on each day, those without any left out.

    Parameters
    ----------
    days : study days. All patients stand somewhere: N adds up to the number of patients on each day.
    """
    patients = swimmer.patients
    status = patients["STATUS"].to_numpy(object)
    end = _ends(swimmer)
    parts = [_counted(days, kind, _reached(end[status == kind] + 1, days)) for kind in ENDS]
    parts.append(_counted(days, "AHEAD", _reached(end[~np.isin(status, ENDS)] + 1, days)))
    spans = swimmer.states.merge(patients[["PCODE", "LAST"]].assign(END=end), on="PCODE")
    spans = spans[spans["FROM"] <= spans["END"]]
    lasting = (spans["TO"] > spans["LAST"]).to_numpy(bool)
    after = spans["END"].to_numpy("float64") + 1
    until = np.where(lasting, after, np.fmin(spans["TO"].to_numpy("float64"), after))
    begun, state = spans["FROM"].to_numpy("float64"), spans["STATE"].to_numpy(object)
    unassessed = ~np.isin(state, STATES[:4])
    for name in STATES[:5]:
        mine = unassessed if name == "" else state == name
        parts.append(_counted(days, name, _reached(begun[mine], days) - _reached(until[mine], days)))
    table = pd.concat(parts, ignore_index=True)
    return table[table["N"] > 0].reset_index(drop=True)


def _ends(swimmer: Swimmer) -> np.ndarray:
    """Return the last day of each patient in its state: that of what ended it, else of the last contact."""
    patients = swimmer.patients
    events = swimmer.events.merge(patients[["PCODE", "STATUS"]], on="PCODE")
    ended = events[events["KIND"] == events["STATUS"]].groupby("PCODE")["ADY"].max()
    day = ended.reindex(patients["PCODE"]).to_numpy("float64")
    return np.where(np.isnan(day), patients["LAST"].to_numpy("float64"), day)


def _reached(times: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return how many times lie on or before each day."""
    return np.searchsorted(np.sort(times), days, side="right").astype("int64")


def _counted(days: np.ndarray, state: str, n: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"ADY": days, "STATE": state, "N": n})
