"""Permanent discontinuation of each component (停药): when, told by whom, why.

Source: domain facts, "Other decisions" (withdrawal). Decisions: see `exposure`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.vocabulary import ActionTaken, Disposition
from .adae import derive_adverse_events
from .basis import Basis, prepare
from .components import AE_COMPONENTS
from .days import as_dates, as_days
from .study_data import StudyData

_COLUMNS = ["USUBJID", "EXTRT", "DISCDT", "DISCSRC", "DISCREAS"]


def derive_discontinuations(
    data: StudyData, basis: Basis | None = None, adae: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return USUBJID, EXTRT, DISCDT, DISCSRC (DS or AE) and DISCREAS, one row per subject and component stopped.

    Parameters
    ----------
    basis, adae : where the caller already has them. DISCREAS is text as typed: DSREAS, or the term of the event.
    """
    basis = basis or prepare(data)
    adae = derive_adverse_events(data, basis) if adae is None else adae
    ds = basis.tables["DS"]
    day = ds.possible("DSSTDTC")[0]
    told = ds.is_code("DSDECOD", Disposition.DISCONTINUATION) & ds.frame["DSCOMP"].notna().to_numpy()
    chosen = np.flatnonzero(told & (ds.position >= 0) & ~(day > basis.cutoff))
    columns = {"EXTRT": "DSCOMP", "DISCREAS": "DSREAS"}
    parts = [pd.DataFrame({name: ds.frame[source].array[chosen] for name, source in columns.items()})]
    parts[0] = parts[0].assign(USUBJID=ds.frame["USUBJID"].array[chosen], day=day[chosen], DISCSRC="DS")
    for suffix, component in AE_COMPONENTS.items():
        rows = adae[(adae[f"AEACN{suffix}"] == ActionTaken.WITHDRAWN).to_numpy(bool)]
        parts.append(
            pd.DataFrame(
                {
                    "EXTRT": str(component),
                    "DISCREAS": rows["AETERM"].array,
                    "USUBJID": rows["USUBJID"].array,
                    "day": as_days(rows["ASTDT"]),
                    "DISCSRC": "AE",
                }
            )
        )
    events = pd.concat(parts, ignore_index=True)
    events = events.assign(late=events["DISCSRC"] == "AE")  # on one day DS is named
    order = ["USUBJID", "EXTRT", "day", "late", "DISCREAS"]
    first = events.sort_values(order, kind="stable").drop_duplicates(["USUBJID", "EXTRT"])
    first = first.assign(DISCDT=as_dates(first["day"].to_numpy("float64")))[_COLUMNS]
    return first.astype({name: "str" for name in _COLUMNS if name != "DISCDT"}).reset_index(drop=True)
