"""Overall survival (OS) and failure-free survival (FFS).

Decisions
---------
- Both start at the origin; OS ends with death, FFS with death, HSCT, salvage or relapse, whichever is first (on one
  day in this order). None of them competes with another.
- Without event: censored at the last-known-alive date, not before the origin.
- The study's end censors administratively: an event after it does not count, nor does follow-up.
- Median follow-up is the reverse Kaplan–Meier median of OS (`survival.estimate_follow_up`).

Source: domain facts, section 2 ("Failure-free survival").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from ..model.settings import EndpointSettings
from ..model.vocabulary import Origin
from .basis import Basis
from .days import as_days, day_number
from .relapse import Relapse
from .tte import CENSORED, EVENT, Outcomes, TimeToEvents, assemble, start_and_absence


def _outcomes(
    param: str,
    basis: Basis,
    settings: EndpointSettings,
    ends: tuple[np.ndarray, ...],
    kinds: tuple[np.ndarray | str, ...],
    lows: np.ndarray,
    study_end: date | None,
) -> Outcomes:
    """Return the first of several ends as the event; `lows`: last day known free of it where only seen later, NaN."""
    days = np.stack([np.where(np.isnan(end), np.inf, end) for end in ends])
    first = days.min(axis=0)
    named = np.stack([np.broadcast_to(np.asarray(kind, dtype=object), first.shape) for kind in kinds])
    which = days.argmin(axis=0)
    start, absence = start_and_absence(basis, settings.origin, first)
    close = np.inf if study_end is None else day_number(study_end)
    failed = np.isfinite(first) & (first <= close)
    alive = np.fmax(np.fmin(as_days(basis.anchors["LSTALVDT"]), close), start)
    alive = np.where(np.isnan(alive), start, alive)
    day = np.where(failed, first, alive)
    description = np.where(failed, np.take_along_axis(named, which[None], axis=0)[0], "ALIVE").astype(object)
    description = np.where(~failed & (day == close), "STUDY_END", description)
    low = np.where(failed & (which == len(ends) - 1) & ~np.isnan(lows), lows, day)
    return Outcomes(param, absence, start, day, np.where(failed, EVENT, CENSORED), description, low)


def derive_overall_survival(basis: Basis, settings: EndpointSettings, study_end: date | None = None) -> Outcomes:
    """Return OS.

    Parameters
    ----------
    settings : the origin is used. study_end : last day of the study, None where it is not known.
    """
    death = as_days(basis.anchors["DTHDT"])
    nothing = np.full(len(death), np.nan)
    return _outcomes("OS", basis, settings, (death,), ("DEATH",), nothing, study_end)


def derive_survival_from_first_dose(basis: Basis) -> TimeToEvents:
    """Return OS from the first dose of anything, for a cut in which nobody received ATG; who had none is absent."""
    anchors = basis.anchors.assign(ATGSDT=basis.anchors["TRTSDT"], FASFL=basis.anchors["SAFFL"])
    settings = EndpointSettings(origin=Origin.ATG_START)
    found = assemble(basis, [derive_overall_survival(replace(basis, anchors=anchors), settings)])
    return replace(found, absent=found.absent.assign(REASON="NOT_DOSED"))


def derive_failure_free_survival(
    basis: Basis, relapse: Relapse, settings: EndpointSettings, study_end: date | None = None
) -> Outcomes:
    """Return FFS.

    Parameters
    ----------
    relapse : from `relapse.derive_relapse`. settings, study_end : as in `derive_overall_survival`.
    """
    death, hsct, salvage = (as_days(basis.anchors[column]) for column in ("DTHDT", "HSCTDT", "SALVDT"))
    ends = (death, hsct, salvage, relapse.day)
    kinds = ("DEATH", "HSCT", "SALVAGE", relapse.kind)
    return _outcomes("FFS", basis, settings, ends, kinds, relapse.low, study_end)
