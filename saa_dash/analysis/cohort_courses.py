"""Courses of all patients on one axis of days, counted from any of three origins, with their change from baseline.

Decisions
---------
- Blood counts are those of `courses`: one value per day, marked with what held it up. Other tests are `measures`.
- The baseline is the last value on a day before day 1 (first ATG dose, else first dose of anything), whatever the
  origin the days are counted from.
- Blood counts end on the day of HSCT or salvage: later ones are no effect of the study treatment.
- Days are counted like study days: the origin is day 1, the day before it -1, there is no day 0.
- Values more than `BEFORE` days before day 1 are left out, unless one of them is the baseline.

Source: domain facts, section 2 "Days", "Baseline" and step 7; CONTRACT "Days".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .basis import Basis
from .counts import COUNT_TESTS
from .courses import derive_courses
from .days import as_days, study_day
from .status import first_day

BEFORE = 28  # days shown before day 1

COLUMNS = ("USUBJID", "TEST", "ADY", "AVAL", "CENS", "HELD", "WHY", "BASEFL", "BASE", "BASECENS", "BASEHELD", "CHG")


@dataclass(frozen=True)
class CohortCourse:
    """One test of the selected, treated patients.

    Parameters
    ----------
    test, unit : code of the test, unit of its values. origin : an `Origin`, or first_dose. treated : patients.
    values : PCODE, ADY (from `origin`), AVAL, CENS, HELD (bool), WHY, BASEFL (bool), CHG, by patient and day.
    without_origin : P-codes of the treated who never reached the origin. without_values : of those without any value.
    stopped : of those whose blood counts end at HSCT or salvage. limits : value and name (SAA, CR) of the thresholds.
    """

    test: str
    unit: str
    values: pd.DataFrame
    origin: str
    treated: int
    without_origin: tuple[str, ...]
    without_values: tuple[str, ...]
    stopped: tuple[str, ...]
    limits: tuple[tuple[float, str], ...]

    @property
    def patients(self) -> int:
        """Patients with a value."""
        return int(self.values["PCODE"].nunique())


def derive_origins(anchors: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, days from day 1 to each origin (ATG_START, ATG_END, FIRST_INFUSION; NaN without) and STOPDY.

    STOPDY is the study day of HSCT or salvage, whichever comes first. Only treated subjects have a row.
    """
    start = first_day(anchors)
    stop = np.fmin(as_days(anchors["HSCTDT"]), as_days(anchors["SALVDT"]))
    columns = {"ATG_START": "ATGSDT", "ATG_END": "ATGEDT", "FIRST_INFUSION": "INF1DT"}
    out = pd.DataFrame(
        {"USUBJID": anchors["USUBJID"].to_numpy()}
        | {name: as_days(anchors[column]) - start for name, column in columns.items()}
        | {"STOPDY": study_day(stop, start)}
    )
    return out[~np.isnan(start)].reset_index(drop=True)


def derive_cohort_counts(basis: Basis) -> pd.DataFrame:
    """Return the blood counts of all treated subjects up to HSCT or salvage: `COLUMNS`, by subject, test and day."""
    rows = derive_courses(basis, COUNT_TESTS).rename(columns={"PARAMCD": "TEST", "SUPPORTED": "HELD"})
    stop = derive_origins(basis.anchors).set_index("USUBJID")["STOPDY"].reindex(rows["USUBJID"]).to_numpy()
    rows = rows[rows["ADY"].notna() & ~(rows["ADY"].to_numpy() > stop)]
    return with_baseline(rows)


def with_baseline(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their baseline and the change from it: `COLUMNS`.

    Parameters
    ----------
    rows : USUBJID, TEST, ADY, AVAL, CENS, HELD, WHY, sorted by day within subject and test; one value a day.
    """
    by = ["USUBJID", "TEST"]
    last = rows[rows["ADY"] < 1].drop_duplicates(by, keep="last")
    base = last.rename(columns={"AVAL": "BASE", "CENS": "BASECENS", "HELD": "BASEHELD", "ADY": "BASEDY"})
    out = rows.merge(base[[*by, "BASEDY", "BASE", "BASECENS", "BASEHELD"]], on=by, how="left")
    out["BASEFL"] = (out["ADY"] == out["BASEDY"]).to_numpy(bool)
    out["CHG"] = np.where(out["ADY"] >= 1, out["AVAL"] - out["BASE"], np.nan)
    out["BASEHELD"] = out["BASEHELD"].eq(True)
    shown = (out["ADY"] >= -BEFORE) | out["BASEFL"]
    return out.loc[shown, list(COLUMNS)].reset_index(drop=True)


def count_from(day: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return study days counted from another origin.

    Parameters
    ----------
    day : study days. shift : days from day 1 to the origin; NaN gives NaN.
    """
    offset = day - (day > 0) - shift
    return offset + (offset >= 0)
