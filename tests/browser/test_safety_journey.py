"""Two questions of a safety board: a liver signal, and in whom; why this patient is counted as serum sickness."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from support.browser import Server, settle
from support.pilot import pilot_frame
from support.screen import click_mark, key, visit

from saa_dash.model.principal import local_principal
from saa_dash.services.adverse_events import adverse_events_page
from saa_dash.services.context import Request, open_view

CODE = "SERUM_SICKNESS"


def _beyond() -> list[str]:
    """Return who has both peaks from the first dose on beyond the cuts."""
    ex, lb = pilot_frame("ex"), pilot_frame("lb")
    first = pd.to_datetime(ex.loc[ex["EXSTDTC"] != "", "EXSTDTC"].str[:10]).groupby(ex["USUBJID"]).min()
    rows = lb[lb["USUBJID"].isin(first.index)].dropna(subset=["LBSTRESN", "LBSTNRHI"])
    rows = rows[pd.to_datetime(rows["LBDTC"].str[:10]) >= rows["USUBJID"].map(first)]
    times = rows["LBSTRESN"] / rows["LBSTNRHI"]
    liver = times[rows["LBTESTCD"].isin(["ALT", "AST"])].groupby(rows["USUBJID"]).max()
    bilirubin = times[rows["LBTESTCD"] == "BILI"].groupby(rows["USUBJID"]).max()
    both = pd.concat([liver, bilirubin], axis=1, keys=["x", "y"]).dropna()
    return sorted(both.index[(both["x"] >= 3) & (both["y"] > 2)])


@pytest.mark.torture
def test_is_there_a_liver_signal_and_in_whom(package: Server, page: Page) -> None:
    who = _beyond()
    assert len(who) == 1
    view = open_view(local_principal(), Request(package.data_dir, "latest"))
    code = str(view.patients.set_index("USUBJID")["PCODE"][who[0]])

    visit(page, package, "organs", "lang=en")
    expect(page.get_by_test_id("stMetric").first).to_contain_text(re.compile(rf"cuts\){len(who)}/\d"))
    expect(page.get_by_test_id("stMetric").nth(1)).to_contain_text("0/")  # no candidate for Hy's law, and said so
    expect(page.get_by_text("Candidates for Hy's law (for clinical judgement)")).to_be_visible()
    click_mark(page, "edish", code)  # one click: in whom
    expect(key(page, "organs_open")).to_contain_text(code)
    expect(page.get_by_text(f"{code}: results by day (× ULN)")).to_be_visible()
    key(page, "organs_open").get_by_role("button").click()  # two: the person
    settle(page)
    assert f"p={code}" in page.url


@pytest.mark.torture
def test_why_is_this_patient_counted_as_serum_sickness(server: Server, page: Page) -> None:
    me = local_principal()
    found = adverse_events_page(me, open_view(me, Request(server.data_dir, "latest"))).panel
    assert found is not None
    mark = found.marks[found.marks["CLASS"] == CODE].iloc[0]

    visit(page, server, "adverse_events", "lang=en")
    click_mark(page, "complications", [str(mark["PCODE"]), CODE, int(mark["FIRST"])])  # one click
    why = key(page, "ae_class_behind")
    expect(why).to_contain_text(f"Serum sickness · {mark['PCODE']} · 1 event")
    expect(why).to_contain_text("Definition: the investigator gave the event the class “Serum sickness”")
    expect(why).to_contain_text(re.compile("Window: treatment-emergent.*2026-07-31"))
    expect(why).to_contain_text(re.compile(r"Terms recorded under Serum sickness: 血清病 \(3\)"))
    rows = why.get_by_test_id("stDataFrame")
    expect(rows.locator("tbody tr")).to_have_count(1)
    expect(rows).to_contain_text(str(int(mark["FIRST"])))

    key(page, "ae_part").get_by_text("Narratives", exact=True).click()
    settle(page)
    assert "ap=narratives" in page.url
    expect(page.get_by_text("Serious adverse events 4, deaths 1: narratives 5, patients 4")).to_be_visible()
    key(page, "ae_part").get_by_text("Over time", exact=True).click()
    settle(page)
    click_mark(page, "ae_timeline", [str(mark["PCODE"]), int(mark["FIRST"])])
    assert f"p={mark['PCODE']}" in page.url and f"day={int(mark['FIRST'])}" in page.url
