"""A real server and a real Chromium for the journeys in this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.browser import FLAGS, NO_BROWSER, Server, browser_is_owed, find_browser, start_server

HERE = Path(__file__).parent
VIEWPORT = {"width": 1440, "height": 900}
PATIENCE_MS = 90_000  # a machine busy with other tests paints late; no test waits without need


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here; one worker runs them all, so that one server serves them."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, under CI=true it fails."""
    path = find_browser()
    if path is None:
        if browser_is_owed():
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on a free port with the demo cut; started once, not before there is a browser for it."""
    folder = tmp_path_factory.mktemp("server")
    running = start_server(folder / "data", folder / "server.log")
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab of a fresh profile, 1440×900, that asks for Chinese."""
    context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()
