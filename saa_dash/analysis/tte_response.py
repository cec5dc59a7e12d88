"""Time to response (TTRESP, TTCR), duration of response (DOR) and time to relapse (TTREL).

Decisions
---------
- Response is that of the scheduled visits, weeks 4, 8 and 12, as derived; its day is that of the panel. TTRESP: CR or
  PR; TTCR: CR. Everybody of the full analysis set with an origin is at risk.
- Without response: death, HSCT or salvage competes; else censored at the last visit that could be judged (CR, PR, NR;
  a withdrawal is judged on its day), or at the origin without any.
- DOR and TTREL start with the first response; only responders are at risk. Both end with relapse (`relapse`), death
  competes, else censored at the last assessment. They differ in how they are read: DOR as a curve of those still in
  response, TTREL as a cumulative incidence.

Source: domain facts, section 2 ("Best response", "Relapse"); section 3 for what competes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.settings import EndpointSettings
from .basis import Basis
from .days import as_days
from .lookup import last_before, pack, positions, take, unpack
from .relapse import Relapse
from .tte import (
    CENSORED,
    COMPETING,
    EVENT,
    NO_RESPONSE,
    Outcomes,
    TimeToEvents,
    as_time_to_events,
    first_per_subject,
    first_rival,
    last_per_subject,
    start_and_absence,
)

_GOOD = {"TTRESP": ("CR", "PR"), "TTCR": ("CR",)}
_JUDGED = ("CR", "PR", "NR")


def _visits(basis: Basis, response: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return packed keys and AVALC of the judged visits, sorted by subject and day."""
    rows = response[response["AVALC"].isin(_JUDGED) & response["ADT"].notna()]
    key = pack(positions(rows["USUBJID"], basis.subjects), as_days(rows["ADT"]))
    order = np.argsort(key, kind="stable")
    return key[order], rows["AVALC"].to_numpy(object)[order]


def first_response(basis: Basis, response: pd.DataFrame) -> np.ndarray:
    """Return the day of each subject's first CR or PR at a scheduled visit, NaN without.

    Parameters
    ----------
    response : from `response.derive_response`.
    """
    key, shown = _visits(basis, response)
    return take(unpack(key)[1], first_per_subject(key, np.isin(shown, _GOOD["TTRESP"]), len(basis.subjects)))


def derive_time_to_response(
    basis: Basis, response: pd.DataFrame, param: str, settings: EndpointSettings
) -> TimeToEvents:
    """Return TTRESP or TTCR.

    Parameters
    ----------
    response : from `response.derive_response` under the same settings. param : ``TTRESP`` or ``TTCR``.
    settings : the origin is used.
    """
    size = len(basis.subjects)
    rival, rival_kind = first_rival(basis)
    start, absence = start_and_absence(basis, settings.origin, rival)
    key, shown = _visits(basis, response)
    found = take(unpack(key)[1], first_per_subject(key, np.isin(shown, _GOOD[param]), size))
    last = last_per_subject(key, np.ones(len(key), bool), size)
    responded, competes = ~np.isnan(found), np.isnan(found) & ~np.isnan(rival)
    day = np.where(responded, found, np.where(competes, rival, np.where(np.isnan(last), start, last)))
    before = take(unpack(key)[1], last_before(key, np.arange(size), found, start))
    outcomes = Outcomes(
        why_absent=absence,
        start=start,
        day=day,
        code=np.select([responded, competes], [EVENT, COMPETING], CENSORED),
        description=np.select(
            [responded, competes], ["RESPONSE" if param == "TTRESP" else "CR", rival_kind], "LAST_VISIT"
        ).astype(object),
        low=np.where(responded, np.where(np.isnan(before), start, before), day),
    )
    return as_time_to_events(basis, param, outcomes)


def derive_time_to_relapse(basis: Basis, since: np.ndarray, relapse: Relapse, param: str) -> TimeToEvents:
    """Return DOR or TTREL.

    Parameters
    ----------
    since : from `first_response`. relapse : from `relapse.derive_relapse`. param : ``DOR`` or ``TTREL``.
    """
    treated = basis.anchors["FASFL"].to_numpy(bool)
    death = as_days(basis.anchors["DTHDT"])
    relapsed = ~np.isnan(relapse.day) & ~(death < relapse.day)
    died = ~relapsed & ~np.isnan(death)
    day = np.where(relapsed, relapse.day, np.where(died, death, relapse.last))
    outcomes = Outcomes(
        why_absent=np.where(np.isnan(since) | ~treated, NO_RESPONSE, "").astype(object),
        start=since,
        day=day,
        code=np.select([relapsed, died], [EVENT, COMPETING], CENSORED),
        description=np.select([relapsed, died], [relapse.kind, "DEATH"], "LAST_ASSESSMENT").astype(object),
        low=np.where(relapsed, relapse.low, day),
    )
    return as_time_to_events(basis, param, outcomes)
