"""Exposure-adjusted incidence rates (EAIR): patients with a first event per patient-time at risk, events per all of it.

Decisions
---------
- Treatment-emergent events of the safety set. Time at risk starts with the first dose of any component and ends with
  the first event of that row (its day included), else on the last day known alive, both ends included; death ends it.
- The event rate counts every event over the whole follow-up, which no event ends.
- Limits are exact (Poisson, Garwood). Those of the event rate take events as independent; patients who have several
  make them too narrow: said under the figure.
- Classes are those of the registry and of the safety board; one event has one class. All rows share the patients.

Source: Crowe et al. 2016 (EAIR); R ``poisson.test``; domain facts, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .ae_levels import Scale
from .ae_summary import CLASSES
from .ae_terms import named_events
from .complications import OVERALL
from .days import as_days
from .limits import CONF_LEVEL
from .rates import rate_limits

KINDS = ("CLASS", "SOC", "PT")
_COLUMNS = ["KIND", "SOC", "NAME", "PATIENTS", "EVENTS", "DAYS"]


@dataclass(frozen=True)
class ExposureRates:
    """Rates of one population; per day.

    Parameters
    ----------
    rows : KIND (ALL, CLASS, SOC, PT), SOC ("" where it does not apply), NAME (class, SOC or term as coded), PATIENTS,
        EVENTS, DAYS (patient-days at risk of a first event), RATE, LOWER, UPPER (first events per day), EVRATE,
        EVLOWER, EVUPPER (all events per day). KIND ALL is any event, for CLASS any event with a class.
    subjects : patients. days : of follow-up together.
    """

    rows: pd.DataFrame
    subjects: int
    days: float
    level: float


def follow_up_days(anchors: pd.DataFrame) -> pd.Series:
    """Return days from the first dose to the last day known alive, both included, by USUBJID; 0 where not treated."""
    days = as_days(anchors["LSTALVDT"]) - as_days(anchors["TRTSDT"]) + 1
    return pd.Series(np.maximum(np.nan_to_num(days), 0), index=anchors["USUBJID"].to_numpy(object))


def estimate_exposure_rates(
    adae: pd.DataFrame, anchors: pd.DataFrame, kind: str, scale: Scale, level: float = CONF_LEVEL
) -> ExposureRates:
    """Return the rates of one kind of rows, any event first, then most patients first.

    Parameters
    ----------
    adae, anchors : rows of the members of the safety set. kind : of `KINDS`. level : confidence level.
    """
    emergent = adae[(adae["TRTEMFL"] == "Y").to_numpy(bool)]
    named = named_events(emergent, scale)
    start = pd.Series(as_days(anchors["TRTSDT"]), index=anchors["USUBJID"].to_numpy(object))
    named["TIME"] = as_days(emergent["ASTDT"]) - named["USUBJID"].map(start).to_numpy("float64") + 1
    if kind == "CLASS":
        coded = emergent["AECAT"].isin(CLASSES).to_numpy(bool)
        named = named.assign(SOC="", NAME=emergent["AECAT"].to_numpy(object))[coded]
    else:
        named = named.assign(NAME=named[kind], SOC=named["SOC"] if kind == "PT" else "")
    followed = follow_up_days(anchors)
    days = float(followed.sum())
    parts = [named.assign(KIND="ALL", SOC="", NAME=OVERALL), named.assign(KIND=kind)]
    rows = pd.concat([_counted(part, followed) for part in parts], ignore_index=True)
    rows = _filled(rows, kind, days)
    order = ["_all", "PATIENTS", "EVENTS", "NAME"]
    rows = rows.assign(_all=rows["KIND"] == "ALL").sort_values(order, ascending=[False, False, False, True])
    return ExposureRates(
        _rated(rows[_COLUMNS], float(followed.sum()), level), len(anchors), float(followed.sum()), level
    )


def _counted(named: pd.DataFrame, followed: pd.Series) -> pd.DataFrame:
    """Return patients, events and days at risk of each row that has an event."""
    keys = ["KIND", "SOC", "NAME"]
    first = named.groupby([*keys, "USUBJID"], sort=False).agg(TIME=("TIME", "min"), EVENTS=("TIME", "size"))
    first = first.reset_index()
    whole = first["USUBJID"].map(followed).to_numpy("float64")
    # a day of onset that nobody knows ends the time at risk at the first dose: as early as it may be
    spared = whole - np.clip(np.nan_to_num(first["TIME"].to_numpy("float64"), nan=1.0), 1, np.maximum(whole, 1))
    counts = first.assign(SPARED=spared).groupby(keys, sort=False)
    out = counts.agg(PATIENTS=("USUBJID", "size"), EVENTS=("EVENTS", "sum"), SPARED=("SPARED", "sum")).reset_index()
    return out.assign(DAYS=float(followed.sum()) - out["SPARED"])[_COLUMNS]


def _filled(rows: pd.DataFrame, kind: str, days: float) -> pd.DataFrame:
    """Add what nobody had: any event at all, and every class: zero is said as zero."""
    wanted = [("ALL", OVERALL), *((kind, code) for code in CLASSES if kind == "CLASS" and code != OVERALL)]
    have = set(zip(rows["KIND"], rows["NAME"], strict=True))
    nothing = {"SOC": "", "PATIENTS": 0, "EVENTS": 0, "DAYS": days}
    more = [{"KIND": one, "NAME": name, **nothing} for one, name in wanted if (one, name) not in have]
    return pd.concat([rows, pd.DataFrame(more, columns=_COLUMNS)], ignore_index=True) if more else rows


def _rated(rows: pd.DataFrame, days: float, level: float) -> pd.DataFrame:
    patients, events = rows["PATIENTS"].to_numpy("int64"), rows["EVENTS"].to_numpy("int64")
    risk, whole = rows["DAYS"].to_numpy("float64"), np.full(len(rows), days)
    columns: dict[str, np.ndarray] = {}
    for prefix, n, time in (("", patients, risk), ("EV", events, whole)):
        lower, upper = rate_limits(n, time, level)
        rate = n / np.where(time > 0, time, np.nan)
        columns |= {f"{prefix}RATE": rate, f"{prefix}LOWER": lower, f"{prefix}UPPER": upper}
    return rows.assign(PATIENTS=patients, EVENTS=events, DAYS=risk, **columns).reset_index(drop=True)
