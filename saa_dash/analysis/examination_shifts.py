"""Physical examination: from the finding at baseline to the worst one on or after day 1, by body system.

Source: registry (changes in physical examination); order of findings as in `vitals`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .lookup import positions
from .shifts import UNKNOWN, ShiftTable
from .vitals import FINDINGS

LEVELS = (*FINDINGS, UNKNOWN)


def derive_examination_shifts(examination: pd.DataFrame) -> pd.DataFrame:
    """Return one row per subject and body system that was ever examined on a known day.

    Parameters
    ----------
    examination : from `vitals.derive_examination`.

    Returns
    -------
    USUBJID, PETESTCD; BEFORE, AFTER (of `LEVELS`); BASEDY, WORSTDY (study days, the first of equally bad findings);
    WORSE (bool: worse than at baseline; without a baseline, abnormal); DESC (of the worst finding, "").
    """
    rows = examination[examination["ADY"].notna()]
    rows = rows.assign(PLACE=positions(rows["FINDING"], FINDINGS), POST=rows["ADY"] >= 1)
    keys = ["USUBJID", "PETESTCD"]
    base = rows[rows["ABLFL"] == "Y"].drop_duplicates(keys).set_index(keys)[["PLACE", "ADY"]]
    later = rows[rows["POST"]].sort_values([*keys, "PLACE", "ADY"], ascending=[True, True, False, True])
    worst = later.drop_duplicates(keys).set_index(keys)[["PLACE", "ADY", "PEDESC"]]
    joined = base.add_prefix("BASE").join(worst.add_prefix("WORST"), how="outer")
    before, after = (joined[name].fillna(-1).to_numpy(int) for name in ("BASEPLACE", "WORSTPLACE"))
    words = np.array([*FINDINGS, UNKNOWN], dtype=object)
    return pd.DataFrame(
        {
            "BEFORE": words[before],
            "AFTER": words[after],
            "BASEDY": joined["BASEADY"],
            "WORSTDY": joined["WORSTADY"],
            "WORSE": after > np.maximum(before, 0),
            "DESC": joined["WORSTPEDESC"].fillna(""),
        },
        index=joined.index,
    ).reset_index()


def examination_rows(shifts: pd.DataFrame, system: str, subjects: Sequence[str]) -> pd.DataFrame:
    """Return one row per treated subject for one body system; UNKNOWN where it was not examined."""
    found = shifts[shifts["PETESTCD"] == system].set_index("USUBJID").reindex(list(subjects))
    filled = {name: found[name].fillna(UNKNOWN) for name in ("BEFORE", "AFTER")}
    return found.assign(**filled, WORSE=found["WORSE"].eq(True), DESC=found["DESC"].fillna("")).reset_index()


def count_examination_shifts(rows: pd.DataFrame) -> ShiftTable:
    """Return the shift table of the rows of `examination_rows`."""
    place = {level: i for i, level in enumerate(LEVELS)}
    counts = np.zeros((len(LEVELS), len(LEVELS)), dtype="int64")
    np.add.at(counts, (rows["BEFORE"].map(place).to_numpy(int), rows["AFTER"].map(place).to_numpy(int)), 1)
    return ShiftTable(
        levels=LEVELS,
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        treated=len(rows),
        measured=int((rows["AFTER"] != UNKNOWN).sum()),
        worsened=int(rows["WORSE"].sum()),
        severe=None,
        graded=False,
    )
