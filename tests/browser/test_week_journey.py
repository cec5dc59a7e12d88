"""A question of a safety board: whose bilirubin rose to grade 3, and what else happened to them that week?"""

from __future__ import annotations

import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from support.browser import Server, settle
from support.pilot import pilot_frame
from support.screen import choose, click_mark, go, key, visit

GRADE_3 = (3.0, 10.0)  # times the upper limit of normal


def _treated() -> pd.Series:
    ex = pilot_frame("ex")
    return pd.to_datetime(ex.loc[ex["EXSTDTC"] != "", "EXSTDTC"].str[:10]).groupby(ex["USUBJID"]).min()


def _bilirubin() -> pd.DataFrame:
    """Return every bilirubin of the treated, with its study day and multiple of the upper limit."""
    lb, first = pilot_frame("lb"), _treated()
    rows = lb[(lb["LBTESTCD"] == "BILI") & lb["USUBJID"].isin(first.index)].dropna(subset="LBSTRESN")
    days = (pd.to_datetime(rows["LBDTC"].str[:10]) - rows["USUBJID"].map(first)).dt.days
    return rows.assign(DAY=days + (days >= 0), TIMES=rows["LBSTRESN"] / rows["LBSTNRHI"])


@pytest.mark.torture
def test_whose_bilirubin_rose_to_grade_3_and_what_else_happened_that_week(package: Server, page: Page) -> None:
    every = _bilirubin()
    bilirubin = every[every["DAY"] >= 1]
    high = bilirubin[(bilirubin["TIMES"] > GRADE_3[0]) & (bilirubin["TIMES"] <= GRADE_3[1])]
    subjects = sorted(set(high["USUBJID"]))
    assert len(subjects) == 1
    assert not (bilirubin["TIMES"] > GRADE_3[1]).any()
    before = every[(every["USUBJID"] == subjects[0]) & (every["DAY"] < 1)].sort_values("LBDTC").iloc[-1]
    assert 1 < before["TIMES"] <= 1.5  # grade 1 at baseline
    peak = high.sort_values(["LBSTRESN", "DAY"], ascending=[False, True]).iloc[0]

    visit(page, package, "overview", "lang=en")
    go(page, "laboratory")
    choose(page, "lab_test", "Total bilirubin")
    click_mark(page, "lab_shift", ["1-3"])
    expect(key(page, "lab_cell").locator("input")).to_have_value(re.compile("G1.*G3"))
    rows = key(page, "lab_who_rows").get_by_test_id("stDataFrame")
    expect(rows.locator("tbody tr")).to_have_count(len(subjects))
    key(page, "lab_who_open").get_by_role("button").click()
    settle(page)

    day = int(peak["DAY"])
    assert f"day={day}" in page.url
    expect(page.get_by_text(f"Days {day - 3} to {day + 3}; day 1 = first dose", exact=False)).to_be_visible()
    week = bilirubin[(bilirubin["USUBJID"] == subjects[0]) & bilirubin["DAY"].between(day - 3, day + 3)]
    shown = key(page, "around_LAB").get_by_test_id("stDataFrame").first
    first = week.sort_values("DAY").iloc[0]  # a table holds the rows in view only: those of the first day
    expect(shown).to_contain_text(f"{first['LBSTRESN']:g} µmol/L")
    for term in _events(subjects[0], day):
        expect(key(page, "around_AE")).to_contain_text(term)
    expect(page.get_by_text("not available, this cut holds no medication records")).to_be_visible()
    expect(page.get_by_text("No death, withdrawal, end of treatment or deviation in this window (0).")).to_be_visible()


def _events(subject: str, day: int) -> list[str]:
    """Return the adverse events of a subject that overlap the week around a study day."""
    ae, middle = pilot_frame("ae"), _treated()[subject] + pd.Timedelta(days=day - 1)
    mine = ae[ae["USUBJID"] == subject]
    mine = mine[pd.to_datetime(mine["AESTDTC"]) <= middle + pd.Timedelta(days=3)]
    ended = pd.to_datetime(mine["AEENDTC"].replace("", None))
    found = mine.loc[ended.isna() | (ended >= middle - pd.Timedelta(days=3)), "AEDECOD"].tolist()
    assert found
    return found
