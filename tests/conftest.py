"""What every test run says, and nothing else: fixtures live in the folder of their room."""

from __future__ import annotations

import pytest
from support.browser import NO_BROWSER, find_browser


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that browser tests were skipped, where they were."""
    skipped = terminalreporter.stats.get("skipped", [])
    if find_browser() is None and any(NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(NO_BROWSER, red=True, bold=True)
