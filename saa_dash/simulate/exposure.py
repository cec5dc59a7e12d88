"""The sheet EX: every ATG day, stretches of constant cyclosporine and hetrombopag doses, cord blood infusions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .draws import Array
from .drugs import REASONS
from .patients import Patients
from .subjects import recorded
from .texts import load_texts
from .timeline import NEVER, column
from .typed import decimal, either, frame, whole

ATG_DOSE, ATG_VIAL = 3.0, 25  # mg/kg/d; mg
CELLS = 3.05  # ×10⁸, median of an infusion


def _sheet(
    patients: Patients, component: str, patient: Array, start: Array, end: Array, **cells: object
) -> pd.DataFrame:
    columns = {
        "SUBJID": patients.subject[patient],
        "EXTRT": np.full(len(patient), component),
        "EXSTDTC": patients.dates(patient, start),
        "EXENDTC": patients.dates(patient, end),
        **{name: np.full(len(patient), None) for name in
           ("EXENRF", "EXDOSE", "EXDOSU", "EXADJ", "EXVIAB", "EXABO", "EXHLA", "EXLOT")},
    }  # fmt: skip
    return frame({**columns, **cells})


def _atg(patients: Patients) -> pd.DataFrame:
    """One row per day: 3 mg/kg in whole vials."""
    grid = patients.schedule.atg
    patient, day, _, _ = recorded(patients, grid * np.arange(grid.shape[1]))  # a value of its own keeps days apart
    dose = np.round(ATG_DOSE * patients.person.weight[patient] / ATG_VIAL) * ATG_VIAL
    return _sheet(patients, "RATG", patient, day, day, EXDOSE=whole(dose), EXDOSU=np.full(len(patient), "MG"))


def _oral(patients: Patients, component: str, doses: Array) -> pd.DataFrame:
    patient, first, last, dose = recorded(patients, doses)
    running = (last == patients.calendar.horizon[patient]) & (patients.fate.last[patient] > last)
    reasons = load_texts()["dose_reason"]
    again = np.concatenate([[False], patient[1:] == patient[:-1]]) if len(patient) else np.zeros(0, dtype=bool)
    if component == "CSA":
        code = patients.drugs.reason[patient, column(first)]
        words = np.array([reasons[name] or None for name in REASONS], dtype=object)
        why = words[np.where(again, code, 0)]
    else:
        why = either(again, reasons["RESUMED"], None)
    return _sheet(
        patients, component, patient, first, np.where(running, NEVER, last),
        EXENRF=either(running, "Y", None), EXDOSE=whole(dose), EXDOSU=np.full(len(patient), "MG"), EXADJ=why,
    )  # fmt: skip


def _cells(patients: Patients) -> pd.DataFrame:
    """Two infusions of about 3×10⁸ cells with viability, ABO and HLA match and the unit's number."""
    draws, due = patients.draws, patients.schedule.infusion
    given = (due <= patients.stop[:, None]) & (due < patients.fate.death[:, None])
    patient, nth = np.nonzero(given)
    day = due[patient, nth]

    def each(values: Array) -> Array:
        return np.asarray(values[patient, nth])

    number = draws.integers("ucb.lot", 1000, 9999, 2)
    abo = np.array(["IDENTICAL", "MINOR", "MAJOR", "BIDIRECTIONAL"], dtype=object)
    hla = np.array(["6/6", "5/6", "4/6", "3/6"], dtype=object)
    return _sheet(
        patients, "UCBMNC", patient, day, day,
        EXDOSE=decimal(each(draws.lognormal("ucb.cells", CELLS, 0.06, 2)), 2),
        EXDOSU=np.full(len(patient), "E8_CELLS"),
        EXVIAB=decimal(np.clip(each(93 + 2.8 * draws.normal("ucb.viability", 2)), 80, 99), 1),
        EXABO=abo[each(draws.choice("ucb.abo", [0.42, 0.25, 0.25, 0.08], 2))],
        EXHLA=hla[each(draws.choice("ucb.hla", [0.03, 0.22, 0.6, 0.15], 2))],
        EXLOT=[f"UCB-{value}" for value in each(number)],
    )  # fmt: skip


def exposure_sheet(patients: Patients) -> pd.DataFrame:
    """Return EX, ordered by subject, component and day."""
    parts = [
        _atg(patients),
        _oral(patients, "CSA", patients.drugs.csa),
        _oral(patients, "HPAG", patients.drugs.hpag),
        _cells(patients),
    ]
    order = pd.concat(parts, ignore_index=True)
    return order.sort_values("SUBJID", kind="stable", ignore_index=True)
