"""The sheet AE: each episode with wording, grade, seriousness, causality and action per component, and outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .draws import Array
from .drugs import HPAG_DAYS
from .episodes import Episodes
from .patients import Patients
from .texts import load_texts
from .timeline import NEVER, column
from .typed import either, frame, whole

_CAUSALITY = {"D": "DEFINITE", "P": "PROBABLE", "S": "POSSIBLE", "U": "UNLIKELY", "N": "UNRELATED"}
_ACTION = {"0": "NONE", "R": "REDUCED", "I": "INTERRUPTED", "W": "WITHDRAWN"}
_COMPONENTS = ("ATG", "CSA", "HPG", "UCB")
_LINES = 200  # wordings drawn per patient


def _line_numbers(patient: Array) -> Array:
    first = np.searchsorted(patient, patient)
    return np.arange(len(patient)) - first + 1


def _serious(patients: Patients, episodes: Episodes, line: Array) -> tuple[Array, Array]:
    """Return serious and hospitalised: grade 4–5, most infections of grade 3, and grade 3 that begins at home."""
    grade, at = episodes.grade, (episodes.patient, column(episodes.start))
    home = ~patients.schedule.inpatient[at]
    recipe = load_texts()["ae"]
    infection = np.isin([recipe[key]["cat"] for key in episodes.key], ("INFECTION", "FEBRILE_NEUTROPENIA"))
    laboratory = np.isin(episodes.key, ("ALT", "BILIRUBIN", "CREATININE"))
    luck = patients.draws.uniform("ae.serious", _LINES)[episodes.patient, line % _LINES]
    serious = (grade >= 4) & ~laboratory | (grade == 5)
    serious |= (grade == 3) & ((infection & (luck < 0.55)) | (home & ~laboratory))
    return serious, serious & (home | infection)


def _relations(patients: Patients, episodes: Episodes) -> dict[str, Array]:
    """Causality as the recipe says; what began before the first cells were given is unrelated to them."""
    recipe = load_texts()["ae"]
    columns = {}
    first_cells = patients.schedule.infusion.min(axis=1)[episodes.patient]
    for position, component in enumerate(_COMPONENTS):
        codes = np.array([_CAUSALITY[recipe[key]["rel"][position]] for key in episodes.key], dtype=object)
        if component == "UCB":
            codes = np.where(episodes.start < first_cells, "UNRELATED", codes)
        columns[f"AEREL{component}"] = codes
    return columns


def _actions(patients: Patients, episodes: Episodes) -> dict[str, Array]:
    """Action as the recipe says, for components being given; infusion pauses and held hetrombopag follow the grade."""
    recipe, patient, start = load_texts()["ae"], episodes.patient, episodes.start
    cells = patients.schedule.infusion[patient]
    last_cells = np.where(cells < NEVER, cells, -1).max(axis=1)
    given = {
        "ATG": start <= patients.schedule.atg_end[patient],
        "CSA": np.ones(len(start), dtype=bool),
        "HPG": start < HPAG_DAYS,
        "UCB": (start >= cells.min(axis=1)) & (start <= last_cells),
    }
    held = (episodes.key == "ALT") & (episodes.grade >= 3)
    paused = (episodes.key == "INFUSION_REACTION") & (episodes.grade >= 2)
    stopped = paused & (episodes.grade == 3) & (patients.schedule.atg_end[patient] < 4)
    columns = {}
    for position, component in enumerate(_COMPONENTS):
        codes = np.array([_ACTION[recipe[key]["acn"][position]] for key in episodes.key], dtype=object)
        if component == "ATG":
            codes = np.where(stopped, "WITHDRAWN", np.where(paused, "INTERRUPTED", codes))
        if component == "HPG":
            codes = np.where(held, "INTERRUPTED", codes)
        if component == "CSA":
            codes = np.where((codes == "REDUCED") & (episodes.grade < 2), "NONE", codes)
        columns[f"AEACN{component}"] = np.where(given[component], codes, "NOT_APPLICABLE")
    return columns


def event_sheet(patients: Patients, episodes: Episodes) -> pd.DataFrame:
    """Return AE; an event that has not ended by the last day of observation is open."""
    recipe, patient = load_texts()["ae"], episodes.patient
    line = _line_numbers(patient)
    stop = patients.stop[patient]
    death = patients.fate.death[patient]
    fatal = (episodes.grade == 5) & (death <= stop)
    grade = np.where((episodes.grade == 5) & ~fatal, 4, episodes.grade)
    running = ((episodes.end > stop) | (episodes.end >= NEVER)) & ~fatal
    luck = patients.draws.uniform("ae.word", _LINES)[patient, line % _LINES]
    words = [recipe[key]["terms"] for key in episodes.key]
    serious, hospital = _serious(patients, episodes, line)
    better = luck > 0.45
    outcome = np.where(running, np.where(better & (death > stop), "RECOVERING", "NOT_RECOVERED"), "RECOVERED")
    criteria = {"AESDTH": fatal, "AESLIFE": (grade == 4) & serious, "AESHOSP": hospital & ~fatal}
    criteria |= {name: np.zeros_like(fatal) for name in ("AESDISAB", "AESCONG")}
    nothing = serious & ~np.logical_or.reduce(list(criteria.values()))
    criteria["AESMIE"] = nothing
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "AESPID": [str(number) for number in line],
            "AETERM": [options[int(u * len(options))] for options, u in zip(words, luck, strict=True)],
            "AEDECOD": [recipe[key]["pt"] for key in episodes.key],
            "AEBODSYS": [recipe[key]["soc"] for key in episodes.key],
            "AETOXGR": whole(grade),
            "AETOXV": np.full(len(patient), "5.0"),
            "AESTDTC": patients.dates(patient, episodes.start),
            "AEENDTC": patients.dates(patient, np.where(running, NEVER, np.maximum(episodes.end, episodes.start))),
            "AEENRF": either(running, "Y", None),
            "AESER": np.where(serious, "Y", "N"),
            **{name: either(serious, either(flag, "Y", "N"), None) for name, flag in criteria.items()},
            "AECAT": [recipe[key]["cat"] for key in episodes.key],
            **_relations(patients, episodes),
            **_actions(patients, episodes),
            "AEOUT": np.where(fatal, "FATAL", outcome),
        }
    )
