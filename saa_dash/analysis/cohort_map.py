"""Patient by visit: the response, and how far each lineage has come at the assessment that decides it.

How far a lineage has come (LEVEL)
----------------------------------
- CR        : reaches the limit of CR, unsupported.
- FREE      : not that, but no longer below the limit of SAA (haemoglobin has none, so it is never FREE).
- SUPPORTED : a transfusion or growth factor holds the value above the lowest limit of its lineage: it does not count.
- BELOW     : below that limit.
- UNKNOWN   : no value, or whether it was supported is not known.
Visits that are settled without counts (death, HSCT, salvage, withdrawal, never infused, not yet due) have no level.

Nothing is decided here: the answers are those of `response.derive_response`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .denominators import VisitCounts
from .lookup import positions

LINEAGES = ("ANC", "HGB", "PLAT")
LEVELS = ("CR", "FREE", "SUPPORTED", "BELOW", "UNKNOWN")
STATES = ("CR", "PR", "NR", "NE", "NYD")


@dataclass(frozen=True)
class ResponseMap:
    """What the figure shows.

    Parameters
    ----------
    order : P-codes from top to bottom. severity : by P-code, "" where not known.
    visits : PCODE, WEEK, STATE (of `STATES`), REASON, SIGN (* provisional, t still transfused, + at least PR, "").
    best : PCODE, STATE, OPEN (it may still rise).
    lineages : PCODE, WEEK, LINEAGE, LEVEL (of `LEVELS`). last : denominators of the last visit.
    """

    order: tuple[str, ...]
    severity: dict[str, str]
    visits: pd.DataFrame
    best: pd.DataFrame
    lineages: pd.DataFrame
    last: VisitCounts


def derive_levels(response: pd.DataFrame, saa: dict[str, float]) -> pd.DataFrame:
    """Return USUBJID, WEEK, LINEAGE, LEVEL of every visit that counts decide.

    Parameters
    ----------
    response : from `response.derive_response`. saa : limit of SAA by lineage, where it has one.
    """
    parts = []
    for name in LINEAGES:
        if f"{name}CR" not in response:  # not every rule set judges every lineage
            continue
        met = response[f"{name}CR"].to_numpy(object)
        below = response[f"{name}SAA"].to_numpy(object) if f"{name}SAA" in response else np.full(len(met), "")
        supported = (response[f"{name}SUP"] == "Y").to_numpy(bool)
        value = response[name].to_numpy("float64")
        lowest = np.full(len(met), saa[name]) if name in saa else response[f"{name}LIM"].to_numpy("float64")
        unknown = (met == "U") | (below == "U") | np.isnan(value)
        level = np.select(
            [met == "Y", below == "N", unknown, supported & (value >= lowest)],
            ["CR", "FREE", "UNKNOWN", "SUPPORTED"],
            "BELOW",
        )
        part = response[["USUBJID", "AVISITN"]].rename(columns={"AVISITN": "WEEK"})
        counted = positions(response[f"{name}CR"], ("Y", "N", "U")) >= 0
        parts.append(part.assign(LINEAGE=name, LEVEL=level.astype(object))[counted])
    return pd.concat(parts, ignore_index=True)


def runs_of(states: pd.Series) -> pd.DataFrame:
    """Return stretches of equal states: STATE, FROM (place of the first), N; for columns of many patients."""
    values = states.to_numpy(object)
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
    lengths = np.diff(np.append(starts, len(values)))
    return pd.DataFrame({"STATE": values[starts], "FROM": starts, "N": lengths})
