"""The sheets LAB and CSA: panels with blanks, "<0.1" and a rare second sample, and cyclosporine levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import LAB_TESTS
from .draws import Array
from .patients import Patients
from .timeline import DAYS, OFFSETS, column
from .typed import below, blank, decimal, either, frame, whole

# Normal limits (men low, men high, women low, women high), standard units; None = the laboratory gives none.
# Source: WS/T 404 and WS/T 405 reference intervals for adults in China; ARC, LDH, CRP usual laboratory limits.
LIMITS: dict[str, tuple[float | None, float, float | None, float]] = {
    "WBC": (3.5, 9.5, 3.5, 9.5), "ANC": (1.8, 6.3, 1.8, 6.3), "ALC": (1.1, 3.2, 1.1, 3.2),
    "HGB": (130, 175, 115, 150), "PLAT": (125, 350, 125, 350), "ARC": (24, 84, 24, 84),
    "RBC": (4.3, 5.8, 3.8, 5.1),
    "ALT": (9, 50, 7, 40), "AST": (15, 40, 13, 35), "ALP": (45, 125, 35, 100), "GGT": (10, 60, 7, 45),
    "BILI": (3.4, 21.0, 3.4, 21.0), "BILDIR": (0, 6.8, 0, 6.8), "CREAT": (57, 97, 41, 73),
    "UREAN": (3.1, 8.0, 2.6, 7.5), "LDH": (120, 250, 120, 250), "CRP": (None, 6.0, None, 6.0),
}  # fmt: skip
_CHEMISTRY = ("ALT", "AST", "ALP", "GGT", "BILI", "BILDIR", "CREAT", "UREAN", "LDH", "CRP")
_ONE_DECIMAL = ("BILI", "BILDIR", "CREAT", "UREAN", "CRP")
LIMIT_ROWS = ("LLN_M", "ULN_M", "LLN_F", "ULN_F")
MORNING, AFTERNOON = "06:30", "15:40"


@dataclass(frozen=True)
class Panels:
    """Blood samples in order of patient and day: values by test as numbers, and what of them was reported.

    Parameters
    ----------
    patient, offset : of each sample. values : test → value in standard units.
    chemistry : liver and kidney values were asked for. male : sex of the patient.
    """

    patient: Array
    offset: Array
    values: dict[str, Array]
    chemistry: Array
    male: Array

    def ratio_to_upper(self, test: str) -> Array:
        """Return value / upper normal limit, NaN where not asked for."""
        _, men, _, women = LIMITS[test]
        return np.where(self.chemistry, self.values[test] / np.where(self.male, men, women), np.nan)


def _blood(patients: Patients, at: tuple[Array, Array]) -> dict[str, Array]:
    draws, course = patients.draws, patients.course
    days = OFFSETS[None, :]
    depleted = np.where(days < 1, 1.0, np.where(days < 4, 0.25, 0.10 + 0.45 * np.clip((days - 12) / 150, 0, 1)))
    own = draws.lognormal("lab.alc", 1.25, 0.3)[:, None]
    alc = (own * depleted * np.exp(0.12 * draws.wander("lab.alc.noise", DAYS, 0.6)))[at]
    anc = np.round(course.anc[at], 2)
    alc = np.maximum(np.round(alc, 2), 0.02)
    other = np.round(0.03 + 0.12 * anc + 0.05 * draws.uniform("lab.other", DAYS)[at], 2)
    return {
        "WBC": anc + alc + other, "ANC": anc, "ALC": alc, "HGB": course.hgb[at], "PLAT": course.plt[at],
        "ARC": course.arc[at],
        "RBC": course.hgb[at] / (31.5 + 1.2 * draws.normal("lab.mch"))[at[0]],
    }  # fmt: skip


def _chemistry(patients: Patients, at: tuple[Array, Array]) -> dict[str, Array]:
    draws, drugs, male = patients.draws, patients.drugs, patients.person.male[at[0]]
    own = {name: draws.lognormal(f"lab.{name}", 1.0, 0.28)[at[0]] for name in ("alt", "ggt", "alp", "ldh")}
    alt = drugs.alt[at]
    jaundice = draws.lognormal("lab.bili", 9.5, 0.25)[at[0]] * drugs.bilirubin[at]
    hepatic = 0.5 * np.clip(alt - 3, 0, None)
    ratio = drugs.creatinine[at]
    creatinine = np.where(male, 72, 56) * np.exp(0.10 * draws.normal("lab.creat"))[at[0]] * ratio
    heat = patients.course.heat[at]
    return {
        "ALT": np.where(male, 23, 18) * own["alt"] * alt,
        "AST": np.where(male, 22, 20) * own["alt"] ** 0.5 * (1 + 0.6 * (alt - 1)),
        "ALP": 72 * own["alp"] ** 0.8 * (1 + 0.05 * (alt - 1)),
        "GGT": np.where(male, 28, 19) * own["ggt"] * (1 + 0.25 * (alt - 1)),
        "BILI": jaundice + hepatic,
        "BILDIR": 0.27 * jaundice + 0.6 * hepatic,
        "CREAT": creatinine,
        "UREAN": 5.0 * ratio**0.8 * np.exp(0.15 * draws.normal("lab.urea", DAYS)[at]),
        "LDH": 178 * own["ldh"] ** 0.5 * (1 + 0.12 * heat + 0.03 * (alt - 1)),
        "CRP": (1.6 + 34 * heat) * np.exp(0.55 * draws.normal("lab.crp", DAYS)[at]),
    }  # fmt: skip


def derive_panels(patients: Patients) -> Panels:
    """Return every blood sample of the cohort."""
    patient, day = np.nonzero(patients.sampled)
    at = (patient, day)
    # A first day of illness brings liver, kidney and CRP along.
    asked = (patients.schedule.chemistry | (patients.course.begins > 0))[at]
    values = {**_blood(patients, at), **_chemistry(patients, at)}
    return Panels(patient, OFFSETS[day], values, asked, patients.person.male[patient])


def _cells(patients: Patients, panels: Panels) -> dict[str, Array]:
    """Return the columns of the tests as typed."""
    draws, at = patients.draws, (panels.patient, column(panels.offset))
    scheduled = patients.visit_of_day[at] > 0

    def lost(test: str, probability: Array | float) -> Array:
        return np.asarray(draws.uniform(f"lab.lost.{test}", DAYS)[at] < probability)

    value = panels.values
    typed: dict[str, Array] = {}
    low_white = value["WBC"] < 0.5
    for test in ("WBC", "ANC", "ALC"):
        gone = lost(test, 0.004) if test == "WBC" else lost("diff", np.where(low_white, 0.06, 0.008))
        typed[test] = blank(decimal(value[test], 2), gone)
    censors = draws.chance("lab.censors", 0.5)[panels.patient] & (value["ANC"] < 0.1)
    typed["ANC"] = blank(below(decimal(value["ANC"], 2), "0.1", censors), typed["ANC"] == None)  # noqa: E711
    typed["HGB"] = blank(whole(value["HGB"]), lost("HGB", 0.004))
    typed["PLAT"] = blank(whole(value["PLAT"]), lost("PLAT", 0.006))
    typed["RBC"] = blank(decimal(value["RBC"], 2), lost("RBC", 0.02))
    asked = scheduled | panels.chemistry
    typed["ARC"] = blank(decimal(value["ARC"], 1), lost("ARC", np.where(asked, 0.03, 0.30)))
    for test in _CHEMISTRY:
        cells = decimal(value[test], 1) if test in _ONE_DECIMAL else whole(value[test])
        typed[test] = blank(cells, ~panels.chemistry | lost(test, 0.012))
    typed["CRP"] = np.where(panels.chemistry & (value["CRP"] < 0.5), "<0.5", typed["CRP"])
    return typed


def _repeated(patients: Patients, panels: Panels, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rare second blood count of a day, in the afternoon, without chemistry."""
    at = (panels.patient, column(panels.offset))
    again = patients.draws.chance("lab.again", 0.006, DAYS)[at] & patients.schedule.inpatient[at]
    second = rows[again].copy()
    noise = np.exp(0.06 * patients.draws.normal("lab.again.noise", DAYS)[at])[again]
    for test in ("HGB", "PLAT"):
        second[test] = whole(panels.values[test][again] * noise)
    second[["ARC", *_CHEMISTRY]] = None
    second["LBTM"] = AFTERNOON
    rows.loc[again, "LBTM"] = MORNING
    return second


def lab_sheet(patients: Patients, panels: Panels, visit: Array) -> pd.DataFrame:
    """Return LAB: the rows UNIT, LLN_M … with their code in SUBJID, then the panels.

    Parameters
    ----------
    visit : visit code of each panel.
    """
    dates = patients.dates(panels.patient, panels.offset)
    keys = {"SUBJID": patients.subject[panels.patient], "VISIT": visit, "LBDTC": dates}
    rows = frame({**keys, "LBTM": np.full(len(dates), None), **_cells(patients, panels)})
    second = _repeated(patients, panels, rows)
    body = pd.concat([rows, second]).sort_index(kind="stable")
    head = {"SUBJID": ["UNIT", *LIMIT_ROWS], "VISIT": [None] * 5, "LBDTC": [None] * 5, "LBTM": [None] * 5}
    limits = {test: [LAB_TESTS[test], *limit] for test, limit in LIMITS.items()}
    return pd.concat([frame({**head, **limits}), body], ignore_index=True)


def csa_sheet(patients: Patients) -> pd.DataFrame:
    """Return CSA: troughs, a few two-hour levels, and rarely a level drawn late but labelled C0 (a query)."""
    drugs, draws = patients.drugs, patients.draws
    alive = OFFSETS[None, :] < patients.fate.death[:, None]
    drawn = drugs.measured_c0 & patients.present & alive & ~draws.chance("csa.lost", 0.03, DAYS)
    patient, day = np.nonzero(drawn)
    peak = draws.chance("csa.c2", 0.02, DAYS)[patient, day] & (OFFSETS[day] > 10)
    late = draws.chance("csa.late", 0.003, DAYS)[patient, day] & ~peak
    level = drugs.trough[patient, day] * np.where(peak | late, 4.3, 1.0)
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "LBDTC": patients.dates(patient, OFFSETS[day]),
            "LBTM": either(peak, "10:00", either(draws.chance("csa.time", 0.3)[patient], "07:30", None)),
            "LBTPT": np.where(peak, "C2", "C0"),
            "LBORRES": below(decimal(level, 1), "25", level < 25),
        }
    )
