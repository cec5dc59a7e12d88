"""Adverse events that are new or gone, became serious or ceased to be, or changed their grade."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..model.change import Change, Word

TOLD = ("AESER", "AETOXGR", "AESEV")  # variables that are told of an event here, and not again as corrected values
# Measure of how bad an event is → the list its values are of.
_LISTS = {"AETOXGR": "grade_short", "AESEV": "aesev"}
_SEVERITY = {"MILD": 1.0, "MODERATE": 2.0, "SEVERE": 3.0}


def tell_events(rows: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[Change]:
    """Yield the changes; of two of one event the worse one comes first.

    Parameters
    ----------
    rows : differences of the table AE. old, new : ADAE of both cuts (AEDECOD, AETERM, AESER, AETOXGR, AESEV, ASTDY,
        ROWKEY); an event that began after that cut's safety cut-off is in neither, and not told.
    """
    before, after = (side.drop_duplicates("ROWKEY").set_index("ROWKEY") for side in (old, new))
    for key, part in rows.groupby("ROWKEY", sort=False):
        kind, subject = str(part["KIND"].iloc[0]), str(part["USUBJID"].iloc[0])
        side = before if kind == "removed" else after
        if key not in side.index:
            continue
        event = side.loc[[key]].iloc[0]
        if kind == "modified":
            yield from _modified(part.set_index("VARIABLE"), subject, event)
        else:
            yield _whole(kind, subject, event)


def _whole(kind: str, subject: str, event: pd.Series) -> Change:
    group = "sae" if event["AESER"] == "Y" else "event"
    code, mark = ("new", "NEW") if kind == "new" else ("gone", "GONE")
    rank = 10 * (kind != "new") - _grade_number(event)
    return Change(group, subject, f"{group}_{code}", _about(event), _day(event), rank, mark)


def _modified(changed: pd.DataFrame, subject: str, event: pd.Series) -> Iterator[Change]:
    about, day, serious = _about(event), _day(event), event["AESER"] == "Y"
    if "AESER" in changed.index:
        code, rank = ("sae_became", 1.0) if serious else ("sae_no_longer", 20.0)
        yield Change("sae", subject, code, about, day, rank)
    measure = next((name for name in _LISTS if name in changed.index), "")
    if measure:
        old, new = (str(changed.loc[measure, side]) for side in ("OLD", "NEW"))
        grades = {"old": _level(measure, old), "new": _level(measure, new)}
        rank = -_grade_number(event) + (0.5 if _number(new) > _number(old) else 10.5)
        yield Change("sae" if serious else "event", subject, "event_grade", {**about, **grades}, day, rank)


def _about(event: pd.Series) -> dict[str, object]:
    return {"term": Word("event_name", event_name(event)), "grade": _worst(event)}


def _worst(event: pd.Series) -> Word:
    """Return the grade, of a study without grades the severity."""
    if pd.notna(event["AETOXGR"]):
        return _level("AETOXGR", str(int(event["AETOXGR"])))
    return _level("AESEV", str(event["AESEV"])) if pd.notna(event["AESEV"]) else _level("AETOXGR", "")


def _level(measure: str, code: str) -> Word:
    return Word(_LISTS[measure], code) if code else Word("grade_short", "NONE")


def _number(code: str) -> float:
    return _SEVERITY.get(code.strip().upper(), float(code) if code.isdigit() else 0.0)


def event_name(event: pd.Series) -> str:
    """Return the coded term of an event, else as it was typed, "–" where it has no name."""
    for name in ("AEDECOD", "AETERM"):
        if pd.notna(event[name]) and event[name]:
            return str(event[name])
    return "–"


def _grade_number(event: pd.Series) -> float:
    if pd.notna(event["AETOXGR"]):
        return float(event["AETOXGR"])
    return _number(str(event["AESEV"])) if pd.notna(event["AESEV"]) else 0.0


def _day(event: pd.Series) -> int | None:
    return None if pd.isna(event["ASTDY"]) else int(event["ASTDY"])
