"""Every patient of every rule in tests/spec gets the answer that stands beside it."""

from __future__ import annotations

import pandas as pd
import pytest
from support.specs import Patient, all_patients, study_of

from saa_dash.analysis.response import derive_response
from saa_dash.analysis.severity import derive_severity
from saa_dash.protocol.rules import load_rule_sets

# What a row says where the spec is silent.
UNSAID = {"REASON": None, "ATLPRFL": "N"}
RULES = load_rule_sets()


def _row(patient: Patient) -> pd.Series:
    data, settings = study_of(patient), patient.settings
    if "week" not in patient.expected:
        return derive_severity(data, settings.arc_cut).iloc[0]
    frame = derive_response(data, RULES[settings.criteria], settings)
    return frame[frame["AVISITN"] == patient.expected["week"]].iloc[0]


@pytest.mark.parametrize("patient", all_patients(), ids=lambda patient: patient.label)
def test_rule(patient: Patient) -> None:
    row = _row(patient)
    expected = {name: value for name, value in patient.expected.items() if name != "week"}
    if "week" in patient.expected:
        expected = UNSAID | expected
    got = {name: None if pd.isna(row[name]) else row[name] for name in expected}
    assert got == expected
