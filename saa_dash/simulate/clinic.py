"""The sheets VS and PE: vital signs daily in hospital and at visits, physical examination at the main visits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .patients import Patients
from .texts import load_texts
from .timeline import DAYS, OFFSETS
from .typed import blank, decimal, frame, whole

_EXAMINED = ("SCREENING", "BASELINE", "W1", "W2", "W4", "W8", "W12", "W24")
_SYSTEMS = (
    "GENERAL", "SKIN", "HEAD_NECK", "CHEST", "HEART", "ABDOMEN", "LIVER_SPLEEN", "LYMPH_NODES", "LIMBS",
    "NERVOUS_SYSTEM",
)  # fmt: skip


def vital_sheet(patients: Patients) -> pd.DataFrame:
    """Return VS; the temperature is the highest of the day, the pulse follows fever and anaemia."""
    draws, course, person = patients.draws, patients.course, patients.person
    alive = OFFSETS[None, :] <= patients.fate.death[:, None]
    ward = patients.schedule.inpatient & ~draws.chance("vs.skipped", 0.02, DAYS)
    visits = (patients.visit_of_day > 0) | (patients.sampled & ~patients.schedule.inpatient)
    patient, day = np.nonzero(patients.present & alive & (ward | visits))
    offset = OFFSETS[day]
    heat, hgb = course.heat[patient, day], course.hgb[patient, day]
    noise = {name: draws.normal(f"vs.{name}", DAYS)[patient, day] for name in ("t", "p", "s", "d", "r", "o", "w")}
    own = {name: draws.normal(f"vs.own.{name}")[patient] for name in ("p", "s", "d")}
    pressure = np.clip(offset / 25, 0, 1) * 7  # cyclosporine and steroid
    lungs = np.isin(course.infection[patient, day], (2, 3, 7))
    weigh = (offset % 7 == 0) | ~patients.schedule.inpatient[patient, day]
    weight = person.weight[patient] * (1 - 0.025 * np.clip(offset / 30, 0, 1)) + 0.4 * noise["w"]
    weight = np.where(offset < 0, person.weight[patient], weight)
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "VSDTC": patients.dates(patient, offset),
            "VSTM": np.full(len(patient), None),
            "TEMP": decimal(np.clip(36.5 + 0.18 * noise["t"] + heat, 35.8, 41), 1),
            "SYSBP": whole(116 + 8 * own["s"] + 6 * noise["s"] + pressure),
            "DIABP": whole(72 + 6 * own["d"] + 4 * noise["d"] + 0.7 * pressure),
            "PULSE": whole(
                np.clip(78 + 5 * own["p"] + 4 * noise["p"] + 11 * heat + 0.35 * np.clip(80 - hgb, 0, 40), 54, 150)
            ),
            "RESP": whole(np.clip(18 + 0.8 * noise["r"] + 1.5 * heat + 2 * lungs, 14, 34)),
            "SPO2": blank(
                whole(np.clip(98 + 0.7 * noise["o"] - 3 * lungs, 88, 100)),
                draws.chance("vs.spo2", 0.05, DAYS)[patient, day],
            ),
            "WEIGHT": blank(decimal(weight, 1), ~weigh),
        }
    )


def examination_sheet(patients: Patients) -> pd.DataFrame:
    """Return PE: findings follow from the day's counts and illness."""
    codes = [1 + list(patients.schedule.visits).index(code) for code in _EXAMINED]
    patient, day = np.nonzero(np.isin(patients.visit_of_day, codes) & patients.present)
    course, texts, draws = patients.course, load_texts()["examination"], patients.draws
    pale, bruised = course.hgb[patient, day] < 80, course.plt[patient, day] < 14
    infection, serum = course.infection[patient, day], patients.fevers.serum[patient, day]
    rows = {"found": np.full((len(patient), len(_SYSTEMS)), "NORMAL", dtype=object)}
    rows["words"] = np.full((len(patient), len(_SYSTEMS)), None, dtype=object)

    def note(system: str, where: np.ndarray, text: str, weight: str) -> None:
        column = _SYSTEMS.index(system)
        rows["found"][where, column], rows["words"][where, column] = weight, texts[text]

    note("GENERAL", pale, "ANAEMIA", "ABNORMAL_CS")
    note("SKIN", bruised, "PETECHIAE", "ABNORMAL_CS")
    note("SKIN", serum, "RASH", "ABNORMAL_CS")
    note("CHEST", np.isin(infection, (2, 7)), "RALES", "ABNORMAL_CS")
    note("HEAD_NECK", infection == 4, "ULCER", "ABNORMAL_CS")
    note("LIMBS", draws.chance("pe.oedema", 0.02, DAYS)[patient, day] & (OFFSETS[day] > 0), "OEDEMA", "ABNORMAL_NCS")
    times = len(_SYSTEMS)
    return frame(
        {
            "SUBJID": np.repeat(patients.subject[patient], times),
            "PEDTC": np.repeat(patients.dates(patient, OFFSETS[day]), times),
            "PETESTCD": np.tile(np.array(_SYSTEMS, dtype=object), len(patient)),
            "PEORRES": rows["found"].ravel(),
            "PEDESC": rows["words"].ravel(),
        }
    )
