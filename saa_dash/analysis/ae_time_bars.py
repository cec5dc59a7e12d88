"""Adverse events along an axis of days that starts at one component: each patient's events, or counts by band of days.

Decisions
---------
- Day 0 of the axis is the first ATG day, or the day of the first or second infusion; who never received that component
  is not drawn, and counted. An event without any day of onset is not drawn, and counted.
- Events that last are drawn to the last day known alive.
- A band holds the events that began in it; under observation are the patients who received the component and are known
  alive on its first day. Events before the component form one band.

Source: domain facts, "Other decisions"; CONTRACT "Days".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .ae_levels import LEVELS, Scale, event_levels
from .ae_terms import BY_EVENT
from .around import day_offset
from .days import as_days
from .profile_lanes import event_bars, pack_lanes
from .status import first_day

# First day of each band from the component; the last one is open. What lies before day 0 is a band of its own.
BAND_STARTS = (0, 7, 14, 28, 56, 84, 168)
MAX_LANES = 6  # events of one patient side by side
# What an axis may start at → its date; DOSE, the first dose of anything, is for studies without any of the others.
STARTS = {"ATG": "ATGSDT", "INF1": "INF1DT", "INF2": "INF2DT", "DOSE": "TRTSDT"}
_MARKS = {**STARTS, "DEATH": "DTHDT", "LAST": "LSTALVDT"}


@dataclass(frozen=True)
class Timeline:
    """Events of each patient on one axis; days from the component, 0 on its day.

    Parameters
    ----------
    component : of `STARTS`. bars : USUBJID, NAME, FROM, TO, LEVEL, SERIOUS, ONGOING, IMPUTED, ASTDY
        (study day of onset), LANE (0 the first).
    patients : USUBJID, LANES, ATG, INF1, INF2, DOSE, DEATH, LAST (days on the axis, NaN without).
    without : patients of the population who never received it. undated : events without a day of onset.
    more : events left out for want of lanes, the least severe ones.
    """

    component: str
    bars: pd.DataFrame
    patients: pd.DataFrame
    without: int
    undated: int
    more: int


@dataclass(frozen=True)
class OnsetBands:
    """Events by the band of days in which they began.

    Parameters
    ----------
    rows : FROM, TO (days from the component; FROM missing before it, TO missing at the end), E0…E5 events by level,
        EVENTS, PATIENTS with such an onset, OBSERVED patients under observation.
        Bands that nobody has reached are left out. Others : as of a `Timeline`.
    """

    component: str
    rows: pd.DataFrame
    without: int
    undated: int


def _from_component(anchors: pd.DataFrame, component: str) -> pd.DataFrame:
    """Return the anchors as days from a component, of those who received it; by USUBJID."""
    start = as_days(anchors[STARTS[component]])
    columns = {name: as_days(anchors[column]) - start for name, column in _MARKS.items()}
    frame = pd.DataFrame(columns | {"SHIFT": start - first_day(anchors)}, index=anchors["USUBJID"].to_numpy(object))
    return frame[~np.isnan(start)]


def derive_timeline(adae: pd.DataFrame, anchors: pd.DataFrame, scale: Scale, component: str) -> Timeline:
    """Return the events of each patient in lanes; patients in the order of `anchors`.

    Parameters
    ----------
    adae, anchors : rows of the same patients. scale : of the whole study. component : of `STARTS`.
    """
    known = _from_component(anchors, component)
    mine = adae[adae["USUBJID"].isin(known.index)]
    bars = event_bars(mine, scale, mine["USUBJID"].map(_last_day(anchors)).to_numpy("float64"))
    bars = bars.assign(USUBJID=mine["USUBJID"].to_numpy(object)[bars["ROW"]]).drop(columns="ROW")
    shift = bars["USUBJID"].map(known["SHIFT"]).to_numpy("float64")
    ends = {name: day_offset(bars[name].to_numpy()) - shift for name in ("FROM", "TO")}
    bars = bars.assign(ASTDY=bars["FROM"], **ends)
    bars["LANE"] = _lanes(bars)
    more = int((bars["LANE"] < 0).sum())
    bars = bars[bars["LANE"] >= 0].reset_index(drop=True)
    lanes = (bars.groupby("USUBJID")["LANE"].max() + 1).reindex(known.index).fillna(1).astype("int64")
    patients = known.drop(columns="SHIFT").assign(LANES=lanes).rename_axis("USUBJID").reset_index()
    undated = int(mine["ASTDY"].isna().sum())
    return Timeline(component, bars, patients, len(anchors) - len(known), undated, more)


def _last_day(anchors: pd.DataFrame) -> pd.Series:
    """Return the study day of the last contact by USUBJID."""
    offset = as_days(anchors["LSTALVDT"]) - first_day(anchors)
    return pd.Series(offset + (offset >= 0), index=anchors["USUBJID"].to_numpy(object))


def _lanes(bars: pd.DataFrame) -> np.ndarray:
    """Return the lane of each event among those of its patient; worst first, so that the least are left out."""
    lane = np.full(len(bars), -1)
    start, end = bars["FROM"].to_numpy("float64") - 1, bars["TO"].to_numpy("float64") + 1
    for places in bars.groupby("USUBJID", sort=False).indices.values():  # the patients that a figure can hold
        lane[places] = pack_lanes(start[places], end[places], MAX_LANES)
    return lane


def count_bands(adae: pd.DataFrame, anchors: pd.DataFrame, scale: Scale, component: str) -> OnsetBands:
    """Return how many events began in each band of days; parameters as of `derive_timeline`."""
    known = _from_component(anchors, component)
    mine = adae[adae["USUBJID"].isin(known.index)]
    start = pd.Series(as_days(anchors[STARTS[component]]), index=anchors["USUBJID"].to_numpy(object))
    offset = as_days(mine["ASTDT"]) - mine["USUBJID"].map(start).to_numpy("float64")
    dated = ~np.isnan(offset)
    band = np.searchsorted(BAND_STARTS, offset[dated], side="right")  # 0 is before the component
    frame = pd.DataFrame(
        {"BAND": band, "LEVEL": event_levels(mine, scale)[dated], "USUBJID": mine["USUBJID"].to_numpy(object)[dated]}
    )
    wide = frame.groupby(["BAND", "LEVEL"]).size().unstack("LEVEL", fill_value=0)
    rows = wide.reindex(index=range(len(BAND_STARTS) + 1), columns=range(LEVELS), fill_value=0)
    rows = rows.set_axis(list(BY_EVENT), axis=1)
    last = known["LAST"].to_numpy("float64")
    starts = np.array([np.nan, *BAND_STARTS])
    patients = frame.groupby("BAND")["USUBJID"].nunique().reindex(rows.index, fill_value=0)
    counted = rows.assign(
        FROM=starts,
        TO=np.append(np.array(BAND_STARTS, dtype="float64") - 1, np.nan),
        EVENTS=rows[list(BY_EVENT)].sum(axis=1),
        PATIENTS=patients,
        OBSERVED=[len(known), *((last >= day).sum() for day in BAND_STARTS)],
    )
    counted = counted[((counted["OBSERVED"] > 0) | (counted["EVENTS"] > 0)).to_numpy(bool)].reset_index(drop=True)
    return OnsetBands(component, counted, len(anchors) - len(known), int((~dated).sum()))
