"""Time-to-event outcomes do not depend on the order of rows, and every subject is accounted for."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from support.strategies import random_cohort

from saa_dash.analysis.adtte import PARAMETERS, derive_time_to_events
from saa_dash.analysis.study_data import StudyData
from saa_dash.i18n.catalogue import LANGUAGES, has_key
from saa_dash.model.settings import EndpointSettings
from saa_dash.model.vocabulary import Origin
from saa_dash.protocol.rules import load_rule_sets


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_rows_and_completeness(seed: int) -> None:
    cohort, settings = random_cohort(seed, 30), EndpointSettings(origin=list(Origin)[seed])
    rules, data = load_rule_sets()[settings.criteria], cohort.data()
    one = derive_time_to_events(data, rules, settings, study_end=date(2026, 10, 31))
    mixed = {name: frame.sample(frac=1, random_state=seed) for name, frame in data.tables.items()}
    other = derive_time_to_events(StudyData(data.cutoff, mixed), rules, settings, study_end=date(2026, 10, 31))
    for name in ("rows", "absent", "candidates"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    keys = pd.concat([one.rows[["USUBJID", "PARAMCD"]], one.absent[["USUBJID", "PARAMCD"]]])
    assert len(keys) == 30 * len(PARAMETERS)
    assert not keys.duplicated().any()
    for lang in LANGUAGES:
        assert all(has_key(lang, f"term.ttedesc.{code}") for code in one.rows["EVNTDESC"].unique())
        assert all(has_key(lang, f"term.tteabsent.{code}") for code in one.absent["REASON"].unique())
