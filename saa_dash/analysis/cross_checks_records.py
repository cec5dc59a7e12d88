"""Cross-domain checks of repeated records, and of what makes an event serious."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ..model.schema import TABLES
from .ae_listings import CRITERIA
from .cross_check_parts import Check, Checked, Material, event_names, lacks, rows_found, together

_Ask = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

# Table → what makes two results the same measurement, and the value.
_MEASURED = {
    "LB": (("USUBJID", "LBTESTCD", "LBDTC", "LBTPT"), "LBSTRESN", "LBORRES"),
    "VS": (("USUBJID", "VSTESTCD", "VSDTC", "VSTPT", "VSPOS"), "VSSTRESN", "VSORRES"),
}


def duplicate_result(material: Material, check: Check) -> Checked:
    """Return results of one patient, test and time with another value than the first of them."""
    looked_at, parts = 0, []
    for name, (key, value, typed) in _MEASURED.items():
        frame = material.table(name).frame
        dated = frame[key[2]].notna().to_numpy(bool)
        looked_at += int(dated.sum())
        repeated = frame[dated & frame.duplicated(list(key), keep=False).to_numpy(bool)].sort_values("ROWKEY")
        by = repeated.groupby(list(key), dropna=False, sort=False)
        first = repeated.assign(KEY1=by["ROWKEY"].transform("first"), VALUE1=by[value].transform("first"),
                                TYPED1=by[typed].transform("first"))  # fmt: skip
        differs = first[value].ne(first["VALUE1"]) & (first[value].notna() | first["VALUE1"].notna())
        differs |= first[value].isna() & first["VALUE1"].isna() & first[typed].ne(first["TYPED1"])
        first = first.reindex(frame.index)
        wrong = differs.reindex(frame.index, fill_value=False).to_numpy(bool)
        found = rows_found(
            material, name, wrong, A=first["VALUE1"].to_numpy("float64"), B=frame[value].to_numpy("float64"),
            DOMAIN2=name, ROWKEY2=first["KEY1"],
        )  # fmt: skip
        parts.append(found)
    return Checked(check, looked_at, together(parts))


def duplicate_event(material: Material, check: Check) -> Checked:
    """Return events with the term and the day of onset of another one of the patient, the first left out."""
    frame = material.table("AE").frame
    if frame.empty:
        return lacks(check, "no_events")
    events = frame[["USUBJID", "AESTDTC", "ROWKEY"]].assign(TERM=event_names(frame).str.strip().str.casefold())
    key = ["USUBJID", "TERM", "AESTDTC"]
    known = events[key].notna().all(axis=1).to_numpy(bool)
    first = events[known].sort_values("ROWKEY").groupby(key)["ROWKEY"].transform("first").reindex(frame.index)
    wrong = known & (first != frame["ROWKEY"]).to_numpy(bool)
    return Checked(check, int(known.sum()), rows_found(material, "AE", wrong, DOMAIN2="AE", ROWKEY2=first))


def duplicate_row(material: Material, check: Check) -> Checked:
    """Return rows that are alike in everything with another row of the patient, the first left out."""
    looked_at, parts = 0, []
    for name in TABLES:
        frame = material.table(name).frame
        looked_at += len(frame)
        twice = frame.duplicated(["USUBJID", "ROWHASH"], keep=False).to_numpy(bool)
        same = frame[twice].sort_values("ROWKEY")
        first = same.groupby(["USUBJID", "ROWHASH"])["ROWKEY"].transform("first").reindex(frame.index)
        wrong = twice & (first != frame["ROWKEY"]).to_numpy(bool)
        parts.append(rows_found(material, name, wrong, DOMAIN2=name, ROWKEY2=first))
    return Checked(check, looked_at, together(parts))


def _serious(material: Material, check: Check) -> tuple[pd.DataFrame, np.ndarray, np.ndarray] | Checked:
    """Return events, which are serious, and which meet a criterion; or why neither can be told."""
    frame = material.table("AE").frame
    if frame.empty or frame["AESER"].isna().all():
        return lacks(check, "no_events" if frame.empty else "no_serious")
    criterion = (frame[list(CRITERIA)] == "Y").fillna(False).any(axis=1).to_numpy(bool)
    return frame, (frame["AESER"] == "Y").fillna(False).to_numpy(bool), criterion


def serious_without_criterion(material: Material, check: Check) -> Checked:
    """Return serious events without any criterion of seriousness."""
    return _of_two(material, check, lambda serious, criterion: (serious, ~criterion))


def criterion_without_serious(material: Material, check: Check) -> Checked:
    """Return events that meet a criterion of seriousness and are not marked as serious."""
    return _of_two(material, check, lambda serious, criterion: (criterion, ~serious))


def _of_two(material: Material, check: Check, ask: _Ask) -> Checked:
    """Return events looked at for which another thing holds; `ask` makes both of seriousness and criterion."""
    held = _serious(material, check)
    if isinstance(held, Checked):
        return held
    frame, serious, criterion = held
    if frame[list(CRITERIA)].isna().all(axis=None):
        return lacks(check, "no_criteria")
    looked, against = ask(serious, criterion)
    return Checked(check, int(looked.sum()), rows_found(material, "AE", looked & against))


def serious_without_outcome(material: Material, check: Check) -> Checked:
    """Return serious events without an outcome."""
    held = _serious(material, check)
    if isinstance(held, Checked):
        return held
    frame, serious, _ = held
    return Checked(
        check, int(serious.sum()), rows_found(material, "AE", serious & frame["AEOUT"].isna().to_numpy(bool))
    )
