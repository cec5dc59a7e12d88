"""What was recorded about a patient around a study day, kind by kind, each row with its place in the source.

Columns of every group's rows: USUBJID, FROM, TO (study days, TO missing while it lasts), ONGOING (bool), IMPUTED (bool:
a day is not exactly known), SRCFILE, SRCSHEET, SRCROW, and those of its kind, named as in the cut:

    AE         KIND AE; NAME, AETERM, AEBODSYS, AETOXGR, AESEV, AESER, RELFL, RELATG … (as in ADAE), AEREL, AEOUT, AECAT
    SUPPORT    KIND TRANSFUSION, GROWTH FACTOR, CONCOMITANT (CMCAT); NAME, CODE (CMCLAS), DOSE, UNIT, CMINDC
    TREATMENT  KIND DOSE; CODE (EXTRT), DOSE, UNIT, EXADJ. KIND LEVEL: cyclosporine; CODE CSA, AVAL, LBCENS, UNIT, ATPT
    LAB        KIND LAB; CODE (LBTESTCD), NAME, AVAL, LBCENS, UNIT, TYPED, LOW, HIGH, ANRIND, ATOXGR, ATOXGE, ATOXBY,
               PREVGR
    VITAL      KIND VITAL; CODE, NAME, AVAL, UNIT, TYPED, LOW, HIGH, ANRIND. KIND EXAM: CODE (system), FINDING, NAME
    VISIT      KIND VISIT; CODE (VISIT), NAME (reason). KIND RESPONSE: CODE (visit), FINDING (investigator's response)
    END        KIND END; CODE (DSDECOD), NAME. KIND DEATH: the date of death of DM. KIND DEVIATION: CODE (DVCAT), NAME

Decisions
---------
- A window of ±n days counts dates, not study-day numbers: there is no day 0, day -1 is the day before day 1.
- An interval belongs to the window where the two overlap; what lasts, lasts to death or cut-off. A medication
  without an end lasts (as in `support`), a transfusion or a dose without one took one day.
- A laboratory result is listed where it is outside its limits, has a CTCAE grade of 1 or more, or its grade differs
  from that of the patient's graded result of the same test before it; all other results are counted, and kept aside.
  A grade by multiples of an abnormal baseline is not compared with one by the limit of normal: a fall from the one to
  the other would read as recovery.
- Vital signs have no limits of normal of their own on the form: the usual ones stand in for them. A change from
  baseline is judged from day 1 on.
- What carries no date, and every record of a patient without a first dose, has no study day: it is counted only.

Source: domain facts, section 2 "Days" and "Other decisions", section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.ctcae import ToxicityCriteria
from ..model.vital_limits import VitalLimits
from .adae import derive_adverse_events
from .adlb import derive_laboratory
from .around_rows import disposition_rows, medication_rows, treatment_rows, visit_rows
from .basis import Basis
from .columns import coded
from .ctcae import INDICATORS
from .days import Days, as_dates, as_days, study_day
from .status import first_day
from .study_data import StudyData
from .vitals import derive_examination, derive_vital_signs

GROUPS = ("AE", "SUPPORT", "TREATMENT", "LAB", "VITAL", "VISIT", "END")
# Group → tables its rows come from: without any row of them in the cut, nothing can be said about the group.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "AE": ("AE",), "SUPPORT": ("CM",), "TREATMENT": ("EX",), "LAB": ("LB",), "VITAL": ("VS", "PE"),
    "VISIT": ("SV", "RS"), "END": ("DS", "DV"),
}  # fmt: skip
_LEVEL = "CSA"
_AE_COLUMNS = (
    "AETERM", "AEBODSYS", "AETOXGR", "AESEV", "AESER", "RELFL", "RELATG", "RELCSA", "RELHPG", "RELUCB", "AEREL",
    "AEOUT", "AECAT", "TRTEMFL",
)  # fmt: skip
_ORIGIN = ("SRCFILE", "SRCSHEET", "SRCROW")


@dataclass(frozen=True)
class AroundGroup:
    """One kind of record around a day.

    Parameters
    ----------
    rows : what is listed, in time order. within : results in the window that are within limits, ungraded and unchanged,
    not listed. unjudged : results in the window with neither limits nor a grade, not listed. undated : records of the
    patient, at any time, that have no study day.
    """

    rows: pd.DataFrame
    within: pd.DataFrame
    unjudged: int
    undated: int


@dataclass(frozen=True)
class _Window:
    """The days looked at; `last` : by USUBJID, the study day of death or cut-off."""

    day: int
    span: int
    last: pd.Series


def day_offset(day: Days | float) -> Days:
    """Return days from day 1 of study days: day 1 is 0, day -1 is -1."""
    days = np.asarray(day, dtype="float64")
    return days - (days > 0)


def day_of(offset: float) -> int:
    """Return the study day that lies `offset` days from day 1."""
    return int(offset + (offset >= 0))


def overlaps(rows: pd.DataFrame, day: int, span: int, last: np.ndarray | float = np.inf) -> np.ndarray:
    """Tell which rows overlap the window of `span` days on either side of a study day.

    Parameters
    ----------
    rows : FROM, TO, ONGOING. day : study day, not 0. span : days, both ends included. last : study day up to which
        what lasts is known to.
    """
    low, high = float(day_offset(day)) - span, float(day_offset(day)) + span
    start, end = day_offset(rows["FROM"].to_numpy()), day_offset(rows["TO"].to_numpy())
    end = np.where(rows["ONGOING"].to_numpy(bool), day_offset(last), np.where(np.isnan(end), start, end))
    return (start <= high) & (end >= low)


def derive_around(
    data: StudyData,
    basis: Basis,
    criteria: ToxicityCriteria,
    limits: Mapping[str, VitalLimits],
    day: int,
    span: int,
) -> Mapping[str, AroundGroup]:
    """Return what was recorded in the window, by group in the order of `GROUPS`.

    Parameters
    ----------
    data : tables of the patients asked about. basis : `prepare(data)`. criteria : from `saa_dash.protocol.ctcae`.
    limits : of vital signs, from `saa_dash.protocol.vital_limits`. day : study day, not 0.
    span : days on either side, both ends included.
    """
    closing = np.fmin(as_days(basis.anchors["DTHDT"]), basis.cutoff)
    last = study_day(closing, first_day(basis.anchors))
    window = _Window(day, span, pd.Series(last, index=basis.anchors["USUBJID"].to_numpy(object)))
    adlb = derive_laboratory(data, criteria, basis)
    level = (adlb["PARAMCD"] == _LEVEL).to_numpy(bool)
    treatment = pd.concat([treatment_rows(data, basis), _level_rows(adlb[level], data)], ignore_index=True)
    groups = {
        "AE": _placed(_event_rows(data, basis), window),
        "SUPPORT": _placed(medication_rows(data, basis), window),
        "TREATMENT": _placed(treatment, window),
        "LAB": _judged(_lab_rows(adlb, data)[~level], window),
        "VITAL": _judged(_vital_rows(data, basis, limits), window),
        "VISIT": _placed(visit_rows(data, basis), window),
        "END": _placed(disposition_rows(data, basis), window),
    }
    return {name: groups[name] for name in GROUPS}


def opening_day(data: StudyData, basis: Basis) -> tuple[int, str]:
    """Return the study day to open a patient at, and why: WORST_AE or DAY_ONE.

    The worst adverse event that began on treatment: the serious before others, then the higher grade, then the more
    severe, then the earlier.

    Parameters
    ----------
    data : tables of one patient. basis : `prepare(data)`.
    """
    events = derive_adverse_events(data, basis)
    events = events[(events["TRTEMFL"] == "Y").to_numpy(bool) & events["ASTDY"].notna().to_numpy()]
    if events.empty:
        return 1, "DAY_ONE"
    rank = events["AESEV"].map({"SEVERE": 3, "MODERATE": 2, "MILD": 1}).fillna(0)
    grade = events["AETOXGR"].astype("float64").fillna(0)
    order = np.lexsort((events["ASTDY"], -rank, -grade, events["AESER"] != "Y"))
    return int(events["ASTDY"].iloc[order[0]]), "WORST_AE"


def _placed(rows: pd.DataFrame, window: _Window) -> AroundGroup:
    undated = rows["FROM"].isna().to_numpy()
    last = rows["USUBJID"].map(window.last).to_numpy("float64")
    found = rows[overlaps(rows, window.day, window.span, last)].sort_values(
        ["FROM", "SRCSHEET", "SRCROW"], ignore_index=True
    )
    return AroundGroup(found, found.iloc[:0], 0, int(undated.sum()))


def _judged(rows: pd.DataFrame, window: _Window) -> AroundGroup:
    """Split results into those listed, those within limits and those nobody can judge."""
    here = _placed(rows, window)
    listed = here.rows["LISTED"].to_numpy(bool)
    within = ~listed & (here.rows["ANRIND"].notna() | here.rows["ATOXGR"].notna()).to_numpy(bool)
    rows, rest = here.rows.drop(columns="LISTED"), int((~listed & ~within).sum())
    return AroundGroup(rows[listed].reset_index(drop=True), rows[within].reset_index(drop=True), rest, here.undated)


def _with_origin(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Add where each row was typed, by its ROWKEY."""
    return rows.merge(table[["ROWKEY", *_ORIGIN]], on="ROWKEY", how="left", validate="many_to_one").drop(
        columns="ROWKEY"
    )


def _event_rows(data: StudyData, basis: Basis) -> pd.DataFrame:
    events = derive_adverse_events(data, basis)
    columns: dict[str, object] = {
        "USUBJID": events["USUBJID"],
        "KIND": "AE",
        "FROM": events["ASTDY"],
        "TO": events["AENDY"],
        "ONGOING": (events["ONGOFL"] == "Y").to_numpy(bool),
        "IMPUTED": (events["ASTDTF"].notna() | events["AENDTF"].notna()).to_numpy(bool),
        "NAME": events["AEDECOD"].fillna(events["AETERM"]),
        "ROWKEY": events["ROWKEY"],
    }
    columns |= {name: events[name] for name in _AE_COLUMNS}
    return _with_origin(pd.DataFrame(columns), data["AE"])


def _one_day(frame: pd.DataFrame, kind: str) -> dict[str, object]:
    return {
        "USUBJID": frame["USUBJID"],
        "KIND": kind,
        "FROM": frame["ADY"],
        "TO": frame["ADY"],
        "ONGOING": False,
        "IMPUTED": False,
    }


def _level_rows(levels: pd.DataFrame, data: StudyData) -> pd.DataFrame:
    columns = _one_day(levels, "LEVEL") | {
        "CODE": levels["PARAMCD"], "AVAL": levels["AVAL"], "LBCENS": levels["LBCENS"], "UNIT": levels["AVALU"],
        "TYPED": levels["LBORRES"], "ATPT": levels["ATPT"], "ROWKEY": levels["ROWKEY"],
    }  # fmt: skip
    return _with_origin(pd.DataFrame(columns), data["LB"])


def _before(values: pd.Series, series: list[pd.Series]) -> pd.Series:
    """Return the latest known value before each row of its series."""
    return values.groupby(series).ffill().groupby(series).shift()


def _lab_rows(adlb: pd.DataFrame, data: StudyData) -> pd.DataFrame:
    series = [adlb["USUBJID"], adlb["PARAMCD"], adlb["ATPT"].fillna("")]
    before = _before(adlb["ATOXGR"], series)
    scale = (adlb["ATOXBY"] == "BASELINE").astype("float64").where(adlb["ATOXGR"].notna())
    before = before.where(_before(scale, series) == scale)
    changed = adlb["ATOXGR"].notna() & before.notna() & (adlb["ATOXGR"] != before)
    listed = adlb["ANRIND"].isin(["LOW", "HIGH"]) | (adlb["ATOXGR"] >= 1) | changed
    columns = _one_day(adlb, "LAB") | {
        "CODE": adlb["PARAMCD"], "NAME": adlb["PARAM"], "AVAL": adlb["AVAL"], "LBCENS": adlb["LBCENS"],
        "UNIT": adlb["AVALU"].fillna(adlb["LBORRESU"]), "TYPED": adlb["LBORRES"], "LOW": adlb["ANRLO"],
        "HIGH": adlb["ANRHI"], "ANRIND": adlb["ANRIND"], "ATOXGR": adlb["ATOXGR"], "ATOXGE": adlb["ATOXGE"],
        "ATOXBY": adlb["ATOXBY"], "PREVGR": before, "LISTED": listed.to_numpy(bool), "ROWKEY": adlb["ROWKEY"],
    }  # fmt: skip
    return _with_origin(pd.DataFrame(columns), data["LB"])


def _limit(advs: pd.DataFrame, limits: Mapping[str, VitalLimits], end: str) -> pd.Series:
    """Return the lower or upper limit of each vital sign, NaN without one."""
    numbers = {test: np.nan if getattr(item, end) is None else getattr(item, end) for test, item in limits.items()}
    limit = advs["PARAMCD"].map(numbers).astype("float64")
    relative = advs["PARAMCD"].isin([test for test, item in limits.items() if item.relative])
    of_base = (advs["BASE"] * (1 + limit / 100)).where(advs["POSTFL"] == "Y")
    return limit.where(~relative, of_base)


def _vital_rows(data: StudyData, basis: Basis, limits: Mapping[str, VitalLimits]) -> pd.DataFrame:
    """Return vital signs against the usual limits, and findings of the examination."""
    advs = derive_vital_signs(data, basis)
    low, high = _limit(advs, limits, "lower"), _limit(advs, limits, "upper")
    value = advs["AVAL"]
    known = value.notna() & (low.notna() | high.notna())
    place = np.select([~known, value < low, value > high], [-1, 0, 2], 1)
    columns = _one_day(advs, "VITAL") | {
        "CODE": advs["PARAMCD"], "NAME": advs["PARAM"], "AVAL": value, "UNIT": advs["AVALU"].fillna(advs["VSORRESU"]),
        "TYPED": advs["VSORRES"], "LOW": low, "HIGH": high, "ANRIND": coded(place, INDICATORS), "ATOXGR": np.nan,
        "LISTED": np.isin(place, (0, 2)), "ROWKEY": advs["ROWKEY"],
    }  # fmt: skip
    signs = _with_origin(pd.DataFrame(columns), data["VS"])
    return pd.concat([signs, exam], ignore_index=True) if len(exam := _exam_rows(data, basis)) else signs


def _exam_rows(data: StudyData, basis: Basis) -> pd.DataFrame:
    """Return the worst finding of each body system and day."""
    exam, pe = derive_examination(data, basis), data["PE"]
    abnormal = (exam["FINDING"] != "NORMAL").to_numpy(bool)
    columns = _one_day(exam, "EXAM") | {
        "CODE": exam["PETESTCD"], "NAME": exam["PEDESC"], "FINDING": exam["FINDING"], "LISTED": abnormal,
        "ANRIND": coded(np.where(abnormal, -1, 1), INDICATORS), "ATOXGR": np.nan, "DAY": exam["ADT"],
    }  # fmt: skip
    typed = pd.DataFrame(
        {"USUBJID": pe["USUBJID"], "CODE": pe["PETESTCD"], "FINDING": pe["PEORRES"],
         "DAY": as_dates(basis.tables["PE"].possible("PEDTC")[0]), **{name: pe[name] for name in _ORIGIN}}
    ).drop_duplicates(keys := ["USUBJID", "CODE", "FINDING", "DAY"])  # fmt: skip
    return pd.DataFrame(columns).merge(typed, on=keys, how="left").drop(columns="DAY")
