"""A real server and a real Chromium for the journeys in this folder."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.browser import FLAGS, NO_BROWSER, Server, browser_is_owed, find_browser, served

HERE = Path(__file__).parent
VIEWPORT = {"width": 1440, "height": 900}
PATIENCE_MS = 90_000  # a machine busy with other tests paints late; no test waits without need


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark every test here."""
    if item.path.is_relative_to(HERE):
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count the tests skipped for want of a browser in one line instead of one each."""
    report = yield
    if report.skipped and item.path.is_relative_to(HERE) and NO_BROWSER in str(report.longrepr):
        report.longrepr = (__file__, 1, f"Skipped: {NO_BROWSER}")
    return report


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Where the browser is; without one the test is skipped, under CI=true it fails."""
    path = find_browser()
    if path is None:
        if browser_is_owed():
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def server(browser_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on a free port with the demo cut; started once, not before there is a browser for it."""
    yield from served(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def own(browser_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A cold server with the demo cut, for a module that changes its installation: long, by `make torture`."""
    yield from served(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def package(browser_path: str, pilot_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the published package of 306 subjects, on a copy of its own."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(pilot_data_dir, folder / "data")
    yield from served(folder)


# Not for the whole session: while Playwright runs, its event loop runs in this thread too, and tests elsewhere that
# call asyncio.run() would find it.
@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    """A headless Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path, headless=True, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab of a fresh profile, 1440×900, that asks for Chinese."""
    context = browser.new_context(viewport=VIEWPORT, locale="zh-CN", accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()
