"""What differs between two cuts: row by row in the tables, and in what is derived from them.

Columns of every frame returned here, all text, missing = "":

    USUBJID, DOMAIN (table or analysis dataset), ROWKEY
    KIND       new, removed, modified (one line per changed variable), derived
    VARIABLE   the changed variable; of new and removed rows the one that tells what the row is about
    OLD, NEW   its values

Decisions
---------
- Rows that share a natural key are first compared by content, so that one of several repeated rows that went does not
  make the others look changed.
- A row whose only difference is one part of its natural key (a corrected date, a corrected drug) is one modified row,
  not a removed and a new one, where exactly one row went and one came that agree in everything else.
- Derived differences are told of subjects in both cuts: of a new one everything is new. A time that is still censored
  grows with every cut-off and is no difference; an event, its day, or its withdrawal is.

Source: CONTRACT, ``diff``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.schema import Table

COLUMNS = ("USUBJID", "DOMAIN", "ROWKEY", "KIND", "VARIABLE", "OLD", "NEW")
KINDS = ("new", "removed", "modified", "derived")

# What a row of a table is about.
_ABOUT = {
    "DM": "SUBJID", "IE": "IEORRES", "SV": "SVSTDTC", "LB": "LBORRES", "CM": "CMTRT", "EX": "EXTRT", "AE": "AETERM",
    "VS": "VSORRES", "PE": "PEORRES", "RS": "RSORRES", "DS": "DSDECOD", "DV": "DVTERM", "MH": "MHTERM",
}  # fmt: skip
# Analysis dataset → what names a line of it beside the subject, and the variables compared.
_DERIVED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ADSL": ((), ("SEVERITY", "FASFL", "SAFFL", "EOSSTT", "DTHDT")),
    "ADRS": (("PARAMCD", "AVISITN"), ("AVALC",)),
    "ADTTE": (("PARAMCD",), ("EVNTCD", "AVAL")),
    "ADLB": (("PARAMCD",), ("ATOXGR",)),
}
_FIXED_PARTS = ("TESTCD",)  # parts of a natural key that are not typed in a row: another test is another row


def row_differences(table: Table, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the differences of one table.

    Parameters
    ----------
    old, new : rows of both cuts with the table's own columns, ROWKEY and ROWHASH; equal rows may be left out.
    """
    old, new = _texts(old, table), _texts(new, table)
    old, new, _ = _paired(old, new, ["STEM", "ROWHASH"])
    old, new, same_key = _paired(old, new, ["STEM"])
    old, new, moved = _moved(table, old, new)
    about = _ABOUT[table.name]
    parts = [_modified(table, pd.concat([same_key, *moved], ignore_index=True))]
    parts.append(_whole(new, "new", about, table.name))
    parts.append(_whole(old, "removed", about, table.name))
    return _ordered(pd.concat(parts, ignore_index=True))


def moved_rows(table: Table, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of which one part of the natural key was corrected: ROWKEY and ROWKEY_OLD.

    Parameters
    ----------
    old, new : rows without a partner of the same natural key, columns as for `row_differences`.
    """
    pairs = _moved(table, _texts(old, table), _texts(new, table))[2]
    none = pd.DataFrame({"ROWKEY": [], "ROWKEY_OLD": []}, dtype="str")
    return pd.concat([none, *(pair[["ROWKEY", "ROWKEY_OLD"]] for pair in pairs if len(pair))], ignore_index=True)


def derived_differences(old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what is derived differently for the subjects in both cuts.

    Parameters
    ----------
    old, new : datasets of `adam.derive_analysis_datasets` of both cuts, under the same settings.
    """
    both = sorted(set(old["ADSL"]["USUBJID"]) & set(new["ADSL"]["USUBJID"]))
    parts = []
    for name, (names, variables) in _DERIVED.items():
        sides = [_long(name, _told(name, frames[name]), names, variables, both) for frames in (old, new)]
        joined = pd.concat(sides, axis=1, keys=["OLD", "NEW"]).fillna("")
        differing = joined[(joined["OLD"] != joined["NEW"]).to_numpy()].reset_index()
        parts.append(differing.assign(DOMAIN=name, KIND="derived"))
    return _ordered(pd.concat(parts, ignore_index=True))


def text_of(values: pd.Series) -> pd.Series:
    """Return a column as text: dates ISO 8601, the shortest number that is the same, missing as ""."""
    known = values.notna().to_numpy()
    words = np.full(len(values), "", dtype=object)
    if pd.api.types.is_datetime64_any_dtype(values):
        words[known] = values[known].dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers, places = np.unique(values[known].to_numpy(float), return_inverse=True)
        told = [str(int(number)) if number.is_integer() else repr(number) for number in numbers.tolist()]
        words[known] = np.array(told, dtype=object)[places] if told else []
    else:
        words[known] = values[known].astype(str)
    return pd.Series(words, index=values.index, dtype="str")


def _texts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the own columns as text, with ROWKEY, ROWHASH and STEM, the key without the number of a repeated row."""
    own = {name: text_of(frame[name]) for name in table.columns}
    key = frame["ROWKEY"].astype("str")
    stem = key.str.rsplit("|", n=1).str[0]
    return pd.DataFrame({**own, "ROWKEY": key, "ROWHASH": frame["ROWHASH"], "STEM": stem}).reset_index(drop=True)


def _paired(
    old: pd.DataFrame, new: pd.DataFrame, by: list[str], *, alone: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the rows of either side without a partner, and the pairs: columns of the old row with _OLD behind.

    Parameters
    ----------
    by : columns in which partners agree. alone : only where nobody else agrees; else in the order of the rows.
    """
    if old.empty or new.empty:  # most tables: rows only came, or only went
        return old, new, new.iloc[:0].assign(**{f"{name}_OLD": old[name].iloc[:0] for name in old.columns})
    sides = [side.sort_values("ROWKEY", kind="stable") for side in (old, new)]
    counts = [side.groupby(by, sort=False).cumcount() for side in sides]
    left, right = (side.assign(N=count) for side, count in zip(sides, counts, strict=True))
    if alone:
        left, right = (side[~side.duplicated(by, keep=False)] for side in (left, right))
    on = [*by, "N"]
    pairs = right.merge(left, on=on, how="inner", suffixes=("", "_OLD"))
    pairs = pairs.assign(**{f"{name}_OLD": pairs[name] for name in by if name in old.columns})
    keys = pd.MultiIndex.from_frame(pairs[on])
    rests = [side[~pd.MultiIndex.from_frame(side[on]).isin(keys)].index for side in (left, right)]
    if alone:
        lone = [set(side.index) - set(kept.index) for side, kept in ((old, left), (new, right))]
        rests = [rest.append(pd.Index(sorted(more))) for rest, more in zip(rests, lone, strict=True)]
    return old.loc[rests[0]], new.loc[rests[1]], pairs.drop(columns="N")


def _moved(table: Table, old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[pd.DataFrame]]:
    """Pair rows that agree in everything but one part of the natural key; the rest and the pairs as `_paired`."""
    moved = []
    for part in table.key[1:]:
        if not part.endswith(_FIXED_PARTS):
            rest = ["USUBJID", *(name for name in table.columns if name != part)]
            old, new, pairs = _paired(old, new, rest, alone=True)
            moved.append(pairs)
    return old, new, moved


def _modified(table: Table, pairs: pd.DataFrame) -> pd.DataFrame:
    parts = [pairs.iloc[:0][["USUBJID", "ROWKEY"]].assign(VARIABLE="", OLD="", NEW="")]
    for name in table.columns if len(pairs) else ():
        before = pairs[f"{name}_OLD"] if f"{name}_OLD" in pairs else pairs[name]
        rows = pairs[(before != pairs[name]).to_numpy(bool)]
        parts.append(rows[["USUBJID", "ROWKEY"]].assign(VARIABLE=name, OLD=before.loc[rows.index], NEW=rows[name]))
    return pd.concat(parts, ignore_index=True).assign(DOMAIN=table.name, KIND="modified")


def _whole(rows: pd.DataFrame, kind: str, about: str, domain: str) -> pd.DataFrame:
    value = {"OLD": "", "NEW": rows[about]} if kind == "new" else {"OLD": rows[about], "NEW": ""}
    return rows[["USUBJID", "ROWKEY"]].assign(DOMAIN=domain, KIND=kind, VARIABLE=about, **value)


def _told(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows and values of a dataset that may make a difference."""
    if name == "ADLB":
        return frame[(frame["WORSTFL"] == "Y").fillna(False).to_numpy(bool)]
    if name == "ADTTE":
        return frame.assign(AVAL=frame["AVAL"].where(frame["EVNTCD"].to_numpy() != 0))
    return frame


def _long(
    domain: str, frame: pd.DataFrame, names: tuple[str, ...], variables: tuple[str, ...], subjects: list[str]
) -> pd.Series:
    """Return the compared values as text, by subject, key and variable."""
    rows = frame[frame["USUBJID"].isin(subjects)]
    key = domain + "|" + rows["USUBJID"].astype("str")
    for name in names:
        key = key + "|" + text_of(rows[name])
    index = {"USUBJID": rows["USUBJID"].to_numpy(), "ROWKEY": key.to_numpy()}
    columns = [pd.DataFrame({**index, "VARIABLE": name, "VALUE": text_of(rows[name]).to_numpy()}) for name in variables]
    long = pd.concat(columns, ignore_index=True).drop_duplicates(["USUBJID", "ROWKEY", "VARIABLE"])
    return long.set_index(["USUBJID", "ROWKEY", "VARIABLE"])["VALUE"]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    rank = rows["KIND"].map({kind: place for place, kind in enumerate(KINDS)})
    order = np.lexsort((rows["VARIABLE"], rows["ROWKEY"], rank, rows["DOMAIN"], rows["USUBJID"]))
    return rows[list(COLUMNS)].iloc[order].reset_index(drop=True).astype("str")
