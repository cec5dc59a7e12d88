"""What concerns every test run: who runs which test, what is said at its end, the one fixture that rooms share."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.browser import NO_BROWSER

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

BROWSER_TESTS = "tests/browser/"
# Files whose fixtures cost more than their tests: each is one worker's, so that they are made once.
TOGETHER = (
    "tests/access/test_gate.py",
    "tests/analysis_safety/test_ae_package.py",
    "tests/analysis_safety/test_lab_package.py",
    "tests/analysis_safety/test_organs_package.py",
    "tests/export/",
    "tests/ingest_sdtm/test_pilot.py",
    "tests/redaction/",
    "tests/report/",
    "tests/ui/test_adverse_events.py",
    "tests/ui/test_around_panel.py",
    "tests/ui/test_dsmb.py",
    "tests/ui/test_laboratory.py",
    "tests/ui/test_methods.py",
    "tests/ui/test_recipes.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Give every browser test to one worker, so that one server and one browser serve them, and every file of
    `TOGETHER` likewise; all others go singly.

    The mark `xdist_group` would say the same, but has no effect with this version of pytest.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in (BROWSER_TESTS, *TOGETHER) if nodeid.startswith(place)), nodeid)

    return Together(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Say loudly, and last, that browser tests were skipped, where they were."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if any(NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(NO_BROWSER, red=True, bold=True)


@pytest.fixture(scope="session")
def pilot_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the CDISC pilot package published, one for all processes: do not publish in it."""
    from support.pilot import shared_pilot

    own = tmp_path_factory.getbasetemp()
    return shared_pilot(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)
