"""The facts of every serious adverse event and every death, one row each, from which a narrative is told.

Columns of `derive_narratives`, besides those of ADAE and of `ae_time_onset` (missing where they do not apply):

    KIND                SAE, or DEATH; a fatal serious event has a row of its own, and so has the death
    LEVEL               level of the event (`ae_levels`). LATE: the death lies after the cut-off
    OFFATG … OFFINF2    days from the first dose of the component, or from the infusion, to the onset or the death;
                        missing where it was never given. OFFDOSE: from the first dose of anything
    CAUSE, EVENTS       of a death: as in `ae_listings.list_deaths`
    ANCBVAL, ANCBSGN, ANCBDY, ANCBDT    the count before: value, "<" or ">" where beyond detection, study day, date;
    ANCAVAL …           the count after; likewise HGB and PLAT
    RBC, PLT            transfusion records from onset to end (of a death: of the `DEATH_DAYS` days up to it)
    NAME                medication that names the event as its indication, "" without
    CMFL                Y: the study records transfusions and medication at all

Decisions
---------
- The count before an event is the last one on an earlier day, the count after the first on the day of onset or later:
  a count of the same day may be either, and is told with its day. Before a death: the last up to its day, none after.
- An event that lasts, or has no end, is taken to the last day known alive.
- A medication belongs to an event where its indication and the name of the event contain one another and it was taken
  on a day of the event; nothing else is guessed to be its treatment.

Source: ICH E3, section 12.3.2 (narratives); domain facts, section 2 (support) and "Other decisions".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .ae_levels import Scale, event_levels
from .basis import Basis
from .components import ANCHORED, first_days
from .counts import Series
from .days import Days, as_dates, as_days, study_day
from .logic import ABOVE, BELOW
from .lookup import last_before, next_on_or_after, positions, take, unpack
from .status import first_day

COUNTS = ("ANC", "HGB", "PLAT")
DEATH_DAYS = 14  # look-back of transfusions before a death, days
_EARLIEST, _LATEST = -1e6, 1e6  # stand for any earlier, any later day
_TRANSFUSED = {"RBC": "RBC", "PLT": "PLATELET"}


def derive_narratives(basis: Basis, adae: pd.DataFrame, deaths: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return the facts, by subject and day; columns as documented above.

    Parameters
    ----------
    basis : of the cut. adae : from `ae_time_onset.add_sides`. deaths : from `ae_listings.list_deaths`.
    scale : of the whole study.
    """
    serious = adae[(adae["AESER"] == "Y").to_numpy(bool)]
    events = serious.assign(KIND="SAE", LEVEL=event_levels(serious, scale), LATE=False)
    rows = pd.concat([events, _deaths(basis, deaths)], ignore_index=True)
    subject = positions(rows["USUBJID"], basis.subjects)
    day = as_days(rows["ASTDT"])
    end = _ends(rows, basis, subject, day)
    death = (rows["KIND"] == "DEATH").to_numpy(bool)
    found = _counts(basis, subject, day, death)
    found |= _medication(rows, basis, subject, np.where(death, day - DEATH_DAYS + 1, day), end, death)
    found["OFFDOSE"] = day - take(as_days(basis.anchors["TRTSDT"]), subject)
    out = pd.concat([rows, pd.DataFrame(found, index=rows.index)], axis=1)
    return out.sort_values(["USUBJID", "ASTDY", "KIND"], ignore_index=True)


def _deaths(basis: Basis, deaths: pd.DataFrame) -> pd.DataFrame:
    """Return deaths with the columns they share with events."""
    place = positions(deaths["USUBJID"], basis.subjects)
    anchors = basis.anchors
    died = np.fmin(as_days(anchors["DTHDT"]), np.inf)
    day = take(np.where(np.isnan(as_days(anchors["DTHDT"])), as_days(anchors["DTHLATDT"]), died), place)
    starts = first_days(basis)
    columns = {f"OFF{name}": day - take(starts[name], place) for name in ANCHORED}
    return deaths[["USUBJID", "CAUSE", "EVENTS", "LATE"]].assign(
        KIND="DEATH", ASTDT=as_dates(day), ASTDY=deaths["ADY"].to_numpy("float64"), LEVEL=0, **columns
    )


def _ends(rows: pd.DataFrame, basis: Basis, subject: np.ndarray, day: Days) -> Days:
    end = as_days(rows["AENDT"])
    last = take(as_days(basis.anchors["LSTALVDT"]), subject)
    return np.fmax(np.where(np.isnan(end), last, end), day)


def _counts(basis: Basis, subject: np.ndarray, day: Days, death: np.ndarray) -> dict[str, object]:
    """Return the counts before and after each row."""
    size = len(day)
    before_end = np.where(death, day + 1, day)  # the day of death itself is before it
    columns: dict[str, object] = {}
    for test in COUNTS:
        series = basis.counts[test]
        before = last_before(series.key, subject, before_end, np.full(size, _EARLIEST))
        after = next_on_or_after(series.key, subject, day, np.full(size, _LATEST))
        start = first_day(basis.anchors)
        columns |= _read(series, before, f"{test}B", take(start, subject))
        columns |= _read(series, np.where(death, -1, after), f"{test}A", take(start, subject))
    return columns


def _read(series: Series, index: np.ndarray, name: str, start: Days) -> dict[str, object]:
    day = take(unpack(series.key)[1], index)
    reading = take(series.reading.astype("float64"), index)
    return {
        f"{name}VAL": take(series.value, index),
        f"{name}SGN": np.select([reading == BELOW, reading == ABOVE], ["<", ">"], "").astype(object),
        f"{name}DY": study_day(day, start),
        f"{name}DT": as_dates(day),
    }


def _medication(
    rows: pd.DataFrame, basis: Basis, subject: np.ndarray, first: Days, last: Days, death: np.ndarray
) -> dict[str, object]:
    """Return transfusions and named medication of each row between two days, both included."""
    cm = basis.tables["CM"]
    start, end = cm.possible("CMSTDTC")[0], cm.possible("CMENDTC")[1]
    open_ended = cm.is_code("CMENRF", "Y") | np.isnan(end)
    frame = pd.DataFrame(
        {
            "SUBJECT": cm.position,
            "START": start,
            "END": np.where(open_ended, np.where(cm.is_code("CMCAT", "TRANSFUSION"), start, basis.cutoff), end),
            "CLASS": cm.frame["CMCLAS"].to_numpy(object),
            "WHY": cm.frame["CMINDC"].fillna("").to_numpy(object),
            "WHAT": cm.frame["CMTRT"].fillna(cm.frame["CMDECOD"]).fillna("").to_numpy(object),
        }
    )
    frame = frame[(cm.position >= 0) & ~np.isnan(start) & (start <= basis.cutoff)]
    events = pd.DataFrame({"ROW": np.arange(len(rows)), "SUBJECT": subject, "LOW": first, "HIGH": last})
    for name in ("AEDECOD", "AETERM"):
        events[name] = rows[name].fillna("").to_numpy(object) if name in rows else ""
    met = events.merge(frame, on="SUBJECT")
    met = met[(met["START"] <= met["HIGH"]) & (met["END"] >= met["LOW"])]
    counts = {
        name: met[(met["CLASS"] == code) & (met["START"] >= met["LOW"])].groupby("ROW").size()
        for name, code in _TRANSFUSED.items()
    }
    columns: dict[str, object] = {
        name: n.reindex(range(len(rows)), fill_value=0).to_numpy() for name, n in counts.items()
    }
    named = met[_names(met)].drop_duplicates(["ROW", "WHAT"]).groupby("ROW")["WHAT"].agg("; ".join)
    columns["NAME"] = named.reindex(range(len(rows))).fillna("").to_numpy(object)
    columns["CMFL"] = "Y" if len(cm.frame) else "N"
    return columns


def _names(met: pd.DataFrame) -> np.ndarray:
    """Tell where an indication and the name of the event contain one another."""
    pairs = zip(met["WHY"], met["AEDECOD"], met["AETERM"], met["CLASS"], strict=True)
    return np.array(
        [_names_it(why, (term, typed)) and kind not in _TRANSFUSED.values() for why, term, typed, kind in pairs], bool
    )


def _names_it(why: str, names: tuple[str, str]) -> bool:
    given = why.strip().casefold()
    return bool(given) and any(
        name and (given in name or name in given) for name in (n.strip().casefold() for n in names)
    )
