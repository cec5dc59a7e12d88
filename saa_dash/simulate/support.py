"""The sheets TRANSF and CM: what held the counts up, and the medication around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .draws import Array
from .patients import Patients
from .subjects import recorded
from .texts import load_texts
from .timeline import DAYS, HISTORY, NEVER, OFFSETS, column
from .typed import decimal, either, frame
from .ward import INFECTIONS


def transfusion_sheet(patients: Patients) -> pd.DataFrame:
    """Return TRANSF: red cells in units, platelets in adult doses, from four weeks before treatment."""
    days, course, draws = OFFSETS[None, :], patients.course, patients.draws
    shown = (days >= HISTORY) & (days <= patients.stop[:, None])
    shown &= (patients.calendar.consent <= patients.calendar.horizon)[:, None]
    red_patient, red_day = np.nonzero((course.red_units > 0) & shown)
    plt_patient, plt_day = np.nonzero(course.platelets & shown)
    patient, day = np.concatenate([red_patient, plt_patient]), np.concatenate([red_day, plt_day])
    red = np.arange(len(patient)) < len(red_patient)
    order = np.lexsort((~red, day, patient))
    patient, day, red = patient[order], day[order], red[order]
    asked = ~draws.chance("transf.unasked", 0.04, DAYS)[patient, day]
    reacts = transfusion_reactions(patients)[patient, day] & ~red
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "CMSTDTC": patients.dates(patient, OFFSETS[day]),
            "CMCLAS": np.where(red, "RBC", "PLATELET"),
            "CMDOSE": np.where(red, course.red_units[patient, day], 1.0),
            "CMDOSU": np.where(red, "U", "DOSE"),
            "CMREACT": either(reacts, "Y", either(asked, "N", None)),
        }
    )


def transfusion_reactions(patients: Patients) -> Array:
    """Return the days on which a platelet transfusion caused a reaction, (patients, days)."""
    return patients.course.platelets & patients.present & patients.draws.chance("transf.reaction", 0.02, DAYS)


@dataclass(frozen=True)
class Courses:
    """Courses of one medication: text key, patient, first and last offset (NEVER = open)."""

    key: Array
    patient: Array
    start: Array
    end: Array


def _fixed(patients: Patients, key: str, who: Array, start: Array | int, days: Array | int) -> Courses:
    chosen = np.flatnonzero(who)
    first = np.broadcast_to(start, who.shape)[chosen]
    last = first + np.broadcast_to(days, who.shape)[chosen] - 1
    return Courses(np.full(len(chosen), key, dtype=object), chosen, first, last)


def _for_infections(patients: Patients) -> list[Courses]:
    patient, first, last, kind = recorded(patients, patients.course.infection)
    names = np.array(INFECTIONS, dtype=object)[kind.astype(int) - 1]
    lungs = kind == 2
    azole = Courses(np.full(lungs.sum(), "AZOLE", dtype=object), patient[lungs], first[lungs] + 2, first[lungs] + 27)
    return [Courses(names, patient, first, last + 1), azole]


def _courses(patients: Patients) -> list[Courses]:
    draws, everyone = patients.draws, np.ones(patients.count, dtype=bool)
    fevers, fate = patients.fevers, patients.fate
    growth = recorded(patients, patients.course.gcsf)
    taper = draws.integers("cm.taper", 12, 24)
    atg_days = patients.schedule.atg_end + 1
    return [
        Courses(np.full(len(growth[0]), "GCSF", dtype=object), *growth[:3]),
        _fixed(patients, "METHYLPREDNISOLONE", everyone, 0, atg_days),
        _fixed(patients, "PREDNISONE", everyone, atg_days, taper),
        _fixed(patients, "SERUM_STEROID", fevers.serum_start < NEVER, fevers.serum_start, fevers.serum_days + 2),
        _fixed(patients, "TPO", draws.chance("cm.tpo", 0.08), draws.integers("cm.tpo_start", 6, 12), 14),
        _fixed(patients, "PROPHYLAXIS", draws.chance("cm.prophylaxis", 0.8), 7, 180),
        _fixed(patients, "SALVAGE", fate.salvage < NEVER, fate.salvage, 5),
        *_for_infections(patients),
    ]


def medication_sheet(patients: Patients) -> pd.DataFrame:
    """Return CM: growth factors, steroids, anti-infectives and salvage treatment, open where they run on."""
    parts = _courses(patients)
    key = np.concatenate([part.key for part in parts])
    patient = np.concatenate([part.patient for part in parts])
    start = np.concatenate([part.start for part in parts])
    end = np.concatenate([part.end for part in parts])
    stop = patients.stop[patient]
    keep = (start <= stop) & (start < patients.fate.death[patient])
    key, patient, start, end, stop = key[keep], patient[keep], start[keep], end[keep], stop[keep]
    order = np.lexsort((key.astype(str), start, patient))
    key, patient, start, end, stop = key[order], patient[order], start[order], end[order], stop[order]
    # The last day of observation is not the end of a treatment, unless the patient left on it.
    leaves = patients.fate.last[patient] == stop
    running = (end >= stop) & ~leaves
    texts = load_texts()["cm"]
    described = {name: np.array([texts[code][name] for code in key], dtype=object) for name in
                 ("class", "trt", "dose", "unit", "route", "indication")}  # fmt: skip
    weight = patients.person.weight[patient]
    per_kg = np.round(weight * 5 / 50) * 50  # G-CSF 5 µg/kg/d, to the next 50 µg
    dose = np.where(key == "GCSF", per_kg, described["dose"].astype(float))
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "CMCLAS": described["class"],
            "CMTRT": described["trt"],
            "CMDOSE": either(dose > 0, decimal(dose, 2), None),
            "CMDOSU": either(dose > 0, described["unit"], None),
            "CMROUTE": described["route"],
            "CMSTDTC": patients.dates(patient, start),
            "CMENDTC": patients.dates(patient, np.where(running, NEVER, np.minimum(end, stop))),
            "CMENRF": either(running, "Y", None),
            "CMINDC": described["indication"],
        }
    )


def under_growth_factor(patients: Patients, patient: Array, offset: Array, days: int) -> Array:
    """Tell whether G-CSF was given on the day or in the `days` before it."""
    total = np.cumsum(patients.course.gcsf, axis=1)
    return np.asarray(total[patient, column(offset)] > total[patient, column(offset - days - 1)])
