"""The liver and kidney page: the eDISH plane, stages of kidney injury, cyclosporine in range, one patient's course."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.adlb import derive_laboratory
from ..analysis.csa import TimeInRange, count_time_in_range, derive_levels, derive_time_in_range
from ..analysis.edish import Plane, count_quadrants, place_peaks
from ..analysis.kdigo_weeks import StageCounts, count_stages, derive_kidney_weeks
from ..analysis.kidney import derive_kidney
from ..analysis.liver import derive_liver_days, derive_liver_peaks, list_hys_law_candidates
from ..analysis.proportions import IntervalMethod, Proportion, estimate_proportion
from ..model.principal import Principal
from ..model.protocol import TargetRange
from ..model.vocabulary import Component
from ..protocol.ctcae import load_ctcae
from .context import View
from .derived import coded
from .measures import VITAL_SIGNS, CutFrames
from .memory import remembered
from .views import record_view

_PRESSURES = ("SYSBP", "DIABP")
_OF_A_PATIENT = ("LIVER-DAYS", "KIDNEY", "CSA-LEVELS")


@dataclass(frozen=True)
class LiverPage:
    """The eDISH or mDISH plane of the treated patients.

    Parameters
    ----------
    treated : selected patients with a dose of anything. measured : of these, with both peaks. altered : with ALT, AST
        or bilirubin abnormal at baseline. quadrants : patients out of those measured, by `analysis.liver.QUADRANTS`.
    candidates : for Hy's law, out of those treated; their definition does not move with the cuts.
    points : PCODE and the columns of `analysis.edish.place_peaks`. listed : PCODE and the columns of
        `analysis.liver.list_hys_law_candidates`. Both None without the right to see patients.
    """

    plane: Plane
    treated: int
    measured: int
    altered: int
    quadrants: dict[str, Proportion]
    candidates: Proportion
    points: pd.DataFrame | None
    listed: pd.DataFrame | None


@dataclass(frozen=True)
class KidneyPage:
    """KDIGO stages of the treated patients.

    Parameters
    ----------
    counts : over these patients and by week. weeks : PCODE and the columns of
        `analysis.kdigo_weeks.derive_kidney_weeks`; None without the right to see patients.
    """

    treated: int
    counts: StageCounts
    weeks: pd.DataFrame | None


@dataclass(frozen=True)
class CyclosporinePage:
    """Trough levels in the range of the protocol.

    Parameters
    ----------
    target : None in a study without protocol here, then nothing is judged. levels : samples in the cut, of whoever is
        selected. rows : PCODE and the columns of `analysis.csa.derive_time_in_range`; None without the right to see
        patients.
    """

    target: TargetRange | None
    treated: int
    levels: int
    all: TimeInRange | None
    rows: pd.DataFrame | None


@dataclass(frozen=True)
class OrganCourse:
    """One patient over time, in study days.

    Parameters
    ----------
    liver : `analysis.liver.derive_liver_days`. creatinine : `analysis.kidney.derive_kidney`.
    levels : cyclosporine, ADY, ATPT, AVAL, LBCENS and, with a protocol, STATE and USEDFL of `analysis.csa`.
    pressure : TEST, ADY, AVAL; position named in `position`, "" where the study has one only.
    """

    pcode: str
    liver: pd.DataFrame
    creatinine: pd.DataFrame
    levels: pd.DataFrame
    pressure: pd.DataFrame
    position: str
    target: TargetRange | None


class OrganFrames(CutFrames):
    """Frames of liver, kidney and cyclosporine of a cut, kept with it."""

    @cached_property
    def _adlb(self) -> pd.DataFrame:
        return derive_laboratory(self._data, load_ctcae(), self._basis)

    def part(self, name: str, target: TargetRange | None) -> pd.DataFrame:
        """Return one of the frames; the first that is asked for makes and keeps them all, for they share their input.

        Parameters
        ----------
        name : LIVER-PEAKS, LIVER-DAYS, HYS-LAW, KIDNEY or CSA-LEVELS. target : of cyclosporine; None: not judged.
        """
        return self._kept(name, lambda: self._all(target)[name])

    def _all(self, target: TargetRange | None) -> dict[str, pd.DataFrame]:
        adlb, basis = self._adlb, self._basis
        made = {
            "LIVER-PEAKS": derive_liver_peaks(adlb, basis),
            "LIVER-DAYS": derive_liver_days(adlb, basis),
            "HYS-LAW": list_hys_law_candidates(adlb, basis),
            "KIDNEY": derive_kidney(adlb, basis),
            "CSA-LEVELS": self._unjudged() if target is None else derive_levels(adlb, target),
        }
        for name, frame in made.items():
            self._kept(name, partial(pd.DataFrame, frame))
        return made

    def _unjudged(self) -> pd.DataFrame:
        rows = self._adlb
        known = (rows["PARAMCD"] == Component.CSA).to_numpy(bool) & rows["AVAL"].notna().to_numpy()
        return rows.loc[known, ["USUBJID", "ADT", "ADY", "ATPT", "AVAL", "LBCENS"]]

    def pressure(self) -> tuple[pd.DataFrame, str]:
        """Return blood pressure in the position measured most often, and that position."""
        tests = self.tests(VITAL_SIGNS)
        mine = tests[(tests["TEST"] == _PRESSURES[0]) & (tests["NUMBERS"] > 0)]
        if mine.empty:
            return pd.DataFrame(columns=["USUBJID", "TEST", "ADY", "AVAL"]), ""
        series = str(mine.sort_values("NUMBERS", ascending=False)["SERIES"].iloc[0])
        parts = [self.measures(VITAL_SIGNS, test, series) for test in _PRESSURES]
        return pd.concat(parts, ignore_index=True)[["USUBJID", "TEST", "ADY", "AVAL"]], series


def _target(view: View) -> TargetRange | None:
    return view.protocol.intervention(Component.CSA).target if view.protocol else None


def _of(frame: pd.DataFrame, subjects: tuple[str, ...]) -> pd.DataFrame:
    return frame[frame["USUBJID"].isin(subjects)]


def _method(view: View) -> IntervalMethod:
    return cast(IntervalMethod, view.settings.interval)


def _rows(frame: pd.DataFrame, view: View) -> pd.DataFrame | None:
    return coded(frame, view) if view.sight.patients else None


def liver_page(principal: Principal, view: View, plane: Plane | None = None) -> LiverPage:
    """Return the plane of peaks.

    Parameters
    ----------
    plane : cuts and multiples; None for eDISH under the cuts of the definition.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    asked = plane or Plane()
    return remembered(principal, view, "liver", lambda: _liver(view, asked), asked)


def _liver(view: View, plane: Plane) -> LiverPage:
    frames = OrganFrames(view)
    treated = frames.treated()
    placed = place_peaks(_of(frames.part("LIVER-PEAKS", _target(view)), treated), plane)
    listed = _of(frames.part("HYS-LAW", _target(view)), treated)
    return LiverPage(
        plane=plane,
        treated=len(treated),
        measured=int(placed["QUAD"].notna().sum()),
        altered=int((placed["MDISHFL"] == "Y").sum()),
        quadrants=count_quadrants(placed, _method(view)),
        candidates=estimate_proportion(len(listed), len(treated), _method(view)),
        points=_rows(placed, view),
        listed=_rows(listed, view),
    )


def kidney_page(principal: Principal, view: View) -> KidneyPage:
    """Return the stages of kidney injury.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "kidney", lambda: _kidney(view))


def _kidney(view: View) -> KidneyPage:
    frames = OrganFrames(view)
    treated = frames.treated()
    weeks = derive_kidney_weeks(_of(frames.part("KIDNEY", _target(view)), treated))
    return KidneyPage(len(treated), count_stages(weeks, _method(view)), _rows(weeks, view))


def cyclosporine_page(principal: Principal, view: View) -> CyclosporinePage:
    """Return trough levels against the range of the protocol.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "cyclosporine", lambda: _cyclosporine(view))


def _cyclosporine(view: View) -> CyclosporinePage:
    frames, target = OrganFrames(view), _target(view)
    treated = frames.treated()
    levels = _of(frames.part("CSA-LEVELS", target), treated)
    if target is None:
        return CyclosporinePage(None, len(treated), len(levels), None, None)
    by_patient = derive_time_in_range(levels)
    return CyclosporinePage(target, len(treated), len(levels), count_time_in_range(levels), _rows(by_patient, view))


def organ_course(principal: Principal, view: View, pcode: str) -> OrganCourse:
    """Return liver, creatinine, cyclosporine and blood pressure of one patient; the audit trail tells of the look.

    Raises
    ------
    Refused : without the right to see patients. UserError : the patient is not in the selection.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    record_view(principal, view, [pcode])
    return remembered(principal, view, "organ_course", lambda: _course(view, pcode), pcode)


def _course(view: View, pcode: str) -> OrganCourse:
    frames, target = OrganFrames(view), _target(view)
    subject = tuple(view.patients.loc[view.patients["PCODE"] == pcode, "USUBJID"])
    pressure, position = frames.pressure()
    liver, creatinine, levels, signs = (
        coded(_of(frame, subject), view).sort_values("ADY", kind="stable", ignore_index=True)
        for frame in (*(frames.part(name, target) for name in _OF_A_PATIENT), pressure)
    )
    return OrganCourse(pcode, liver, creatinine, levels, signs, position, target)
