"""Best response over the scheduled visits, and its rows in ADRS."""

from __future__ import annotations

import pandas as pd
import pytest
from support.panels import CR, NO_HGB, NR, PR, iso, make_study

from saa_dash.analysis.adrs import derive_adrs
from saa_dash.analysis.best_response import derive_best_response
from saa_dash.analysis.response import derive_response
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

NIH = load_rule_sets()["nih"]

CASES = {
    "A": ({29: PR, 57: CR, 85: PR}, ("CR", 57)),
    "B": ({29: NR, 57: NR, 85: NR}, ("NR", 29)),
    "C": ({29: NR}, ("NR", 29)),  # not evaluable later: the NR is not hidden
    "D": ({29: NR, 57: NO_HGB, 85: NR}, ("NE", 57)),  # at least PR
    "E": ({29: NO_HGB, 57: PR}, ("PR", 57)),
    "F": ({}, ("NE", None)),
    "G": ({29: NR, 40: CR, 57: NR, 85: NR}, ("NR", 29)),  # day 40 is no scheduled visit
}


@pytest.fixture(scope="module")
def response() -> pd.DataFrame:
    data = make_study({who: days for who, (days, _) in CASES.items()})
    return derive_response(data, NIH, EndpointSettings())


@pytest.mark.parametrize("who", CASES)
def test_best_of_the_scheduled_visits(response: pd.DataFrame, who: str) -> None:
    best = derive_best_response(response).set_index("USUBJID").loc[who]
    answer, day = CASES[who][1]
    assert best["AVALC"] == answer
    assert pd.isna(best["ADY"]) if day is None else best["ADY"] == day


def test_at_least_pr_and_open_end_are_marked() -> None:
    data = make_study({"A": {29: NO_HGB}, "B": {29: PR}}, cutoff=60)
    best = derive_best_response(derive_response(data, NIH, EndpointSettings())).set_index("USUBJID")
    assert list(best["ATLPRFL"]) == ["Y", "N"]
    assert list(best["OPENFL"]) == ["Y", "Y"]


def test_adrs_holds_visits_and_best_response(response: pd.DataFrame) -> None:
    adrs = derive_adrs(response)
    rows = adrs[adrs["USUBJID"] == "A"]
    assert list(rows["PARAMCD"]) == ["OVRLRESP"] * 3 + ["BOR"]
    assert list(rows["AVALC"]) == ["PR", "CR", "PR", "CR"]
    assert list(rows["AVISITN"].dropna()) == [4, 8, 12]
    assert list(rows["ADT"].dt.date.astype(str)) == [iso(29), iso(57), iso(85), iso(57)]
    assert list(adrs.columns[:10]) == [
        "USUBJID", "PARAMCD", "AVISIT", "AVISITN", "ADT", "ADY", "AVALC", "REASON", "EVALFL", "CRITVER"
    ]  # fmt: skip
