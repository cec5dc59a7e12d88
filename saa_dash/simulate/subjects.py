"""The sheets SUBJ and VISIT: who takes part, and each visit with its three questions about support."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..ingest.form import load_form
from .draws import Array
from .laboratory import Panels
from .patients import Patients
from .texts import load_texts
from .timeline import DAYS, FIRST, HISTORY, NEVER, OFFSETS, column
from .typed import decimal, either, frame, stretches, whole, yes_no

UNANSWERED = 0.012  # share of support questions left blank


def _last_alive(patients: Patients) -> Array:
    """Last day known alive: death, last contact at the hospital, or a monthly call after leaving the study visits."""
    seen = patients.sampled | ((patients.visit_of_day > 0) & patients.present)
    last = np.where(seen, OFFSETS[None, :], FIRST).max(axis=1)
    fate, horizon = patients.fate, patients.calendar.horizon
    left = np.minimum(fate.withdrawal, fate.hsct)  # the lost are not reached by telephone
    calls = left + 28 * np.maximum((horizon - left) // 28, 0)
    last = np.where(left <= horizon, np.maximum(last, calls), last)
    return np.where(fate.death <= horizon, fate.death, last)


def _severity(patients: Patients, panels: Panels) -> Array:
    """Severity by the worst neutrophils before treatment: VSAA below 0.2 ×10⁹/L."""
    before = panels.offset < 0
    worst = np.full(patients.count, np.inf)
    np.minimum.at(worst, panels.patient[before], panels.values["ANC"][before])
    worst = np.where(np.isinf(worst), patients.marrow.anc, worst)
    return np.where(worst < 0.2, "VSAA", "SAA")


def subject_sheet(patients: Patients, panels: Panels) -> pd.DataFrame:
    """Return SUBJ of those who consented by the cut-off."""
    person, calendar = patients.person, patients.calendar
    everyone = np.arange(patients.count)

    def day(offset: Array | int) -> Array:
        offset = np.broadcast_to(offset, everyone.shape)
        return patients.dates(everyone, np.where(offset <= calendar.horizon, offset, NEVER))

    columns = {
        "SUBJID": patients.subject,
        "SEX": np.where(person.male, "M", "F"),
        "AGE": whole(person.age),
        "WEIGHT": decimal(person.weight, 1),
        "HEIGHT": whole(person.height),
        "DIAGDTC": [text[:7] if text else None for text in day(calendar.screening - person.disease_days)],
        "SEVERITY": _severity(patients, panels),
        "MARROWPC": whole(person.cellularity),
        "MARRESPC": whole(person.residual),
        "PNHPC": decimal(person.clone, 2),
        "RFICDTC": day(calendar.consent),
        "ENRLDTC": day(calendar.enrolment),
        "ATGSTDTC": day(0),
        "ATGENDTC": day(patients.schedule.atg_end),
        "LSTALVDTC": day(_last_alive(patients)),
    }
    checks = (code for code in load_form().sheets["SUBJ"].codes if code.startswith(("INCL", "EXCL")))
    answers = {code: np.full(patients.count, "Y" if code.startswith("INCL") else "N") for code in checks}
    return frame({**columns, **answers})[calendar.consent <= calendar.horizon].reset_index(drop=True)


def visit_codes(patients: Patients, panels: Panels) -> Array:
    """Return the visit each panel belongs to; counts between the visits are unscheduled."""
    names = np.array(["UNSCHEDULED", *patients.schedule.visits], dtype=object)
    return np.asarray(names[patients.visit_of_day[panels.patient, column(panels.offset)]])


def _since(grid: Array, patient: Array, day: Array) -> Array:
    """Tell whether anything happened after the previous visit's day and up to this one's.

    The form is completed at the end of a visit's day: what is given on the day belongs to this visit.
    """
    total = np.cumsum(grid & (OFFSETS >= HISTORY), axis=1)
    now = total[patient, day]
    first = np.concatenate([[True], patient[1:] != patient[:-1]]) if len(patient) else np.zeros(0, dtype=bool)
    before = np.where(first, 0, np.concatenate([[0], now[:-1]]) if len(now) else now)
    return np.asarray(now > before)


def visit_sheet(patients: Patients) -> pd.DataFrame:
    """Return VISIT: scheduled visits and, at home, the unscheduled ones."""
    scheduled = patients.visit_of_day > 0
    alive = OFFSETS[None, :] < patients.fate.death[:, None]
    at_home = patients.sampled & ~patients.schedule.inpatient & (OFFSETS[None, :] > 0)
    patient, day = np.nonzero(patients.present & alive & (scheduled | at_home))
    course, draws = patients.course, patients.draws
    names = np.array(["UNSCHEDULED", *patients.schedule.visits], dtype=object)
    code = names[patients.visit_of_day[patient, day]]
    given = {"RBCYN": course.red_units > 0, "PLTYN": course.platelets, "GCSFYN": course.gcsf}
    answers = {}
    for question, grid in given.items():
        blank = draws.chance(f"visit.{question}", UNANSWERED, DAYS)[patient, day] & (OFFSETS[day] > 0)
        answers[question] = either(blank, None, yes_no(_since(grid, patient, day)))
    reasons = load_texts()["visit_reason"]
    transfused = (course.red_units > 0) | course.platelets
    recent = np.zeros_like(transfused)
    for lag in (0, 1, 2, 3):
        recent |= np.roll(transfused, lag, axis=1)
    feverish = course.heat[patient, day] > 0.8
    reason = np.where(recent[patient, day], reasons["TRANSFUSION"], reasons["ROUTINE"])
    reason = np.where(feverish, reasons["FEVER"], reason)
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "VISIT": code,
            "SVSTDTC": patients.dates(patient, OFFSETS[day]),
            **answers,
            "SVREASON": either(code == "UNSCHEDULED", reason, None),
        }
    )


def recorded(patients: Patients, grid: Array) -> tuple[Array, Array, Array, Array]:
    """Return the runs of a grid within observation: patient, first, last offset, value; see `typed.stretches`."""
    return stretches(np.where(patients.present, grid, 0))
