"""Recovery of the three lineages side by side: what `recovery` found, with the support given meanwhile.

No rule stands here. Recovery, its confirmation and candidates that wait for one are those of `tte.TimeToEvents`; the
first unsupported value at or above the threshold is only marked: where it is not the recovery, it was not confirmed.

Decisions
---------
- The first value marked counts from the origin on, up to HSCT or salvage (`logic.reaches`).
- All three lineages count as recovered where each has recovered, or stood at or above its threshold at baseline.
- The median is the day on which the cumulative incidence (Aalen-Johansen) reaches one half, its limits those at which
  the limits of the curve do so: the same reading as of a Kaplan-Meier curve (`quantiles`), never 1 - KM.

Source: domain facts, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .counts import readings
from .incidence import estimate_incidence
from .landmarks import median_of_incidence
from .limits import ConfType
from .logic import TRUE, reaches
from .proportions import IntervalMethod, Proportion, estimate_proportion
from .quantiles import Quantile
from .recovery import THRESHOLDS
from .tte import AT_BASELINE, CENSORED, COMPETING, EVENT

LINEAGES = ("ANC", "HGB", "PLAT")
# PARAMCD of each lineage by level of recovery.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "first": ("TTANC05", "TTHB80", "TTPLT20"),
    "full": ("TTANC10", "TTHB100", "TTPLT100"),
}
# Support that stands in each lineage's lane: transfusions as ticks, growth factors as bars.
TRANSFUSIONS = {"HGB": "RBC", "PLAT": "PLATELET"}
GROWTH = {"GCSF": "ANC", "PEGGCSF": "ANC", "EPO": "HGB", "TPO": "PLAT", "TPORA": "PLAT"}

RECOVERED, OPEN, BASELINE, RIVAL, WAITING = "RECOVERED", "OPEN", "BASELINE", "COMPETING", "WAITING"


@dataclass(frozen=True)
class LineageSummary:
    """What became of one lineage.

    Parameters
    ----------
    recovered : confirmed, of those at risk. open : at the threshold, not confirmed yet. rival : died, HSCT or salvage
    first. baseline : at or above the threshold before treatment, hence not at risk. median : days from the origin.
    """

    lineage: str
    param: str
    threshold: float
    recovered: Proportion
    open: int
    rival: int
    baseline: int
    median: Quantile | None
    conf_type: str


@dataclass(frozen=True)
class Trilineage:
    """What the panel shows; days are study days.

    Parameters
    ----------
    order : P-codes from top to bottom. lanes : PCODE, LINEAGE, STATUS (RECOVERED, OPEN, BASELINE, COMPETING, WAITING),
        DAY (of recovery, candidate or competing event, else NaN), CNFDY (of the confirming value), WHAT (EVNTDESC),
        FIRSTDY (first unsupported value at or above it), LASTDY (last count), LASTTX (last transfusion of the lineage).
    transfusions : PCODE, LINEAGE, ADY. growth : PCODE, LINEAGE, CLAS, FROM, TO.
    summaries : one per lineage. all_three : patients in whom all three have recovered, of those treated.
    origin : what the medians count from.
    """

    order: tuple[str, ...]
    lanes: pd.DataFrame
    transfusions: pd.DataFrame
    growth: pd.DataFrame
    summaries: tuple[LineageSummary, ...]
    all_three: Proportion
    origin: str
    day_one: str = "ATG"


def first_reached(counts: pd.DataFrame, param: str, origin_day: pd.Series) -> pd.Series:
    """Return the study day of the first unsupported value at or above a threshold, by PCODE.

    Parameters
    ----------
    counts : of `cohort_courses.derive_cohort_counts`, with PCODE. origin_day : study day of the origin by PCODE.
    """
    lineage, limit = THRESHOLDS[param]
    rows = counts[(counts["TEST"] == lineage) & ~counts["HELD"].to_numpy(bool)]
    begun = rows["ADY"].to_numpy() >= origin_day.reindex(rows["PCODE"]).to_numpy("float64")
    reached = reaches(rows["AVAL"].to_numpy(), readings(rows["CENS"]), limit) == TRUE
    return rows[begun & reached].groupby("PCODE")["ADY"].min()


def lanes_of(rows: pd.DataFrame, absent: pd.DataFrame, candidates: pd.DataFrame) -> pd.DataFrame:
    """Return one row per patient and parameter: PCODE, PARAMCD, STATUS, DAY, CNFDY, WHAT.

    Parameters
    ----------
    rows : PCODE, PARAMCD, EVNTCD, EVNTDESC, DAY. absent : PCODE, PARAMCD, REASON.
    candidates : PCODE, PARAMCD, CNFDY.
    """
    waiting = (rows["EVNTDESC"] == "CANDIDATE_OPEN").to_numpy(bool)
    code = rows["EVNTCD"].to_numpy()
    status = np.select([code == EVENT, code == COMPETING, waiting], [RECOVERED, RIVAL, OPEN], WAITING)
    told = rows.assign(STATUS=status, WHAT=rows["EVNTDESC"])
    told["DAY"] = told["DAY"].where(status != WAITING)
    told = told.merge(candidates[["PCODE", "PARAMCD", "CNFDY"]], on=["PCODE", "PARAMCD"], how="left")
    held = absent[absent["REASON"] == AT_BASELINE]
    before = held[["PCODE", "PARAMCD"]].assign(STATUS=BASELINE, DAY=np.nan, CNFDY=np.nan, WHAT=AT_BASELINE)
    columns = ["PCODE", "PARAMCD", "STATUS", "DAY", "CNFDY", "WHAT"]
    return pd.concat([told[columns], before[columns]], ignore_index=True)


def summarise_lineage(
    param: str, rows: pd.DataFrame, lanes: pd.DataFrame, interval: IntervalMethod, conf_type: ConfType
) -> LineageSummary:
    """Return the summary of one parameter.

    Parameters
    ----------
    rows : AVAL and EVNTCD of those at risk. lanes : of `lanes_of`, of this parameter.
    """
    code = rows["EVNTCD"].to_numpy()
    status = lanes["STATUS"]
    lineage, threshold = THRESHOLDS[param]
    return LineageSummary(
        lineage=lineage,
        param=param,
        threshold=threshold,
        recovered=estimate_proportion(int((code == EVENT).sum()), len(code), interval),
        open=int((status == OPEN).sum()),
        rival=int((code == COMPETING).sum()),
        baseline=int((status == BASELINE).sum()),
        median=median_time(rows["AVAL"].to_numpy(float), code, conf_type) if len(code) else None,
        conf_type=conf_type,
    )


def median_time(time: np.ndarray, code: np.ndarray, conf_type: ConfType) -> Quantile:
    """Return the time at which the cumulative incidence reaches one half; NaN where it or a limit does not."""
    if not (code != CENSORED).any():
        return Quantile(0.5, np.nan, np.nan, np.nan)
    return median_of_incidence(estimate_incidence(time, code)[0], conf_type)


def count_all_three(lanes: pd.DataFrame, order: tuple[str, ...], interval: IntervalMethod) -> Proportion:
    """Return in how many patients every lineage has recovered or was at its threshold at baseline."""
    done = lanes[lanes["STATUS"].isin([RECOVERED, BASELINE])].groupby("PCODE")["PARAMCD"].nunique()
    return estimate_proportion(int((done == len(LINEAGES)).sum()), len(order), interval)
