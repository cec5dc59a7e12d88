"""axe-core finds no serious or critical violation on any page, light and dark, in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from support.app import PAGES
from support.browser import SETTLED, Server

SERIOUS = {"serious", "critical"}
# What Streamlit itself brings and an app cannot mend: rule → part of the element's HTML.
NOT_OURS: dict[str, str] = {}


@pytest.mark.torture
@pytest.mark.parametrize(("scheme", "lang"), [("light", "zh"), ("dark", "en")])
def test_no_serious_violation(server: Server, browser: Browser, scheme: str, lang: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    tab, found = context.new_page(), []
    for page in (*PAGES, "audit"):
        tab.goto(f"{server.url}/{page}?lang={lang}")
        tab.wait_for_function(SETTLED, timeout=120_000)
        assert tab.locator("h1.page-name").count() == 1, page
        violations = Axe().run(tab).response["violations"]
        found += [
            (page, violation["id"], node["html"][:200])
            for violation in violations
            if violation["impact"] in SERIOUS
            for node in violation["nodes"]
            if NOT_OURS.get(violation["id"], "\0") not in node["html"]
        ]
    context.close()
    assert found == []
