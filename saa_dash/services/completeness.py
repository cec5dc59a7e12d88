"""Visit completeness: which scheduled visits were done, in their windows or not, and which are due and missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.proportions import IntervalMethod
from ..analysis.visit_completeness import (
    PlannedVisit,
    VisitCount,
    count_recorded,
    count_visits_done,
    derive_visits,
    planned_visits,
)
from ..model.principal import Principal
from .context import View
from .derived import coded
from .measures import CutFrames
from .memory import remembered


@dataclass(frozen=True)
class VisitsPage:
    """Visits of the treated patients.

    Parameters
    ----------
    planned, counts : empty in a study without protocol here. rows : PCODE and the columns of
        `analysis.visit_completeness.derive_visits`; None without the right to see patients. recorded : of such a
        study, VISIT and N.
    """

    treated: int
    planned: tuple[PlannedVisit, ...]
    counts: tuple[VisitCount, ...]
    rows: pd.DataFrame | None
    recorded: pd.DataFrame


class _VisitFrames(CutFrames):
    def visits(self, view: View) -> pd.DataFrame:
        """Return the visits under the origin and window in force."""
        name = f"VISITS-{view.endpoint.origin}-{view.endpoint.window_days}"
        return self._kept(name, lambda: derive_visits(self._basis, view.endpoint))

    def recorded(self) -> pd.DataFrame:
        """Return the visits as recorded, of the selected treated subjects."""
        return count_recorded(self._basis, self.treated())


def visit_completeness(principal: Principal, view: View) -> VisitsPage:
    """Return the visits of a view.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "visits", lambda: _visits(view))


def _visits(view: View) -> VisitsPage:
    frames = _VisitFrames(view)
    treated = frames.treated()
    if view.protocol is None:
        return VisitsPage(len(treated), (), (), None, frames.recorded())
    rows = frames.visits(view)
    rows = rows[rows["USUBJID"].isin(treated)]
    method = cast(IntervalMethod, view.settings.interval)
    return VisitsPage(
        treated=len(treated),
        planned=planned_visits(view.endpoint.window_days),
        counts=count_visits_done(rows, method),
        rows=coded(rows, view) if view.sight.patients else None,
        recorded=pd.DataFrame({"VISIT": [], "N": []}),
    )
