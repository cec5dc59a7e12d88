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

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .basis import Basis
from .days import as_days
from .lookup import last_before, pack, positions, take, unpack
from .relapse import Relapse
from .tte import (
    CENSORED,
    COMPETING,
    EVENT,
    NO_RESPONSE,
    Clock,
    Outcomes,
    first_per_subject,
    last_per_subject,
)

_GOOD = {"TTRESP": ("CR", "PR"), "TTCR": ("CR",)}
_JUDGED = ("CR", "PR", "NR")


@dataclass(frozen=True)
class JudgedVisits:
    """Scheduled visits that could be judged: packed keys of subject and day, sorted, and CR, PR or NR."""

    key: np.ndarray
    shown: np.ndarray


def judged_visits(basis: Basis, response: pd.DataFrame) -> JudgedVisits:
    """Return the judged visits of `response.derive_response`."""
    shown, day = response["AVALC"].to_numpy(object), as_days(response["ADT"])
    judged = np.isin(shown, _JUDGED) & ~np.isnan(day)
    key = pack(positions(response["USUBJID"], basis.subjects)[judged], day[judged])
    order = np.argsort(key, kind="stable")
    return JudgedVisits(key[order], shown[judged][order])


def first_response(basis: Basis, visits: JudgedVisits) -> np.ndarray:
    """Return the day of each subject's first CR or PR at a scheduled visit, NaN without."""
    return _first(visits, _GOOD["TTRESP"], len(basis.subjects))


def _first(visits: JudgedVisits, good: tuple[str, ...], subjects: int) -> np.ndarray:
    return take(unpack(visits.key)[1], first_per_subject(visits.key, np.isin(visits.shown, good), subjects))


def derive_time_to_response(basis: Basis, clock: Clock, visits: JudgedVisits, param: str) -> Outcomes:
    """Return TTRESP or TTCR.

    Parameters
    ----------
    clock : from `tte.set_clock`. visits : from `judged_visits`, of a response under the same origin.
    param : ``TTRESP`` or ``TTCR``.
    """
    size, start, rival, key = len(basis.subjects), clock.start, clock.rival, visits.key
    found = _first(visits, _GOOD[param], size)
    last = last_per_subject(key, np.ones(len(key), bool), size)
    responded, competes = ~np.isnan(found), np.isnan(found) & ~np.isnan(rival)
    day = np.where(responded, found, np.where(competes, rival, np.where(np.isnan(last), start, last)))
    before = take(unpack(key)[1], last_before(key, np.arange(size), found, start))
    return Outcomes(
        param=param,
        why_absent=clock.absence,
        start=start,
        day=day,
        code=np.select([responded, competes], [EVENT, COMPETING], CENSORED),
        description=np.select(
            [responded, competes], ["RESPONSE" if param == "TTRESP" else "CR", clock.rival_kind], "LAST_VISIT"
        ).astype(object),
        low=np.where(responded, np.where(np.isnan(before), start, before), day),
    )


def derive_time_to_relapse(basis: Basis, since: np.ndarray, relapse: Relapse, param: str) -> Outcomes:
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
    return Outcomes(
        param=param,
        why_absent=np.where(np.isnan(since) | ~treated, NO_RESPONSE, "").astype(object),
        start=since,
        day=day,
        code=np.select([relapsed, died], [EVENT, COMPETING], CENSORED),
        description=np.select([relapsed, died], [relapse.kind, "DEATH"], "LAST_ASSESSMENT").astype(object),
        low=np.where(relapsed, relapse.low, day),
    )
