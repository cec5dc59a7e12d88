"""Blood counts of every patient over study days, each marked with what held it up.

One value per subject, test and day as `counts` judges them; support as in `support`.
Source: domain facts, section 2 steps 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .basis import Basis
from .counts import LINEAGES
from .days import study_day
from .logic import ABOVE, BELOW
from .lookup import unpack
from .status import first_day
from .support import support_of


def derive_courses(basis: Basis, tests: Iterable[str] = LINEAGES) -> pd.DataFrame:
    """Return the counts of all patients.

    Parameters
    ----------
    tests : LBTESTCD values among `counts.COUNT_TESTS`.

    Returns
    -------
    USUBJID, PARAMCD, ADY (study day, first ATG dose = 1), AVAL (standard unit), CENS ("<", ">" or ""), SUPPORTED
    (bool), WHY (CM.CMCLAS of the nearest support, ""), WHYDAYS (days before the value), by subject, test and day.
    """
    start = first_day(basis.anchors)
    parts = []
    for test in tests:
        series = basis.counts[test]
        subject, day = unpack(series.key)
        held = support_of(basis.support, test, subject, day)
        parts.append(
            pd.DataFrame(
                {
                    "USUBJID": pd.array(basis.subjects[subject], dtype="str"),
                    "PARAMCD": test,
                    "ADY": study_day(day, start[subject]),
                    "AVAL": series.value,
                    "CENS": np.select([series.reading == BELOW, series.reading == ABOVE], ["<", ">"], ""),
                    "SUPPORTED": held.within,
                    "WHY": held.kind,
                    "WHYDAYS": held.days,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
