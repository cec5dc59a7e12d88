"""Corrected values and rows that are gone, said once: what follows from a correction, or repeats it, is left out.

Decisions
---------
- A result in the standard unit, its flag and the visit's number follow from what was typed: they are told only where
  that itself did not change.
- Changes of one variable from one value to another in several rows of a patient on one day are one change (the date of
  a sample is that of all its results). Limits of normal are told once per test, whatever the day.
- Rows of a patient that are gone from one table are one change; of a patient who is gone none is told besides.

Where a reader sees no dates a date is its study day, the earliest one that a partial date may mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ..model.change import Cell, Change, Several, StudyDay, Variable, Word
from .days import earliest_days, study_day, whole_days
from .event_changes import TOLD

MOST_NAMES = 4  # named one by one; the rest is counted
NO_DAY = -9999  # stands for a study day that is not known


@dataclass(frozen=True)
class _Table:
    """What a row of a table is about: column and vocabulary of its name, its date, its unit."""

    name: str
    vocabulary: str
    date: str
    unit: str = ""


_TABLES: Mapping[str, _Table] = {
    "SV": _Table("VISIT", "visit", "SVSTDTC"),
    "LB": _Table("LBTESTCD", "lab_test", "LBDTC", "LBORRESU"),
    "CM": _Table("CMTRT", "support_class", "CMSTDTC"),
    "EX": _Table("EXTRT", "component", "EXSTDTC"),
    "AE": _Table("AEDECOD", "event_name", "AESTDTC"),
    "VS": _Table("VSTESTCD", "vital_sign", "VSDTC", "VSORRESU"),
    "PE": _Table("PETESTCD", "body_system", "PEDTC"),
    "RS": _Table("VISIT", "visit", "RSDTC"),
    "DS": _Table("DSDECOD", "disposition", "DSSTDTC"),
    "DV": _Table("DVCAT", "deviation", "DVSTDTC"),
    "MH": _Table("MHDECOD", "", "MHSTDTC"),
    "IE": _Table("IETESTCD", "", ""),
    "DM": _Table("", "", ""),
}
_FORM = {"CM": "CMCAT", "IE": "IETESTCD", "LB": "LBTESTCD"}  # which form, or which question
# Variable → those of the same row that say the same.
_FOLLOWS = {
    "LBORRES": ("LBSTRESN", "LBCENS", "LBNRIND"),
    "LBORRESU": ("LBSTRESN", "LBSTRESU", "LBSTNRLO", "LBSTNRHI", "LBNRIND"),
    "LBORNRLO": ("LBSTNRLO", "LBNRIND"),
    "LBORNRHI": ("LBSTNRHI", "LBNRIND"),
    "VSORRES": ("VSSTRESN",),
    "VSORRESU": ("VSSTRESN", "VSSTRESU"),
    "VISIT": ("VISITNUM",),
    "CMCLAS": ("CMCAT", "CMDECOD", "CMTRT"),
}
_RESULTS = ("LBORRES", "VSORRES")
_OF_A_TEST = ("LBORNRLO", "LBORNRHI", "LBSTNRLO", "LBSTNRHI", "LBORRESU", "LBSTRESU", "LBNRIND", "LBTEST", "LBCAT")
_BY = ["USUBJID", "DOMAIN", "VARIABLE", "OLD", "NEW", "FORM", "UNIT", "DAY", "SPLIT"]


def row_facts(domain: str, frame: pd.DataFrame, day_one: pd.Series) -> pd.DataFrame:
    """Return ROWKEY, NAME, FORM, UNIT ("" missing), DAY (earliest study day, `NO_DAY` unknown) of rows of a table.

    Parameters
    ----------
    day_one : USUBJID → study day 1, days since 1970-01-01.
    """
    table = _TABLES[domain]

    def texts(column: str) -> pd.Series:
        return frame[column].fillna("").astype("str") if column else pd.Series("", index=frame.index, dtype="str")

    name = texts(table.name)
    if domain == "AE":
        name = name.mask(name == "", texts("AETERM"))
    day = _days(texts(table.date), frame["USUBJID"], day_one) if table.date else pd.Series(NO_DAY, index=frame.index)
    return pd.DataFrame(
        {"ROWKEY": frame["ROWKEY"], "NAME": name, "FORM": texts(_FORM.get(domain, "")), "UNIT": texts(table.unit),
         "DAY": day}
    )  # fmt: skip


def tell_rows(rows: pd.DataFrame, facts: pd.DataFrame, day_one: pd.Series, *, dates: bool) -> Iterator[Change]:
    """Yield the changes.

    Parameters
    ----------
    rows : differences that are not derived. facts : of `row_facts`, of every row named. dates : tell calendar dates.
    """
    known = rows.merge(facts.drop_duplicates("ROWKEY"), on="ROWKEY", how="left")
    known = known.fillna({"NAME": "", "FORM": "", "UNIT": "", "DAY": NO_DAY})
    known = known.assign(DAY=known["DAY"].astype("int64"))
    yield from _values(known[known["KIND"] == "modified"], day_one, dates=dates)
    yield from _gone(known[known["KIND"] == "removed"])


def _values(rows: pd.DataFrame, day_one: pd.Series, *, dates: bool) -> Iterator[Change]:
    rows = rows[~((rows["DOMAIN"] == "AE") & rows["VARIABLE"].isin(TOLD))]
    rows = rows[~_following(rows)]
    of_test = rows["VARIABLE"].isin(_OF_A_TEST)
    split = rows["NAME"].where(of_test | ~rows["DOMAIN"].isin(["LB", "VS"]), "")
    rows = rows.assign(DAY=rows["DAY"].where(~of_test, NO_DAY), SPLIT=split)
    for keys, part in rows.groupby(_BY, sort=False):
        row = dict(zip(_BY, keys, strict=True))
        told = _told_as(row, part, day_one, dates=dates)
        yield Change("value", str(row["USUBJID"]), told[0], told[1], _known(row["DAY"]), _value_rank(row))


def _following(rows: pd.DataFrame) -> pd.Series:
    """Tell which lines only follow from another one of the same row."""
    causes = pd.DataFrame(
        [(cause, effect) for cause, effects in _FOLLOWS.items() for effect in effects], columns=["CAUSE", "VARIABLE"]
    )
    wanted = rows[["ROWKEY", "VARIABLE"]].reset_index().merge(causes, on="VARIABLE", how="inner")
    there = set(rows[["ROWKEY", "VARIABLE"]].itertuples(index=False, name=None))
    hit = [pair in there for pair in wanted[["ROWKEY", "CAUSE"]].itertuples(index=False, name=None)]
    return pd.Series(rows.index.isin(wanted.loc[hit, "index"]), index=rows.index)


def _told_as(
    row: dict[str, object], part: pd.DataFrame, day_one: pd.Series, *, dates: bool
) -> tuple[str, dict[str, object]]:
    domain, name = str(row["DOMAIN"]), str(row["VARIABLE"])
    subject, unit = str(row["USUBJID"]), str(row["UNIT"]) if name in _RESULTS else ""
    values: dict[str, object] = {
        side.lower(): _cell(name, str(row[side]), unit, subject, day_one, dates=dates) for side in ("OLD", "NEW")
    }
    about = _names(domain, part["NAME"])
    if domain == "IE":
        return "value", {"variable": Variable("IE", str(row["FORM"])), **values}
    if name in _RESULTS:
        return "result", {"what": about, **values}
    variable = Variable(domain, name, str(row["FORM"]))
    if not about.names:
        return "value", {"variable": variable, **values}
    return "value_of", {"what": about, "variable": variable, **values}


def _cell(name: str, text: str, unit: str, subject: str, day_one: pd.Series, *, dates: bool) -> Cell | StudyDay:
    if dates or not name.endswith("DTC") or not text:
        return Cell(name, text, unit)
    written = pd.Series([text], dtype="str")
    one = day_one.reindex([subject]).to_numpy("float64")
    day = study_day(earliest_days(written), one)[0]
    if day != day:
        return Cell(name, "?")
    return StudyDay(int(day), bool(whole_days(written)[0] == earliest_days(written)[0]))


def _gone(rows: pd.DataFrame) -> Iterator[Change]:
    patients = rows.loc[rows["DOMAIN"] == "DM", "USUBJID"]
    for subject in patients:
        yield Change("gone", str(subject), "patient_gone", rank=-1, mark="GONE")
    rest = rows[~rows["USUBJID"].isin(patients) & ~rows["DOMAIN"].isin(["AE", "DM"])]
    for (subject, domain), part in rest.groupby(["USUBJID", "DOMAIN"], sort=False):
        day = part["DAY"].iloc[0] if part["DAY"].nunique() == 1 else NO_DAY
        params = {"what": _names(str(domain), part["NAME"]), "table": Word("table", str(domain)), "n": len(part)}
        yield Change("gone", str(subject), "rows_gone", params, _known(day), mark="GONE")


def _names(domain: str, names: pd.Series) -> Several:
    words = tuple(Word(_TABLES[domain].vocabulary, name) for name in dict.fromkeys(names) if name)
    return Several(words[:MOST_NAMES], max(0, len(words) - MOST_NAMES))


def _value_rank(row: dict[str, object]) -> float:
    """Events and treatment first, then results, then what describes them."""
    order = ("DS", "AE", "EX", "LB", "RS", "CM", "VS", "SV", "DM", "IE", "DV", "PE", "MH")
    return order.index(str(row["DOMAIN"])) + 0.5 * (row["VARIABLE"] in _OF_A_TEST)


def _known(day: object) -> int | None:
    return None if day == NO_DAY else int(str(day))


def _days(texts: pd.Series, subjects: pd.Series, day_one: pd.Series) -> pd.Series:
    day = study_day(earliest_days(texts), day_one.reindex(subjects).to_numpy("float64"))
    return pd.Series(day, index=texts.index).fillna(NO_DAY).astype("int64")
