"""ADVS: vital signs with baseline and change; findings of the physical examination against baseline.

Vital signs are compared with a baseline of the same test, position and time point. Baseline as in `findings`.

Examination: a finding is NEW where the body system was normal at baseline and is abnormal with clinical significance
now, WORSENED from abnormal without significance, RESOLVED where it was significant and no longer is. Of several
findings of one system and day the worst counts.

Source: registry (changes in vital signs and physical examination); domain facts, section 2 "Baseline".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .basis import Basis, prepare
from .columns import coded, mark
from .days import as_dates, study_day
from .findings import collect_findings, visit_columns
from .lookup import positions
from .status import first_day
from .study_data import StudyData

FINDINGS = ("NORMAL", "ABNORMAL_NCS", "ABNORMAL_CS")
CHANGES = ("NEW", "WORSENED", "RESOLVED")

_RENAMED = {
    "STUDYID": "STUDYID", "PARAMCD": "VSTESTCD", "PARAM": "VSTEST", "AVALU": "VSSTRESU", "ATPT": "VSTPT",
    "VSPOS": "VSPOS", "VSORRES": "VSORRES", "VSORRESU": "VSORRESU", "ROWKEY": "ROWKEY",
}  # fmt: skip
_ORDER = (
    "STUDYID", "USUBJID", "PARAMCD", "PARAM", "ATPT", "VSPOS", "AVAL", "AVALU", "ADT", "ADY", "AVISIT", "AVISITN",
    "ABLFL", "BASE", "CHG", "PCHG", "POSTFL", "VSORRES", "VSORRESU", "ROWKEY",
)  # fmt: skip


def derive_vital_signs(data: StudyData, basis: Basis | None = None) -> pd.DataFrame:
    """Return ADVS, one row per measurement, sorted by subject, test, date and time.

    Parameters
    ----------
    basis : `prepare(data)` where the caller already has it.

    Returns
    -------
    STUDYID, USUBJID, PARAMCD, PARAM, ATPT, VSPOS, AVAL, AVALU, ADT, ADY, AVISIT, AVISITN; ABLFL Y for the baseline;
    BASE; CHG and PCHG (%) on or after day 1; POSTFL Y/N; VSORRES, VSORRESU as typed; ROWKEY.
    """
    basis = basis or prepare(data)
    vs = basis.tables["VS"]
    value, series = vs.frame["VSSTRESN"].to_numpy(), ("VSTESTCD", "VSPOS", "VSTPT")
    keep = (vs.frame["VSSTRESN"].notna() | vs.frame["VSORRES"].notna()).to_numpy(bool)
    found = collect_findings(vs, "VSDTC", value, series, keep, first_day(basis.anchors), basis.cutoff)
    frame, base = vs.frame.iloc[found.rows], found.of_baseline(found.value)
    change = np.where(found.after_start, found.value - base, np.nan)
    dated = ~np.isnan(found.day - found.first_day)
    columns: dict[str, object] = {name: frame[source].array for name, source in _RENAMED.items()}
    columns |= visit_columns(frame) | {
        "USUBJID": coded(found.subject, basis.subjects.tolist()),
        "AVAL": found.value,
        "ADT": as_dates(found.day),
        "ADY": study_day(found.day, found.first_day),
        "ABLFL": mark(found.is_baseline),
        "BASE": base,
        "CHG": change,
        "PCHG": 100 * change / np.where(base == 0, np.nan, base),
        "POSTFL": coded(np.where(dated, found.after_start, -1), ("N", "Y")),
    }
    return pd.DataFrame({name: columns[name] for name in _ORDER})


def derive_examination(data: StudyData, basis: Basis | None = None) -> pd.DataFrame:
    """Return the physical examination, one row per subject, body system and day, sorted so.

    Parameters
    ----------
    basis : `prepare(data)` where the caller already has it.

    Returns
    -------
    USUBJID, PETESTCD, ADT, ADY; FINDING and BASEFIND (of `FINDINGS`); ABLFL Y; CHGCAT (of `CHANGES`, missing without
    one); PEDESC of the worst finding.
    """
    basis = basis or prepare(data)
    pe = basis.tables["PE"]
    place = positions(pe.frame["PEORRES"], FINDINGS)
    value = np.where(place < 0, np.nan, -place.astype("float64"))  # the lowest of a day is the worst
    found = collect_findings(pe, "PEDTC", value, ("PETESTCD",), place >= 0, first_day(basis.anchors), basis.cutoff)
    frame = pe.frame.iloc[found.rows]
    now, before = -found.value, np.nan_to_num(-found.of_baseline(found.value), nan=-1)
    after = found.after_start & (before >= 0)
    cases = [after & (now == 2) & (before == 0), after & (now == 2) & (before == 1), after & (now < 2) & (before == 2)]
    out = pd.DataFrame(
        {
            "USUBJID": coded(found.subject, basis.subjects.tolist()),
            "PETESTCD": frame["PETESTCD"].array,
            "ADT": as_dates(found.day),
            "ADY": study_day(found.day, found.first_day),
            "FINDING": coded(now.astype("int64"), FINDINGS),
            "BASEFIND": coded(before.astype("int64"), FINDINGS),
            "ABLFL": mark(found.is_baseline),
            "CHGCAT": coded(np.select(cases, range(3), -1), CHANGES),
            "PEDESC": frame["PEDESC"].array,
        }
    )
    moves = np.stack([column[1:] != column[:-1] for column in (found.subject, found.series, found.day)]).any(axis=0)
    last = np.append(moves, True)[: len(out)]  # of a day the last row is the worst
    return out[last].reset_index(drop=True)


@dataclass(frozen=True)
class ExaminationChanges:
    """Patients whose finding in one body system changed from baseline; `examined` : with baseline and a later one."""

    system: str
    examined: int
    new: int
    worsened: int
    resolved: int


def count_examination_changes(examination: pd.DataFrame) -> tuple[ExaminationChanges, ...]:
    """Return the patients with a change at any time, by body system in alphabetical order.

    Parameters
    ----------
    examination : from `derive_examination`, whole or restricted to a subgroup.
    """
    later = examination[examination["BASEFIND"].notna() & examination["ABLFL"].isna()]
    out = []
    for system in sorted(set(later["PETESTCD"])):
        mine = later[later["PETESTCD"] == system]
        changed = [int(mine.loc[mine["CHGCAT"] == kind, "USUBJID"].nunique()) for kind in CHANGES]
        out.append(ExaminationChanges(system, int(mine["USUBJID"].nunique()), *changed))
    return tuple(out)
