"""Recovery, response, relapse and survival as curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.adtte import derive_time_to_events
from ..analysis.curves import curve_of
from ..analysis.landmarks import TimePoint, TimeUnit, axis_ticks, landmark_points
from ..analysis.limits import ConfType
from ..analysis.overall import derive_survival_from_first_dose
from ..analysis.quantiles import Quantile, estimate_quantiles
from ..analysis.results import Curve
from ..analysis.survival import estimate_follow_up
from ..analysis.tte import TimeToEvents
from ..model.principal import Principal
from ..model.vocabulary import Severity
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
_OUTCOME = ["PCODE", "AVAL", "EVNTCD", "EVNTDESC"]

Points = tuple[TimePoint, ...]


@dataclass(frozen=True)
class SurvivalPage:
    """All curves of the selected patients.

    Parameters
    ----------
    curves : by PARAMCD; missing where nobody is at risk. absent : PCODE, PARAMCD, REASON of all not at risk.
    open_candidates : open recoveries: PCODE, PARAMCD. follow_up : reverse Kaplan-Meier median, None without patients.
    origin : what time counts from: an `Origin`, or first_dose in a cut without ATG, where overall survival is all.
    points : times at which each curve is read, in the order of its landmarks; by PARAMCD.
    """

    curves: dict[str, Curve]
    absent: pd.DataFrame
    follow_up: Quantile | None
    open_candidates: pd.DataFrame
    origin: str
    points: dict[str, tuple[TimePoint, ...]]


@dataclass(frozen=True)
class _Rows:
    """Outcomes and who is not at risk, under codes; recoveries not yet confirmed."""

    rows: pd.DataFrame
    absent: pd.DataFrame
    waiting: pd.DataFrame


def survival_page(principal: Principal, view: View, unit: TimeUnit = "days") -> SurvivalPage:
    """Return every time-to-event curve of a view.

    Parameters
    ----------
    unit : in which the axis is labelled; the numbers at risk stand at its ticks.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    held = gaps(principal, view)
    found = _coded_rows(principal, view, held)
    return remembered(principal, view, "survival", lambda: _survival_page(view, held, found, unit), unit)


def survival_curve(principal: Principal, view: View, param: str) -> Curve | None:
    """Return one curve over days, None where nobody is at risk; for who needs no other, it spares making them.

    Parameters
    ----------
    param : of `PARAMETERS`.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    found = _coded_rows(principal, view, gaps(principal, view))
    return remembered(principal, view, "survival_curve", lambda: _alone(view, found, param), param)


def _alone(view: View, found: _Rows, param: str) -> Curve | None:
    subjects = _of(found.rows, param, _OUTCOME)
    last = _last(subjects)
    absent = _of(found.absent, param, ["PCODE", "REASON"])
    return _curve(view, subjects, absent, param, axis_ticks(last, "days"), landmark_points(last))


def survival_strata(
    principal: Principal, view: View, param: str, unit: TimeUnit = "days"
) -> tuple[tuple[str, Curve], ...]:
    """Return one curve per severity as entered at enrolment, most severe first, "" for those without an entry.

    Severity tells persons apart, and numbers at risk run down to one: for who sees single patients only.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    held = gaps(principal, view)
    found = _coded_rows(principal, view, held)
    return remembered(principal, view, "survival_strata", lambda: _strata(view, found, param, unit), param, unit)


def _coded_rows(principal: Principal, view: View, held: Gaps) -> _Rows:
    return remembered(principal, view, "survival_rows", lambda: _rows(view, held))


def _rows(view: View, held: Gaps) -> _Rows:
    found = _outcomes(view, held)
    waiting = found.candidates[found.candidates["CNFDT"].isna()]
    return _Rows(coded(found.rows, view), coded(found.absent, view), coded(waiting[["USUBJID", "PARAMCD"]], view))


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


def _of(frame: pd.DataFrame, param: str, columns: list[str]) -> pd.DataFrame:
    return frame.loc[frame["PARAMCD"] == param, columns]


def _curve(
    view: View, subjects: pd.DataFrame, absent: pd.DataFrame, param: str, ticks: list[float], points: Points
) -> Curve | None:
    method = cast(ConfType, view.settings.conf_type)
    return curve_of(subjects, absent, param, method, ticks, [point.day for point in points])


def _survival_page(view: View, held: Gaps, found: _Rows, unit: TimeUnit) -> SurvivalPage:
    curves, points = {}, {}
    for param in PARAMETERS:
        subjects = _of(found.rows, param, _OUTCOME)
        last = _last(subjects)
        points[param] = landmark_points(last)
        absent = _of(found.absent, param, ["PCODE", "REASON"])
        curve = _curve(view, subjects, absent, param, axis_ticks(last, unit), points[param])
        if curve:
            curves[param] = curve
    return SurvivalPage(
        curves=curves,
        absent=found.absent,
        follow_up=_follow_up(_of(found.rows, "OS", _OUTCOME), cast(ConfType, view.settings.conf_type)),
        open_candidates=found.waiting,
        origin=str(view.endpoint.origin) if held.atg else "first_dose",
        points=points,
    )


def _strata(view: View, found: _Rows, param: str, unit: TimeUnit) -> tuple[tuple[str, Curve], ...]:
    subjects = _of(found.rows, param, _OUTCOME)
    last = _last(subjects)
    severity = subjects["PCODE"].map(view.patients.set_index("PCODE")["SEVERITY"]).fillna("")
    ticks, points = axis_ticks(last, unit), landmark_points(last)
    nobody = _of(found.absent, param, ["PCODE", "REASON"]).iloc[:0]
    curves = (
        (name, _curve(view, subjects[severity == name], nobody, param, ticks, points)) for name in (*Severity, "")
    )
    return tuple((str(name), curve) for name, curve in curves if curve)


def _last(subjects: pd.DataFrame) -> float:
    return float(subjects["AVAL"].max()) if len(subjects) else 0.0


def _follow_up(overall: pd.DataFrame, method: ConfType) -> Quantile | None:
    if overall.empty:
        return None
    return estimate_quantiles(estimate_follow_up(overall["AVAL"], overall["EVNTCD"]), method, (0.5,))[0]
