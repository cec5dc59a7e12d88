"""KDIGO stages by week: the worst of each patient and week, and the patients in each stage.

A week is days 1 to 7, 8 to 14 and so on. A creatinine without another one in the seven days before has no stage
(UNKNOWN); RATIO is 1.5 times the baseline or more without a stage.

Source: domain facts, section 5 (KDIGO). Stages: `kidney`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .columns import coded
from .proportions import IntervalMethod, Proportion, estimate_proportion

STATES = ("UNKNOWN", "0", "RATIO", "1", "2", "3")  # from least to worst
INJURED = ("1", "2", "3")
_DAYS = 7


def _rank(kidney: pd.DataFrame) -> np.ndarray:
    """Return places in `STATES` by row."""
    stage = kidney["KDIGO"].to_numpy("float64")
    ratio = (kidney["RATIOFL"] == "Y").to_numpy(bool)
    cases = [stage >= 1, ratio, stage == 0]
    places = [np.nan_to_num(stage) + 2, np.full(len(stage), 2.0), np.full(len(stage), 1.0)]
    return np.select(cases, places, 0.0).astype("int64")


def derive_kidney_weeks(kidney: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, WEEK (1 …), STATE, RANK, STAGED, ADY, AVAL, RATIO of the worst creatinine of a patient's week.

    STAGED tells whether any creatinine of the week could be staged.

    Parameters
    ----------
    kidney : from `kidney.derive_kidney`.
    """
    rows = kidney.assign(RANK=_rank(kidney), WEEK=(kidney["ADY"].to_numpy("float64") - 1) // _DAYS + 1)
    rows = rows.assign(STAGED=rows["KDIGO"].notna().groupby([rows["USUBJID"], rows["WEEK"]]).transform("max"))
    rows = rows.sort_values(["USUBJID", "WEEK", "RANK", "AVAL"], ascending=[True, True, False, False], kind="stable")
    rows = rows.drop_duplicates(["USUBJID", "WEEK"]).reset_index(drop=True)
    state = coded(rows["RANK"].to_numpy(), STATES)
    return rows.assign(STATE=state, WEEK=rows["WEEK"].astype("int64"))[
        ["USUBJID", "WEEK", "STATE", "RANK", "STAGED", "ADY", "AVAL", "RATIO"]
    ]


@dataclass(frozen=True)
class StageCounts:
    """Patients by what became of their creatinine.

    Parameters
    ----------
    measured : with creatinine on or after day 1. staged : with at least one that could be staged.
    worst : patients by worst state. injured : with stage 1 or more, out of those staged. weeks : WEEK, STATE, N.
    """

    measured: int
    staged: int
    worst: dict[str, int]
    injured: Proportion
    weeks: pd.DataFrame


def count_stages(weeks: pd.DataFrame, method: IntervalMethod) -> StageCounts:
    """Return the counts.

    Parameters
    ----------
    weeks : from `derive_kidney_weeks`. method : of the limits.
    """
    by_patient = weeks.groupby("USUBJID")
    worst = by_patient["RANK"].max().to_numpy()
    staged = int(by_patient["STAGED"].max().sum())
    tally = {name: int(np.sum(worst == place)) for place, name in enumerate(STATES)}
    injured = sum(tally[name] for name in INJURED)
    counts = weeks.groupby(["WEEK", "STATE"]).size().reset_index(name="N")
    return StageCounts(len(worst), staged, tally, estimate_proportion(injured, staged, method), counts)
