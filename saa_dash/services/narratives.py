"""Narratives of serious adverse events and deaths: the facts of each, under P-codes, dates only for who sees them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import AGE_BANDS
from ..analysis.ae_summary import Recorded
from ..analysis.basis import prepare
from ..analysis.narratives import derive_narratives
from ..analysis.pcode_order import patient_order
from ..model.principal import Principal
from .adverse_events import EventFrames, event_frames
from .context import View
from .derived import coded
from .memory import remembered
from .views import record_view


@dataclass(frozen=True)
class Narratives:
    """What the narratives are told from.

    Parameters
    ----------
    rows : PCODE, SEX, SEVERITY (as entered), AGELOW (first year of the age band, NaN unknown) and the columns of
        `analysis.narratives.derive_narratives`, by patient and day. recorded : what the study recorded.
    protocol : the study is the registered one, whose components and severity are told.
    """

    rows: pd.DataFrame
    recorded: Recorded
    protocol: bool


def narratives(principal: Principal, view: View) -> Narratives:
    """Return the facts of every serious event and death of the selection; the audit trail tells of the look.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    found = remembered(principal, view, "narratives", lambda: narratives_of(view, event_frames(principal, view)))
    if len(found.rows):
        record_view(principal, view, found.rows["PCODE"].drop_duplicates().tolist())
    return found


def narratives_of(view: View, frames: EventFrames) -> Narratives:
    """Return the facts of a view.

    Parameters
    ----------
    frames : of the same view.
    """
    basis = prepare(view.reader().study_data())
    rows = derive_narratives(basis, frames.adae, frames.deaths, frames.recorded.scale)
    people = view.patients.set_index("USUBJID")
    starts = np.array([low for low, _ in AGE_BANDS], dtype="float64")
    age = rows["USUBJID"].map(people["AGE"]).to_numpy("float64", na_value=np.nan)
    band = starts[np.clip(np.searchsorted(starts, np.nan_to_num(age), side="right") - 1, 0, None)]
    told = rows.assign(
        SEX=rows["USUBJID"].map(people["SEX"]),
        SEVERITY=rows["USUBJID"].map(people["SEVERITY"]),
        AGELOW=np.where(np.isnan(age), np.nan, band),
    )
    told = coded(told, view).sort_values(["PCODE", "ASTDY"], key=patient_order, kind="stable", ignore_index=True)
    return Narratives(told, frames.recorded, view.protocol is not None)
