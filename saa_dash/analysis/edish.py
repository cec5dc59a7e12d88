"""The plane of eDISH and mDISH: where each patient's peaks lie under the cuts in force, and how many in each quadrant.

Decisions
---------
- The cuts may be moved by whoever looks; the definition of a candidate for Hy's law (`liver`) does not move with them.
- mDISH takes each test in multiples of its own baseline where that is abnormal, else of the upper limit of normal.

Source: domain facts, section 5 (eDISH, mDISH). Peaks and quadrants: `liver`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .columns import coded
from .liver import AMINOTRANSFERASE, BILIRUBIN, QUADRANTS, quadrant
from .proportions import IntervalMethod, Proportion, estimate_proportion

AMT_CUTS = (1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 8.0, 10.0, 20.0)  # multiples a user may choose
BILI_CUTS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)


@dataclass(frozen=True)
class Plane:
    """What is drawn and counted.

    Parameters
    ----------
    amt, bili : cuts, multiples; ALT or AST counts from its cut on, bilirubin above it. modified : mDISH.
    """

    amt: float = AMINOTRANSFERASE
    bili: float = BILIRUBIN
    modified: bool = False

    @property
    def usual(self) -> bool:
        """Tell whether the cuts are those of the definition."""
        return (self.amt, self.bili) == (AMINOTRANSFERASE, BILIRUBIN)

    @property
    def columns(self) -> tuple[str, str]:
        """Columns of the multiples: ALT or AST, bilirubin."""
        return ("MAMT", "MBILI") if self.modified else ("AMTXULN", "BILIXULN")


def place_peaks(peaks: pd.DataFrame, plane: Plane) -> pd.DataFrame:
    """Return the peaks with X, Y (multiples) and QUAD (`liver.QUADRANTS`, missing without both).

    Parameters
    ----------
    peaks : from `liver.derive_liver_peaks`.
    """
    x, y = (peaks[name].to_numpy("float64") for name in plane.columns)
    return peaks.assign(X=x, Y=y, QUAD=coded(quadrant(x, y, plane.amt, plane.bili), QUADRANTS))


def count_quadrants(placed: pd.DataFrame, method: IntervalMethod) -> dict[str, Proportion]:
    """Return patients in each quadrant out of those with both peaks.

    Parameters
    ----------
    placed : from `place_peaks`. method : of the limits.
    """
    known = placed["QUAD"].dropna()
    return {name: estimate_proportion(int(np.sum(known == name)), len(known), method) for name in QUADRANTS}
