"""How long from the start of the server to the first chart in a real browser, second start of an installation.

Run alone: python benchmarks/bench_start.py. Prints seconds; the ratio is to a Streamlit page with text only, started
and painted in the same way in the same run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from support.browser import FLAGS, find_browser, free_port  # noqa: E402

TEXT_PAGE = 'import streamlit as st\nst.markdown("ready-to-read")\n'


def painted(command: list[str], port: int, page: Page, selector: str) -> float:
    """Start a server and return the seconds until `selector` is on the page."""
    began = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                page.goto(f"http://127.0.0.1:{port}/")
                break
            except Exception:
                time.sleep(0.05)
        page.wait_for_selector(selector, timeout=120_000)
        return time.perf_counter() - began
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Measure the second start of the demo, and a text-only page beside it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        data, text = Path(folder) / "data", Path(folder) / "text.py"
        text.write_text(TEXT_PAGE, encoding="utf-8")
        times = []
        for _ in range(2):  # the first start makes the demo cut
            port = free_port()
            command = [sys.executable, "-m", "saa_dash", "--data", str(data), "serve", "--port", str(port)]
            times.append(painted(command, port, browser.new_page(), ".js-plotly-plot .main-svg"))
        port = free_port()
        run = [sys.executable, "-m", "streamlit", "run", str(text), "--server.port", str(port)]
        plain = painted([*run, "--server.headless", "true"], port, browser.new_page(), "text=ready-to-read")
        browser.close()
    print(f"first start, demo cut made   {times[0]:6.1f} s")
    print(f"second start to first chart  {times[1]:6.1f} s")
    print(f"text-only Streamlit page     {plain:6.1f} s   ratio {times[1] / plain:.1f}")


if __name__ == "__main__":
    main()
