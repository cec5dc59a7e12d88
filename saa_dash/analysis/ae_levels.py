"""How bad an event is, as one number; and whose events are counted.

Decisions
---------
- A study that grades (any AETOXGR) is counted by grade 1…5; one that does not, by AESEV: 1 mild, 2 moderate,
  3 severe. The two are never mixed: an event without the study's own measure is *not graded*, level 0.
- A patient's worst level is the highest of the events; *not graded* only where none of them has a level.
- Safety set: at least one dose of any component. Full analysis set: at least one dose of ATG. All enrolled: every
  subject that is no screen failure, treated or not.

Source: CTCAE; SDTM IG, AESEV; domain facts, section 2 (denominators).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import pandas as pd

from .lookup import positions

POPULATIONS = ("SAFETY", "FAS", "ENROLLED")
SEVERITIES = ("MILD", "MODERATE", "SEVERE")
LEVELS = 6  # 0 not graded, then 1…5
SEVERE = 3  # "grade 3 or more", or severe


class Scale(StrEnum):
    """What a study measures severity with."""

    GRADE = "GRADE"  # AETOXGR 1…5
    SEVERITY = "SEVERITY"  # AESEV
    NONE = "NONE"


LEVELS_OF = {Scale.GRADE: LEVELS, Scale.SEVERITY: 1 + len(SEVERITIES), Scale.NONE: 1}


def severity_scale(adae: pd.DataFrame) -> Scale:
    """Return the measure a whole study uses."""
    if adae["AETOXGR"].notna().any():
        return Scale.GRADE
    return Scale.SEVERITY if adae["AESEV"].notna().any() else Scale.NONE


def event_levels(adae: pd.DataFrame, scale: Scale) -> np.ndarray:
    """Return the level of each event, 0…5; 0 is not graded."""
    if scale is Scale.GRADE:
        return adae["AETOXGR"].fillna(0).to_numpy("int64")
    if scale is Scale.SEVERITY:
        return positions(adae["AESEV"].str.strip().str.upper(), SEVERITIES) + 1
    return np.zeros(len(adae), "int64")


def population_members(anchors: pd.DataFrame, screen_failures: pd.Series) -> Mapping[str, frozenset[str]]:
    """Return USUBJID of each population.

    Parameters
    ----------
    anchors : from `anchors.derive_anchors`. screen_failures : USUBJID of those.
    """
    subjects = anchors["USUBJID"]
    members = {
        "SAFETY": anchors["SAFFL"],
        "FAS": anchors["FASFL"],
        "ENROLLED": ~subjects.isin(screen_failures),
    }
    return {name: frozenset(subjects[members[name].to_numpy(bool)]) for name in POPULATIONS}
