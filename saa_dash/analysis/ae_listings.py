"""Listings of adverse events: serious ones, deaths, discontinuations, and what does not fit together.

Decisions
---------
- Serious is what AESER says. An event that is not marked serious although a criterion of seriousness is ticked, its
  grade is 5 or its outcome is death is listed to be checked; it changes no count.
- Cause of death: the reason of the disposition record; beside it the events with a fatal outcome, criterion or grade 5.
- Discontinuation of a component: see `discontinuation`; where only an overall action was recorded, of the treatment.
- Leaving the study: disposition records other than completion, death, transplant, salvage therapy, stopping of one
  component, screen failure and milestones.

Source: ICH E2A (criteria of seriousness); domain facts, "Other decisions" (withdrawal, cut-off).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model.vocabulary import ActionTaken, Disposition, Outcome
from .ae_levels import Scale, event_levels
from .basis import Basis
from .columns import text
from .days import as_days, study_day
from .discontinuation import derive_discontinuations
from .lookup import positions, take
from .status import first_day
from .study_data import StudyData

CRITERIA = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
_FATAL_GRADE = 5
_STAYING = (
    Disposition.COMPLETED, Disposition.DEATH, Disposition.HSCT, Disposition.SALVAGE, Disposition.DISCONTINUATION,
)  # fmt: skip
_NOT_LEAVING = frozenset({*map(str, _STAYING), "SCREEN FAILURE"})
_DISPOSITION = "DISPOSITION EVENT"


def _fatal(adae: pd.DataFrame, scale: Scale) -> np.ndarray:
    grade = event_levels(adae, scale) == _FATAL_GRADE
    return grade | (adae["AEOUT"] == Outcome.FATAL).to_numpy(bool) | (adae["AESDTH"] == "Y").to_numpy(bool)


def list_serious(adae: pd.DataFrame) -> pd.DataFrame:
    """Return the serious events, emergent or not."""
    return adae[(adae["AESER"] == "Y").to_numpy(bool)]


def list_doubtful(adae: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return events that meet a criterion of seriousness and are not marked serious."""
    ticked = (adae[list(CRITERIA)] == "Y").any(axis=1).to_numpy(bool)
    return adae[(ticked | _fatal(adae, scale)) & (adae["AESER"] != "Y").to_numpy(bool)]


def list_deaths(data: StudyData, basis: Basis, adae: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return one row per death, those after the cut-off included and marked.

    Returns
    -------
    USUBJID; ADY (study day); LATE (bool: after the cut-off); DAYS (from the last cord blood infusion, NaN without
    one); CAUSE (as typed, missing where not entered); EVENTS (fatal events by name, "" without any).
    """
    anchors = basis.anchors
    day, late = as_days(anchors["DTHDT"]), as_days(anchors["DTHLATDT"])
    died = ~np.isnan(day) | ~np.isnan(late)
    when = np.where(np.isnan(day), late, day)
    infusion = np.fmax(as_days(anchors["INF1DT"]), as_days(anchors["INF2DT"]))
    ds = data["DS"]
    told = ds[(ds["DSDECOD"] == Disposition.DEATH).to_numpy(bool)]
    term = told["DSTERM"].where(told["DSTERM"].str.upper() != told["DSDECOD"])  # "DEATH" names no cause
    cause = told.assign(_cause=told["DSREAS"].fillna(term)).groupby("USUBJID")["_cause"].first()
    fatal = adae[_fatal(adae, scale)]
    named = fatal.assign(_name=fatal["AEDECOD"].fillna(fatal["AETERM"])).groupby("USUBJID")["_name"].agg("; ".join)
    subjects = anchors["USUBJID"]
    rows = pd.DataFrame(
        {
            "USUBJID": subjects,
            "ADY": study_day(when, first_day(anchors)),
            "LATE": ~np.isnan(late) & np.isnan(day),
            "DAYS": when - infusion,
            "CAUSE": subjects.map(cause).to_numpy(),
            "EVENTS": subjects.map(named).astype("object").fillna("").to_numpy(),
        }
    )
    return rows[died].reset_index(drop=True)


def list_discontinuations(data: StudyData, basis: Basis, adae: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, EXTRT (missing: the treatment as a whole), ADY, SOURCE (DS or AE), REASON; one row each."""
    anchors = basis.anchors
    found = derive_discontinuations(data, basis, adae)
    place = positions(found["USUBJID"], basis.subjects)
    day = study_day(as_days(found["DISCDT"]), take(first_day(anchors), place))
    parts = found.assign(ADY=day, SOURCE=found["DISCSRC"], REASON=found["DISCREAS"])
    whole = adae[(adae["AEACN"] == ActionTaken.WITHDRAWN).to_numpy(bool)]
    whole = whole[~whole["USUBJID"].isin(found["USUBJID"])].sort_values("ASTDY").drop_duplicates("USUBJID")
    overall = pd.DataFrame(
        {
            "USUBJID": whole["USUBJID"],
            "EXTRT": text(np.full(len(whole), "", dtype=object)),
            "ADY": whole["ASTDY"],
            "SOURCE": "AE",
            "REASON": whole["AETERM"],
        }
    )
    columns = ["USUBJID", "EXTRT", "ADY", "SOURCE", "REASON"]
    return pd.concat([parts[columns], overall[columns]], ignore_index=True)


def list_leaving(data: StudyData, basis: Basis) -> pd.DataFrame:
    """Return USUBJID, WHAT (DSDECOD), ADY, REASON (as typed) of who left the study by the cut-off."""
    ds = basis.tables["DS"]
    frame, day = ds.frame, ds.possible("DSSTDTC")[0]
    category = frame["DSCAT"].fillna(_DISPOSITION).eq(_DISPOSITION).to_numpy(bool)
    leaves = category & frame["DSDECOD"].notna().to_numpy(bool) & ~frame["DSDECOD"].isin(_NOT_LEAVING).to_numpy(bool)
    rows = np.flatnonzero(leaves & (ds.position >= 0) & ~(day > basis.cutoff))
    reason = frame["DSREAS"].fillna(frame["DSTERM"])
    return pd.DataFrame(
        {
            "USUBJID": frame["USUBJID"].to_numpy(object)[rows],
            "WHAT": frame["DSDECOD"].to_numpy(object)[rows],
            "ADY": study_day(day[rows], first_day(basis.anchors)[ds.position[rows]]),
            "REASON": reason.to_numpy(object)[rows],
        }
    )
