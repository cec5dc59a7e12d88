"""ADEX planned against given, discontinuation; eligibility."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from saa_dash.analysis.discontinuation import derive_discontinuations
from saa_dash.analysis.eligibility import derive_eligibility, list_eligibility_findings
from saa_dash.analysis.exposure import derive_exposure, list_deviations
from saa_dash.model.settings import StudySettings, ToleranceSettings
from saa_dash.protocol.loader import load_protocol

PROTOCOL, SETTINGS = load_protocol(), StudySettings()


def dose(component, amount, unit, start, end=None, **more):
    return {"EXTRT": component, "EXDOSE": amount, "EXDOSU": unit, "EXSTDTC": start, "EXENDTC": end, **more}


ATG = dose("RATG", 180.0, "MG", "2026-03-02", "2026-03-06")


def rows(data, component, param, settings=SETTINGS, protocol=PROTOCOL):
    found = derive_exposure(data, protocol, settings)
    return found[(found["EXTRT"] == component) & (found["PARAMCD"] == param)].reset_index(drop=True)


@pytest.mark.parametrize(
    ("amount", "unit", "percent", "deviates"),
    [(180, "MG", 100, "N"), (198, "MG", 110, "N"), (199, "MG", 110.5556, "Y"), (162, "MG", 90, "N"),
     (161, "MG", 89.4444, "Y"), (3, "MG_KG", 100, "N"), (3.31, "MG_KG", 110.3333, "Y")],
)  # fmt: skip
def test_atg_is_compared_with_3_mg_per_kg(study, amount, unit, percent, deviates):
    found = rows(study(EX=[dose("RATG", float(amount), unit, "2026-03-02", "2026-03-06")]), "RATG", "DOSE").iloc[0]
    assert found["PCTPLAN"] == pytest.approx(percent, abs=1e-4)
    assert found["DOSEDEV"] == deviates
    assert (found["PLAN"], found["AVALU"]) == (3, "mg/kg")


def test_without_a_weight_mg_cannot_be_judged_and_mg_per_kg_can(study):
    unknown = rows(study(dm={"WEIGHT": None}), "RATG", "DOSE").iloc[0]
    assert pd.isna(unknown["AVAL"]) and pd.isna(unknown["DOSEDEV"])
    data = study(dm={"WEIGHT": None}, VS=[{"VSTESTCD": "WEIGHT", "VSSTRESN": 90.0, "VSDTC": "2026-02-20"}])
    assert rows(data, "RATG", "DOSE")["AVAL"].tolist() == [2]
    data = study(dm={"WEIGHT": None}, EX=[dose("RATG", 3.0, "MG_KG", "2026-03-02")])
    assert rows(data, "RATG", "DOSE")["DOSEDEV"].tolist() == ["N"]


def test_totals_and_pauses_of_atg(study):
    days = [dose("RATG", 180.0, "MG", day, day) for day in ("2026-03-02", "2026-03-03", "2026-03-06", "2026-03-07")]
    total = rows(study(EX=days), "RATG", "TOTDOSE").iloc[0]
    assert total[["AVAL", "PLAN", "PCTPLAN", "DOSEDEV"]].tolist() == [12, 15, 80, "Y"]
    assert total[["PAUSES", "PAUSEDAY"]].tolist() == [1, 2]
    assert rows(study(EX=days), "RATG", "NDAYS")[["AVAL", "PLAN"]].iloc[0].tolist() == [4, 5]


def infusions(study, *given, settings=SETTINGS, **more):
    cells = [dose("UCBMNC", amount, "E8_CELLS", day) for day, amount in given]
    return rows(study(EX=[ATG, *cells], **more), "UCBMNC", "DOSE", settings)


@pytest.mark.parametrize(
    ("day", "off", "deviates"),
    [("2026-03-08", 0, "N"), ("2026-03-09", 1, "N"), ("2026-03-07", -1, "N"), ("2026-03-10", 2, "Y")],
)
def test_the_first_infusion_is_due_2_days_after_the_last_atg(study, day, off, deviates):
    found = infusions(study, (day, 3.0), ("2026-03-20", 3.0)).iloc[0]
    assert (found["DAYSOFF"], found["TIMEDEV"]) == (off, deviates)
    assert found["DUEDT"] == pd.Timestamp("2026-03-08")


def test_bags_of_one_day_are_one_infusion_and_doses_are_absolute(study):
    found = infusions(study, ("2026-03-08", 1.5), ("2026-03-08", 1.6), ("2026-03-20", 2.6))
    assert found["AVAL"].tolist() == [3.1, 2.6]
    assert found["DOSEDEV"].tolist() == ["N", "Y"]


def test_a_single_infusion_stands_for_the_nearer_day_and_the_other_is_missed(study):
    found = infusions(study, ("2026-03-19", 3.0)).set_index("INFNUM")
    assert found.loc[1, ["AVAL", "MISSFL"]].tolist() == [0, "Y"]
    assert found.loc[2, "DAYSOFF"] == -1


def test_what_is_not_due_yet_is_not_missed(study):
    early = pd.Timestamp("2026-03-08").date()
    assert infusions(study, cutoff=early).empty
    died = [{"DSDECOD": "DEATH", "DSSTDTC": "2026-03-10"}]
    assert infusions(study, ("2026-03-08", 3.0), DS=died)["INFNUM"].tolist() == [1]


def test_3e8_cells_for_both_together_compares_only_the_sum(study):
    together = replace(SETTINGS, cell_dose_per_infusion=False)
    given = ("2026-03-08", 1.5), ("2026-03-20", 1.4)
    assert infusions(study, *given, settings=together)["DOSEDEV"].isna().all()
    cells = [dose("UCBMNC", amount, "E8_CELLS", day) for day, amount in given]
    total = rows(study(EX=[ATG, *cells]), "UCBMNC", "TOTDOSE", together).iloc[0]
    assert total[["PLAN", "AVAL", "DOSEDEV"]].tolist() == [3, 2.9, "N"]


def test_only_the_starting_dose_of_cyclosporine_has_a_plan(study):
    stretches = [
        dose("CSA", 300.0, "MG", "2026-03-02", "2026-03-09"),
        dose("CSA", 450.0, "MG", "2026-03-10", "2026-04-01"),
    ]
    found = rows(study(EX=[ATG, *stretches]), "CSA", "DOSE")
    assert found["PLAN"].fillna(-1).tolist() == [5, -1]
    assert found["DOSEDEV"].fillna("-").tolist() == ["N", "-"]


def test_hetrombopag_is_planned_for_the_days_that_have_passed(study):
    daily = dose("HPAG", 15.0, "MG", "2026-03-04", None, EXENRF="Y")
    data = study(EX=[ATG, daily], cutoff=pd.Timestamp("2026-04-02").date())
    days = rows(data, "HPAG", "NDAYS").iloc[0]
    assert days[["AVAL", "PLAN"]].tolist() == [30, 30]
    assert rows(data, "HPAG", "DOSE")["DAYSOFF"].tolist() == [2]
    late = study(EX=[ATG, daily])
    assert rows(late, "HPAG", "NDAYS", replace(SETTINGS, hetrombopag_days=84))["PLAN"].tolist() == [84]


def test_a_component_never_given_has_a_total_of_0(study):
    assert rows(study(), "HPAG", "TOTDOSE")[["AVAL", "PLAN"]].iloc[0].tolist() == [0, 1350]


def test_the_tolerance_is_a_setting(study):
    wide = replace(SETTINGS, tolerance=ToleranceSettings(dose_percent=50, infusion_days=3))
    assert infusions(study, ("2026-03-11", 2.0), settings=wide)[["DOSEDEV", "TIMEDEV"]].iloc[0].tolist() == ["N", "N"]


def test_deviations_are_listed_by_kind(study):
    cells = [dose("UCBMNC", 2.0, "E8_CELLS", "2026-03-11")]
    found = list_deviations(derive_exposure(study(EX=[ATG, *cells]), PROTOCOL, SETTINGS))
    kinds = found[(found["PARAMCD"] == "DOSE") & (found["EXTRT"] == "UCBMNC")]
    assert sorted(kinds["CODE"]) == ["DOSE", "MISSED", "TIMING"]


def test_permanent_discontinuation_is_told_by_the_earlier_source(study):
    disposition = {"DSDECOD": "DISCONTINUATION", "DSCOMP": "HPAG", "DSSTDTC": "2026-04-10", "DSREAS": "ALT"}
    event = {"AETERM": "Hepatitis", "AESTDTC": "2026-04-08", "AEACNHPG": "WITHDRAWN", "AEACNCSA": "INTERRUPTED"}
    daily = dose("HPAG", 15.0, "MG", "2026-03-02", "2026-04-08")
    data = study(EX=[ATG, daily], DS=[disposition], AE=[event])
    found = derive_discontinuations(data)
    assert found[["EXTRT", "DISCSRC", "DISCREAS"]].to_numpy().tolist() == [["HPAG", "AE", "Hepatitis"]]
    total = rows(data, "HPAG", "TOTDOSE").iloc[0]
    assert total[["DISCFL", "DISCSRC"]].tolist() == ["Y", "AE"]
    assert total["DISCDT"] == pd.Timestamp("2026-04-08")
    assert rows(data, "RATG", "TOTDOSE")["DISCFL"].tolist() == ["N"]


def test_a_foreign_study_shows_its_doses_without_a_plan(study):
    data = study(EX=[{"EXTRT": "XANOMELINE", "EXDOSE": 54.0, "EXDOSU": "mg", "EXSTDTC": "2026-03-02"}])
    found = derive_exposure(data, None, SETTINGS)
    assert found["PLAN"].isna().all()
    assert found.loc[found["PARAMCD"] == "DOSE", ["EXTRT", "AVAL", "AVALU"]].to_numpy().tolist() == [
        ["XANOMELINE", 54, "mg"]
    ]


# --------------------------------------------------------------------------------------------------- eligibility


def results(study, **tables):
    found = derive_eligibility(study(**tables), PROTOCOL, 60.0).set_index("CODE")
    return found


@pytest.mark.parametrize(
    ("age", "result"), [(17, "VIOLATED"), (18, "MET"), (60, "MET"), (61, "VIOLATED"), (None, "UNKNOWN")]
)
def test_age_limits_are_included(study, age, result):
    assert results(study, dm={"AGE": age}).at["INCL01", "RESULT"] == result


def test_exclusions_are_read_from_their_answers(study):
    answers = [{"IETESTCD": "EXCL01", "IEORRES": "N"}, {"IETESTCD": "EXCL02", "IEORRES": "Y"}]
    found = results(study, IE=answers)
    assert found.loc[["EXCL01", "EXCL02", "EXCL03"], "RESULT"].tolist() == ["MET", "VIOLATED", "UNKNOWN"]


def test_answer_and_data_may_disagree_and_the_violation_prevails(study):
    found = results(study, dm={"AGE": 70}, IE=[{"IETESTCD": "INCL01", "IEORRES": "Y"}]).loc["INCL01"]
    assert found[["RESULT", "ANSWER", "DERIVED", "AGREEFL"]].tolist() == ["VIOLATED", "MET", "VIOLATED", "N"]


@pytest.mark.parametrize(("consent", "result"), [("2026-02-20", "MET"), ("2026-02-21", "VIOLATED"), (None, "UNKNOWN")])
def test_consent_comes_before_the_first_procedure(study, consent, result):
    visit = [{"VISIT": "SCREENING", "SVSTDTC": "2026-02-20"}]
    found = results(study, dm={"RFICDTC": consent, "ENRLDTC": "2026-02-25"}, SV=visit)
    assert found.at["INCL03", "RESULT"] == result


@pytest.mark.parametrize(
    ("day", "result"),
    [
        ("2026-01-31", "VIOLATED"),
        ("2026-02-01", "MET"),
        ("2026-04-30", "MET"),
        ("2026-05-01", "VIOLATED"),
        (None, "UNKNOWN"),
    ],
)
def test_enrolment_lies_inside_the_recruiting_period(study, day, result):
    assert results(study, dm={"ENRLDTC": day}).at["RECRUIT", "RESULT"] == result


def test_severity_is_the_investigators_where_it_cannot_be_derived(study):
    assert results(study, dm={"SEVERITY": "VSAA"}).at["INCL02", "RESULT"] == "MET"
    assert results(study, dm={"SEVERITY": "NSAA"}).at["INCL02", "RESULT"] == "VIOLATED"
    assert results(study, dm={"SEVERITY": None}).at["INCL02", "RESULT"] == "UNKNOWN"


def test_screen_failures_are_no_findings(study):
    data = study(dm={"AGE": 70, "SCRNFL": "Y"})
    assert list_eligibility_findings(derive_eligibility(data, PROTOCOL, 60.0)).empty
    data = study(dm={"AGE": 70})
    assert "INCL01" in list_eligibility_findings(derive_eligibility(data, PROTOCOL, 60.0))["CODE"].tolist()


def test_a_dose_not_entered_was_given_and_its_amount_is_not_known(study):
    data = study(
        EX=[ATG, dose("UCBMNC", None, "E8_CELLS", "2026-03-08"), dose("UCBMNC", 0.0, "E8_CELLS", "2026-03-20")]
    )
    found = rows(data, "UCBMNC", "DOSE").set_index("INFNUM")
    assert (found.at[1, "DAYSOFF"], pd.isna(found.at[1, "AVAL"]), pd.isna(found.at[1, "DOSEDEV"])) == (0, True, True)
    assert found.at[2, "MISSFL"] == "Y"
    total = rows(data, "UCBMNC", "TOTDOSE").iloc[0]
    assert pd.isna(total["AVAL"]) and total["PLAN"] == 6


def test_a_placebo_counts_as_a_dose_in_another_study(study):
    placebo = {"EXTRT": "PLACEBO", "EXDOSE": 0.0, "EXDOSU": "mg", "EXSTDTC": "2026-03-02", "EXENDTC": "2026-03-04"}
    found = derive_exposure(study(EX=[placebo]), None, SETTINGS)
    assert found.loc[found["PARAMCD"] == "NDAYS", "AVAL"].tolist() == [3]
    assert found["ASTDY"].tolist() == [1, 1, 1]
