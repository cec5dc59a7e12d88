"""First days of each treatment component and of each cord blood infusion: what onset is counted from.

The offset from a component is date - first day of it with a dose other than 0: 0 on that day, negative before.

Source: CONTRACT "Days"; domain facts, "Other decisions" (attribution by time is not cause).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..model.vocabulary import Component
from .basis import Basis
from .days import Days, as_days

# Suffix of the AE columns and of the offsets → EX.EXTRT.
AE_COMPONENTS = {"ATG": Component.RATG, "CSA": Component.CSA, "HPG": Component.HPAG, "UCB": Component.UCBMNC}
# Name of the offset → what it counts from.
ANCHORED = ("ATG", "CSA", "HPG", "INF1", "INF2")


def first_days(basis: Basis) -> Mapping[str, Days]:
    """Return the first day of each of `ANCHORED` by subject, days since 1970-01-01; NaN where never given."""
    ex, anchors = basis.tables["EX"], basis.anchors
    start = ex.possible("EXSTDTC")[0]
    given = ~(ex.frame["EXDOSE"].to_numpy() <= 0) & (start <= basis.cutoff)
    out = {"ATG": as_days(anchors["ATGSDT"]), "INF1": as_days(anchors["INF1DT"]), "INF2": as_days(anchors["INF2DT"])}
    for name in ("CSA", "HPG"):
        out[name] = ex.first(np.where(given, start, np.nan), ex.is_code("EXTRT", AE_COMPONENTS[name]))
    return {name: out[name] for name in ANCHORED}
