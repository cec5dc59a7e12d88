"""Severity at baseline from the worst counts on days -28…-1 and the marrow, against the investigator's entry.

Decisions
---------
- Days -28…-1 count from the first ATG day whatever the origin in force; the first ATG day itself is not among them.
  Every value of these days counts (same-day duplicates too), supported or not: the worst is looked for.
- Marrow: below 25 %, or 25…50 % (ends included) with below 30 % residual haematopoietic cells. Without cellularity,
  or without residual cells where they decide, the counts alone decide: "count-compatible" (SEVBASIS COUNTS).
- ANC without a value: a WBC below the limit settles it, as for response.
- SEVERITY is given where every possible value of what is missing leads to the same answer; else SEVREAS MISSING.
  Neither SAA nor aplastic anaemia at entry by counts: no severity, SEVREAS NOT_AA. Never treated: NOT_TREATED.

Source: domain facts, section 1 and "Baseline" (Camitta).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .basis import Basis, prepare
from .columns import text
from .counts import COUNT_TESTS, LINEAGES, readings
from .days import Days, as_days
from .logic import BELOW, EXACT, FALSE, TRUE, UNKNOWN, Tri, letters, more_than, reaches, tri_and, tri_not, tri_or
from .lookup import positions, take
from .study_data import StudyData

BASELINE_FIRST, BASELINE_LAST = -28, -1

SAA_ANC, SAA_PLAT = 0.5, 20.0
VSAA_ANC = 0.2
AA_HGB, AA_PLAT, AA_ANC = 100.0, 50.0, 1.5
MARROW_LOW, MARROW_MIDDLE, RESIDUAL_LOW = 25.0, 50.0, 30.0


@dataclass(frozen=True)
class _Worst:
    """Values of days -28…-1 of one test: whose each is, and the lowest per subject (NaN without one)."""

    subject: np.ndarray
    value: np.ndarray
    reading: np.ndarray
    lowest: np.ndarray

    def below(self, limit: float) -> Tri:
        """Tell per subject whether any value lies below the limit; unknown without a value."""
        out = np.full(len(self.lowest), FALSE)
        np.maximum.at(out, self.subject, tri_not(reaches(self.value, self.reading, limit)))
        return np.where(np.isnan(self.lowest), UNKNOWN, out)


def _worst(basis: Basis, start: Days) -> Mapping[str, _Worst]:
    lb = basis.tables["LB"]
    first, last = lb.possible("LBDTC")
    offset = np.where(first == last, first, np.nan) - take(start, lb.position)
    inside = np.flatnonzero((offset >= BASELINE_FIRST) & (offset <= BASELINE_LAST) & (first <= basis.cutoff))
    rows = lb.frame[["LBTESTCD", "LBSTRESN", "LBCENS"]].iloc[inside]
    test, value = positions(rows["LBTESTCD"], COUNT_TESTS), rows["LBSTRESN"].to_numpy()
    subject, reading = lb.position[inside], readings(rows["LBCENS"])
    out = {}
    for i, name in enumerate(COUNT_TESTS):
        use = (test == i) & ~np.isnan(value)
        lowest = np.full(len(start), np.nan)
        np.fmin.at(lowest, subject[use], value[use])
        out[name] = _Worst(subject[use], value[use], reading[use], lowest)
    return out


def _anc_below(worst: Mapping[str, _Worst], limit: float) -> Tri:
    """Return ANC below the limit, from the WBC where ANC is missing (a WBC at or above it says nothing)."""
    wbc = worst["WBC"]
    settles = ((wbc.reading == EXACT) & (wbc.value < limit)) | ((wbc.reading == BELOW) & (wbc.value <= limit))
    by_wbc = np.full(len(wbc.lowest), UNKNOWN)
    by_wbc[wbc.subject[settles]] = TRUE
    return np.where(np.isnan(worst["ANC"].lowest), by_wbc, worst["ANC"].below(limit))


def _marrow(dm: pd.DataFrame) -> Tri:
    """Tell whether the marrow is that of SAA; unknown without the figures it takes."""
    cellularity, residual = (dm[name].to_numpy("float64", na_value=np.nan) for name in ("MARROWPC", "MARRESPC"))
    middle = (cellularity >= MARROW_LOW) & (cellularity <= MARROW_MIDDLE)
    yes = (cellularity < MARROW_LOW) | (middle & (residual < RESIDUAL_LOW))
    no = (cellularity > MARROW_MIDDLE) | (middle & (residual >= RESIDUAL_LOW))
    return np.where(yes, TRUE, np.where(no, FALSE, UNKNOWN))


def derive_severity(data: StudyData, arc_cut: float, basis: Basis | None = None) -> pd.DataFrame:
    """Return severity at baseline, one row per subject of DM, sorted by USUBJID.

    Parameters
    ----------
    arc_cut : reticulocytes below which they count as SAA, 10^9/L.

    Returns
    -------
    USUBJID; SEVERITY (VSAA/SAA/NSAA); SEVBASIS MARROW or COUNTS ("count-compatible"); SEVREAS why there is none
    (MISSING, NOT_AA, NOT_TREATED); SEVINV the investigator's entry; SEVAGREE Y/N (missing where either is);
    AAFL aplastic anaemia at entry by counts, SAAFL counts of SAA (Y/N/U); ANCMIN, HGBMIN, PLATMIN, ARCMIN worst values.
    """
    basis = basis or prepare(data)
    start = as_days(basis.anchors["ATGSDT"])
    located = basis.tables["DM"]
    dm = located.frame[["SEVERITY", "MARROWPC", "MARRESPC"]].iloc[located.one_row_each()]
    worst = _worst(basis, start)
    counts_saa = more_than([_anc_below(worst, SAA_ANC), worst["PLAT"].below(SAA_PLAT), worst["ARC"].below(arc_cut)], 1)
    entry = more_than([worst["HGB"].below(AA_HGB), worst["PLAT"].below(AA_PLAT), _anc_below(worst, AA_ANC)], 1)
    marrow = _marrow(dm)
    is_saa = np.where(marrow == UNKNOWN, counts_saa, tri_and(counts_saa, marrow))
    severity, reason = _name(is_saa, tri_and(is_saa, _anc_below(worst, VSAA_ANC)), tri_or(entry, is_saa))
    untreated = np.isnan(start)
    severity, reason = np.where(untreated, "", severity), np.where(untreated, "NOT_TREATED", reason)
    own = dm["SEVERITY"].to_numpy(object, na_value="")
    both = (severity != "") & (own != "")
    columns = {
        "USUBJID": basis.subjects,
        "SEVERITY": severity,
        "SEVBASIS": np.where(severity == "", "", np.where(marrow == UNKNOWN, "COUNTS", "MARROW")),
        "SEVREAS": reason,
        "SEVINV": own,
        "SEVAGREE": np.where(both, np.where(severity == own, "Y", "N"), ""),
        "AAFL": letters(entry),
        "SAAFL": letters(counts_saa),
    }
    lowest = {f"{test}MIN": worst[test].lowest for test in LINEAGES}
    return pd.DataFrame({name: text(column) for name, column in columns.items()} | lowest, copy=False)


def _name(is_saa: Tri, is_vsaa: Tri, is_aa: Tri) -> tuple[np.ndarray, np.ndarray]:
    cases = [is_vsaa == TRUE, (is_saa == TRUE) & (is_vsaa == FALSE), (is_saa == FALSE) & (is_aa == TRUE)]
    severity = np.select(cases, ["VSAA", "SAA", "NSAA"], "").astype(object)
    reason = np.where(is_aa == FALSE, "NOT_AA", np.where(severity == "", "MISSING", ""))
    return severity, reason.astype(object)
