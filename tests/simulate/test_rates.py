"""The cohort as a whole has the rates it is meant to have."""

from __future__ import annotations

import pandas as pd
import pytest
from support.simulated_response import counts, offsets, responses

Sheets = dict[str, pd.DataFrame]
SUBJECTS = 2000


@pytest.mark.parametrize(
    ("day", "orr", "crr"), [(28, 0.20, 0.01), (56, 0.40, 0.08), (84, 0.60, 0.18)], ids=["week 4", "week 8", "week 12"]
)
def test_response_rates(many: Sheets, day: int, orr: float, crr: float) -> None:
    verdict = responses(many, day)
    assert len(verdict) == SUBJECTS
    assert verdict.isin(["CR", "PR"]).mean() == pytest.approx(orr, abs=0.05)
    assert (verdict == "CR").mean() == pytest.approx(crr, abs=0.035 if day > 28 else 0.01)


def test_baseline_medians(many: Sheets) -> None:
    before = counts(many).query("DAY < 0").drop_duplicates("SUBJID", keep="last")
    assert before["ANC"].median() == pytest.approx(0.25, abs=0.05)
    assert before["HGB"].median() == pytest.approx(66, abs=3)
    assert before["PLAT"].median() == pytest.approx(10.5, abs=2)
    assert before["ARC"].median() == pytest.approx(12, abs=2)
    assert many["SUBJ"]["AGE"].astype(int).between(18, 60).all()
    assert many["SUBJ"]["AGE"].astype(int).median() == pytest.approx(35, abs=2)
    assert (many["SUBJ"]["SEVERITY"] == "VSAA").mean() == pytest.approx(0.40, abs=0.05)


def _share(sheets: Sheets, rows: pd.Series) -> float:
    return sheets["AE"].loc[rows, "SUBJID"].nunique() / SUBJECTS


def test_complications(many: Sheets) -> None:
    ae = many["AE"]
    day = offsets(many, ae["SUBJID"], ae["AESTDTC"])
    grade = ae["AETOXGR"].astype(int)
    infection = ae["AECAT"].isin(["INFECTION", "FEBRILE_NEUTROPENIA"])
    assert _share(many, infection & (day <= 90)) == pytest.approx(0.57, abs=0.06)
    assert _share(many, (ae["AECAT"] == "INFUSION_REACTION") & (day < 3)) == pytest.approx(0.68, abs=0.08)
    serum = ae["AECAT"] == "SERUM_SICKNESS"
    assert 0.20 <= _share(many, serum) <= 0.40
    assert day[serum].between(6, 14).all()
    assert 0.03 <= _share(many, (ae["AEDECOD"] == "丙氨酸氨基转移酶升高") & (grade >= 3)) <= 0.07
    assert 0.08 <= _share(many, (ae["AEDECOD"] == "血胆红素升高") & (grade >= 2)) <= 0.18
    assert 0.10 <= _share(many, (ae["AECAT"] == "KIDNEY") & (grade >= 2)) <= 0.25


def test_deaths_and_lost_responses(many: Sheets) -> None:
    ds = many["DS"]
    dead = ds[ds["DSDECOD"] == "DEATH"]
    assert 0.02 <= len(dead) / SUBJECTS <= 0.15
    assert offsets(many, dead["SUBJID"], dead["DSSTDTC"]).between(10, 84).all()
    early, late = responses(many, 56), responses(many, 112)
    lost = early.isin(["CR", "PR"]) & (late == "NR")
    gone = ds.loc[ds["DSDECOD"].isin(["DEATH", "WITHDRAWAL", "LOST", "HSCT"]), "SUBJID"]
    assert 0.01 <= (lost & ~lost.index.isin(set(gone))).mean() <= 0.06


def test_growth_factor_and_levels(many: Sheets) -> None:
    users = many["CM"].loc[many["CM"]["CMCLAS"] == "GCSF", "SUBJID"].nunique() / SUBJECTS
    assert 0.60 <= users <= 0.80
    c0 = many["CSA"].loc[many["CSA"]["LBTPT"] == "C0", "LBORRES"]
    level = pd.to_numeric(c0.astype(str).str.lstrip("<"))
    assert 0.5 <= level.between(150, 250).mean() <= 0.8
    assert (level > 800).mean() < 0.01
