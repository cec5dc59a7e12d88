"""Every denominator of a visit, counted by hand."""

from __future__ import annotations

from support.panels import CR, NO_HGB, NR, PR, iso, make_study

from saa_dash.analysis.denominators import Ratio, VisitCounts, count_visits
from saa_dash.analysis.lineage_response import LineageCounts, count_lineages
from saa_dash.analysis.response import derive_response
from saa_dash.model.settings import EndpointSettings
from saa_dash.protocol.rules import load_rule_sets

RULES = load_rule_sets()
LATE = {"EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": iso(60), "EXENDTC": iso(64)}
EARLY = {"EXTRT": "RATG", "EXDOSE": 150.0, "EXSTDTC": iso(1), "EXENDTC": iso(5)}
PANELS = {"A": {29: CR}, "B": {29: PR}, "C": {29: NR}, "D": {29: NO_HGB}, "E": {}, "F": {}, "G": {88: CR}, "H": {}}


def _week_4() -> VisitCounts:
    treated = [{"USUBJID": who, **(LATE if who in "GH" else EARLY)} for who in PANELS if who != "F"]
    deaths = [{"USUBJID": who, "DSDECOD": "DEATH", "DSSTDTC": iso(70 if who == "H" else 20)} for who in "EH"]
    data = make_study(PANELS, cutoff=90, EX=treated, DS=deaths)
    return count_visits(derive_response(data, RULES["nih"], EndpointSettings()))[0]


def test_every_patient_of_the_full_analysis_set_has_a_place() -> None:
    counts = _week_4()
    assert (counts.full_analysis_set, counts.due, counts.not_yet_due) == (7, 5, 2)  # F never had ATG
    assert (counts.cr, counts.pr, counts.nr, counts.ne) == (1, 1, 2, 1)
    assert (counts.evaluable, counts.at_least_pr) == (4, 1)


def test_response_counts_what_is_known_of_response() -> None:
    counts = _week_4()
    assert counts.orr == Ratio(3, 5)  # the NE known to be at least PR counts
    assert counts.crr == Ratio(1, 5)
    assert counts.orr_without_ne == Ratio(2, 4)
    assert counts.crr_without_ne == Ratio(1, 4)


def test_reasons_and_missing_lineages_are_counted() -> None:
    counts = _week_4()
    assert counts.reasons == {"BELOW": 1, "DEATH": 1, "MISSING": 1}
    assert counts.missing == {"HGB": 1}


def test_a_death_does_not_count_before_the_survivors_of_its_date_are_due() -> None:
    counts = _week_4()
    assert counts.not_yet_due == 2  # G alive, H dead, both treated from day 60


def test_no_rate_where_independence_cannot_be_assessed() -> None:
    data = make_study({"A": {29: PR}, "B": {29: CR}})
    week_4, week_8, _ = count_visits(derive_response(data, RULES["race"], EndpointSettings(independence="strict")))
    assert (week_4.not_assessable, week_4.rate_printable) == (1, False)
    assert (week_8.not_assessable, week_8.rate_printable) == (0, True)


def test_lineages_one_by_one() -> None:
    data = make_study({"A": {29: CR}, "B": {29: PR}, "C": {29: NO_HGB}, "D": {}}, DS=[
        {"USUBJID": "D", "DSDECOD": "DEATH", "DSSTDTC": iso(20)}
    ])  # fmt: skip
    counts = count_lineages(derive_response(data, RULES["nih"], EndpointSettings()))
    assert LineageCounts(4, "HGB", "CR", yes=1, no=2, unknown=1) in counts
    assert LineageCounts(4, "ANC", "CR", yes=2, no=2, unknown=0) in counts
    assert LineageCounts(4, "PLAT", "LEFT_SAA", yes=3, no=1, unknown=0) in counts
