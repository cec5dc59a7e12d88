"""Where rows that somebody marked in earlier cuts stand now: the same, changed, or gone.

A mark holds the ROWKEY and ROWHASH that its row had. Rows that share a natural key are numbered in the order of their
hashes, so that a number may pass to another of them: those that are the same are found by content first.
"""

from __future__ import annotations

import pandas as pd

# What partners agree in, one after the other: columns of the mark, of the row, and whether the row is the same then.
_STEPS = (
    (["STEM", "HASH"], ["STEM", "ROWHASH"], True),
    (["KEY"], ["ROWKEY"], False),
    (["STEM"], ["STEM"], False),
)


def place_marks(marks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the marks with ROWKEY (of their row now, missing where there is none) and SAME (bool: nothing changed).

    Parameters
    ----------
    marks : KEY and HASH as the row had them; no KEY twice. rows : ROWKEY and ROWHASH of the rows there are now.
    """
    out = marks.reset_index(drop=True)
    now = pd.Series(rows["ROWHASH"].to_numpy(object), index=rows["ROWKEY"].to_numpy(object)).reindex(out["KEY"])
    same = (now.to_numpy(object) == out["HASH"].to_numpy(object)).astype(bool)
    where = out["KEY"].to_numpy(object).copy()
    where[~same] = None
    if not same.all():
        left = out[~same]
        left = left.assign(STEM=_stem(left["KEY"]), PLACE=left.index)
        right = rows[["ROWKEY", "ROWHASH"]].assign(STEM=_stem(rows["ROWKEY"]))
        right = right[right["STEM"].isin(left["STEM"]) & ~right["ROWKEY"].isin(where[same])]
        for mine, theirs, alike in _STEPS:
            pairs = _pair(left, right, mine, theirs)
            where[pairs["PLACE"]], same[pairs["PLACE"]] = pairs["ROWKEY"], alike
            left = left[~left["PLACE"].isin(pairs["PLACE"])]
            right = right[~right["ROWKEY"].isin(pairs["ROWKEY"])]
    return out.assign(ROWKEY=where, SAME=same)


def _stem(keys: pd.Series) -> pd.Series:
    return keys.str.rsplit("|", n=1).str[0]


def _pair(left: pd.DataFrame, right: pd.DataFrame, mine: list[str], theirs: list[str]) -> pd.DataFrame:
    """Return PLACE and ROWKEY of partners, in order where several agree."""
    left, right = left.sort_values("KEY", kind="stable"), right.sort_values("ROWKEY", kind="stable")
    a = left[mine].set_axis(range(len(mine)), axis=1).assign(N=left.groupby(mine).cumcount(), PLACE=left["PLACE"])
    b = right[theirs].set_axis(range(len(theirs)), axis=1)
    b = b.assign(N=right.groupby(theirs).cumcount(), ROWKEY=right["ROWKEY"])
    return a.merge(b, on=[*range(len(mine)), "N"], how="inner")[["PLACE", "ROWKEY"]]
