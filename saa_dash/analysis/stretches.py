"""Stretches of study days in one response state, for each patient from day 1 to the last contact.

Decisions
---------
- A state holds from the visit it was assessed at to the next visit with another state.
- From death, withdrawal, loss, completion, transplant or salvage therapy on nothing is assessed any more: the state
  ends with that day, and what is left up to the last contact is `AFTER`, which is no response.
- Visits that are NR only because of that end (`ENDING_REASONS`) begin no stretch: nobody assessed them.

Source: domain facts, section 2: all efficacy stops at transplant and salvage therapy, survival goes on.
"""

from __future__ import annotations

import pandas as pd

AFTER = "AFTER"  # followed on, no longer assessed
ENDING_REASONS = ("DEATH", "HSCT", "SALVAGE", "WITHDRAWN")
_DAY = 0.6  # of a day: how far a stretch reaches into its last one
_COLUMNS = ["PCODE", "FROM", "STATE", "TO"]


def derive_stretches(visits: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    """Return PCODE, FROM, STATE, TO (study days): CR/PR/NR/NE, "" before the first assessed visit, or `AFTER`.

    Parameters
    ----------
    visits : PCODE, ADY (study day), AVALC, REASON of each visit.
    patients : PCODE, LAST (study day of the last contact), END (last day of assessment, NaN while it goes on).
    """
    seen = visits[visits["ADY"].notna() & (visits["AVALC"] != "NYD") & ~visits["REASON"].isin(ENDING_REASONS)]
    starts = pd.concat(
        [
            pd.DataFrame({"PCODE": patients["PCODE"], "FROM": 1.0, "STATE": ""}),
            seen.assign(FROM=seen["ADY"].astype("float64"))[["PCODE", "FROM", "AVALC"]].rename(
                columns={"AVALC": "STATE"}
            ),
        ]
    ).merge(patients[["PCODE", "LAST", "END"]], on="PCODE")
    starts = starts.assign(UNTIL=starts[["LAST", "END"]].min(axis=1))
    starts = starts[starts["FROM"] <= starts["UNTIL"]].sort_values(["PCODE", "FROM"], kind="stable", ignore_index=True)
    same = (starts["PCODE"] == starts["PCODE"].shift()) & (starts["STATE"] == starts["STATE"].shift())
    starts = starts[~same]
    following = starts.groupby("PCODE")["FROM"].shift(-1)
    states = starts.assign(TO=following.fillna(starts["UNTIL"] + _DAY))
    after = patients[patients["END"] < patients["LAST"]]
    rest = pd.DataFrame(
        {
            "PCODE": after["PCODE"],
            "FROM": (after["END"] + _DAY).clip(lower=1.0),
            "STATE": AFTER,
            "TO": after["LAST"] + _DAY,
        }
    )
    whole = pd.concat([states[_COLUMNS], rest]).astype({"FROM": "float64", "TO": "float64"})
    return whole.sort_values(["PCODE", "FROM"], kind="stable", ignore_index=True)
