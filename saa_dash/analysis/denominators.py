"""How many of how many: the counts behind ORR and CRR at a visit, for every denominator.

The primary denominator is the full analysis set whose visit is due (window end on or before the cut-off), dead or
alive alike. Those that are due and cannot be evaluated stay in it; the sensitivity analysis leaves them out. The
overall response counts what is known of "is a response", the complete response what is known of "is CR": one NE may
be known to be "at least PR".

Source: domain facts, section 2 step 6 and "Denominators".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .schedule import WEEKS

_READ = ("AVISITN", "AVALC", "RESPFL", "CRFL", "REASON", "PROVFL", "TRANSFL", "DUEFL", "MISSTEST")


@dataclass(frozen=True)
class Ratio:
    """x of n."""

    events: int
    total: int


@dataclass(frozen=True)
class VisitCounts:
    """Patients of the full analysis set at one visit.

    Parameters
    ----------
    week : 4, 8 or 12. full_analysis_set = due + not_yet_due. due : the primary denominator = cr + pr + nr + ne.
    at_least_pr : among ne, response certain. provisional : among cr and pr, unconfirmed.
    still_transfused : among pr. not_assessable : among ne, only independence lacking; no rate is printed then.
    responders, response_unknown : known responses, and unknown ones, among due. cr_unknown likewise.
    reasons : REASON → patients, among nr and ne. missing : lineage → patients among ne who lack a value of it.
    """

    week: int
    full_analysis_set: int
    due: int
    not_yet_due: int
    cr: int
    pr: int
    nr: int
    ne: int
    at_least_pr: int
    provisional: int
    still_transfused: int
    not_assessable: int
    responders: int
    response_unknown: int
    cr_unknown: int
    reasons: Mapping[str, int]
    missing: Mapping[str, int]

    @property
    def evaluable(self) -> int:
        """CR, PR or NR."""
        return self.cr + self.pr + self.nr

    @property
    def rate_printable(self) -> bool:
        """Whether a rate may be printed: everybody's independence can be assessed, where it is asked for."""
        return self.not_assessable == 0

    @property
    def orr(self) -> Ratio:
        """Overall response, primary denominator."""
        return Ratio(self.responders, self.due)

    @property
    def crr(self) -> Ratio:
        """Complete response, primary denominator."""
        return Ratio(self.cr, self.due)

    @property
    def orr_without_ne(self) -> Ratio:
        """Overall response, sensitivity: without those shown as NE, be they known to be at least PR."""
        return Ratio(self.cr + self.pr, self.evaluable)

    @property
    def crr_without_ne(self) -> Ratio:
        """Complete response, sensitivity: without those shown as NE."""
        return Ratio(self.cr, self.evaluable)


def _tally(names: np.ndarray) -> Mapping[str, int]:
    return dict(sorted(Counter(name for name in names if isinstance(name, str)).items()))


def _visit(columns: Mapping[str, np.ndarray], week: int) -> VisitCounts:
    here = columns["AVISITN"] == week
    text = {name: column[here] for name, column in columns.items()}
    shown, due = text["AVALC"], text["DUEFL"] == "Y"
    unevaluable = shown == "NE"
    lacking = [part for names in text["MISSTEST"][unevaluable] if isinstance(names, str) for part in names.split(",")]

    def count(condition: np.ndarray) -> int:
        return int(np.count_nonzero(condition))

    return VisitCounts(
        week=week,
        full_analysis_set=len(due),
        due=count(due),
        not_yet_due=count(~due),
        cr=count(shown == "CR"),
        pr=count(shown == "PR"),
        nr=count(shown == "NR"),
        ne=count(unevaluable),
        at_least_pr=count(unevaluable & (text["RESPFL"] == "Y")),
        provisional=count(text["PROVFL"] == "Y"),
        still_transfused=count(text["TRANSFL"] == "Y"),
        not_assessable=count(text["REASON"] == "NOT_ASSESSABLE"),
        responders=count(due & (text["RESPFL"] == "Y")),
        response_unknown=count(due & (text["RESPFL"] == "U")),
        cr_unknown=count(due & (text["CRFL"] == "U")),
        reasons=_tally(text["REASON"][(shown == "NR") | unevaluable]),
        missing=_tally(np.array(lacking, dtype=object)),
    )


def count_visits(response: pd.DataFrame) -> tuple[VisitCounts, ...]:
    """Return the counts at weeks 4, 8 and 12.

    Parameters
    ----------
    response : from `response.derive_response`, whole or restricted to a subgroup.
    """
    columns = {name: response[name].to_numpy(object) for name in _READ}
    return tuple(_visit(columns, week) for week in WEEKS)
