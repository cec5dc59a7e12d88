"""Who changed between two scheduled visits: from CR, PR, NR, NE or not yet due to another of them.

Decisions
---------
- CR is better than PR, PR better than NR. NE and not yet due stand in no order: a change to or from NE is neither
  better nor worse, and a visit that is not yet due is no change.
- NE known to be at least PR stays NE here, as it is shown.

Source: domain facts, section 2 (four-valued response; NE only where values are missing).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from .schedule import WEEKS

KINDS = ("BETTER", "WORSE", "NE", "SAME", "OPEN")
_RANK = {"NR": 0, "PR": 1, "CR": 2}


def derive_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per patient and pair of visits in sequence: PCODE, FROM, WEEK (visits), BEFORE, AFTER, KIND.

    KIND is of `KINDS`: BETTER, WORSE, SAME; NE: one of the two could not be evaluated; OPEN: the later is not yet due.

    Parameters
    ----------
    rows : PCODE, AVISITN, AVALC of every visit of each patient; none where nobody was assessed.
    """
    wide = rows.pivot(index="PCODE", columns="AVISITN", values="AVALC").reindex(columns=list(WEEKS))
    parts = [_between(wide, first, then) for first, then in pairwise(WEEKS)]
    return pd.concat(parts, ignore_index=True)


def _between(wide: pd.DataFrame, first: int, then: int) -> pd.DataFrame:
    before, after = wide[first].astype("object"), wide[then].astype("object")
    step = after.map(_RANK).astype("float64") - before.map(_RANK).astype("float64")
    unevaluable = (before == "NE") != (after == "NE")
    kind = np.select(
        [(after == "NYD") | (before == "NYD"), unevaluable, step > 0, step < 0],
        ["OPEN", "NE", "BETTER", "WORSE"],
        "SAME",
    )
    return pd.DataFrame(
        {"PCODE": wide.index, "FROM": first, "WEEK": then, "BEFORE": before.to_numpy(), "AFTER": after.to_numpy(),
         "KIND": kind}
    )  # fmt: skip
