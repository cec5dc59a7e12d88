"""One patient on ATG from 2026-03-02, to be given rows by each test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from support.tables import STUDY, empty_tables, make_frame

from saa_dash.analysis.study_data import StudyData

SUBJECT = f"{STUDY}-P001"
NO_ROWS = empty_tables()
Rows = Sequence[Mapping[str, Any]]


@pytest.fixture
def study() -> Callable[..., StudyData]:
    """Makes a cut of one patient, 60 kg, ATG on 2026-03-02 to 06, cut-off 2026-08-31; rows need no USUBJID."""

    def make(*, cutoff: date = date(2026, 8, 31), dm: Mapping[str, Any] | None = None, **tables: Rows) -> StudyData:
        patient = {"SUBJID": "P001", "SEX": "F", "AGE": 30, "WEIGHT": 60.0, "SEVERITY": "SAA", **(dm or {})}
        atg = {"EXTRT": "RATG", "EXDOSE": 180.0, "EXDOSU": "MG", "EXSTDTC": "2026-03-02", "EXENDTC": "2026-03-06"}
        given: dict[str, Rows] = {"EX": [atg], **tables, "DM": [patient]}
        owned = {name: [{"USUBJID": SUBJECT, **row} for row in rows] for name, rows in given.items()}
        return StudyData(cutoff, NO_ROWS | {name: make_frame(name, rows) for name, rows in owned.items()})

    return make
