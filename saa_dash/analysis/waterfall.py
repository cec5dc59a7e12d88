"""The best change of each patient's blood counts from baseline that no transfusion or growth factor held up.

Decisions
---------
- Best is the highest value from day 1 on, up to HSCT or salvage, with no support of its lineage inside the look-back of
  the rules (`support`): a supported value neither counts nor is replaced by one nearby. The first of equal ones counts.
- The baseline is the last value before day 1. One that was itself supported is kept and marked: the change is then
  smaller than it would otherwise be.
- "<x" enters as x. Whether a limit is reached is judged as for the response (`logic.reaches`).
- Who has no bar is listed: without a baseline, without a value from day 1 on, or with supported values only.

Source: domain facts, section 2 "Baseline", steps 2 and 7; section 3 (counts after HSCT or salvage do not exist).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .counts import readings
from .logic import TRUE, reaches
from .pcode_order import patient_order

NO_BASELINE, NO_VALUE, ALL_SUPPORTED = "NO_BASELINE", "NO_VALUE", "ALL_SUPPORTED"
LEVELS = ("CR", "FREE", "BELOW")  # reaches the limit of CR; no longer below that of SAA; below it


@dataclass(frozen=True)
class Limits:
    """Limits of one lineage in the rule set in force.

    Parameters
    ----------
    cr : that of CR, None where it depends on the patient. strict : it must be exceeded.
    saa : that of SAA, None without.
    """

    cr: float | None
    strict: bool
    saa: float | None


@dataclass(frozen=True)
class LineageChange:
    """Best change of one lineage.

    Parameters
    ----------
    bars : PCODE, BASE, BASECENS, BASEHELD, AVAL (best), CENS, ADY (of it), CHG, LEVEL (of `LEVELS`, "" without limits);
        greatest change first. left_out : P-codes by reason. supported : values left out as supported, of all patients.
    limits : None where no rule applies.
    """

    lineage: str
    bars: pd.DataFrame
    left_out: Mapping[str, tuple[str, ...]]
    supported: int
    limits: Limits | None

    @property
    def patients(self) -> int:
        """Patients with or without a bar."""
        return len(self.bars) + sum(len(codes) for codes in self.left_out.values())

    @property
    def risen(self) -> int:
        """Patients whose best value lies above their baseline."""
        return int((self.bars["CHG"] > 0).sum())


def best_change(
    counts: pd.DataFrame, pcodes: Sequence[str], lineage: str, limits: Limits | None = None
) -> LineageChange:
    """Return the best unsupported change of one lineage.

    Parameters
    ----------
    counts : columns of `cohort_courses.derive_cohort_counts` with PCODE in place of USUBJID. pcodes : the treated.
    """
    rows = counts[counts["TEST"] == lineage]
    after = rows[rows["ADY"] >= 1]
    free = after[~after["HELD"].to_numpy(bool)]
    best = free.sort_values(["AVAL", "ADY"], ascending=[False, True]).drop_duplicates("PCODE")
    based, measured, unsupported = (set(part["PCODE"]) for part in (rows[rows["BASEFL"]], after, free))
    reasons = {
        NO_BASELINE: [code for code in pcodes if code not in based],
        NO_VALUE: [code for code in pcodes if code in based and code not in measured],
        ALL_SUPPORTED: [code for code in pcodes if code in based and code in measured and code not in unsupported],
    }
    bars = best[best["PCODE"].isin(list(pcodes)) & best["BASE"].notna()]
    bars = bars.sort_values("PCODE", key=patient_order).sort_values("CHG", ascending=False, kind="stable")
    columns = ["PCODE", "BASE", "BASECENS", "BASEHELD", "AVAL", "CENS", "ADY", "CHG"]
    return LineageChange(
        lineage=lineage,
        bars=bars[columns].assign(LEVEL=_levels(bars, limits)).reset_index(drop=True),
        left_out={reason: tuple(codes) for reason, codes in reasons.items() if codes},
        supported=len(after) - len(free),
        limits=limits,
    )


def _levels(bars: pd.DataFrame, limits: Limits | None) -> np.ndarray:
    if limits is None:
        return np.full(len(bars), "", dtype=object)
    value, reading = bars["AVAL"].to_numpy(), readings(bars["CENS"])
    complete = np.zeros(len(bars), bool)
    if limits.cr is not None:
        complete = reaches(value, reading, limits.cr, strict=limits.strict) == TRUE
    free = np.zeros(len(bars), bool) if limits.saa is None else reaches(value, reading, limits.saa) == TRUE
    return np.select([complete, free], ["CR", "FREE"], "BELOW").astype(object)
