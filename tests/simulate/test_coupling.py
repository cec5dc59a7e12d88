"""Support follows from counts, and counts from support; treatment is given as planned, or the deviation is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.simulated_response import counts, offsets

Sheets = dict[str, pd.DataFrame]


def _around(sheets: Sheets, product: str, test: str) -> pd.DataFrame:
    """Return each transfusion on study with the latest count up to it (LOW, AGE) and the next one (NEXT, WAIT)."""
    panel = counts(sheets)[["SUBJID", "DAY", test]].dropna().astype({"DAY": "int64"})
    given = sheets["TRANSF"].loc[sheets["TRANSF"]["CMCLAS"] == product]
    first = panel.groupby("SUBJID")["DAY"].min()
    rows = pd.DataFrame({"SUBJID": given["SUBJID"], "GIVEN": offsets(sheets, given["SUBJID"], given["CMSTDTC"])})
    rows = rows[rows["GIVEN"] >= rows["SUBJID"].map(first)].astype({"GIVEN": "int64"}).sort_values("GIVEN")
    panel = panel.sort_values("DAY", kind="stable").drop_duplicates(["SUBJID", "DAY"])
    back = pd.merge_asof(rows, panel, left_on="GIVEN", right_on="DAY", by="SUBJID")
    ahead = pd.merge_asof(
        rows, panel, left_on="GIVEN", right_on="DAY", by="SUBJID", direction="forward", allow_exact_matches=False
    )
    return pd.DataFrame(
        {
            "LOW": back[test],
            "AGE": back["GIVEN"] - back["DAY"],
            "NEXT": ahead[test],
            "WAIT": ahead["DAY"] - ahead["GIVEN"],
        }
    )


@pytest.mark.parametrize(("product", "test", "trigger"), [("PLATELET", "PLAT", 20), ("RBC", "HGB", 68)])
def test_a_transfusion_has_its_low_count_and_the_next_count_shows_it(
    many: Sheets, product: str, test: str, trigger: int
) -> None:
    around = _around(many, product, test)
    assert len(around) > 1000
    recent = around["AGE"] <= 1
    assert recent.mean() > 0.99  # a blank or lost count is rare
    # A unit that came a day late may meet a count of that morning that is just above the trigger.
    assert (around.loc[recent, "LOW"] < trigger).mean() > 0.998
    soon = around[recent & (around["WAIT"] <= 2)]
    assert len(soon) > 0.5 * len(around)
    assert (soon["NEXT"] > soon["LOW"]).mean() > 0.93


def test_platelets_fall_during_atg_and_lymphocytes_vanish(many: Sheets) -> None:
    lab = many["LAB"].iloc[5:]
    alc = pd.to_numeric(lab["ALC"]).groupby(
        pd.cut(offsets(many, lab["SUBJID"], lab["LBDTC"]), [-30, -1, 10, 30, 90, 180]), observed=True
    )
    medians = alc.median().to_numpy()
    assert medians[0] > 1
    assert medians[2] < 0.35 < medians[4]


def test_atg_dose_and_days(many: Sheets) -> None:
    atg = many["EX"].loc[many["EX"]["EXTRT"] == "RATG"]
    days = atg.groupby("SUBJID").size()
    assert (days == 5).mean() > 0.93
    weight = many["SUBJ"].set_index("SUBJID")["WEIGHT"].astype(float)
    per_kg = atg["EXDOSE"].astype(float) / atg["SUBJID"].map(weight)
    assert per_kg.between(2.7, 3.3).all()
    short = set(days[days < 5].index)
    stopped = many["DS"].loc[many["DS"]["DSCOMP"] == "RATG", "SUBJID"]
    assert short == set(stopped)


def test_cord_blood_days_and_dose(many: Sheets) -> None:
    ex = many["EX"]
    last = pd.to_datetime(ex.loc[ex["EXTRT"] == "RATG"].groupby("SUBJID")["EXSTDTC"].max())
    cells = ex[ex["EXTRT"] == "UCBMNC"]
    after = (pd.to_datetime(cells["EXSTDTC"]) - cells["SUBJID"].map(last)).dt.days
    assert after.isin([2, 14]).mean() > 0.85
    assert np.minimum((after - 2).abs(), (after - 14).abs()).max() <= 3
    assert cells["EXDOSE"].astype(float).median() == pytest.approx(3.05, abs=0.05)
    assert cells["EXVIAB"].astype(float).between(80, 99).all()
    far = set(cells.loc[~after.isin([1, 2, 3, 13, 14, 15]), "SUBJID"])
    told = many["DV"].loc[many["DV"]["DVCAT"] == "TIMING", "SUBJID"]
    assert far <= set(told)


def test_cyclosporine_dose_goes_down_after_a_high_trough(many: Sheets) -> None:
    doses = many["EX"].loc[many["EX"]["EXTRT"] == "CSA", ["SUBJID", "EXDOSE", "EXADJ"]]
    change = doses["EXDOSE"].astype(float).groupby(doses["SUBJID"]).diff()
    assert (change[doses["EXADJ"] == "谷浓度偏高，减量"] < 0).all()
    assert (change[doses["EXADJ"] == "谷浓度偏低，加量"] > 0).all()
    assert (change[doses["EXADJ"] == "血肌酐升高，减量"] < 0).all()
