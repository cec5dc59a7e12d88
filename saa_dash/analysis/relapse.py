"""Relapse after response: SAA counts or transfusion need on two assessments at least 7 days apart, or new treatment.

Decisions
---------
- An assessment is a day with a count of ANC, haemoglobin or platelets after the response, up to HSCT or salvage. Its
  values are those of that day alone.
- SAA counts: more of ANC, platelets and reticulocytes below their limits than the rule set allows; a supported value
  stands as below, a missing one does not.
- Transfusion need: red cells within 14 days or platelets within 7 days before the assessment, *again*: after an
  assessment since the response (that one included) without need of the same product. A patient in "PR, still
  transfused" does not relapse by going on as before.
- "One septic transfusion is no relapse": two assessments that show nothing but the same transfusion do not make one;
  the second must show SAA counts or a transfusion given after the first.
- The two assessments need not follow each other directly; relapse is dated on the first.
- HSCT or salvage after the response is treatment restarted for counts: the reason is free text and not read. Other
  immunosuppression among the concomitant medication is not.

Source: domain facts, section 2 "Relapse"; step 2 for support.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.rules import SaaDefinition
from .assessment import panel_days
from .basis import Basis
from .days import as_days
from .logic import FALSE, reaches
from .lookup import last_before, next_on_or_after, take, unpack
from .support import PLATELET_DAYS, RBC_DAYS, support_of
from .tte import Clock, first_per_subject, last_per_subject

APART_DAYS = 7

_NEED = {"RBC": RBC_DAYS, "PLATELET": PLATELET_DAYS}


@dataclass(frozen=True)
class Relapse:
    """By subject; days since 1970-01-01.

    Parameters
    ----------
    day : NaN without relapse. kind : RELAPSE_COUNTS, RELAPSE_TRANSFUSION, HSCT, SALVAGE, "" without.
    low : the assessment before it. last : last assessment from the response on, NaN without response.
    """

    day: np.ndarray
    kind: np.ndarray
    low: np.ndarray
    last: np.ndarray


def _saa_counts(basis: Basis, clock: Clock, key: np.ndarray, saa: SaaDefinition, arc_cut: float) -> np.ndarray:
    limits = {"ANC": saa.anc, "PLAT": saa.plat, "ARC": arc_cut if saa.arc is None else saa.arc}
    below = np.zeros(len(key), dtype=int)
    subject, day = unpack(key)
    for test, limit in limits.items():
        series = clock.counts[test]
        if not len(series.key):
            continue
        index = np.minimum(np.searchsorted(series.key, key), len(series.key) - 1)
        has_value = series.key[index] == key
        low = reaches(series.value[index], series.reading[index], limit) == FALSE
        below += has_value & (low | support_of(basis.support, test, subject, day).within)
    return below > saa.max_below


def _renewed_need(basis: Basis, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each assessment shows transfusion need again, and the day of the latest such transfusion."""
    size = len(basis.subjects)
    subject, day = unpack(key)
    need, given = np.zeros(len(key), bool), np.full(len(key), -np.inf)
    for product, limit in _NEED.items():
        since = basis.support.classes[product].all.days_since(subject, day)
        within = since <= limit
        free_from = take(day, first_per_subject(key, ~within, size))
        again = within & (day > free_from[subject])
        need |= again
        given = np.where(again, np.fmax(given, day - since), given)
    return need, given


def _confirmed(basis: Basis, key: np.ndarray, counts: np.ndarray, need: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Tell which assessments are followed, 7 days or more later, by one that confirms relapse."""
    size = len(basis.subjects)
    subject, day = unpack(key)
    late = day + APART_DAYS
    last_bad = last_per_subject(key, counts | need, size)[subject]
    last_counts = last_per_subject(key, counts, size)[subject]
    # the latest transfusion shown from each assessment on: not that of the last one, whose look-back may hold less
    shown = pd.Series(given[::-1]).groupby(subject[::-1]).cummax().to_numpy()[::-1]
    shown = take(shown, next_on_or_after(key, subject, late, np.full(len(key), np.inf)), -np.inf)
    return np.where(counts, last_bad >= late, need & ((last_counts >= late) | (shown > day)))


def derive_relapse(basis: Basis, clock: Clock, response: np.ndarray, saa: SaaDefinition, arc_cut: float) -> Relapse:
    """Return the relapse of each responder.

    Parameters
    ----------
    clock : from `tte.set_clock`. response : day of the first response by subject, NaN for non-responders.
    saa : when counts are those of SAA. arc_cut : reticulocyte limit, 10^9/L, where `saa` gives none.
    """
    size = len(basis.subjects)
    panels = panel_days(clock.counts)
    key = panels[unpack(panels)[1] >= response[unpack(panels)[0]]]
    subject, day = unpack(key)
    counts = _saa_counts(basis, clock, key, saa, arc_cut) & (day > response[subject])
    need, given = _renewed_need(basis, key)
    index = first_per_subject(key, _confirmed(basis, key, counts, need, given), size)
    seen = take(day, index)
    hsct, salvage = (as_days(basis.anchors[column]) for column in ("HSCTDT", "SALVDT"))
    restart = np.fmin(hsct, salvage)
    restart = np.where(restart > response, restart, np.nan)
    by_treatment = ~np.isnan(restart) & ~(seen <= restart)
    relapsed = np.where(by_treatment, restart, seen)
    before = take(day, last_before(key, np.arange(size), relapsed, response))
    by_counts = take(counts, index, 0).astype(bool) & ~np.isnan(seen)
    kind = np.select(
        [by_treatment & (hsct <= np.where(np.isnan(salvage), np.inf, salvage)), by_treatment, by_counts],
        ["HSCT", "SALVAGE", "RELAPSE_COUNTS"],
        "RELAPSE_TRANSFUSION",
    ).astype(object)
    return Relapse(
        day=relapsed,
        kind=np.where(np.isnan(relapsed), "", kind),
        low=np.where(by_treatment, restart, np.where(np.isnan(before), response, before)),
        last=np.fmax(last_per_subject(key, np.ones(len(key), bool), size), response),
    )
