"""Cross-domain checks of deaths: a death and its event, dates of death, records after it.

A death is one of the demographics or of the disposition, dated or not; an event is fatal by outcome, grade 5 or the
criterion of seriousness. Of a partial date of death the latest day counts, of a record after it the earliest, so that
only what is certainly after the death is found.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.vocabulary import Disposition, Outcome
from .cross_check_parts import STARTS, Check, Checked, Material, lacks, rows_found, together
from .days import Days
from .lookup import take

_FATAL_GRADE = 5


def _fatal(material: Material) -> np.ndarray:
    ae = material.table("AE")
    return ae.is_code("AEOUT", Outcome.FATAL) | _grade_5(material) | ae.is_code("AESDTH", "Y")


def _grade_5(material: Material) -> np.ndarray:
    return (material.table("AE").frame["AETOXGR"] == _FATAL_GRADE).fillna(False).to_numpy(bool)


def _subjects(material: Material, name: str, where: np.ndarray) -> np.ndarray:
    """Tell which subjects have a marked row in a table."""
    table = material.table(name)
    out = np.zeros(table.size, bool)
    out[table.position[where & (table.position >= 0)]] = True
    return out


def _died(material: Material) -> tuple[np.ndarray, np.ndarray]:
    """Tell who died by the demographics, and who by the disposition."""
    dm, ds = material.table("DM"), material.table("DS")
    typed = _subjects(material, "DM", dm.frame["DTHDTC"].notna().to_numpy(bool))
    return typed, _subjects(material, "DS", ds.is_code("DSDECOD", Disposition.DEATH))


def _death_days(material: Material) -> Days:
    """Return the latest day that the recorded death of each subject may have been on."""
    dm, ds = material.table("DM"), material.table("DS")
    day = ds.first(ds.possible("DSSTDTC")[1], ds.is_code("DSDECOD", Disposition.DEATH))
    return np.fmin(day, dm.first(dm.possible("DTHDTC")[1]))


def death_without_event(material: Material, check: Check) -> Checked:
    """Return deaths of patients without a fatal adverse event."""
    if material.table("AE").frame.empty:
        return lacks(check, "no_events")
    typed, told = _died(material)
    lone = (typed | told) & ~_subjects(material, "AE", _fatal(material))
    ds, dm = material.table("DS"), material.table("DM")
    of_ds = ds.is_code("DSDECOD", Disposition.DEATH) & take(lone, ds.position, False).astype(bool)
    of_dm = take(lone & ~told, dm.position, False).astype(bool)
    parts = [rows_found(material, "DS", of_ds)]
    parts.append(rows_found(material, "DM", of_dm, day=dm.possible("DTHDTC")[0], NAME="DEATH", LIST="disposition"))
    return Checked(check, int((typed | told).sum()), together(parts))


def event_without_death(material: Material, check: Check) -> Checked:
    """Return fatal adverse events of patients without a recorded death."""
    ae = material.table("AE")
    if ae.frame.empty:
        return lacks(check, "no_events")
    fatal, (typed, told) = _fatal(material), _died(material)
    alive = take(~(typed | told), ae.position, False).astype(bool)
    return Checked(check, int(fatal.sum()), rows_found(material, "AE", fatal & alive))


def fatal_mismatch(material: Material, check: Check) -> Checked:
    """Return events of grade 5 with another outcome than death, and fatal ones with a lower grade."""
    ae = material.table("AE")
    graded, told = ae.frame["AETOXGR"].notna().to_numpy(bool), ae.frame["AEOUT"].notna().to_numpy(bool)
    if not graded.any() or not told.any():
        return lacks(check, "no_events" if ae.frame.empty else "no_grades" if told.any() else "no_outcomes")
    wrong = graded & told & (_grade_5(material) != ae.is_code("AEOUT", Outcome.FATAL))
    grade = ae.frame["AETOXGR"].to_numpy("float64", na_value=np.nan)
    found = rows_found(material, "AE", wrong, MORE=ae.frame["AEOUT"], MORELIST="outcome", A=grade)
    return Checked(check, int((graded & told).sum()), found)


def death_dates(material: Material, check: Check) -> Checked:
    """Return deaths whose dates in the demographics and in the disposition cannot be the same."""
    dm, ds = material.table("DM"), material.table("DS")
    death = ds.is_code("DSDECOD", Disposition.DEATH)
    low, high = (ds.first(day, death) for day in ds.possible("DSSTDTC"))
    low, high = take(low, dm.position), take(high, dm.position)
    first, last = dm.possible("DTHDTC")
    both = ~np.isnan(low) & ~np.isnan(first)
    days = [material.study_days(dm, day) for day in (first, low)]
    told = material.ends[(material.ends["DSDECOD"] == Disposition.DEATH).to_numpy(bool)].set_index("subject")
    other = pd.Series(dm.position).map(told["ROWKEY"])
    found = rows_found(
        material, "DM", both & ((first > high) | (last < low)), day=first, NAME="DEATH", LIST="disposition", A=days[0],
        B=days[1], DOMAIN2="DS", ROWKEY2=other,
    )  # fmt: skip
    return Checked(check, int(both.sum()), found)


def after_death(material: Material, check: Check) -> Checked:
    """Return records that start, and contacts that are dated, after the death of their patient."""
    death = _death_days(material)
    looked_at, parts = 0, []
    for name, column in {**STARTS, "DM": "LSTALVDTC"}.items():
        table = material.table(name)
        died = take(death, table.position)
        day = table.possible(column)[0]
        if name == "DS":  # two dates of death are a finding of their own
            day = np.where(table.is_code("DSDECOD", Disposition.DEATH), np.nan, day)
        looked_at += int((~np.isnan(died) & ~np.isnan(day)).sum())
        extra = {"NAME": "LSTALVDTC", "LIST": "column"} if name == "DM" else {}
        parts.append(
            rows_found(material, name, day > died, day=day, A=died - take(material.day_one, table.position), **extra)
        )
    found = together(parts)
    return Checked(check, looked_at, found.assign(A=found["A"] + (found["A"] >= 0)))
