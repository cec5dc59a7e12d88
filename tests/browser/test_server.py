"""The server as a user starts it: it keeps to this computer, shares it with the command line and stays quiet."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page
from support.browser import Server, settle


def test_a_proxied_request_is_refused(server: Server) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(server.url, headers={"X-Forwarded-For": "10.0.0.9"}), timeout=10)
    assert refused.value.code == 403


def test_command_line_works_while_the_server_runs(server: Server) -> None:
    done = server.command("--json", "cuts")
    assert done.returncode == 0, done.stderr
    assert '"synthetic": true' in done.stdout


def test_no_traceback_in_the_log_and_nobody_outside_was_asked(server: Server, page: Page) -> None:
    for name in ("", "patients", "data"):
        page.goto(f"{server.url}/{name}")
        settle(page)
    assert "Traceback" not in server.log.read_text("utf-8", "replace")
    assert server.asked == []
