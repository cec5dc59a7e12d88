"""What happened since the last meeting: said on the board's page, and a click away from the patient."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.browser import Server, served, settle
from support.screen import visit
from support.two_cuts import publish, tables_of, with_changes

from saa_dash.model.principal import local_principal
from saa_dash.services.imports import make_demo_cut


@pytest.fixture(scope="module")
def own(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demo cut and a later one, in which changes are planted."""
    folder = tmp_path_factory.mktemp("meeting")
    make_demo_cut(local_principal(), folder / "data")
    publish(folder / "data", with_changes(tables_of(folder / "data")))
    yield from served(folder)


@pytest.mark.torture
def test_what_happened_since_the_last_meeting(own: Server, page: Page) -> None:
    visit(page, own, "dsmb", "lang=en")
    death = page.get_by_role("button", name="P02: death, newly reported")
    expect(death).to_be_visible()
    for words in ("P06: PR → NR at week 8", "P03: ALT G0 → G3", "P04: Infusion related reaction: G1 → G4"):
        expect(page.get_by_role("button", name=words)).to_be_visible()
    death.click()
    settle(page)
    assert page.url.startswith(f"{own.url}/patients?")
    assert page.locator(".st-key-patient input").first.input_value() == "P02"
    page.go_back()
    settle(page)
    expect(death).to_be_visible()
