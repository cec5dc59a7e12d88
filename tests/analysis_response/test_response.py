"""What holds for the response frame as a whole."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from support.panels import CR, PR, iso, make_study
from support.specs import LAST_DAY, all_patients, study_of

from saa_dash.analysis.response import derive_response
from saa_dash.analysis.response_trace import trace_response
from saa_dash.analysis.study_data import StudyData
from saa_dash.i18n import render
from saa_dash.model.errors import UsageError
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

RULES = load_rule_sets()


def _sentences(data: StudyData, lang: str, criteria: str = "nih", **settings: Any) -> list[str]:
    chosen = EndpointSettings(criteria=criteria, **settings)
    row = derive_response(data, RULES[criteria], chosen).iloc[0]
    return [render(step, lang) for step in trace_response(row, RULES[criteria], chosen)]


def test_row_order_carries_no_meaning() -> None:
    settings = EndpointSettings()
    patients = [patient for patient in all_patients() if (patient.settings, patient.cutoff) == (settings, LAST_DAY)]
    data = study_of(patients)
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in data.tables.items()}
    straight = derive_response(data, RULES["nih"], settings)
    assert len(straight) == 3 * len(patients)
    pd.testing.assert_frame_equal(straight, derive_response(StudyData(data.cutoff, turned), RULES["nih"], settings))


def test_a_study_without_subjects_gives_no_rows() -> None:
    frame = derive_response(make_study({}), RULES["nih"], EndpointSettings())
    assert len(frame) == 0
    assert list(frame["AVALC"]) == []


@pytest.mark.parametrize("criteria", ["protocol", "china_2022"])
def test_an_empty_rule_set_is_refused(criteria: str) -> None:
    with pytest.raises(UsageError, match=r"error\.criteria_empty"):
        derive_response(make_study({"A": {29: CR}}), RULES[criteria], EndpointSettings(criteria=criteria))


def test_an_unknown_independence_setting_is_refused() -> None:
    with pytest.raises(UsageError, match=r"error\.independence_unknown"):
        derive_response(make_study({"A": {29: CR}}), RULES["nih"], EndpointSettings(independence="30"))


def test_sex_not_recorded_leaves_the_haemoglobin_open() -> None:
    panel = {29: {"ANC": 1.6, "HGB": 120.0, "PLAT": 160.0, "ARC": 80.0}}
    data = make_study({"A": panel}, DM=[{"USUBJID": "A"}])
    row = derive_response(data, RULES["camitta_ebmt"], EndpointSettings(criteria="camitta_ebmt")).iloc[0]
    assert (row["AVALC"], row["REASON"], row["HGBCR"], row["ATLPRFL"]) == ("NE", "MISSING", "U", "Y")


def test_a_record_after_the_cut_off_does_not_exist() -> None:
    data = make_study({"A": {29: PR, 40: CR}}, cutoff=39)
    assert derive_response(data, RULES["nih"], EndpointSettings()).iloc[0]["AVALC"] == "PR"


def test_the_trace_names_support_with_class_and_days() -> None:
    rows = [{"USUBJID": "A", "CMCLAS": "PLATELET", "CMSTDTC": iso(27)}]
    sentences = _sentences(make_study({"A": {29: CR}}, CM=rows), "en")
    assert "PLT 120 (day 29) is ≥ 100, but platelets 2 days before (day 27): counts as not met." in sentences
    assert any("PLT <20: platelets 2 days before (day 27), counts as yes;" in sentence for sentence in sentences)
    assert sentences[0].endswith("the nearest blood count in the window is that of 2026-03-30 (day 29).")
    assert sentences[-1] == "Result: partial response (PR)."


def test_the_trace_in_chinese() -> None:
    rows = [{"USUBJID": "A", "CMCLAS": "GCSF", "CMTRT": "G-CSF", "CMSTDTC": iso(20), "CMENDTC": iso(26)}]
    sentences = _sentences(make_study({"A": {29: CR}}, CM=rows), "zh")
    assert "中性粒细胞绝对值 1.2（研究日29） 虽 ≥ 1，但3天前（研究日26）使用粒细胞刺激因子：按未达标处理。" in sentences
    assert sentences[-1] == "结果：部分反应（PR）。"


def test_the_trace_names_the_event_and_its_day() -> None:
    rows = [{"USUBJID": "A", "DSDECOD": "DEATH", "DSSTDTC": iso(29)}]
    sentences = _sentences(make_study({"A": {27: CR}}, DS=rows), "en")
    assert sentences == [
        "Died on 2026-03-30 (day 29), on or before the week 4 target day 29: no response, whatever the counts before.",
        "Result: no response (NR): death.",
    ]


def test_the_trace_says_what_is_missing() -> None:
    panel = {29: {"ANC": 1.2, "PLAT": 120.0, "ARC": 80.0}}
    sentences = _sentences(make_study({"A": panel}), "en")
    assert "Hb is missing (no result within 3 days of the blood count)." in sentences
    assert sentences[-2:] == ["Result: not evaluable (NE): values missing.", "Certainly at least PR."]


def test_the_trace_says_when_it_falls_due() -> None:
    assert _sentences(make_study({"A": {29: CR}}, cutoff=35), "en") == [
        "The week 4 window closes on 2026-04-06, after the data cut-off: not yet due."
    ]
