"""Results of one test that deserve a second look: far outside the limits, hardly possible, or a sudden jump.

Decisions
---------
- A jump is the change from a patient's previous result of the same test that lies farther from the median of all such
  changes than `JUMP` robust standard deviations (1.4826 x median absolute deviation). Laboratory values are compared
  as ratios, vital signs as differences. Below `LEAST_CHANGES` changes nothing is called unusual.
- A jump changes the value at least `LEAST_FOLD`-fold (ratios) or by `LEAST_SHARE` of the previous value (differences),
  so that a patient whose values hardly move has none.
- A value held at the limit of detection ("<x", ">x") takes no part in jumps, nor does 0 where ratios are compared.
- Where more than half of the changes are equal the deviation is 0: then nothing is called unusual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .measures import extremity

JUMP = 6.0
LEAST_CHANGES = 20
LEAST_FOLD = 1.5
LEAST_SHARE = 0.05

_MAD_TO_SD = 1.4826
_KEPT = ["PCODE", "ADY", "AVAL", "CENS", "LOWER", "UPPER", "GRADE"]


@dataclass(frozen=True)
class Outliers:
    """Lists of one test; days and values as in `measures`, PCODE in place of USUBJID.

    Parameters
    ----------
    outside : beyond the limits of normal on or after day 1, the farthest first: `_KEPT` and TIMES (multiple of the
        limit passed), SIDE (LOW, HIGH). implausible : outside `plausible`, the same columns but TIMES and SIDE.
    jumps : `_KEPT`, PREVIOUS, PREVDY (the result before), SCORE (robust standard deviations), the largest first.
    plausible : what is plausible, None where nothing is said of the test. limits : any result has limits of normal.
    changes : changes that the jumps were found among.
    """

    outside: pd.DataFrame
    implausible: pd.DataFrame
    jumps: pd.DataFrame
    plausible: tuple[float, float] | None
    limits: bool
    changes: int


def find_outliers(measures: pd.DataFrame, plausible: tuple[float, float] | None, *, ratio: bool) -> Outliers:
    """Return the lists of one test and series.

    Parameters
    ----------
    measures : rows of `measures` with PCODE in place of USUBJID. plausible : smallest and largest plausible value.
    ratio : compare values as ratios (laboratory), else as differences.
    """
    rows = measures[measures["AVAL"].notna()].reset_index(drop=True)
    jumps, changes = _jumps(rows, ratio)
    return Outliers(
        outside=_outside(rows[rows["POSTFL"]], ratio),
        implausible=_implausible(rows, plausible),
        jumps=jumps,
        plausible=plausible,
        limits=bool((rows["LOWER"].notna() | rows["UPPER"].notna()).any()),
        changes=changes,
    )


def _outside(rows: pd.DataFrame, ratio: bool) -> pd.DataFrame:
    far = extremity(*(rows[name].to_numpy() for name in ("AVAL", "LOWER", "UPPER")), ratio=ratio)
    low, high = (rows["IND"] == 0).to_numpy(), (rows["IND"] == 2).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        times = rows["AVAL"].to_numpy() / np.where(low, rows["LOWER"], rows["UPPER"])
    found = rows[_KEPT].assign(TIMES=times, SIDE=np.where(low, "LOW", "HIGH"), FAR=far)[low | high]
    found = found.sort_values(["FAR", "PCODE", "ADY"], ascending=[False, True, True], kind="stable")
    return found.drop(columns="FAR").reset_index(drop=True)


def _implausible(rows: pd.DataFrame, plausible: tuple[float, float] | None) -> pd.DataFrame:
    low, high = plausible or (-np.inf, np.inf)
    strange = (rows["AVAL"] < low) | (rows["AVAL"] > high)
    return rows.loc[strange, _KEPT].sort_values(["PCODE", "ADY"], kind="stable", ignore_index=True)


def _jumps(rows: pd.DataFrame, ratio: bool) -> tuple[pd.DataFrame, int]:
    usable = rows[(rows["CENS"] == "") & rows["ADY"].notna() & ((rows["AVAL"] > 0) | (not ratio))]
    usable = usable.sort_values(["PCODE", "ADY"], kind="stable", ignore_index=True)
    scale = np.log(usable["AVAL"].to_numpy()) if ratio else usable["AVAL"].to_numpy()
    same = np.append(False, (usable["PCODE"].to_numpy()[1:] == usable["PCODE"].to_numpy()[:-1]))[: len(usable)]
    step = np.where(same, scale - np.roll(scale, 1), np.nan)
    changes = int(same.sum())
    score = _robust_score(step) if changes >= LEAST_CHANGES else np.full(len(step), np.nan)
    previous = usable[["AVAL", "ADY"]].shift()
    least = np.log(LEAST_FOLD) if ratio else LEAST_SHARE * previous["AVAL"].abs().to_numpy()
    score = np.where(np.abs(step) >= least, score, np.nan)
    found = usable[_KEPT].assign(PREVIOUS=previous["AVAL"], PREVDY=previous["ADY"], SCORE=np.abs(score))
    found = found[found["SCORE"] > JUMP].sort_values(["SCORE", "PCODE"], ascending=[False, True], kind="stable")
    return found.reset_index(drop=True), changes


def _robust_score(step: np.ndarray) -> np.ndarray:
    centre = np.nanmedian(step)
    spread = _MAD_TO_SD * np.nanmedian(np.abs(step - centre))
    return (step - centre) / spread if spread > 0 else np.full(len(step), np.nan)
