"""All derivations a page needs of one cut, made once per settings; selection and redaction come after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..access.redaction import redact
from ..analysis.basis import Basis, prepare
from ..analysis.pcode_order import patient_order
from ..analysis.response import derive_response
from ..analysis.status import derive_marks, derive_status
from ..analysis.study_data import StudyData
from .context import View


@dataclass(frozen=True)
class Derived:
    """Frames of every subject of the cut; see the deriving functions for their columns."""

    data: StudyData
    basis: Basis
    anchors: pd.DataFrame
    status: pd.DataFrame
    marks: pd.DataFrame
    response: pd.DataFrame

    @property
    def day_one(self) -> str:
        """What study day 1 is: ATG, or DOSE (the first dose of anything) where nobody received ATG."""
        return "ATG" if self.anchors["FASFL"].any() else "DOSE"


def derive(view: View, subjects: Sequence[str] | None = None) -> Derived:
    """Return the derivations of a view's cut under its endpoint settings.

    Parameters
    ----------
    subjects : USUBJIDs to read and derive; None for all. Every derivation is per patient, so the rows are the same.
    """
    data = view.reader().study_data(subjects)
    basis = prepare(data)
    anchors = basis.anchors
    return Derived(
        data=data,
        basis=basis,
        anchors=anchors,
        status=derive_status(anchors),
        marks=derive_marks(anchors),
        response=derive_response(data, view.rules, view.endpoint, basis),
    )


def coded(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the rows of the selected patients with PCODE in place of USUBJID, and only what the view's owner may see.

    Rows under codes of the presentation stand in their order, for the order of subjects is that of enrolment.
    """
    codes = view.patients.set_index("USUBJID")["PCODE"]
    part = frame[frame["USUBJID"].isin(view.chosen)]
    part = redact(part.assign(PCODE=part["USUBJID"].map(codes)), view.sight).drop(columns="USUBJID", errors="ignore")
    if not view.sight.patients:
        part = part.sort_values("PCODE", key=patient_order, kind="stable")
    return part.reset_index(drop=True)
