"""Courses of one test over study days: values of each patient, or quantiles of many in time bins.

Decisions
---------
- A bin is centred on whole multiples of its width after day 1, so that weeks 4, 8 and 12 are centres; in a bin a
  patient counts once, with the value nearest to the centre, the earlier of two. The baseline is a bin of its own.
- Quantiles are linear between order statistics (R type 7). Bins of fewer than `LEAST` patients keep their n and have
  no quantiles.
- A value "<x" enters the quantiles as x.

Source: domain facts, section 2 step 1 (nearest, ties to the earlier), "Ribbons show n, none below 5".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST = 5  # patients in a bin, below which no quantile is shown
QUANTILES = {"P10": 0.1, "P25": 0.25, "P50": 0.5, "P75": 0.75, "P90": 0.9}
MEASURES = ("value", "change", "multiple")

_WIDTHS = ((200, 14), (800, 28))  # bins of so many days up to this last study day
_WIDEST = 84


@dataclass(frozen=True)
class Limits:
    """Limits of normal of one test.

    Parameters
    ----------
    lower, upper : what is normal for everybody: the highest lower and the lowest upper limit; None without.
    differ : the limits are not the same for all results.
    """

    lower: float | None
    upper: float | None
    differ: bool


@dataclass(frozen=True)
class Course:
    """What a figure of one test shows.

    Parameters
    ----------
    values : PCODE, ADY, AVAL, CENS, CHG, MULTIPLE (of the upper limit of normal), GRADE, HELD; by patient and day.
    limits : of normal. undated : results left out because their day is not known.
    """

    values: pd.DataFrame
    limits: Limits
    undated: int


def find_limits(measures: pd.DataFrame) -> Limits:
    """Return the limits of normal of the results of one test."""
    lower, upper = measures["LOWER"].dropna(), measures["UPPER"].dropna()
    differ = lower.nunique() > 1 or upper.nunique() > 1
    low, high = (float(lower.max()) if len(lower) else None), (float(upper.min()) if len(upper) else None)
    if low is not None and high is not None and low >= high:
        low = high = None  # nothing is normal for everybody
    return Limits(low, high, differ)


def course_of(measures: pd.DataFrame) -> Course:
    """Return the course of one test and series.

    Parameters
    ----------
    measures : rows of `measures` with PCODE in place of USUBJID.
    """
    known = measures[measures["AVAL"].notna()]
    placed = known[known["ADY"].notna()]
    upper = placed["UPPER"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        multiple = np.where(upper > 0, placed["AVAL"].to_numpy() / upper, np.nan)
    values = placed[["PCODE", "ADY", "AVAL", "CENS", "CHG", "GRADE", "HELD", "BASEFL"]].assign(MULTIPLE=multiple)
    values = values.sort_values(["PCODE", "ADY"], kind="stable", ignore_index=True)
    return Course(values, find_limits(placed), len(known) - len(placed))


def bin_width(last: float) -> int:
    """Return the width of the time bins, days, for courses until study day `last`."""
    return next((width for until, width in _WIDTHS if last <= until), _WIDEST)


def estimate_ribbon(values: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the quantiles of a course in time bins.

    Parameters
    ----------
    values : of a `Course`. column : AVAL, CHG or MULTIPLE.

    Returns
    -------
    ADY (study day of the centre; -width/2 for the baseline), BASEFL, N (patients), P10 … P90 (NaN below `LEAST`).
    """
    known = values[values[column].notna()]
    width = bin_width(float(known["ADY"].max()) if len(known) else 0.0)
    chosen = pd.concat([_baselines(known, width), _binned(known, width)])
    grouped = chosen.groupby("CENTRE", sort=True)[column]
    out = grouped.quantile(np.array(list(QUANTILES.values()))).unstack()
    out.columns = pd.Index(QUANTILES)
    out.insert(0, "N", grouped.size())
    out.loc[out["N"] < LEAST, list(QUANTILES)] = np.nan
    out = out.rename_axis("ADY").reset_index()
    return out.assign(BASEFL=out["ADY"] < 0)


def _baselines(known: pd.DataFrame, width: int) -> pd.DataFrame:
    return known[known["BASEFL"]].assign(CENTRE=-width / 2)


def _binned(known: pd.DataFrame, width: int) -> pd.DataFrame:
    """Return one value per patient and bin from day 1 on."""
    after = known[known["ADY"] >= 1]
    offset = after["ADY"].to_numpy() - 1
    centre = np.floor(offset / width + 0.5) * width
    rows = after.assign(CENTRE=centre + 1, FAR=np.abs(offset - centre))
    rows = rows.sort_values(["PCODE", "CENTRE", "FAR", "ADY"], kind="stable")
    return rows.drop_duplicates(["PCODE", "CENTRE"]).drop(columns="FAR")
