"""Finds a browser and runs the real server for journeys through it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
WATCHED = Path(__file__).parent / "watched"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = "NO BROWSER FOUND: the browser tests were not run. Install chromium and a Chinese font, then run again."
START_SECONDS = 180
# True once a page has been run, nothing on it is stale or waiting, and every chart has drawn itself.
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const main = document.querySelector('[data-testid="stMain"]');
    const waiting = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stSpinner"]';
    const slides = document.querySelector(".saa-slides");  // of a meeting: they lie over the page
    const drawn = (c) => c.querySelector(".main-svg") && !c.querySelector('[aria-busy="true"]');
    return app?.getAttribute("data-test-script-state") === "notRunning"
        && !!main?.querySelector('[data-testid="stVerticalBlock"]')
        && !main.querySelector(waiting)
        && (slides ? !slides.querySelector('[aria-busy="true"]')
            : [...main.querySelectorAll('[data-testid="stPlotlyChart"], .stBidiComponent')].every(drawn));
}"""


def find_browser() -> str | None:
    """Return the path of a Chromium-like browser, None where there is none."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or next((place for place in PLACES if Path(place).exists()), None)


def browser_is_owed() -> bool:
    """Tell whether missing browsers are a failure (CI=true) instead of a reason to skip."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running dashboard with a data folder of its own.

    Parameters
    ----------
    url : address without a trailing slash. data_dir : its data folder. log : file that holds what it printed.
    watched : file that holds whom it asked outside.
    """

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]
    watched: Path

    @property
    def asked(self) -> list[str]:
        """Whom it asked, or looked up, outside of this machine."""
        return self.watched.read_text("utf-8").splitlines() if self.watched.exists() else []

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the same data folder while the server is running."""
        call = [sys.executable, "-m", "saa_dash", "--data", str(self.data_dir), *arguments]
        return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/_stcore/health", timeout=2):
            return True
    except (URLError, OSError):
        return False


def start_server(
    data_dir: Path, log: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None
) -> Server:
    """Start `serve` on a free port and return it once it answers.

    Parameters
    ----------
    data_dir : an empty folder gets the demo cut. port : another port. settings : environment variables.
        Whom the server asks outside of this machine stands in `Server.asked`.

    Raises
    ------
    RuntimeError : it ended or did not answer in time; the message holds its log.
    """
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    call = [sys.executable, "-m", "saa_dash", "--data", str(data_dir), "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(settings or {})}
    asked = log.with_suffix(".asked")
    environment |= {"SAA_DASH_WATCHED": str(asked), "PYTHONPATH": str(WATCHED)}
    with log.open("wb") as out:
        process = subprocess.Popen(call, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment)
    server = Server(url, data_dir, log, process, asked)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(url):
            return server
        time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the server did not answer at {url}:\n{log.read_text('utf-8', 'replace')}")


def served(folder: Path) -> Iterator[Server]:
    """Run a server on `folder`/data for as long as a fixture lasts; an empty folder gets the demo cut."""
    running = start_server(folder / "data", folder / "server.log")
    yield running
    running.stop()


def settle(page: Page, *, timeout_ms: int = 90_000) -> None:
    """Wait until a page stands still: the same state twice, a moment apart, fonts and charts drawn.

    Streamlit tells nobody when a run that a click asked for has begun, so a pause must separate the two looks.
    """
    for _ in range(2):
        page.wait_for_timeout(250)
        page.wait_for_function(SETTLED, timeout=timeout_ms)
    page.evaluate("() => document.fonts.ready.then(() => true)")
