"""Recovery, response, relapse and survival as curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.adtte import derive_time_to_events
from ..analysis.curves import curve_of
from ..analysis.limits import ConfType
from ..analysis.overall import derive_survival_from_first_dose
from ..analysis.quantiles import Quantile, estimate_quantiles
from ..analysis.results import Curve
from ..analysis.survival import estimate_follow_up
from ..analysis.tte import TimeToEvents
from ..model.principal import Principal
from .context import View
from .derived import coded, derive
from .gaps import Gaps, gaps
from .memory import remembered

# Parameters by the question they answer, in the order of the page.
GROUPS = {
    "recovery": ("TTANC05", "TTANC10", "TTPLT20", "TTPLT50", "TTPLT100", "TTHB80", "TTHB100", "TTRBCI"),
    "response": ("TTRESP", "TTCR", "DOR", "TTREL"),
    "survival": ("OS", "FFS"),
}
PARAMETERS = tuple(param for group in GROUPS.values() for param in group)
_TICK_DAYS = 28


@dataclass(frozen=True)
class SurvivalPage:
    """All curves of the selected patients.

    Parameters
    ----------
    curves : by PARAMCD; missing where nobody is at risk. absent : PCODE, PARAMCD, REASON of all not at risk.
    open_candidates : open recoveries: PCODE, PARAMCD. follow_up : reverse Kaplan-Meier median, None without patients.
    origin : what time counts from: an `Origin`, or first_dose in a cut without ATG, where overall survival is all.
    """

    curves: dict[str, Curve]
    absent: pd.DataFrame
    follow_up: Quantile | None
    open_candidates: pd.DataFrame
    origin: str


def survival_page(principal: Principal, view: View) -> SurvivalPage:
    """Return every time-to-event curve of a view.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    held = gaps(principal, view)
    return remembered(principal, view, "survival", lambda: _survival_page(view, held))


def _outcomes(view: View, held: Gaps) -> TimeToEvents:
    derived = derive(view)
    if not held.atg:
        return derive_survival_from_first_dose(derived.basis)
    return derive_time_to_events(
        derived.data,
        view.rules,
        view.endpoint,
        study_end=view.protocol.study_period.end if view.protocol else None,
        basis=derived.basis,
        response=derived.response,
    )


def _survival_page(view: View, held: Gaps) -> SurvivalPage:
    found = _outcomes(view, held)
    rows, absent = coded(found.rows, view), coded(found.absent, view)
    method = cast(ConfType, view.settings.conf_type)
    curves = {}
    for param in PARAMETERS:
        subjects = rows.loc[rows["PARAMCD"] == param, ["PCODE", "AVAL", "EVNTCD", "EVNTDESC"]]
        missing = absent.loc[absent["PARAMCD"] == param, ["PCODE", "REASON"]]
        curve = curve_of(subjects, missing, param, method, _ticks(subjects["AVAL"]))
        if curve:
            curves[param] = curve
    waiting = found.candidates[found.candidates["CNFDT"].isna()]
    return SurvivalPage(
        curves=curves,
        absent=absent,
        follow_up=_follow_up(rows[rows["PARAMCD"] == "OS"], method),
        open_candidates=coded(waiting[["USUBJID", "PARAMCD"]], view),
        origin=str(view.endpoint.origin) if held.atg else "first_dose",
    )


def _ticks(times: pd.Series) -> list[float]:
    last = float(times.max()) if len(times) else 0.0
    step = _TICK_DAYS if last <= 10 * _TICK_DAYS else 4 * _TICK_DAYS
    return [float(day) for day in np.arange(0, max(last, 3 * _TICK_DAYS) + 1, step)]


def _follow_up(overall: pd.DataFrame, method: ConfType) -> Quantile | None:
    if overall.empty:
        return None
    return estimate_quantiles(estimate_follow_up(overall["AVAL"], overall["EVNTCD"]), method, (0.5,))[0]
