"""From the red square at week 8 to the transfusion that spoke against it, in at most three clicks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from support.browser import Server
from support.screen import click_mark, key, visit

from saa_dash.model.filters import EndpointChoice
from saa_dash.model.principal import local_principal
from saa_dash.services.context import Request, open_view
from saa_dash.services.response import response_page
from saa_dash.services.response_against import AgainstOn, response_against

WEEK = 8
TRANSFUSIONS = ("RBC", "PLATELET")
WHAT = {"RBC": "red cells", "PLATELET": "platelets"}


def _spoken_against(server: Server, criteria: str) -> tuple[str, AgainstOn] | None:
    """Return the first patient without a response at week 8 whom a transfusion spoke against, and which one."""
    me = local_principal()
    view = open_view(me, Request(server.data_dir, "latest", endpoint=EndpointChoice(criteria=criteria)))
    rows = response_page(me, view).rows
    red = rows.loc[(rows["AVISITN"] == WEEK) & (rows["AVALC"] == "NR"), "PCODE"]
    for code in red:
        for one in response_against(me, view, code, WEEK):
            if one.kind in TRANSFUSIONS:
                return str(code), one
    return None


@pytest.mark.torture
def test_from_the_red_square_at_week_8_to_the_transfusion_that_spoke_against_it(server: Server, page: Page) -> None:
    found = [(criteria, _spoken_against(server, criteria)) for criteria in ("nih", "race")]
    criteria, spoken = next(((criteria, spoken) for criteria, spoken in found if spoken), (None, None))
    if spoken is None:
        pytest.fail("nobody of the demo cut lost a response to a transfusion at week 8")
    patient, transfusion = spoken

    visit(page, server, "response", f"lang=en&rules={criteria}")
    click_mark(page, "grid", [patient, WEEK])  # one
    expect(key(page, "trace")).to_contain_text(f"{patient}, week {WEEK}: how it was decided")
    button = key(page, "trace").get_by_role("button", name=f"Day {transfusion.day}: {WHAT[transfusion.kind]}")
    button.click()  # two
    expect(page.get_by_text(f"Days {(transfusion.day or 0) - 3} to {(transfusion.day or 0) + 3}")).to_be_visible()
    assert f"day={transfusion.day}" in page.url
    assert f"p={patient}" in page.url
    given = key(page, "around_SUPPORT").get_by_test_id("stDataFrame").first
    expect(given).to_contain_text(str(transfusion.day))
