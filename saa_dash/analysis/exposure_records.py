"""Dose records as columns: days, dose in the unit of the plan, order within subject and component.

Decisions
---------
- EXDOSE is the dose of a day, or of an infusion. A record without an end lasts one day; an ongoing one lasts to the
  cut-off or to death. A dose of 0 is a pause; one not entered was given, its amount is not known.
- Where the plan is per kg, mg are divided by the weight: DM.WEIGHT, else the last weight before day 1; without a weight
  the dose in mg/kg is not known. A dose typed in mg/kg needs none.
- Cord blood bags of one day are one infusion.

Source: domain facts, "Other decisions" (deviations); form, sheet EX.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..model.protocol import Intervention
from ..model.vocabulary import Component
from .basis import Basis
from .columns import coded
from .days import Days, as_days
from .findings import order_rows
from .lookup import last_before, pack, positions, take, text_codes
from .status import first_day

_UNITS = ("MG", "MG_KG", "E8_CELLS")
_MG, _MG_KG, _CELLS = range(3)
# Unit of the normalised dose, as shown.
UNIT_SHOWN = {_MG: "mg", _MG_KG: "mg/kg", _CELLS: "10^8 cells"}


@dataclass(frozen=True)
class Records:
    """Dose records in the order of component, subject, first day.

    Parameters
    ----------
    frame : rows of EX in this order. names : components (EXTRT), `component` : place in them. subject : positions.
    start, end : first and last day, days since 1970-01-01. ongoing : marked as such. dose : in the unit of the plan
        (the unit typed where there is no plan), NaN where not known. unit : words for it.
    size : subjects of the cut.
    """

    frame: pd.DataFrame
    names: tuple[str, ...]
    component: np.ndarray
    subject: np.ndarray
    start: Days
    end: Days
    ongoing: np.ndarray
    dose: np.ndarray
    unit: Any
    size: int

    @property
    def group(self) -> np.ndarray:
        """Number of the subject and component, ascending."""
        return self.component * self.size + self.subject

    @property
    def given(self) -> np.ndarray:
        """Tell which records hold a dose: above 0, not entered, or a placebo."""
        return ~(self.frame["EXDOSE"].to_numpy() <= 0) | (self.frame["EXTRT"] == "PLACEBO").to_numpy(bool)

    @property
    def days(self) -> np.ndarray:
        """Days of each record, both ends included."""
        return self.end - self.start + 1


def weights(basis: Basis) -> np.ndarray:
    """Return the weight at baseline by subject, kg; NaN where not known."""
    dm, vs = basis.tables["DM"], basis.tables["VS"]
    typed = dm.frame["WEIGHT"].to_numpy()[dm.one_row_each()]
    first, last = vs.possible("VSDTC")
    use = vs.is_code("VSTESTCD", "WEIGHT") & (vs.position >= 0) & (first == last)
    rows = np.flatnonzero(use & ~np.isnan(vs.frame["VSSTRESN"].to_numpy()))
    key = pack(vs.position[rows], first[rows])
    order = np.argsort(key, kind="stable")
    start = first_day(basis.anchors)
    measured = last_before(key[order], np.arange(len(start)), start, np.full(len(start), -np.inf))
    return np.where(np.isnan(typed), take(vs.frame["VSSTRESN"].to_numpy()[rows][order], measured), typed)


def _planned_unit(plan: Intervention) -> int:
    if plan.component == Component.UCBMNC:
        return _CELLS
    return _MG_KG if plan.per_kg else _MG


def _normalised(dose: np.ndarray, unit: np.ndarray, wanted: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return doses in the wanted units; NaN where they cannot be converted."""
    to_kg, from_kg = (unit == _MG) & (wanted == _MG_KG), (unit == _MG_KG) & (wanted == _MG)
    cases = [wanted < 0, unit == wanted, to_kg, from_kg]
    with np.errstate(divide="ignore"):
        return np.select(cases, [dose, dose, dose / weight, dose * weight], np.nan)


def collect_records(basis: Basis, plans: dict[str, Intervention]) -> Records:
    """Return the dose records that start by the cut-off.

    Parameters
    ----------
    plans : component → plan; empty for a study without a protocol here.
    """
    ex = basis.tables["EX"]
    first = ex.possible("EXSTDTC")[0]
    end = ex.possible("EXENDTC")[1]
    rows = np.flatnonzero((ex.position >= 0) & (first <= basis.cutoff))
    codes, distinct = text_codes(ex.frame["EXTRT"])
    names = tuple(sorted({*(str(item) for item in Component), *distinct}))
    place = np.array([*(names.index(name) for name in distinct), -1])[codes]
    rows = rows[place[rows] >= 0]
    order = rows[order_rows((place[rows], ex.position[rows], first[rows]), ex.frame["ROWKEY"].iloc[rows])]
    subject, component, start = ex.position[order], place[order], first[order]
    ongoing = ex.is_code("EXENRF", "Y")[order]
    stop = np.fmin(as_days(basis.anchors["DTHDT"]), basis.cutoff)[subject]
    ending = np.where(ongoing, stop, end[order])
    frame = ex.frame.iloc[order]
    wanted = np.array([_planned_unit(plans[name]) if name in plans else -1 for name in names])[component]
    spelled = frame["EXDOSU"].str.upper().str.replace("/", "_")
    unit = positions(spelled, _UNITS)
    dose = _normalised(frame["EXDOSE"].to_numpy(), unit, wanted, weights(basis)[subject])
    shown = np.where(wanted >= 0, wanted, len(_UNITS) + text_codes(frame["EXDOSU"])[0])
    words = [*UNIT_SHOWN.values(), *text_codes(frame["EXDOSU"])[1]]
    typed_missing = (wanted < 0) & (text_codes(frame["EXDOSU"])[0] < 0)
    return Records(
        frame=frame,
        names=names,
        component=component,
        subject=subject,
        start=start,
        end=np.fmin(np.fmax(start, ending), basis.cutoff),
        ongoing=ongoing,
        dose=dose,
        unit=coded(np.where(typed_missing, -1, shown), words),
        size=ex.size,
    )


def planned_units(plans: dict[str, Intervention]) -> dict[str, str]:
    """Return component → unit of its doses, in words."""
    return {name: UNIT_SHOWN[_planned_unit(plan)] for name, plan in plans.items()}
