"""From a click to the repaint of three charts × 20 visits: Streamlit, the dashboard's own component, Dash.

One run, one browser, one machine. The figures are the medians of CHANGES clicks after WARM ones in each of ROUNDS
rounds, in which the techniques take turns, so that a busy machine is busy for all; a repaint is over with the first
frame after all three charts show the new data. Of the component and of Dash the time is also told in its parts: until
plotly.js begins, in plotly.js, and the rest, which is the browser's painting and the page around.

Dash draws the three charts and nothing else; so does the component alone. `chart.show` puts title, subtitle, footnote,
provenance, the numbers and how they came about around each of them, as on the pages.

Dash is installed from requirements-bench.txt, or the Python that has it is named by SAA_BENCH_DASH.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).parent
APPS = HERE / "repaint"
sys.path.insert(0, str(HERE.parent / "tests"))
PATIENTS = (10, 1000)
ROUNDS, CHANGES, WARM = 2, 7, 2
TEXT, PLOTLY, COMPONENT, SHOW, DASH = (
    "Streamlit, words alone", "st.plotly_chart", "component alone", "chart.show, whole", "Dash",
)  # fmt: skip
SCRIPTS = {
    TEXT: "text_app.py",
    PLOTLY: "plotly_app.py",
    COMPONENT: "component_app.py",
    SHOW: "component_app.py",
    DASH: "dash_app.py",
}
DASH_PYTHON = os.environ.get("SAA_BENCH_DASH", sys.executable)
Times = list[float]
_OPTIONS = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none")
# Click, then look at every frame whether the new number stands everywhere; the time is that of the frame after.
_CHANGE = """([wanted, texts]) => new Promise((done) => {
    const said = () => texts
        ? [...document.querySelectorAll('[data-testid="stMarkdown"] p')]
        : [...document.querySelectorAll(".js-plotly-plot .annotation-text")];
    const next = [...document.querySelectorAll("button")].find((b) => b.textContent.trim() === "next");
    const start = performance.now(), parts = [];
    if (window.Plotly && !window.Plotly.timed) {
        const react = window.Plotly.react;
        window.Plotly.timed = true;
        window.Plotly.react = function (...given) {
            const from = performance.now(), drawn = react.apply(this, given);
            window.parts?.push([from, performance.now()]);
            return drawn;
        };
    }
    window.parts = parts;
    next.click();
    const look = () => {
        const now = said().filter((node) => node.textContent.endsWith("change " + wanted)).length;
        if (now < 3) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => {
            const all = performance.now() - start, drawing = parts.reduce((sum, [from, to]) => sum + to - from, 0);
            const before = parts.length ? parts[0][0] - start : 0;
            done([all, before, drawing, all - before - drawing]);
        }, 0));
    };
    requestAnimationFrame(look);
})"""


@contextmanager
def served(name: str, patients: int) -> Iterator[str]:
    """Run one of the apps on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    script = str(APPS / SCRIPTS[name])
    options = [f"--server.port={port}", *_OPTIONS]
    call = [DASH_PYTHON, script, port] if name == DASH else [sys.executable, "-m", "streamlit", "run", script, *options]
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "PATIENTS": str(patients), "SAA_DASH_CHART": "", "WORDS": str(name == SHOW)}
    process = subprocess.Popen(call, stdout=quiet, stderr=quiet, env=environment, cwd=HERE.parent)
    try:
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                break
            except (URLError, OSError):
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def measure(browser: object, name: str, patients: int) -> list[Times]:
    """Return the times of the changes, ms: all, before plotly.js, in it, the rest."""
    with served(name, patients) as url:
        page = browser.new_page(viewport={"width": 1440, "height": 1300})  # type: ignore[attr-defined]
        page.goto(url)
        first = "text=change 0" if name == TEXT else ".js-plotly-plot .annotation-text"
        page.wait_for_function(
            "(what) => document.querySelectorAll(what).length >= 3",
            arg='[data-testid="stMarkdown"] p' if name == TEXT else first,
            timeout=120_000,
        )
        page.wait_for_timeout(1500)
        times = []
        for change in range(1, WARM + CHANGES + 1):
            times.append(page.evaluate(_CHANGE, [change, name == TEXT]))
            page.wait_for_timeout(250)
        page.close()
        return times[WARM:]


def absent() -> dict[str, str]:
    """Return what cannot be measured here, and why."""
    out = {}
    if subprocess.run([DASH_PYTHON, "-c", "import dash"], capture_output=True, check=False).returncode:
        out[DASH] = "not installed: pip install -r requirements-bench.txt"
    if shutil.which("Rscript") is None:
        out["R Shiny"] = "R is not installed"
    return out


def report(found: dict[tuple[str, int], list[Times]]) -> None:
    """Print medians with the middle half of the changes, and how the component stands to Dash."""
    print(f"{'change → repaint, ms':<26}" + "".join(f"{n:>8} patients    " for n in PATIENTS))
    for name in SCRIPTS:
        cells = []
        for n in PATIENTS:
            times = found.get((name, n))
            if not times:
                cells.append(f"{'–':>20}")
                continue
            low, middle, high = statistics.quantiles((time[0] for time in times), n=4)
            cells.append(f"{middle:>7.0f} ({low:.0f}–{high:.0f})".ljust(20))
        print(f"{name:<26}" + "".join(cells))
    for n in PATIENTS:
        for name in (COMPONENT, SHOW, DASH):
            if (name, n) in found:
                before, drawing, rest = (statistics.median(t[part] for t in found[name, n]) for part in (1, 2, 3))
                print(f"{name} at {n}: {before:.0f} until plotly.js, {drawing:.0f} in it, {rest:.0f} between and after")
        if (DASH, n) in found:
            mine, whole, theirs = (statistics.median(t[0] for t in found[key, n]) for key in (COMPONENT, SHOW, DASH))
            print(f"of Dash at {n} patients: component {mine / theirs:.2f}, chart.show {whole / theirs:.2f}")


def main() -> int:
    """Measure everything that is here."""
    from support.browser import FLAGS, NO_BROWSER, find_browser

    path = find_browser()
    if path is None:
        print(f"SKIPPED: {NO_BROWSER}")
        return 0
    missing = absent()
    for name, why in missing.items():
        print(f"SKIPPED {name}: {why}")
    from playwright.sync_api import sync_playwright

    found: dict[tuple[str, int], list[Times]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        for patients in PATIENTS:
            for name in [name for name in SCRIPTS if name not in missing] * ROUNDS:
                found.setdefault((name, patients), []).extend(measure(browser, name, patients))
        browser.close()
    report(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
