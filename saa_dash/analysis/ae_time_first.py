"""Time from the first dose to the first complication of each class, as outcomes that `curves.curve_of` reads.

Decisions
---------
- At risk is the safety set; time counts from the first dose of any component, 0 on that day. The event is the first
  treatment-emergent event of the class, whatever its grade.
- Only death competes. Transplantation and salvage end what is said of efficacy; adverse events go on being counted
  after them (`adae`), so they do not end the wait here.
- Without either: censored at the last day known alive. An event on the day of death is an event.

Source: domain facts, sections 2, 3 and 7 (Aalen–Johansen, never 1 - KM).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .ae_summary import CLASSES
from .complications import OVERALL
from .days import as_days
from .tte import CENSORED, COMPETING, EVENT

PARAM = "AE_"  # and the class: PARAMCD of these curves
NOT_DOSED = "NOT_DOSED"


def derive_first_events(adae: pd.DataFrame, anchors: pd.DataFrame, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the outcomes of one class, and who is not at risk.

    Parameters
    ----------
    adae, anchors : rows of the same patients. code : AECAT, or ALL for any class.

    Returns
    -------
    USUBJID, AVAL (days), EVNTCD (0 censored, 1 event, 2 competing), EVNTDESC (code of ``term.ttedesc``); USUBJID,
    REASON (code of ``term.tteabsent``).
    """
    treated = anchors["SAFFL"].to_numpy(bool)
    at_risk = anchors[treated]
    mine = adae["AECAT"].isin(CLASSES) if code == OVERALL else adae["AECAT"] == code
    rows = adae[(mine & (adae["TRTEMFL"] == "Y")).to_numpy(bool)]
    onset = pd.Series(as_days(rows["ASTDT"]), index=rows["USUBJID"].to_numpy(object)).groupby(level=0).min()
    start, death = as_days(at_risk["TRTSDT"]), as_days(at_risk["DTHDT"])
    first = onset.reindex(at_risk["USUBJID"]).to_numpy("float64")
    happened, died = ~np.isnan(first), ~np.isnan(death)
    day = np.where(happened, first, np.where(died, death, np.fmax(as_days(at_risk["LSTALVDT"]), start)))
    subjects = pd.DataFrame(
        {
            "USUBJID": at_risk["USUBJID"].to_numpy(object),
            "AVAL": day - start,
            "EVNTCD": np.select([happened, died], [EVENT, COMPETING], CENSORED).astype("int64"),
            "EVNTDESC": np.select([happened, died], ["AE_ONSET", "DEATH"], "ALIVE").astype(object),
        }
    )
    absent = pd.DataFrame({"USUBJID": anchors["USUBJID"].to_numpy(object)[~treated], "REASON": NOT_DOSED})
    return subjects, absent
