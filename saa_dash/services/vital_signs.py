"""The vital signs and examination page: courses, shifts and outliers of each sign, findings by body system."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.examination_shifts import count_examination_shifts, examination_rows
from ..analysis.shifts import ShiftTable
from ..model.principal import Principal
from ..model.vital_limits import VitalLimits
from ..protocol.vital_limits import load_vital_limits
from .context import View
from .derived import coded
from .measures import VITAL_SIGNS, CutFrames, MeasurePage, MeasuresPage, find_measure, measure_page, measures_page
from .memory import remembered


@dataclass(frozen=True)
class BodySystem:
    """Findings of one body system over the treated patients.

    Parameters
    ----------
    system : PETESTCD. rows : PCODE and the columns of `analysis.examination_shifts.derive_examination_shifts`; None
        without the right to see patients.
    """

    system: str
    table: ShiftTable
    rows: pd.DataFrame | None


def vital_signs_page(principal: Principal, view: View) -> MeasuresPage:
    """Return every vital sign of a view.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "vital_signs", lambda: measures_page(view, VITAL_SIGNS))


def vital_sign(principal: Principal, view: View, test: str, series: str) -> MeasurePage:
    """Return one vital sign of a view.

    Raises
    ------
    Refused : without the right to see patients under codes. UserError : the cut has no such test.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    measure = find_measure(vital_signs_page(principal, view), test, series)
    return remembered(principal, view, "vital_sign", lambda: measure_page(view, VITAL_SIGNS, measure), test, series)


def usual_limits(test: str) -> VitalLimits | None:
    """Return what is called low and high of a vital sign, None where nothing is."""
    return load_vital_limits().get(test)


def examination(principal: Principal, view: View) -> tuple[BodySystem, ...]:
    """Return the findings by body system, in alphabetical order; none where the study did not collect them.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "examination", lambda: _examination(view))


def _examination(view: View) -> tuple[BodySystem, ...]:
    frames = CutFrames(view)
    shifts, treated = frames.examination(), frames.treated()
    out = []
    for system in sorted(shifts["PETESTCD"].unique()):
        rows = examination_rows(shifts, system, treated)
        behind = coded(rows, view) if view.sight.patients else None
        out.append(BodySystem(str(system), count_examination_shifts(rows), behind))
    return tuple(out)
