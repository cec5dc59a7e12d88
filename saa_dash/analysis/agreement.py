"""The derived response beside the investigator's: cross-table and list of disagreements.

Decisions
---------
- The investigator's record of a visit is the RS row of visit W4, W8 or W12 (by VISIT, else by VISITNUM); of several
  the latest date counts, of one date the best response.
- Visits not yet due are left out; a visit without an investigator's entry is counted as such, not as disagreement.

Source: domain facts, section 2 "Best response": the derived response is primary, the investigator's stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import Response
from .columns import text
from .days import as_dates, day_number, earliest_days
from .lookup import positions
from .schedule import WEEKS
from .study_data import StudyData

ANSWERS = (Response.CR, Response.PR, Response.NR, Response.NE)


@dataclass(frozen=True)
class Agreement:
    """Derived against investigator-assessed response at one visit, due patients only.

    Parameters
    ----------
    week : 4, 8, 12. table : counts, derived (row) × investigator (column), both in the order of `ANSWERS`.
    agree, disagree : patients with both answers. not_entered : due, without an investigator's entry.
    """

    week: int
    table: tuple[tuple[int, ...], ...]
    agree: int
    disagree: int
    not_entered: int


def _entries(data: StudyData) -> pd.DataFrame:
    rs = data["RS"]
    by_name = positions(rs["VISIT"], [f"W{week}" for week in WEEKS])
    number = rs["VISITNUM"].to_numpy("float64", na_value=np.nan)
    week = np.where(by_name >= 0, np.array(WEEKS)[by_name], number)
    answer = positions(rs["RSORRES"], ANSWERS)
    day = earliest_days(rs["RSDTC"])
    use = np.isin(week, WEEKS) & (answer >= 0) & ~(day > day_number(data.cutoff))
    rows = pd.DataFrame({"USUBJID": rs["USUBJID"], "AVISITN": week, "RANK": answer, "DAY": day})[use]
    rows = rows.sort_values(["DAY", "RANK"], ascending=[False, True], na_position="last", kind="stable")
    rows = rows.drop_duplicates(["USUBJID", "AVISITN"])
    return rows.astype({"AVISITN": "int64"})


def compare_with_investigator(data: StudyData, response: pd.DataFrame) -> pd.DataFrame:
    """Return due patient-visits with both answers, one row each, sorted by USUBJID and AVISITN.

    Parameters
    ----------
    response : from `response.derive_response` on the same data.

    Returns
    -------
    USUBJID, AVISITN, AVALC and REASON (derived), INVAVALC, INVDT (investigator; missing where not entered),
    AGREEFL Y/N (missing where not entered).
    """
    due = response.loc[response["DUEFL"] == "Y", ["USUBJID", "AVISITN", "AVALC", "REASON"]]
    both = due.merge(_entries(data), on=["USUBJID", "AVISITN"], how="left")
    rank = both["RANK"].fillna(-1).to_numpy("int64")
    entered = rank >= 0
    theirs = np.array([*(str(answer) for answer in ANSWERS), ""], dtype=object)[rank]
    same = np.where(entered, np.where(theirs == both["AVALC"].to_numpy(object), "Y", "N"), "")
    both = both.assign(INVAVALC=text(theirs), INVDT=as_dates(both["DAY"].to_numpy()))
    return both.assign(AGREEFL=text(same)).drop(columns=["RANK", "DAY"])


def count_agreement(compared: pd.DataFrame) -> tuple[Agreement, ...]:
    """Return the cross-table of each visit from `compare_with_investigator`."""
    out = []
    for week in WEEKS:
        rows = compared[compared["AVISITN"] == week]
        derived = positions(rows["AVALC"], ANSWERS)
        theirs = positions(rows["INVAVALC"], ANSWERS)
        counts = np.zeros((len(ANSWERS), len(ANSWERS)), dtype="int64")
        np.add.at(counts, (derived[theirs >= 0], theirs[theirs >= 0]), 1)
        agree = int(np.trace(counts))
        table = tuple(tuple(int(n) for n in row) for row in counts)
        out.append(Agreement(week, table, agree, int(counts.sum()) - agree, int((theirs < 0).sum())))
    return tuple(out)
