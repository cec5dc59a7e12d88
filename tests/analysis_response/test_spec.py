"""Every patient of every rule in tests/spec gets the answer that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd
import pytest
from support.specs import Patient, all_patients, by_setting, study_of

from saa_dash.analysis.basis import prepare
from saa_dash.analysis.response import derive_response
from saa_dash.analysis.response_trace import trace_response
from saa_dash.analysis.severity import derive_severity
from saa_dash.i18n import render
from saa_dash.protocol.rules import load_rule_sets

PATIENTS = all_patients()
RULES = load_rule_sets()
UNSAID = {"REASON": None, "ATLPRFL": "N"}  # what a row says where the spec is silent


@cache
def _rows() -> Mapping[tuple[str, int], pd.Series]:
    """Return every derived row by patient and week; severity stands under week 0."""
    found = {}
    for patients in by_setting(PATIENTS):
        data, settings = study_of(patients), patients[0].settings
        basis = prepare(data)
        for _, row in derive_response(data, RULES[settings.criteria], settings, basis).iterrows():
            found[row["USUBJID"], row["AVISITN"]] = row
        for _, row in derive_severity(data, settings.arc_cut, basis).iterrows():
            found[row["USUBJID"], 0] = row
    return found


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.usubjid)
def test_rule(patient: Patient) -> None:
    week = patient.expected.get("week", 0)
    row = _rows()[patient.usubjid, week]
    expected = {name: value for name, value in patient.expected.items() if name != "week"}
    if week:
        expected = UNSAID | expected
    got = {name: None if pd.isna(row[name]) else row[name] for name in expected}
    assert got == expected


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_decision_can_be_told(lang: str) -> None:
    for patient in PATIENTS:
        for week in (4, 8, 12):
            row = _rows()[patient.usubjid, week]
            steps = trace_response(row, RULES[patient.settings.criteria], patient.settings)
            sentences = [render(step, lang) for step in steps]
            assert all(sentence and "{" not in sentence for sentence in sentences)
            assert row["AVALC"] == "NYD" or any(row["AVALC"] in sentence for sentence in sentences[-2:])
