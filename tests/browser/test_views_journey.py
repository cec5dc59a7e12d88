"""Back and Forward of the browser, and a colleague who is sent exactly this view."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import Server, settle
from support.screen import go, key, visit


def _press(page: Page, name: str) -> None:
    key(page, name).locator("button").first.click()
    settle(page)


def _patient(page: Page) -> str:
    return page.locator(".st-key-patient input").first.input_value()


@pytest.mark.torture
def test_back_leads_through_what_was_seen_and_a_colleague_sees_exactly_this_view(
    server: Server, page: Page, browser: Browser
) -> None:
    visit(page, server, "response", "lang=en&sex=F&origin=atg_end")
    go(page, "patients")
    first = _patient(page)
    _press(page, "step_on")
    second = _patient(page)
    assert first != second
    page.go_back()
    settle(page)
    assert _patient(page) == first
    page.go_back()
    settle(page)
    assert page.url.startswith(f"{server.url}/response?")
    expect(key(page, "chip_f_sex")).to_contain_text("Female")
    page.go_forward()
    settle(page)
    page.go_forward()
    settle(page)
    assert _patient(page) == second
    _press(page, "chip_f_sex")
    assert "sex=" not in page.url
    page.go_back()
    settle(page)
    expect(key(page, "chip_f_sex")).to_be_visible()

    _press(page, "views_open")
    link = page.locator('[data-testid="stPopoverBody"] code').first.inner_text()
    assert re.search(r"/patients\?lang=en&cut=\w+Z-[0-9a-f]{8}&sex=F&p=P\d\d&.*origin=atg_end", link)
    told = page.get_by_text(re.compile(r"^n = \d+/\d+$")).first.inner_text()
    other = browser.new_context(locale="en-GB").new_page()
    other.goto(link)
    settle(other)
    assert _patient(other) == second
    expect(other.get_by_text(told, exact=True).first).to_be_visible()
    expect(key(other, "chip_f_sex")).to_contain_text("Female")
    expect(key(other, "chip_rule")).to_contain_text("SENSITIVITY")
    other.context.close()


@pytest.mark.torture
def test_the_overview_answers_to_its_own_name(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/overview?lang=en&sex=F")
    settle(page)
    expect(key(page, "strips").first).to_be_visible()
    expect(key(page, "chip_f_sex")).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
