"""Stretches of study days on a patient's profile: pauses of treatment, adverse events, response from visit to visit.

Decisions
---------
- A pause lies between two doses of a treatment; after the last one the treatment has ended, not paused. Cord blood is
  given on single days: there is nothing to pause.
- What lasts is drawn to the patient's last contact: nobody knows of it later.
- A response holds from the day it was assessed to the next assessed visit, the last one to the last contact, or to
  HSCT or salvage, where efficacy stops. A visit without an assessment of its own stands on its target day.
- Two bars share a lane where neither they nor their names overlap. Serious and high-grade events are placed first, so
  that those left out for want of lanes are the least.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .ae_levels import Scale, event_levels
from .around import day_of, day_offset
from .days import as_days, study_day

SINGLE_DAYS = ("UCBMNC",)
_STATES = ["FROM", "TO", "STATE", "WEEK", "REASON"]


def derive_pauses(bars: pd.DataFrame) -> pd.DataFrame:
    """Return EXTRT, FROM, TO: days without a dose between two doses of one treatment of one patient.

    Parameters
    ----------
    bars : of `exposure_bars.derive_treatment_bars`; overlapping records are one stretch.
    """
    rows = bars[~bars["EXTRT"].isin(SINGLE_DAYS)].sort_values(["EXTRT", "FROM", "TO"], kind="stable")
    start = pd.Series(day_offset(rows["FROM"].to_numpy()), index=rows.index)
    end = pd.Series(day_offset(rows["TO"].to_numpy()), index=rows.index)
    reached = end.groupby(rows["EXTRT"]).cummax().groupby(rows["EXTRT"]).shift()
    paused = (start - reached) > 1
    first, last = reached[paused] + 1, start[paused] - 1
    return pd.DataFrame(
        {
            "EXTRT": rows.loc[paused, "EXTRT"].to_numpy(),
            "FROM": [float(day_of(day)) for day in first],
            "TO": [float(day_of(day)) for day in last],
        }
    )


def event_bars(adae: pd.DataFrame, scale: Scale, last: float | np.ndarray) -> pd.DataFrame:
    """Return adverse events with a study day as bars, worst first.

    Parameters
    ----------
    adae : from `adae.derive_adverse_events`. scale : of the whole study. last : study day of the last contact, of all
        or of each row.

    Returns
    -------
    ROW (place in `adae`), NAME, FROM, TO, LEVEL, SERIOUS, ONGOING, IMPUTED; TO of what lasts is `last`.
    """
    dated = adae["ASTDY"].notna().to_numpy()
    rows, until = adae[dated], np.broadcast_to(last, len(adae))[dated]
    ongoing = (rows["ONGOFL"] == "Y").to_numpy(bool)
    start = rows["ASTDY"].to_numpy("float64")
    end = np.where(ongoing, np.fmax(until, start), np.fmax(rows["AENDY"].to_numpy("float64"), start))
    bars = pd.DataFrame(
        {
            "ROW": np.flatnonzero(dated),
            "NAME": rows["AEDECOD"].fillna(rows["AETERM"]).fillna("").astype("str").to_numpy(),
            "FROM": start,
            "TO": end,
            "LEVEL": event_levels(rows, scale),
            "SERIOUS": (rows["AESER"] == "Y").to_numpy(bool),
            "ONGOING": ongoing,
            "IMPUTED": (rows["ASTDTF"].notna() | rows["AENDTF"].notna()).to_numpy(bool),
        }
    )
    order = np.lexsort((bars["FROM"], -bars["LEVEL"], ~bars["SERIOUS"]))
    return bars.iloc[order].reset_index(drop=True)


def derive_event_bars(adae: pd.DataFrame, scale: Scale, last: float) -> tuple[pd.DataFrame, int]:
    """Return the bars of one patient as `event_bars` does, without ROW, and how many events have no study day."""
    return event_bars(adae, scale, last).drop(columns="ROW"), int(adae["ASTDY"].isna().sum())


def derive_ribbon(response: pd.DataFrame, day_one: float, last: float, stop: float, target: pd.Series) -> pd.DataFrame:
    """Return FROM, TO, STATE, WEEK, REASON: the response of one patient from each assessed visit to the next.

    Parameters
    ----------
    response : rows of `response.derive_response` of one patient. day_one : day 1 since 1970-01-01.
    last : study day of the last contact. stop : study day of HSCT or salvage, NaN without.
    target : study day by AVISITN of visits without a day of their own.
    """
    seen = response[response["AVALC"].notna() & (response["AVALC"] != "NYD")].sort_values("AVISITN")
    day = study_day(as_days(seen["ADT"]), np.full(len(seen), day_one))
    start = np.where(np.isnan(day), target.reindex(seen["AVISITN"]).to_numpy("float64"), day)
    first = ~pd.Series(start).duplicated().to_numpy()  # one death settles all later visits on its day
    seen, start = seen[first], start[first]
    end = np.append(start[1:], np.fmin(last + 1, np.inf if np.isnan(stop) else stop))[: len(start)]
    bars = pd.DataFrame(
        {
            "FROM": start,
            "TO": np.fmax(end, start + 1),
            "STATE": seen["AVALC"].to_numpy(object),
            "WEEK": seen["AVISITN"].to_numpy("int64"),
            "REASON": seen["REASON"].fillna("").to_numpy(object),
        },
        columns=_STATES,
    )
    return bars[~np.isnan(bars["FROM"]) & (bars["FROM"] <= last + 1)].reset_index(drop=True)


def pack_lanes(start: np.ndarray, end: np.ndarray, lanes: int) -> np.ndarray:
    """Return the lane of each stretch, 0 at the top, -1 where none of `lanes` has room.

    Parameters
    ----------
    start, end : of each stretch, in the order of precedence; stretches that touch do not share a lane.
    """
    lane = np.full(len(start), -1)
    for i in range(len(start)):  # the stretches of one patient that a figure can hold
        meets = (start[:i] <= end[i]) & (end[:i] >= start[i])
        taken = set(lane[:i][meets].tolist())
        lane[i] = next((number for number in range(lanes) if number not in taken), -1)
    return lane
