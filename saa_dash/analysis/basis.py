"""What all endpoints of a cut share and is therefore prepared once: anchors, judged counts, support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .anchors import derive_anchors, locate
from .counts import Series, collect_counts
from .days import day_number
from .located import Located
from .study_data import StudyData
from .support import Support, collect_support


@dataclass(frozen=True)
class Basis:
    """Prepared inputs of one cut.

    Parameters
    ----------
    cutoff : days since 1970-01-01. tables : the tables with their rows placed.
    subjects : USUBJID, sorted; positions elsewhere refer to it.
    anchors : `anchors.derive_anchors`, one row per subject in this order.
    counts : `counts.collect_counts`. support : `support.collect_support`.
    """

    cutoff: float
    tables: Mapping[str, Located]
    subjects: np.ndarray
    anchors: pd.DataFrame
    counts: Mapping[str, Series]
    support: Support


def prepare(data: StudyData) -> Basis:
    """Return the basis of a cut; hand it to the derivations to spare them the work when several are wanted."""
    tables, cutoff = locate(data), day_number(data.cutoff)
    anchors = derive_anchors(data, tables)
    subjects = anchors["USUBJID"].to_numpy(object)
    counts = collect_counts(tables["LB"], cutoff)
    return Basis(cutoff, tables, subjects, anchors, counts, collect_support(tables["CM"], tables["SV"], cutoff))
