"""ADRS: response at weeks 4, 8 and 12 (OVRLRESP) and best response (BOR) in one frame.

A BOR row has no visit; it carries date, value and reason of the visit that first shows the best response, and none of
the deciding values, which stand in that visit's own row.

Source: CONTRACT, ADRS.
"""

from __future__ import annotations

import pandas as pd

from .best_response import derive_best_response

_FIRST = ("USUBJID", "PARAMCD", "AVISIT", "AVISITN", "ADT", "ADY", "AVALC", "REASON", "EVALFL", "CRITVER")


def derive_adrs(response: pd.DataFrame) -> pd.DataFrame:
    """Return OVRLRESP and BOR rows, sorted by USUBJID, OVRLRESP by visit first.

    Parameters
    ----------
    response : from `response.derive_response`.
    """
    best = derive_best_response(response).drop(columns="FROMVIS")
    visits = response.assign(AVISITN=response["AVISITN"].astype("Int64"))
    best = best.assign(AVISITN=pd.array([pd.NA] * len(best), dtype="Int64"))
    columns = [*_FIRST, *(name for name in response.columns if name not in _FIRST), "OPENFL"]
    stacked = pd.concat([visits, best], ignore_index=True).reindex(columns=columns)
    return stacked.sort_values(["USUBJID", "PARAMCD", "AVISITN"], ascending=[True, False, True], ignore_index=True)
