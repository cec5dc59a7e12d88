"""Which blood count stands for a visit: the panel nearest to the target day, before anything is known of support.

Decisions
---------
- A panel is a day with at least one of ANC, haemoglobin and platelets; a reticulocyte count alone is none.
- Nearest to the target inside the window, ties to the earlier. A lineage missing on that day is taken from the day
  nearest to the panel within 3 days either side, ties to the earlier; that day may lie outside the window.
- WBC, which stands in where ANC is missing there too, is looked up in the same way.
- Efficacy stops at HSCT and salvage: counts after the first of them do not exist here; those of that day do.

Source: domain facts, section 2 steps 1, 5 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .counts import COUNT_TESTS, Series
from .days import as_days
from .logic import ABOVE, AT_MOST, EXACT
from .lookup import nearest, pack, take, unpack

FILL_IN_DAYS = 3

_PANEL_TESTS = ("ANC", "HGB", "PLAT")


@dataclass(frozen=True)
class Picked:
    """The value of one test taken for each assessment.

    Parameters
    ----------
    value : NaN where missing. reading : see `logic`. day : days since 1970-01-01, NaN where missing.
    lower : lower limit of normal of that result.
    """

    value: np.ndarray
    reading: np.ndarray
    day: np.ndarray
    lower: np.ndarray


@dataclass(frozen=True)
class Assessment:
    """The panel chosen for each assessment, and its values.

    Parameters
    ----------
    subject : positions. panel : day of the panel, NaN where the window holds none. tie : a later panel was as near.
    tests : values by LBTESTCD; ANC as measured.
    """

    subject: np.ndarray
    panel: np.ndarray
    tie: np.ndarray
    tests: Mapping[str, Picked]

    def judged(self, test: str) -> tuple[np.ndarray, np.ndarray]:
        """Return value and reading as judged: where ANC is missing, at most the WBC."""
        own = self.tests[test]
        if test != "ANC":
            return own.value, own.reading
        wbc = self.tests["WBC"]
        stands_in = np.isnan(own.value) & (wbc.reading != ABOVE)
        reading = np.where(wbc.reading == EXACT, AT_MOST, wbc.reading)
        return np.where(stands_in, wbc.value, own.value), np.where(stands_in, reading, own.reading)


def until_new_treatment(counts: Mapping[str, Series], anchors: pd.DataFrame) -> Mapping[str, Series]:
    """Return the counts up to the day of HSCT or salvage, whichever comes first."""
    stop = np.fmin(as_days(anchors["HSCTDT"]), as_days(anchors["SALVDT"]))
    if np.isnan(stop).all():
        return counts
    last = pack(np.arange(len(anchors)), np.where(np.isnan(stop), np.inf, stop))
    return {test: series.until(last, unpack(series.key)[0]) for test, series in counts.items()}


def panel_days(counts: Mapping[str, Series]) -> np.ndarray:
    """Return the sorted packed keys of all panels."""
    keys = np.sort(np.concatenate([counts[test].key for test in _PANEL_TESTS]), kind="stable")
    return keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]


def _pick(series: Series, subject: np.ndarray, panel: np.ndarray) -> Picked:
    index = nearest(series.key, subject, panel, FILL_IN_DAYS)
    day = take(unpack(series.key)[1], index)
    reading = take(series.reading, index, EXACT).astype("int8")
    return Picked(take(series.value, index), reading, day, take(series.lower, index))


def choose_assessments(
    counts: Mapping[str, Series], subject: np.ndarray, target: np.ndarray, window_days: int
) -> Assessment:
    """Return the assessment of each (subject, target day).

    Parameters
    ----------
    counts : from `counts.collect_counts`, cut by `until_new_treatment`.
    subject : positions. target : days since 1970-01-01, NaN gives no panel. window_days : half-width, included.
    """
    panels = panel_days(counts)
    index = nearest(panels, subject, target, window_days)
    panel = take(unpack(panels)[1], index)
    mirrored = 2 * target - panel
    tie = (panel < target) & (nearest(panels, subject, mirrored, 0) >= 0)
    return Assessment(subject, panel, tie, {test: _pick(counts[test], subject, panel) for test in COUNT_TESTS})
