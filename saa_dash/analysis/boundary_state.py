"""Where a trial stands against its stopping boundary: events, evaluable patients, what the next event would do.

Decisions
---------
- Patients: the safety set, from the first dose. Death within 100 days: a death up to day 101 (offset 100), window 100
  days. The other events have no window of their own: any up to the cut-off counts, and a patient without one is
  evaluable at week 12 (offset 84), the last registered visit.
- Evaluable: has the event, or is known to be alive at the end of the window; in the order of the day on which that
  became so, of one day in the order of subjects. A patient who left before that is never evaluable, and is counted.
- Enrolled when the nth patient became evaluable: those with a first dose on or before that day.

Source: domain facts, section 7; `protocol.study` (events).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.settings import BoundarySettings
from .boundary import Boundary, OperatingCharacteristics, derive_boundary, operating_characteristics, posterior_above
from .days import Days, as_days

WINDOWS = {"death_100d": 100}  # days from the first dose
_LAST_VISIT = 84
TRUE_RATES = (0.1, 0.2, 0.3, 0.4, 0.5)
STATES = ("EVENT", "FREE", "OPEN", "LEFT")


@dataclass(frozen=True)
class BoundaryState:
    """The boundary and where the trial stands.

    Parameters
    ----------
    patients : USUBJID, STATE (of `STATES`), READY (day on which it became evaluable, NaN before), STARTED (patients
        enrolled by then), N and EVENTS (evaluable patients and events then, 0 before), in that order.
    boundary : up to `size` patients. window : days.
    """

    settings: BoundarySettings
    boundary: Boundary
    size: int
    window: int
    patients: pd.DataFrame
    characteristics: tuple[OperatingCharacteristics, ...]

    @property
    def evaluable(self) -> int:
        """Patients with the event or without it to the end of the window."""
        return int(self.patients["STATE"].isin(["EVENT", "FREE"]).sum())

    @property
    def events(self) -> int:
        """Patients with the event."""
        return int((self.patients["STATE"] == "EVENT").sum())

    @property
    def stop_at(self) -> int | None:
        """Events at which the boundary is met with the patients now evaluable, None where no count would."""
        return self.limit(self.evaluable)

    @property
    def crossed_at(self) -> int | None:
        """Evaluable patients when the boundary was first met, None if it never was."""
        for n, events in self.patients.loc[self.patients["N"] > 0, ["N", "EVENTS"]].itertuples(index=False):
            limit = self.limit(int(n))
            if limit is not None and events >= limit:
                return int(n)
        return None

    @property
    def posterior(self) -> float:
        """Posterior probability that the true rate exceeds theta."""
        return posterior_above(self.events, self.evaluable, self.settings)

    @property
    def next_event(self) -> tuple[int, int, int | None]:
        """Events and evaluable patients if the next one has the event, and the events at which it stops then."""
        return self.events + 1, self.evaluable + 1, self.limit(self.evaluable + 1)

    @property
    def events_to_stop(self) -> int | None:
        """How many of the next patients, all with the event, would meet the boundary; None if not within `size`."""
        for more in range(1, self.size - self.evaluable + 1):
            limit = self.limit(self.evaluable + more)
            if limit is not None and self.events + more >= limit:
                return more
        return None

    @property
    def acts_from(self) -> int | None:
        """Evaluable patients from which the boundary can stop the trial."""
        return next((n for n, limit in enumerate(self.boundary.stop_at, start=1) if limit is not None), None)

    def started_by(self, n: int) -> int | None:
        """Return how many were enrolled when the nth patient became evaluable, None before that."""
        rows = self.patients[self.patients["N"] == n]
        return None if rows.empty else int(rows["STARTED"].iloc[0])

    def limit(self, n: int) -> int | None:
        """Return the events at which the boundary is met among n evaluable patients."""
        return self.boundary.stop_at[n - 1] if 1 <= n <= len(self.boundary.stop_at) else None


def derive_boundary_state(
    anchors: pd.DataFrame, adae: pd.DataFrame, settings: BoundarySettings, planned: int | None
) -> BoundaryState:
    """Return where a trial stands.

    Parameters
    ----------
    anchors, adae : of the patients it is about, up to the safety cut-off. planned : planned number, None unknown.
    """
    treated = anchors[anchors["SAFFL"].to_numpy(bool)].reset_index(drop=True)
    start = as_days(treated["TRTSDT"])
    event = _event_days(treated, adae, settings.event)
    window = WINDOWS.get(settings.event, _LAST_VISIT)
    if settings.event in WINDOWS:
        event = np.where(event - start <= window, event, np.nan)
    has = ~np.isnan(event)
    through = ~has & (as_days(treated["LSTALVDT"]) - start >= window)
    left = ~has & ~through & ~np.isnan(np.fmin(np.fmin(as_days(treated["WDDT"]), as_days(treated["LOSTDT"])),
                                               as_days(treated["DTHDT"])))  # fmt: skip
    state = np.select([has, through, left], STATES[:2] + STATES[3:], STATES[2])
    ready = np.where(has, event, np.where(through, start + window, np.nan))
    size = max(planned or 0, len(treated))
    rates = tuple(sorted({*TRUE_RATES, settings.theta}))
    boundary = derive_boundary(settings, size)
    return BoundaryState(
        settings=settings,
        boundary=boundary,
        size=size,
        window=window,
        patients=_in_order(treated["USUBJID"], state, ready, start),
        characteristics=tuple(operating_characteristics(boundary, rate) for rate in rates) if size else (),
    )


def _event_days(treated: pd.DataFrame, adae: pd.DataFrame, event: str) -> Days:
    """Return the day of each patient's first event, NaN without one."""
    if event in ("death", "death_100d"):
        return as_days(treated["DTHDT"])
    rows = adae[((adae["AESER"] == "Y") & (adae["TRTEMFL"] == "Y")).to_numpy(bool)]
    if event == "related_sae":
        rows = rows[(rows["RELFL"] == "Y").to_numpy(bool)]
    first = pd.Series(as_days(rows["ASTDT"]), index=rows["USUBJID"].to_numpy(object)).groupby(level=0).min()
    return first.reindex(treated["USUBJID"]).to_numpy("float64")


def _in_order(subjects: pd.Series, state: np.ndarray, ready: Days, start: Days) -> pd.DataFrame:
    rows = pd.DataFrame({"USUBJID": subjects, "STATE": state, "READY": ready})
    rows = rows.sort_values(["READY", "USUBJID"], na_position="last", ignore_index=True)
    known = rows["READY"].notna().to_numpy()
    started = np.searchsorted(np.sort(start), rows["READY"].to_numpy("float64"), side="right")
    events = (rows["STATE"] == "EVENT").cumsum()
    return rows.assign(
        STARTED=np.where(known, started, 0),
        N=np.where(known, np.arange(1, len(rows) + 1), 0),
        EVENTS=np.where(known, events, 0),
    )
