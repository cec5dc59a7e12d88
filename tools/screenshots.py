"""Takes pictures of every page in both languages at two widths: docs/screenshots/<page>-<lang>[-<width>].png."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.browser import FLAGS, NO_BROWSER, find_browser, start_server  # noqa: E402

from saa_dash.i18n import LANGUAGES  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
DEFAULT_PAGE = "overview"
SIZES = {1440: 900, 1024: 768}
SETTLE_MS = 2500  # after the last request of the page: fonts and the charts' own drawing
PATIENCE_MS = 60_000


def take(browser: Browser, url: str, name: str, lang: str, width: int) -> Path:
    """Write one picture of a whole page and return its path."""
    page = browser.new_page(viewport={"width": width, "height": SIZES[width]}, locale="zh-CN", device_scale_factor=1)
    path = "" if name == DEFAULT_PAGE else name  # the default page has no path of its own
    page.goto(f"{url}/{path}?lang={lang}", timeout=PATIENCE_MS)
    page.wait_for_selector('[data-testid="stMain"] h1, [data-testid="stMain"] h2', timeout=PATIENCE_MS)
    page.wait_for_selector('[data-testid="stStatusWidget"]', state="detached", timeout=PATIENCE_MS)
    page.wait_for_timeout(SETTLE_MS)
    out = OUT / f"{name}-{lang}{'' if width == max(SIZES) else f'-{width}'}.png"
    # the page scrolls inside an element of its own: make the window as tall as its content
    height = page.evaluate("""() => document.querySelector('[data-testid="stMain"]').scrollHeight""")
    page.set_viewport_size({"width": width, "height": max(int(height), SIZES[width])})
    page.wait_for_timeout(SETTLE_MS // 2)
    page.screenshot(path=out)
    page.close()
    return out


def main() -> int:
    """Take all pictures of the demo."""
    executable = find_browser()
    if executable is None:
        print(NO_BROWSER, file=sys.stderr)
        return 4
    OUT.mkdir(parents=True, exist_ok=True)
    pages = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start_server(Path(folder) / "data", Path(folder) / "server.log")
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=list(FLAGS))
        try:
            for name in pages:
                for lang in LANGUAGES:
                    for width in SIZES:
                        print(take(browser, server.url, name, lang, width).relative_to(ROOT))
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
