"""PE: normal, or abnormal with or without clinical significance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..text import map_unique_text
from .mapping import Mapped, as_text
from .terms import fold_term

_SIGNIFICANT = {"Y": "ABNORMAL_CS", "N": "ABNORMAL_NCS"}


def finish_examination(mapped: Mapped) -> Mapped:
    """Return findings in our words; an abnormal one of which the package does not say whether it matters is ABNORMAL.

    The result is PESTRESC, else PEORRES; what is neither "normal" nor "abnormal" is the description of a finding.
    """
    frame, rows = mapped.source.frame, mapped.rows
    result = as_text(frame["PESTRESC"]) if "PESTRESC" in frame else pd.Series(np.nan, index=frame.index, dtype="str")
    folded = map_unique_text(result.fillna(rows["PEDESC"]), fold_term)
    normal = folded.str.startswith("NORMAL", na=False)
    significant = (
        map_unique_text(as_text(frame["PECLSIG"]), fold_term).map(_SIGNIFICANT) if "PECLSIG" in frame else None
    )
    abnormal = pd.Series("ABNORMAL", index=frame.index, dtype="str") if significant is None else significant
    codes = abnormal.astype("str").fillna("ABNORMAL").mask(normal, "NORMAL").mask(folded.isna())
    return mapped.with_columns(PEORRES=codes)
