"""The sheets RS, DS and DV: the investigator's judgement, how a patient left or finished, and deviations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .draws import Array
from .laboratory import Panels
from .patients import Patients
from .support import under_growth_factor
from .texts import load_texts
from .timeline import NEVER, column
from .typed import either, frame

_JUDGED = ("W4", "W8", "W12", "W16", "W24")
_SPLIT = 0.10  # share of judgements that follow the impression rather than the rule


def _transfused(grid: Array, patient: Array, day: Array, back: int) -> Array:
    total = np.cumsum(grid, axis=1)
    return np.asarray(total[patient, day] > total[patient, np.maximum(day - back - 1, 0)])


def _judgement(patients: Patients, panels: Panels, rows: Array, lenient: Array) -> Array:
    """Return CR / PR / NR of panels by the NIH thresholds; a lenient eye overlooks support and rounds up."""
    patient, day = panels.patient[rows], column(panels.offset[rows])
    value = {name: panels.values[name][rows] for name in ("ANC", "HGB", "PLAT", "ARC")}
    ease = np.where(lenient, 0.85, 1.0)
    free_anc = lenient | ~under_growth_factor(patients, patient, panels.offset[rows], 7)
    free_plt = lenient | ~_transfused(patients.course.platelets, patient, day, 7)
    free_hgb = ~_transfused(patients.course.red_units > 0, patient, day, 14)
    partial = ((value["ANC"] >= 0.5 * ease) & free_anc).astype(int) + ((value["PLAT"] >= 20 * ease) & free_plt)
    partial = partial + (value["ARC"] >= 60 * ease) >= 2
    full = (value["ANC"] >= 1.0 * ease) & free_anc & (value["HGB"] >= 100 * ease) & free_hgb
    full &= (value["PLAT"] >= 100 * ease) & free_plt
    return np.where(full, "CR", np.where(partial, "PR", "NR"))


def response_sheet(patients: Patients, panels: Panels, visit: Array) -> pd.DataFrame:
    """Return RS at the response visits that have a panel, until salvage."""
    rows = np.flatnonzero(np.isin(visit, _JUDGED) & (panels.offset < patients.fate.salvage[panels.patient]))
    number = np.array([_JUDGED.index(code) for code in visit[rows]], dtype=int)
    patient = panels.patient[rows]
    lenient = patients.draws.chance("rs.lenient", _SPLIT, len(_JUDGED))[patient, number]
    judged = _judgement(patients, panels, rows, lenient)
    texts = load_texts()["response"]
    given = (patients.course.red_units > 0) | patients.course.platelets
    supported = _transfused(given, patient, column(panels.offset[rows]), 14)
    words = either(judged == "PR", texts["IMPROVED"], None)
    words = either(supported & (judged != "CR"), texts["SUPPORTED"], words)
    silent = patients.draws.chance("rs.silent", 0.5, len(_JUDGED))[patient, number]
    return frame(
        {
            "SUBJID": patients.subject[patient],
            "VISIT": visit[rows],
            "RSDTC": patients.dates(patient, panels.offset[rows]),
            "RSORRES": judged,
            "RSDESC": either(silent, None, words),
        }
    )


def _rows(patients: Patients, offset: Array, **cells: str | None) -> pd.DataFrame:
    who = np.flatnonzero(offset <= patients.stop)
    fixed = {name: np.full(len(who), value, dtype=object) for name, value in cells.items()}
    return frame({"SUBJID": patients.subject[who], "DAY": offset[who], "ROW": who, **fixed})


def _dated(patients: Patients, parts: list[pd.DataFrame], name: str, columns: list[str]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True).sort_values(["ROW", "DAY"], kind="stable", ignore_index=True)
    rows[name] = patients.dates(rows["ROW"].to_numpy(int), rows["DAY"].to_numpy(int))
    return frame({column: rows[column].to_numpy(object) for column in columns})


def disposition_sheet(patients: Patients) -> pd.DataFrame:
    """Return DS: death, withdrawal, loss, transplantation, salvage, completion at week 24, stopped components."""
    fate, texts, schedule = patients.fate, load_texts()["disposition"], patients.schedule
    left = fate.last

    def until_left(offset: Array) -> Array:
        return np.where(offset <= left, offset, NEVER)

    infected = np.where(fate.bleeding, NEVER, fate.death)
    bled = np.where(fate.bleeding, fate.death, NEVER)
    short = np.where(schedule.atg_end == 3, schedule.atg_end, NEVER)
    gone = patients.drugs.hpag_stopped
    parts = [
        _rows(patients, short, DSDECOD="DISCONTINUATION", DSCOMP="RATG", DSREAS=texts["ATG_STOPPED"]),
        _rows(patients, gone, DSDECOD="DISCONTINUATION", DSCOMP="HPAG", DSREAS=texts["HPAG_STOPPED"]),
        _rows(patients, until_left(infected), DSDECOD="DEATH", DSCOMP=None, DSREAS=texts["DEATH_INFECTION"]),
        _rows(patients, until_left(bled), DSDECOD="DEATH", DSCOMP=None, DSREAS=texts["DEATH_BLEEDING"]),
        _rows(patients, until_left(fate.hsct), DSDECOD="HSCT", DSCOMP=None, DSREAS=texts["HSCT"]),
        _rows(patients, until_left(fate.salvage), DSDECOD="SALVAGE", DSCOMP=None, DSREAS=texts["SALVAGE"]),
        _rows(patients, until_left(fate.withdrawal), DSDECOD="WITHDRAWAL", DSCOMP=None, DSREAS=texts["WITHDRAWAL"]),
        _rows(patients, until_left(fate.lost), DSDECOD="LOST", DSCOMP=None, DSREAS=texts["LOST"]),
        _rows(patients, until_left(schedule.visits["W24"]), DSDECOD="COMPLETED", DSCOMP=None, DSREAS=None),
    ]
    return _dated(patients, parts, "DSSTDTC", ["SUBJID", "DSDECOD", "DSCOMP", "DSSTDTC", "DSREAS"])


def _deviations(patients: Patients) -> Iterator[tuple[str, Array, str]]:
    """Yield (text, offset per patient, visit) of what departed from the plan."""
    schedule, draws, names = patients.schedule, patients.draws, load_texts()["visit_name"]
    for code, week in ((code, int(code[1:])) for code in names):
        yield "MISSED_VISIT", np.where(schedule.visits[code] >= NEVER, 7 * week + 7, NEVER), code
        held = schedule.visits[code]
        missed = patients.panel_missed[np.arange(patients.count), column(held)] & (held < NEVER)
        yield "MISSED_PANEL", np.where(missed, held, NEVER), code
    due = schedule.atg_end[:, None] + np.array([2, 14])
    given = schedule.infusion < NEVER
    for nth in range(2):
        late = given[:, nth] & (np.abs(schedule.infusion - due)[:, nth] > 1)
        yield "LATE_INFUSION", np.where(late, schedule.infusion[:, nth], NEVER), ""
        yield "OMITTED_INFUSION", np.where(given[:, nth], NEVER, due[:, nth] + 3), ""
    yield "ATG_SHORT", np.where(schedule.atg_end == 3, 4, NEVER), ""
    yield "HPAG_MISSED", patients.drugs.hpag_forgotten, ""
    missed = draws.chance("dv.level", 0.08)
    yield "LEVEL_MISSED", np.where(missed, draws.integers("dv.level_day", 20, 90), NEVER), ""


def deviation_sheet(patients: Patients) -> pd.DataFrame:
    """Return DV."""
    texts, names = load_texts()["deviation"], load_texts()["visit_name"]
    parts = []
    for key, offset, visit in _deviations(patients):
        text = texts[key]
        term = text["term"].format(visit=names.get(visit, ""))
        parts.append(_rows(patients, offset, DVCAT=text["cat"], DVTERM=term, DVSEV=text["sev"]))
    return _dated(patients, parts, "DVSTDTC", ["SUBJID", "DVSTDTC", "DVCAT", "DVTERM", "DVSEV"])
