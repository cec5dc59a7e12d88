"""Where rows that somebody marked in earlier cuts stand now: the same, changed, or gone.

A mark holds the ROWKEY and ROWHASH that its row had. Rows that share a natural key are numbered in the order of their
hashes, so that a number may pass to another of them: those that are the same are found by content first.
"""

from __future__ import annotations

import pandas as pd


def place_marks(marks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the marks with ROWKEY (of their row now, missing where there is none) and SAME (bool: nothing changed).

    Parameters
    ----------
    marks : KEY and HASH as the row had them; no KEY twice. rows : ROWKEY and ROWHASH of the rows there are now.
    """
    left = marks.assign(STEM=_stem(marks["KEY"]), PLACE=range(len(marks)))
    right = rows[["ROWKEY", "ROWHASH"]].assign(STEM=_stem(rows["ROWKEY"]))
    right = right[right["STEM"].isin(left["STEM"])]
    found = []
    for same, mine, theirs in (
        (True, ["KEY", "HASH"], ["ROWKEY", "ROWHASH"]),
        (True, ["STEM", "HASH"], ["STEM", "ROWHASH"]),
        (False, ["KEY"], ["ROWKEY"]),
        (False, ["STEM"], ["STEM"]),
    ):
        pairs = _pair(left, right, mine, theirs)
        found.append(pairs.assign(SAME=same))
        left = left[~left["PLACE"].isin(pairs["PLACE"])]
        right = right[~right["ROWKEY"].isin(pairs["ROWKEY"])]
    placed = pd.concat(found, ignore_index=True).set_index("PLACE")
    out = marks.reset_index(drop=True)
    there = placed.reindex(range(len(out)))
    return out.assign(ROWKEY=there["ROWKEY"].to_numpy(object), SAME=there["SAME"].eq(True).to_numpy())


def _stem(keys: pd.Series) -> pd.Series:
    return keys.str.rsplit("|", n=1).str[0]


def _pair(left: pd.DataFrame, right: pd.DataFrame, mine: list[str], theirs: list[str]) -> pd.DataFrame:
    """Return PLACE and ROWKEY of partners, in order where several agree."""
    left, right = left.sort_values("KEY", kind="stable"), right.sort_values("ROWKEY", kind="stable")
    a = left[mine].set_axis(range(len(mine)), axis=1).assign(N=left.groupby(mine).cumcount(), PLACE=left["PLACE"])
    b = right[theirs].set_axis(range(len(theirs)), axis=1)
    b = b.assign(N=right.groupby(theirs).cumcount(), ROWKEY=right["ROWKEY"])
    return a.merge(b, on=[*range(len(mine)), "N"], how="inner")[["PLACE", "ROWKEY"]]
