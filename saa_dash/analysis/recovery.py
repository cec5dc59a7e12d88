"""Recovery times of neutrophils, platelets and haemoglobin.

Recovery is the first unsupported value at or above the threshold that is confirmed: another such value `confirm_min` to
`confirm_max` days later, both included, and no value below the threshold between the two. Or, by the rule for daily
counts (`recovery_rule` ``three_days``), the first of three such values on consecutive days.

Decisions
---------
- Values count from the origin on (offset 0 included), one a day as in `counts`; up to the day of HSCT or salvage.
- "<x" is below every threshold from x up, ">x" at or above every threshold up to x; otherwise such a value neither
  confirms nor breaks. WBC does not stand in for a missing ANC here: that is a rule of the visit.
- A value below breaks whether supported or not; a supported value at or above neither confirms nor breaks.
- A candidate fails when a value below comes first, or when counts go on beyond its window without a confirmation. It is
  open where the counts of the lineage end inside its window. The first open one censors.
- Death, HSCT or salvage without a recovery competes, also where a candidate was open (`tte`).
- At or above the threshold at baseline, supported or not: not at risk. Without a baseline value: at risk.
- No candidate, or only failed ones: censored at the last count of the lineage, or at the origin without any.

Source: domain facts, section 3; baseline: section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.settings import EndpointSettings
from .basis import Basis
from .counts import Series
from .days import as_days
from .logic import FALSE, TRUE, reaches
from .lookup import last_before, take, unpack
from .support import support_of
from .tte import (
    AT_BASELINE,
    CENSORED,
    COMPETING,
    EVENT,
    Candidates,
    Clock,
    Outcomes,
    first_per_subject,
)

# PARAMCD → lineage and threshold, 10^9/L or g/L.
THRESHOLDS: dict[str, tuple[str, float]] = {
    "TTANC05": ("ANC", 0.5),
    "TTANC10": ("ANC", 1.0),
    "TTPLT20": ("PLAT", 20.0),
    "TTPLT50": ("PLAT", 50.0),
    "TTPLT100": ("PLAT", 100.0),
    "TTHB80": ("HGB", 80.0),
    "TTHB100": ("HGB", 100.0),
}
LINEAGES = ("ANC", "PLAT", "HGB")
CONFIRMED, THREE_DAYS = "confirmed", "three_days"


@dataclass(frozen=True)
class _Lineage:
    """The counts of one lineage from the origin on.

    Parameters
    ----------
    series : values from the origin to HSCT or salvage. supported : per value.
    last : packed key of the subject's last value, by subject. baseline, baseline_reading : by subject.
    every_key : keys of all counts, also those before the origin.
    """

    series: Series
    supported: np.ndarray
    last: np.ndarray
    baseline: np.ndarray
    baseline_reading: np.ndarray
    every_key: np.ndarray


@dataclass(frozen=True)
class _Search:
    """By subject: day of the recovery, of the value that confirms it, of the open candidate; NaN without."""

    found: np.ndarray
    confirmed: np.ndarray
    open: np.ndarray


def _lineage(basis: Basis, test: str, series: Series, start: np.ndarray) -> _Lineage:
    atg = as_days(basis.anchors["ATGSDT"])
    everyone = np.arange(len(atg))
    before = last_before(series.key, everyone, atg, np.full(len(atg), -np.inf))
    subject, day = unpack(series.key)
    keep = day >= start[subject]
    own = Series(series.key[keep], series.value[keep], series.reading[keep], series.lower[keep])
    last = np.full(len(atg), -1)
    last[subject[keep]] = own.key
    supported = support_of(basis.support, test, subject[keep], day[keep]).within
    reading = take(series.reading, before, 0).astype("int8")
    return _Lineage(own, supported, last, take(series.value, before), reading, series.key)


def _next_key(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the first key at or after each wanted one, any subject's; a key beyond all where there is none."""
    beyond = np.append(keys, np.iinfo("int64").max)
    return beyond[np.searchsorted(keys, wanted)]


def _follow(
    high: np.ndarray, low: np.ndarray, last: np.ndarray, settings: EndpointSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Return the confirming key of each candidate (-1: none) and whether it is still open.

    Parameters
    ----------
    high, low : sorted packed keys of unsupported values at or above, and of values below. last : of each candidate's
        subject the key of the last count.
    """
    if settings.recovery_rule == THREE_DAYS:
        second, third = np.isin(high + 1, high), np.isin(high + 2, high)
        return np.where(second & third, high + 2, -1), (last == high) | (second & (last == high + 1))
    # Keys of one subject differ by days; the window stays inside the subject's own range of keys.
    broken = _next_key(low, high)
    confirming = _next_key(high, high + settings.confirm_min)
    confirmed = (confirming <= high + settings.confirm_max) & (confirming < broken)
    still_open = ~confirmed & (broken > last) & (last <= high + settings.confirm_max)
    return np.where(confirmed, confirming, -1), still_open


def _search(lineage: _Lineage, limit: float, settings: EndpointSettings, subjects: int) -> _Search:
    series = lineage.series
    reached = reaches(series.value, series.reading, limit)
    high, low = series.key[(reached == TRUE) & ~lineage.supported], series.key[reached == FALSE]
    confirming, still_open = _follow(high, low, lineage.last[unpack(high)[0]], settings)
    found = first_per_subject(high, confirming >= 0, subjects)
    waiting = first_per_subject(high, still_open, subjects)
    day = unpack(high)[1]
    return _Search(take(day, found), take(unpack(confirming)[1], found), take(day, waiting))


def _previous(keys: np.ndarray, day: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return each subject's last count before a day, not before `first`; NaN without."""
    return take(unpack(keys)[1], last_before(keys, np.arange(len(day)), day, first))


def _outcomes(param: str, lineage: _Lineage, clock: Clock, settings: EndpointSettings) -> Outcomes:
    start, rival = clock.start, clock.rival
    limit = THRESHOLDS[param][1]
    search = _search(lineage, limit, settings, len(start))
    recovered = ~np.isnan(search.found) & ~(rival < search.found)
    competes = ~recovered & ~np.isnan(rival)
    waiting = ~recovered & ~competes & ~np.isnan(search.open)
    last_count = np.where(lineage.last >= 0, unpack(lineage.last)[1], start)
    censored = np.where(waiting, search.open, last_count)
    day = np.where(recovered, search.found, np.where(competes, rival, censored))
    before = _previous(lineage.series.key, day, start)
    at_baseline = reaches(lineage.baseline, lineage.baseline_reading, limit) == TRUE
    named = np.where(waiting, "CANDIDATE_OPEN", "LAST_COUNT").astype(object)
    named = np.where(recovered, "RECOVERY", np.where(competes, clock.rival_kind, named))
    return Outcomes(
        param=param,
        why_absent=np.where((clock.absence == "") & at_baseline, AT_BASELINE, clock.absence),
        start=start,
        day=day,
        code=np.select([recovered, competes], [EVENT, COMPETING], CENSORED),
        description=named,
        low=np.where(recovered, np.where(np.isnan(before), start, before), day),
        candidates=Candidates(
            listed=recovered | waiting,
            confirmed=np.where(recovered, search.confirmed, np.nan),
            previous=_previous(lineage.every_key, day, np.full(len(day), -np.inf)),
        ),
    )


def derive_recovery(basis: Basis, clock: Clock, settings: EndpointSettings) -> tuple[Outcomes, ...]:
    """Return the recovery times TTANC05, TTANC10, TTPLT20, TTPLT50, TTPLT100, TTHB80 and TTHB100.

    Parameters
    ----------
    clock : from `tte.set_clock`. settings : recovery_rule, confirm_min and confirm_max are used.
    """
    lineages = {test: _lineage(basis, test, clock.counts[test], clock.start) for test in LINEAGES}
    return tuple(_outcomes(param, lineages[test], clock, settings) for param, (test, _) in THRESHOLDS.items())
