"""Best response over the scheduled visits, as rows of ADRS (PARAMCD BOR).

Decisions
---------
- Best of what is shown at weeks 4, 8 and 12: CR, PR, NE known to be at least PR, NR, NE, not yet due, in this order;
  the first visit that shows it gives date and reason. A visit that could not be evaluated does not hide an NR.
- NE known to be at least PR stays NE with ATLPRFL Y: whether the best was CR or PR is not known.
- It may still rise while a visit is not yet due: OPENFL Y.

Source: domain facts, section 2 "Best response" (scheduled visits only).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .columns import flag, text
from .schedule import WEEKS

_ORDER = ("CR", "PR", "", "NR", "NE", "NYD")
_AT_LEAST_PR = _ORDER.index("")
_KEPT = ("USUBJID", "PARAMCD", "ADT", "ADY", "AVALC", "REASON", "EVALFL", "CRITVER", "ATLPRFL", "PROVFL")


def derive_best_response(response: pd.DataFrame) -> pd.DataFrame:
    """Return one row per subject: the best response shown, with FROMVIS, the visit (4, 8, 12) that first shows it.

    Parameters
    ----------
    response : from `response.derive_response`: every subject with its three visits, in this order.
    """
    shown = response["AVALC"].to_numpy(object)
    rank = np.select([shown == name for name in _ORDER], range(len(_ORDER)))
    rank = np.where(response["ATLPRFL"].to_numpy(object) == "Y", _AT_LEAST_PR, rank).reshape(-1, len(WEEKS))
    best = rank.argmin(axis=1) + np.arange(len(rank)) * len(WEEKS)
    undue = (shown == "NYD").reshape(-1, len(WEEKS)).any(axis=1)
    columns: dict[str, object] = {name: response[name].array[best] for name in _KEPT}
    columns |= {"PARAMCD": text(np.full(len(best), "BOR", dtype=object)), "OPENFL": flag(undue)}
    return pd.DataFrame(columns | {"FROMVIS": response["AVISITN"].to_numpy()[best]})
