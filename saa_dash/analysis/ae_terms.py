"""Adverse events by system organ class and preferred term: patients with exact limits, events, worst level.

Decisions
---------
- SOC and PT are taken as coded. An event without a preferred term stands under its words as typed; one without a class
  under a row of its own.
- A patient counts once per row, by the worst level; in a SOC row by the worst of all its terms.
- Order: most patients (or events) first, then the other of the two, then the name; terms inside their class.

Source: CONTRACT, ADAE; domain facts, section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .ae_levels import LEVELS, Scale, event_levels
from .limits import CONF_LEVEL
from .proportions import IntervalMethod, proportion_limits

Unit = Literal["patients", "events"]
UNITS: tuple[Unit, ...] = ("patients", "events")
KINDS = ("ALL", "SOC", "PT")
BY_PATIENT = tuple(f"P{level}" for level in range(LEVELS))
BY_EVENT = tuple(f"E{level}" for level in range(LEVELS))
_MARKS = ["KIND", "SOC", "PT", "USUBJID", "LEVEL", "SERIOUS", "EVENTS", "FIRST"]
_KEYS = {"ALL": [], "SOC": ["SOC"], "PT": ["SOC", "PT"]}


@dataclass(frozen=True)
class TermTable:
    """Counts of one selection of events.

    Parameters
    ----------
    rows : KIND (ALL, SOC, PT), SOC, PT ("" where they do not apply or were not coded), PATIENTS, EVENTS, SERIOUS
        (events), ESTIMATE, LOWER, UPPER (patients of `total`), P0…P5 patients by worst level, E0…E5 events by level.
    total : the denominator. scale : what the levels mean. typed : events that stand under their words as typed.
    """

    rows: pd.DataFrame
    total: int
    scale: Scale
    method: IntervalMethod
    level: float
    typed: int


def named_events(events: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return USUBJID, SOC, PT, LEVEL, SERIOUS (bool), ASTDY of each event, in the order given."""
    return pd.DataFrame(
        {
            "USUBJID": events["USUBJID"].to_numpy(object),
            "SOC": events["AEBODSYS"].fillna("").to_numpy(object),
            "PT": events["AEDECOD"].fillna(events["AETERM"]).fillna("").to_numpy(object),
            "LEVEL": event_levels(events, scale),
            "SERIOUS": (events["AESER"] == "Y").to_numpy(bool),
            "ASTDY": events["ASTDY"].to_numpy("float64"),
        }
    )


def _levels(frame: pd.DataFrame, keys: list[str], names: tuple[str, ...]) -> pd.DataFrame:
    """Return rows by level, one column each."""
    sizes = frame.groupby([*keys, "LEVEL"], sort=False).size().unstack("LEVEL", fill_value=0)
    wide = sizes.reindex(columns=range(LEVELS), fill_value=0)
    return wide.set_axis(list(names), axis=1)


def _counted(named: pd.DataFrame, kind: str) -> pd.DataFrame:
    keys = ["KIND", *_KEYS[kind]]
    frame = named.assign(KIND=kind)
    worst = frame.groupby([*keys, "USUBJID"], sort=False)["LEVEL"].max().reset_index()
    counts = _levels(worst, keys, BY_PATIENT).join(_levels(frame, keys, BY_EVENT))
    counts["SERIOUS"] = frame.groupby(keys, sort=False)["SERIOUS"].sum()
    counts["PATIENTS"] = counts[list(BY_PATIENT)].sum(axis=1)
    counts["EVENTS"] = counts[list(BY_EVENT)].sum(axis=1)
    return counts.reset_index()


def _ordered(rows: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    main, second = ("PATIENTS", "EVENTS") if unit == "patients" else ("EVENTS", "PATIENTS")
    of_class = rows[rows["KIND"] == "SOC"].set_index("SOC")
    keyed = rows.assign(
        _all=rows["KIND"] != "ALL",
        _main=rows["SOC"].map(of_class[main]).fillna(0),
        _second=rows["SOC"].map(of_class[second]).fillna(0),
        _term=rows["KIND"] == "PT",
    )
    order = ["_all", "_main", "_second", "SOC", "_term", main, second, "PT"]
    return keyed.sort_values(order, ascending=[True, False, False, True, True, False, False, True])[rows.columns]


def estimate_terms(
    events: pd.DataFrame,
    total: int,
    scale: Scale,
    method: IntervalMethod,
    *,
    unit: Unit = "patients",
    level: float = CONF_LEVEL,
) -> TermTable:
    """Return counts by SOC and PT.

    Parameters
    ----------
    events : rows of ADAE, all of members of the population. total : its size.
    scale : see `ae_levels`. method : interval of the proportion of patients. unit : what the order goes by.
    level : confidence level.
    """
    named = named_events(events, scale)
    parts = [_counted(named, kind) for kind in KINDS] if len(named) else [_nothing()]
    rows = pd.concat(parts, ignore_index=True).fillna({"SOC": "", "PT": ""})
    rows = _ordered(rows, unit).reset_index(drop=True)
    patients = rows["PATIENTS"].to_numpy("int64")
    lower, upper = proportion_limits(patients, total, method, level)
    share = np.divide(patients, total) if total else np.full(len(rows), np.nan)
    rows = rows.assign(ESTIMATE=share, LOWER=lower, UPPER=upper)
    typed = int((events["AEDECOD"].isna() & events["AETERM"].notna()).sum())
    return TermTable(rows, total, scale, method, level, typed)


def _nothing() -> pd.DataFrame:
    counts = dict.fromkeys((*BY_PATIENT, *BY_EVENT, "SERIOUS", "PATIENTS", "EVENTS"), 0)
    return pd.DataFrame([{"KIND": "ALL", "SOC": "", "PT": "", **counts}])


def derive_marks(events: pd.DataFrame, scale: Scale, unit: Unit) -> pd.DataFrame:
    """Return one row per mark of a figure that draws every patient (or event) on its own.

    Returns
    -------
    KIND, SOC, PT as in `TermTable`; USUBJID; LEVEL (the worst), SERIOUS (any), EVENTS, FIRST (first study day of
    onset); worst marks of a row first.
    """
    named = named_events(events, scale)
    named["EVENT"] = np.arange(len(named))
    parts = []
    for kind in KINDS if unit == "patients" else KINDS[1:]:  # of all events together there would be too many
        keys = ["KIND", *_KEYS[kind], "USUBJID", *(["EVENT"] if unit == "events" else [])]
        grouped = named.assign(KIND=kind).groupby(keys, sort=False)
        part = grouped.agg(
            LEVEL=("LEVEL", "max"), SERIOUS=("SERIOUS", "any"), EVENTS=("LEVEL", "size"), FIRST=("ASTDY", "min")
        )
        parts.append(part.reset_index())
    marks = pd.concat(parts, ignore_index=True).reindex(columns=_MARKS).fillna({"SOC": "", "PT": ""})
    order = ["KIND", "SOC", "PT", "LEVEL", "SERIOUS", "USUBJID"]
    return marks.sort_values(order, ascending=[True, True, True, False, False, True], ignore_index=True)
