"""Blood counts of every patient over study days, each marked with what held it up.

One value per subject, test and day as `counts` judges them; support as in `support`.
Source: domain facts, section 2 steps 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .anchors import subjects_of
from .counts import LINEAGES, collect_counts
from .days import study_day
from .logic import ABOVE, BELOW
from .lookup import unpack
from .status import first_day
from .study_data import StudyData
from .support import collect_support, support_of


def derive_courses(data: StudyData, anchors: pd.DataFrame, tests: Iterable[str] = LINEAGES) -> pd.DataFrame:
    """Return the counts of all patients.

    Parameters
    ----------
    anchors : from `anchors.derive_anchors` (same subject order). tests : LBTESTCD values.

    Returns
    -------
    USUBJID, PARAMCD, ADY (study day, first ATG dose = 1), AVAL (standard unit), CENS ("<", ">" or ""), SUPPORTED
    (bool), WHY (CM.CMCLAS of the nearest support, ""), WHYDAYS (days before the value), by subject, test and day.
    """
    subjects, start = subjects_of(data), first_day(anchors)
    tests = tuple(tests)
    series = collect_counts(data, subjects, tests)
    support = collect_support(data, subjects)
    parts = []
    for test in tests:
        subject, day = unpack(series[test].key)
        held = support_of(support, test, subject, day)
        parts.append(
            pd.DataFrame(
                {
                    "USUBJID": subjects[subject],
                    "PARAMCD": test,
                    "ADY": study_day(day, start[subject]),
                    "AVAL": series[test].value,
                    "CENS": np.select([series[test].reading == BELOW, series[test].reading == ABOVE], ["<", ">"], ""),
                    "SUPPORTED": held.within,
                    "WHY": held.kind,
                    "WHYDAYS": held.days,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
