"""CR, PR, NR or NE from the chosen values, their support and a rule set.

"Is CR" and "is a response" are each true, false or unknown. A supported value at or above a threshold is not met, and
stands as still below in the SAA count; below it counts as below, supported or not; reticulocytes are judged regardless.

Decisions
---------
- Support unknown for any lineage: no CR and no PR, whatever the counts; only "no response" can still be certain,
  where the counts are below in any case. Such a visit is NE (SUPPORT_UNKNOWN), even if values are missing besides.
- The independence windows concern the requirement "transfusion independent" and the mark "still transfused" only;
  the look-backs of step 2 do not change with them. They are counted back from the panel date.
- CR does not ask for independence beyond step 2: the table of rule sets names it for PR alone.
- Where the longer look-back starts before the last ATG day, independence is not assessable, transfused or not.
- NR is SUPPORTED where the counts alone would not have settled it as no response, else BELOW.
- NE is NOT_ASSESSABLE where only independence is lacking, else MISSING.

Source: domain facts, section 2 steps 2 to 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..model.rules import RuleSet, Threshold
from .assessment import Assessment
from .logic import FALSE, TRUE, UNKNOWN, Tri, known, more_than, reaches, tri_and, tri_not, tri_or
from .support import PLATELET_DAYS, RBC_DAYS

# EndpointSettings.independence → look-back for red cells and platelets, days.
INDEPENDENCE_DAYS: Mapping[str, tuple[int, int]] = {
    "value_valid": (RBC_DAYS, PLATELET_DAYS),
    "28": (28, 28),
    "strict": (56, 28),
}


@dataclass(frozen=True)
class Judgement:
    """Each lineage against its thresholds: `met` the CR threshold, `below` that of SAA, `limit` the CR limit used.

    Where haemoglobin has no single limit (sex unknown) `limit` is NaN.
    """

    met: Mapping[str, Tri]
    below: Mapping[str, Tri]
    limit: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Decision:
    """The answer per assessment: three-valued, as shown, and why."""

    is_cr: Tri
    is_response: Tri
    shown: np.ndarray
    reason: np.ndarray


def cr_limits(threshold: Threshold, male: Tri, lower: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest limit that may apply; they differ only where the sex is unknown.

    Parameters
    ----------
    male : sex per assessment, UNKNOWN where not recorded. lower : the laboratory's lower limit of normal, or NaN.
    """
    if threshold.value is not None:
        fixed = np.full(len(male), float(threshold.value))
        return fixed, fixed
    men, women = float(threshold.male or np.nan), float(threshold.female or np.nan)
    own = np.where(male == TRUE, men, women)
    least = np.where(male == UNKNOWN, min(men, women), own)
    most = np.where(male == UNKNOWN, max(men, women), own)
    if not threshold.use_lln:
        return least, most
    return np.where(np.isnan(lower), least, lower), np.where(np.isnan(lower), most, lower)


def judge(assessment: Assessment, supported: Mapping[str, Tri], rules: RuleSet, arc_cut: float, male: Tri) -> Judgement:
    """Return each lineage against the thresholds of a rule set.

    Parameters
    ----------
    supported : per lineage, three-valued; a lineage left out is not supported.
    arc_cut : reticulocyte limit where the rule set has none of its own, 10^9/L.
    """
    none = np.full(len(assessment.panel), FALSE)
    met, below, limit = {}, {}, {}
    for threshold in rules.cr:
        test = threshold.test
        least, most = cr_limits(threshold, male, assessment.tests[test].lower)
        reached = reaches(*assessment.judged(test), least, strict=threshold.strict, limit_at_most=most)
        met[test] = tri_and(reached, tri_not(supported.get(test, none)))
        limit[test] = np.where(least == most, least, np.nan)
    saa = rules.saa
    for test, cut in {"ANC": saa.anc, "PLAT": saa.plat, "ARC": arc_cut if saa.arc is None else saa.arc}.items():
        reached = reaches(*assessment.judged(test), cut)
        below[test] = tri_or(tri_not(reached), supported.get(test, none))
    return Judgement(met, below, limit)


def independence(transfused: np.ndarray, unknown: np.ndarray, panel: np.ndarray, atg_end: np.ndarray, days: int) -> Tri:
    """Tell whether a patient is transfusion independent on the panel date.

    Parameters
    ----------
    transfused : inside the look-back. unknown : question not answered and no record. days : the longer look-back.
    """
    assessable = panel - days >= atg_end
    return np.where(~assessable, UNKNOWN, np.where(transfused, FALSE, np.where(unknown, UNKNOWN, TRUE)))


def _answers(judgement: Judgement, rules: RuleSet, independent: Tri) -> tuple[Tri, Tri, Tri]:
    is_cr = tri_and(*judgement.met.values())
    left_saa = tri_not(more_than(list(judgement.below.values()), rules.saa.max_below))
    partial = tri_and(left_saa, independent) if rules.pr_needs_independence else left_saa
    return is_cr, tri_or(is_cr, partial), left_saa


def _shown(is_cr: Tri, is_response: Tri) -> np.ndarray:
    return np.select(
        [is_cr == TRUE, (is_response == TRUE) & (is_cr == FALSE), is_response == FALSE],
        ["CR", "PR", "NR"],
        "NE",
    ).astype(object)


def decide(
    judgement: Judgement,
    unsupported: Judgement,
    rules: RuleSet,
    independent: Tri,
    support_unknown: np.ndarray,
    has_panel: np.ndarray,
) -> Decision:
    """Return the response of each assessment.

    Parameters
    ----------
    judgement : with support as it was. unsupported : the same counts as if there had been none.
    independent : three-valued, see `independence`. support_unknown : see the module's first decision.
    """
    is_cr, is_response, left_saa = _answers(judgement, rules, independent)
    held = support_unknown & (is_response != FALSE)
    is_cr = np.where(held & (is_cr == TRUE), UNKNOWN, is_cr)
    is_response = np.where(held, UNKNOWN, is_response)
    shown = _shown(is_cr, is_response)
    counts_alone = _answers(unsupported, rules, known(np.ones(len(shown), bool)))[1]
    only_independence = (is_cr == FALSE) & (left_saa == TRUE) & (independent == UNKNOWN)
    reason = np.select(
        [
            (shown == "CR") | (shown == "PR"),
            shown == "NR",
            ~has_panel,
            held,
            only_independence,
        ],
        ["", np.where(counts_alone == FALSE, "BELOW", "SUPPORTED"), "MISSING", "SUPPORT_UNKNOWN", "NOT_ASSESSABLE"],
        "MISSING",
    ).astype(object)
    return Decision(is_cr, is_response, shown, reason)


def provisional(level: np.ndarray, day: np.ndarray, apart: int) -> np.ndarray:
    """Tell which responses no second assessment confirms.

    An assessment confirms another if it shows at least the same response and lies at least `apart` days from it,
    before or after: two assessments at least 4 weeks apart are asked for, whichever comes first.

    Parameters
    ----------
    level : per subject (row) and visit (column): 2 CR, 1 at least PR, 0 neither. day : of the panels, NaN without.
    """
    gap = np.abs(day[:, :, None] - day[:, None, :])
    confirms = (level[:, None, :] >= level[:, :, None]) & (gap >= apart)
    return (level > 0) & ~confirms.any(axis=2)
