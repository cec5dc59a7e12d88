"""What cross-domain checks share: a check, what came out of it, and the tables they look into.

Columns of findings, one row each:

    USUBJID, ADY                     whose, and the study day it is about (NaN unknown)
    DOMAIN, ROWKEY, DOMAIN2, ROWKEY2 the row, and the one it does not fit ("" without one)
    NAME, LIST                       what it is about: a code of the list, or words as typed where LIST is ""
    MORE, MORELIST                   a second name, likewise
    A, B                             numbers that the sentence of the check names: study days, values (NaN unused)

Dates are told as study days, so that whoever may not see dates sees findings all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from .basis import Basis
from .days import Days, study_day
from .located import Located
from .lookup import take
from .status import first_day
from .study_data import StudyData

FINDING_COLUMNS = (
    "USUBJID", "ADY", "DOMAIN", "ROWKEY", "DOMAIN2", "ROWKEY2", "NAME", "LIST", "MORE", "MORELIST", "A", "B",
)  # fmt: skip
# Table → column of the day that a row starts on.
STARTS: Mapping[str, str] = {
    "SV": "SVSTDTC", "LB": "LBDTC", "CM": "CMSTDTC", "EX": "EXSTDTC", "AE": "AESTDTC", "VS": "VSDTC", "PE": "PEDTC",
    "RS": "RSDTC", "DS": "DSSTDTC", "DV": "DVSTDTC",
}  # fmt: skip
# Table → column and list of what names a row.
NAMES: Mapping[str, tuple[str, str]] = {
    "SV": ("VISIT", "visit"), "LB": ("LBTESTCD", "lab_test"), "CM": ("CMTRT", "support_class"),
    "EX": ("EXTRT", "component"), "VS": ("VSTESTCD", "vital_sign"), "PE": ("PETESTCD", "body_system"),
    "RS": ("VISIT", "visit"), "DS": ("DSDECOD", "disposition"), "DV": ("DVCAT", "deviation"), "MH": ("MHTERM", ""),
    "IE": ("IETESTCD", ""), "DM": ("SEX", "sex"),
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """A rule.

    Parameters
    ----------
    code : of the catalogue. params : its limits, named in its words.
    """

    code: str
    params: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Parameters
    ----------
    looked_at : records, or patients, that could have shown it. lacking : why it cannot be checked, "" where it can.
    """

    check: Check
    looked_at: int
    findings: pd.DataFrame
    lacking: str = ""


@dataclass(frozen=True)
class Material:
    """What checks look into.

    Parameters
    ----------
    exposure : ADEX, None without a protocol. response : from `derive_response`, None where it cannot be assessed.
    plausible : smallest and largest plausible value of a laboratory test, in its standard unit.
    """

    data: StudyData
    basis: Basis
    exposure: pd.DataFrame | None
    response: pd.DataFrame | None
    plausible: Mapping[str, tuple[float, float]]

    def table(self, name: str) -> Located:
        """Return a table with its rows placed."""
        return self.basis.tables[name] if name in self.basis.tables else self._others[name]

    @cached_property
    def _others(self) -> Mapping[str, Located]:
        return {name: Located(self.data[name], self.basis.subjects) for name in ("DV", "MH")}

    @cached_property
    def day_one(self) -> Days:
        """Study day 1 of each subject, days since 1970-01-01."""
        return first_day(self.basis.anchors)

    def study_days(self, table: Located, day: Days) -> Days:
        """Return study days of the rows of a table."""
        return study_day(day, take(self.day_one, table.position))

    @cached_property
    def ends(self) -> pd.DataFrame:
        """Return the earliest dated end of each kind: DSDECOD, subject, day, ROWKEY."""
        ds = self.table("DS")
        rows = pd.DataFrame(
            {"subject": ds.position, "day": ds.possible("DSSTDTC")[1], "DSDECOD": ds.frame["DSDECOD"].array,
             "ROWKEY": ds.frame["ROWKEY"].array}
        )  # fmt: skip
        rows = rows[(rows["subject"] >= 0) & rows["day"].notna()]
        return rows.sort_values(["subject", "day"], kind="stable").drop_duplicates(["subject", "DSDECOD"])


Rule = Callable[[Material, Check], Checked]


def event_names(frame: pd.DataFrame) -> pd.Series:
    """Return the coded term of events, else the words as typed."""
    return frame["AEDECOD"].fillna(frame["AETERM"])


def rows_found(
    material: Material, name: str, where: np.ndarray, *, day: Days | None = None, **more: object
) -> pd.DataFrame:
    """Return a finding for each marked row of a table.

    Parameters
    ----------
    where : which rows, one flag each; rows of nobody are left out. day : of the finding, one per row; the earliest day
        of the row's start where not given. more : further columns, one value or one per row of the table.
    """
    table = material.table(name)
    rows = np.flatnonzero(where & (table.position >= 0))
    frame = table.frame
    if day is None:
        day = table.possible(STARTS[name])[0] if name in STARTS else np.full(len(frame), np.nan)
    names = event_names(frame) if name == "AE" else frame[NAMES[name][0]]
    columns: dict[str, object] = {
        "USUBJID": frame["USUBJID"].array[rows],
        "ADY": material.study_days(table, day)[rows],
        "DOMAIN": name,
        "ROWKEY": frame["ROWKEY"].array[rows],
        "NAME": names.array[rows],
        "LIST": "" if name == "AE" else NAMES[name][1],
    }
    columns |= {key: _of_rows(value, rows, len(frame)) for key, value in more.items()}
    return finished(pd.DataFrame(columns, index=range(len(rows))))


def _of_rows(value: object, rows: np.ndarray, size: int) -> object:
    if isinstance(value, pd.Series):
        return value.array[rows]
    return value[rows] if isinstance(value, np.ndarray) and len(value) == size else value


def finished(frame: pd.DataFrame) -> pd.DataFrame:
    """Return findings with every column, the missing ones empty."""
    size, out = len(frame), dict[str, object]()
    for name in FINDING_COLUMNS:
        if name in ("ADY", "A", "B"):
            out[name] = frame[name].to_numpy("float64") if name in frame else np.full(size, np.nan)
        else:
            held = frame[name].astype("str").fillna("") if name in frame else pd.Series("", frame.index, dtype="str")
            out[name] = held.array
    return pd.DataFrame(out, index=range(size))


def together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return findings of several tables in one frame."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else nothing()


def nothing() -> pd.DataFrame:
    """Return no findings."""
    return finished(pd.DataFrame({"USUBJID": pd.Series(dtype="str")}))


def lacks(check: Check, why: str) -> Checked:
    """Return that a check cannot be made."""
    return Checked(check, 0, nothing(), why)
