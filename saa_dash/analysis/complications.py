"""Complications: coded adverse events, overall and per class, with rates and onset relative to each component.

Decisions
---------
- A complication is a treatment-emergent adverse event with a class (AECAT); what has none is counted as uncoded and
  nothing else. Laboratory signals stand beside them and are never merged.
- The classes do not overlap; the registry's six come first, "other" among them, then those a DSMB asks for.
- Follow-up: from the first dose to the last day known alive, both included, within the cut-off; of everybody treated.
- Onset from a component: of events that began on or after its first day; what began before it is counted apart.

Source: registry (complication rate); domain facts, "Other decisions" and section 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .adae import DSMB_CLASSES, REGISTRY_CLASSES
from .components import ANCHORED
from .days import as_days
from .limits import CONF_LEVEL
from .proportions import IntervalMethod, Proportion, estimate_proportion
from .rates import Rate, estimate_rate

OVERALL = "ALL"
PER_DAYS = 100.0


@dataclass(frozen=True)
class Onset:
    """Onset of the events of one class after one component, days.

    Parameters
    ----------
    component : ATG, CSA, HPG, INF1 or INF2. events : that began on or after its first day, `before` : before it.
    earliest, median, latest : days from its first day, NaN without events.
    """

    component: str
    events: int
    before: int
    earliest: float
    median: float
    latest: float


@dataclass(frozen=True)
class Complications:
    """One class.

    Parameters
    ----------
    code : AECAT, or ``ALL`` for all classes together. registry : named by the registry.
    patients : with at least one, of all treated. events, serious, severe : events, serious ones, of grade 3 or more.
    rate : events per 100 patient-days. onsets : by component.
    """

    code: str
    registry: bool
    patients: Proportion
    events: int
    serious: int
    severe: int
    rate: Rate
    onsets: tuple[Onset, ...]


@dataclass(frozen=True)
class ComplicationTable:
    """All classes; `uncoded` counts treatment-emergent events without a class, which are no complications."""

    rows: tuple[Complications, ...]
    patient_days: float
    uncoded: int


def count_patient_days(anchors: pd.DataFrame) -> float:
    """Return the follow-up of all treated subjects, days: first dose to last known alive, both included."""
    days = as_days(anchors["LSTALVDT"]) - as_days(anchors["TRTSDT"]) + 1
    return float(np.nansum(np.maximum(days, 0)))


def _onset(events: pd.DataFrame, component: str) -> Onset:
    offset = events[f"OFF{component}"].to_numpy()
    after = offset[offset >= 0]
    spread = (float(after.min()), float(np.median(after)), float(after.max())) if len(after) else (np.nan,) * 3
    return Onset(component, len(after), int((offset < 0).sum()), *spread)


def estimate_complications(
    adae: pd.DataFrame, anchors: pd.DataFrame, method: IntervalMethod, level: float = CONF_LEVEL
) -> ComplicationTable:
    """Return complications overall and per class.

    Parameters
    ----------
    adae : from `adae.derive_adverse_events`. anchors : from `anchors.derive_anchors`; both of the same subjects, whole
        or restricted to a subgroup. method : interval of the proportion of patients. level : confidence level.
    """
    treated = anchors["SAFFL"].to_numpy(bool)
    total, days = int(treated.sum()), count_patient_days(anchors)
    emergent = adae[(adae["TRTEMFL"] == "Y").to_numpy(bool)]
    classes = (*REGISTRY_CLASSES, *DSMB_CLASSES)
    coded = emergent[emergent["AECAT"].isin(classes).to_numpy(bool)]

    def row(code: str, events: pd.DataFrame) -> Complications:
        return Complications(
            code=code,
            registry=code in REGISTRY_CLASSES or code == OVERALL,
            patients=estimate_proportion(int(events["USUBJID"].nunique()), total, method, level),
            events=len(events),
            serious=int((events["AESER"] == "Y").sum()),
            severe=int((events["AETOXGR"] >= 3).fillna(False).sum()),
            rate=estimate_rate(len(events), days, PER_DAYS, level),
            onsets=tuple(_onset(events, component) for component in ANCHORED),
        )

    rows = (row(OVERALL, coded), *(row(code, coded[(coded["AECAT"] == code).to_numpy(bool)]) for code in classes))
    return ComplicationTable(rows, days, len(emergent) - len(coded))
