"""Worst first: in which order to look at patients.

A patient stands before another by the first of these that tells them apart:

1. has died;
2. has a serious adverse event that has not ended;
3. the highest grade of an adverse event that has not ended, if it is 3 or more (severe, in a study without grades);
4. response at the latest assessed visit: NR, then NE, then not assessed yet, then PR, then CR;
5. the lowest last platelet count; without any count last;
6. the P-code.

What is given as the reason is the first of 1 to 4 that speaks against the patient, else the platelets. The order is for
reading, it is no outcome of the trial.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .ae_levels import SEVERE, Scale, event_levels

REASONS = ("DEATH", "OPEN_SAE", "OPEN_GRADE", "NR", "PLAT", "NONE")
STATE_ORDER = ("NR", "NE", "", "PR", "CR")


def rank_patients(
    subjects: list[str],
    status: pd.DataFrame,
    adae: pd.DataFrame,
    response: pd.DataFrame,
    platelets: pd.DataFrame,
    scale: Scale,
) -> pd.DataFrame:
    """Return USUBJID, WHY (of `REASONS`) and VALUE (grade, or platelets 10^9/L; NaN else), worst first.

    Parameters
    ----------
    subjects : USUBJID in the order of their P-codes. status, adae, response : as derived. platelets : rows PLAT of
        `courses.derive_courses`. scale : how the study measures the severity of events.
    """
    index = pd.Index(subjects)
    dead = status.set_index("USUBJID")["STATUS"].reindex(index).eq("DEATH").to_numpy(bool)
    open_ = adae[(adae["ONGOFL"] == "Y").to_numpy(bool) & (adae["TRTEMFL"] == "Y").to_numpy(bool)]
    serious = index.isin(open_.loc[(open_["AESER"] == "Y").to_numpy(bool), "USUBJID"])
    level = pd.Series(event_levels(open_, scale), index=open_["USUBJID"].to_numpy(object))
    grade = level.groupby(level.index).max().reindex(index).fillna(0).to_numpy("int64")
    grade = np.where(grade >= SEVERE, grade, 0)
    seen = response[response["AVALC"].notna() & (response["AVALC"] != "NYD")].sort_values("AVISITN", kind="stable")
    latest = seen.groupby("USUBJID")["AVALC"].last().astype("str").reindex(index).fillna("")
    state = latest.map({name: i for i, name in enumerate(STATE_ORDER)}).to_numpy("float64")
    known = platelets.dropna(subset=["ADY", "AVAL"]).sort_values("ADY", kind="stable")
    count = known.groupby("USUBJID")["AVAL"].last().reindex(index).to_numpy("float64")
    cases = [dead, serious, grade > 0, state == 0, ~np.isnan(count)]
    why = np.array(REASONS, dtype=object)[np.select(cases, range(len(cases)), len(cases))]
    order = np.lexsort((np.arange(len(index)), np.nan_to_num(count, nan=np.inf), state, -grade, ~serious, ~dead))
    value = np.select([why == "OPEN_GRADE", why == "PLAT"], [grade.astype("float64"), count], np.nan)
    return pd.DataFrame({"USUBJID": index, "WHY": why, "VALUE": value}).iloc[order].reset_index(drop=True)
