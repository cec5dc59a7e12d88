"""Adverse events over time: onset from each component, rates by exposure, grades by visit, first complications.

All of it is told of the safety set: who received any dose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.ae_levels import Scale
from ..analysis.ae_summary import CLASSES, Recorded
from ..analysis.ae_time_bars import STARTS, OnsetBands, Timeline, count_bands, derive_timeline
from ..analysis.ae_time_first import PARAM, derive_first_events
from ..analysis.ae_time_grades import VisitGrades, count_visit_grades
from ..analysis.ae_time_onset import COMPONENTS
from ..analysis.ae_time_rates import KINDS, ExposureRates, estimate_exposure_rates
from ..analysis.complications import OVERALL
from ..analysis.curves import curve_of
from ..analysis.landmarks import TimePoint, axis_ticks, landmark_points
from ..analysis.limits import ConfType
from ..analysis.pcode_order import patient_order
from ..analysis.results import Curve
from ..model.principal import Principal
from .adverse_events import MAX_MARKS, EventFrames, event_frames
from .context import View
from .derived import coded
from .memory import remembered

_OUTCOME = ["PCODE", "AVAL", "EVNTCD", "EVNTDESC"]


@dataclass(frozen=True)
class OnsetPage:
    """Events from the day of a component.

    Parameters
    ----------
    components : those that anybody received, of `COMPONENTS`; DOSE where nobody received any of them.
    component : the one days count from, "" without any. total : patients of the safety set. events : of theirs.
    timeline : PCODE in place of USUBJID; None for many patients and for who may not see them. bands : always.
    rows : every event: rows of ADAE with PCODE; None for who may not see patients.
    """

    recorded: Recorded
    components: tuple[str, ...]
    component: str
    total: int
    events: int
    timeline: Timeline | None
    bands: OnsetBands | None
    rows: pd.DataFrame | None


@dataclass(frozen=True)
class FirstEvents:
    """The curve of a first complication.

    Parameters
    ----------
    code : of the class, "" where the study codes none. curve : None where nobody is at risk. points : read at.
    """

    code: str
    curve: Curve | None
    points: tuple[TimePoint, ...]


def _safety(principal: Principal, view: View) -> tuple[EventFrames, pd.DataFrame, pd.DataFrame]:
    """Return the frames, and ADAE and anchors of the safety set, patients in the order of their codes."""
    base = event_frames(principal, view)
    anchors = base.anchors[base.anchors["SAFFL"].to_numpy(bool)]
    codes = view.patients.set_index("USUBJID")["PCODE"]
    anchors = anchors.assign(PCODE=anchors["USUBJID"].map(codes)).sort_values("PCODE", key=patient_order)
    anchors = anchors.drop(columns="PCODE").reset_index(drop=True)
    return base, base.adae[base.adae["USUBJID"].isin(anchors["USUBJID"])].reset_index(drop=True), anchors


def onset_page(principal: Principal, view: View, component: str = "") -> OnsetPage:
    """Return the onsets from a component.

    Parameters
    ----------
    component : of `analysis.ae_time_bars.STARTS`; one that nobody received, or "", gives the first that somebody did.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "ae_onset", lambda: _onset(principal, view, component), component)


def _onset(principal: Principal, view: View, component: str) -> OnsetPage:
    base, adae, anchors = _safety(principal, view)
    given = _given(anchors)
    asked = component if component in given else next(iter(given), "")
    scale = base.recorded.scale
    single = view.sight.patients and 0 < len(anchors) <= MAX_MARKS
    timeline = derive_timeline(adae, anchors, scale, asked) if single and asked else None
    return OnsetPage(
        recorded=base.recorded,
        components=given,
        component=asked,
        total=len(anchors),
        events=len(adae),
        timeline=_coded(timeline, view) if timeline else None,
        bands=count_bands(adae, anchors, scale, asked) if asked else None,
        rows=_ordered(coded(adae, view)) if view.sight.patients else None,
    )


def _given(anchors: pd.DataFrame) -> tuple[str, ...]:
    """Return what the days may count from: the components that anybody received, else the first dose of anything."""
    found = tuple(name for name, column in STARTS.items() if anchors[column].notna().any())
    return tuple(name for name in found if name in COMPONENTS) or found


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["PCODE", "ASTDY"], key=patient_order, ignore_index=True)


def _coded(timeline: Timeline, view: View) -> Timeline:
    return replace(timeline, bars=coded(timeline.bars, view), patients=coded(timeline.patients, view))


def exposure_rates(principal: Principal, view: View, kind: str = "CLASS") -> tuple[ExposureRates, Scale, bool]:
    """Return rates by exposure, the scale of severity, and whether the study codes complications.

    Parameters
    ----------
    kind : CLASS, SOC or PT; CLASS gives SOC where the study codes no classes.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "ae_rates", lambda: _rates(principal, view, kind), kind)


def _rates(principal: Principal, view: View, kind: str) -> tuple[ExposureRates, Scale, bool]:
    base, adae, anchors = _safety(principal, view)
    recorded = base.recorded
    asked = kind if kind in KINDS and (recorded.classes or kind != "CLASS") else "SOC"
    return estimate_exposure_rates(adae, anchors, asked, recorded.scale), recorded.scale, recorded.classes


def visit_grades(principal: Principal, view: View) -> VisitGrades:
    """Return patients by worst grade from visit to visit.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "ae_grades", lambda: _grades(principal, view))


def _grades(principal: Principal, view: View) -> VisitGrades:
    base, adae, anchors = _safety(principal, view)
    return count_visit_grades(adae, anchors, base.recorded.scale)


def first_events(principal: Principal, view: View, code: str = OVERALL) -> FirstEvents:
    """Return the cumulative incidence of the first complication of a class.

    Parameters
    ----------
    code : AECAT, or ALL for any; one that is not known gives ALL.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "ae_first", lambda: _first(principal, view, code), code)


def _first(principal: Principal, view: View, code: str) -> FirstEvents:
    base = event_frames(principal, view)
    if not base.recorded.classes:
        return FirstEvents("", None, ())
    asked = code if code in CLASSES else OVERALL
    found, absent = derive_first_events(base.adae, base.anchors, asked)
    subjects = coded(found, view)[_OUTCOME]
    last = float(subjects["AVAL"].max()) if len(subjects) else 0.0
    points, method = landmark_points(last), cast(ConfType, view.settings.conf_type)
    days = [point.day for point in points]
    missing = coded(absent, view)[["PCODE", "REASON"]]
    return FirstEvents(asked, curve_of(subjects, missing, f"{PARAM}{asked}", method, axis_ticks(last), days), points)
