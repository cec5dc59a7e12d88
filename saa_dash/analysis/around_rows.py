"""Records as rows on study days with their place in the source: medication, doses, visits, disposition.

Columns as in `around`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .basis import Basis
from .days import Days, possible_days, study_day
from .lookup import positions
from .status import first_day
from .study_data import StudyData

_ORIGIN = ("SRCFILE", "SRCSHEET", "SRCROW")


def medication_rows(data: StudyData, basis: Basis) -> pd.DataFrame:
    """Return transfusions, growth factors and concomitant medication; one without an end lasts, transfusions do not."""
    cm = data["CM"]
    lasting = (cm["CMCAT"] != "TRANSFUSION").to_numpy(bool)
    rows = _stretches(data, basis, "CM", "CMSTDTC", "CMENDTC", "CMENRF", open_ended=lasting)
    return rows.assign(
        KIND=cm["CMCAT"].fillna("CONCOMITANT").to_numpy(),
        CODE=cm["CMCLAS"].to_numpy(),
        NAME=cm["CMTRT"].fillna(cm["CMDECOD"]).to_numpy(),
        DOSE=cm["CMDOSE"].to_numpy(),
        UNIT=cm["CMDOSU"].to_numpy(),
        CMINDC=cm["CMINDC"].to_numpy(),
    )[_by_cutoff(data, basis, "CM", "CMSTDTC")]


def treatment_rows(data: StudyData, basis: Basis) -> pd.DataFrame:
    """Return the records of study treatment, doses of 0 included; one without an end took one day."""
    ex = data["EX"]
    rows = _stretches(data, basis, "EX", "EXSTDTC", "EXENDTC", "EXENRF")
    return rows.assign(
        KIND="DOSE",
        CODE=ex["EXTRT"].to_numpy(),
        DOSE=ex["EXDOSE"].to_numpy(),
        UNIT=ex["EXDOSU"].to_numpy(),
        EXADJ=ex["EXADJ"].to_numpy(),
    )[_by_cutoff(data, basis, "EX", "EXSTDTC")]


def visit_rows(data: StudyData, basis: Basis) -> pd.DataFrame:
    """Return the visits and the investigator's responses."""
    sv, rs = data["SV"], data["RS"]
    visits = _stretches(data, basis, "SV", "SVSTDTC", "SVENDTC").assign(
        KIND="VISIT", CODE=sv["VISIT"].to_numpy(), NAME=sv["SVREASON"].to_numpy(), FINDING=None
    )[_by_cutoff(data, basis, "SV", "SVSTDTC")]
    responses = _stretches(data, basis, "RS", "RSDTC", "RSDTC").assign(
        KIND="RESPONSE", CODE=rs["VISIT"].to_numpy(), NAME=rs["RSDESC"].to_numpy(), FINDING=rs["RSORRES"].to_numpy()
    )[_by_cutoff(data, basis, "RS", "RSDTC")]
    return _joined(visits, responses)


def disposition_rows(data: StudyData, basis: Basis) -> pd.DataFrame:
    """Return what ended treatment or study, the date of death where no such record names it, and deviations."""
    ds, dv, dm = data["DS"], data["DV"], data["DM"]
    ends = _stretches(data, basis, "DS", "DSSTDTC", "DSSTDTC").assign(
        KIND="END",
        CODE=ds["DSDECOD"].to_numpy(),
        NAME=ds["DSREAS"].fillna(ds["DSTERM"]).to_numpy(),
        COMPONENT=ds["DSCOMP"].to_numpy(),
    )[_by_cutoff(data, basis, "DS", "DSSTDTC")]
    told = set(ends.loc[ends["CODE"] == "DEATH", "USUBJID"])
    died = (dm["DTHDTC"].notna() & ~dm["USUBJID"].isin(told)).to_numpy(bool)
    deaths = _stretches(data, basis, "DM", "DTHDTC", "DTHDTC").assign(
        KIND="DEATH", CODE="DEATH", NAME=None, COMPONENT=None
    )[died & _by_cutoff(data, basis, "DM", "DTHDTC")]
    deviations = _stretches(data, basis, "DV", "DVSTDTC", "DVSTDTC").assign(
        KIND="DEVIATION", CODE=dv["DVCAT"].to_numpy(), NAME=dv["DVTERM"].to_numpy(), COMPONENT=dv["DVSEV"].to_numpy()
    )[_by_cutoff(data, basis, "DV", "DVSTDTC")]
    return _joined(ends, deaths, deviations)


def _joined(*parts: pd.DataFrame) -> pd.DataFrame:
    filled = [part for part in parts if len(part)] or [parts[0]]
    return pd.concat(filled, ignore_index=True)


def _by_cutoff(data: StudyData, basis: Basis, table: str, column: str) -> np.ndarray:
    """Tell which records began by the cut-off, or carry no date."""
    return ~(_days(data, basis, table, column)[0] > basis.cutoff)


def _days(data: StudyData, basis: Basis, table: str, column: str) -> tuple[Days, Days]:
    if table in basis.tables:
        return basis.tables[table].possible(column)
    return possible_days(data[table][column])


def _stretches(
    data: StudyData,
    basis: Basis,
    table: str,
    start: str,
    end: str,
    ongoing: str = "",
    *,
    open_ended: np.ndarray | None = None,
) -> pd.DataFrame:
    """Return the rows of a table as stretches of study days: earliest possible start to latest possible end.

    Parameters
    ----------
    ongoing : column that says Y for what lasts. open_ended : rows that last where they have no end.
    """
    frame = data[table]
    first, last_start = _days(data, basis, table, start)
    first_end, last = _days(data, basis, table, end)
    lasts = (frame[ongoing] == "Y").to_numpy(bool) if ongoing else np.zeros(len(frame), bool)
    if open_ended is not None:
        lasts = lasts | (open_ended & np.isnan(last))
    stop = np.where(np.isnan(last), last_start, np.fmax(last, first))
    place = positions(frame["USUBJID"], basis.subjects.tolist())
    day_one = np.append(first_day(basis.anchors), np.nan)[place]
    return pd.DataFrame(
        {
            "USUBJID": frame["USUBJID"].to_numpy(),
            "FROM": study_day(first, day_one),
            "TO": np.where(lasts, np.nan, study_day(stop, day_one)),
            "ONGOING": lasts,
            "IMPUTED": (first != last_start) & ~np.isnan(first) | (first_end != last) & ~np.isnan(last),
            **{name: frame[name].array for name in _ORIGIN},
        }
    )
