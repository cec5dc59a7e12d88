"""Takes pictures of every page: docs/screenshots/<page>-<lang>-<theme>-<width>.png, from a server with the demo cut.

`python tools/screenshots.py [WORD ...]` takes only the pictures whose name holds every word, e.g. `response -en-`.
"""

from __future__ import annotations

import io
import itertools
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.browser import FLAGS, NO_BROWSER, Server, find_browser, settle, start_server  # noqa: E402

from saa_dash.i18n import LANGUAGES  # noqa: E402
from saa_dash.model.principal import local_principal  # noqa: E402
from saa_dash.services import trays  # noqa: E402
from saa_dash.ui.collect import code_of  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
DEFAULT_PAGE = "overview"  # has no path of its own
# Further looks of a page, by picture name.
VARIANTS = {
    f"cohort-{question}": f"cohort?cq={question}" for question in ("waterfall", "map", "swimmer", "recovery")
} | {"cohort-panels": "cohort?cs=panels"}
VARIANTS |= {f"adverse_events-{part}": f"adverse_events?ap={part}" for part in ("time", "narratives")}
PRESENT = "present"
VARIANTS |= {"meeting": f"{PRESENT}?mt=True"}
COLLECTED = (("", "swimmer"), ("response", "grid"), ("survival", "curve_TTANC05"))  # page and figure
TRAYS = {"zh": "七月例会", "en": "July meeting"}
HEIGHTS = {1440: 900, 1024: 768}  # window by width, px
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = 256  # of the palette a picture is reduced to


def places() -> dict[str, str]:
    """Return the path of each picture's page."""
    names = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    return {name: "" if name == DEFAULT_PAGE else name for name in names} | VARIANTS


def grow(page: Page, width: int) -> None:
    """Make the window as tall as the page: it scrolls inside an element of its own."""
    height = page.evaluate("""() => document.querySelector('[data-testid="stMain"]').scrollHeight""")
    page.set_viewport_size({"width": width, "height": max(int(height), HEIGHTS[width])})
    settle(page)


def save(picture: bytes, out: Path) -> None:
    """Write a picture with a palette of its own: a third of the bytes, no difference to the eye."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)


def collect(browser: Browser, server: Server, lang: str) -> None:
    """Fill a tray with figures in a language."""
    trays.make_tray(local_principal(), server.data_dir, TRAYS[lang])
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    try:
        for path, figure in COLLECTED:
            page.goto(f"{server.url}/{path}?lang={lang}")
            settle(page)
            page.locator(f".st-key-{figure} .saa-collect").click()
            page.get_by_test_id("stToast").wait_for()
    finally:
        page.close()


def parameters(path: str, lang: str) -> str:
    """Return the path of a page with its language, where trays are shown with the tray of that language."""
    tray = f"&ty={code_of(TRAYS[lang])}" if path.startswith(PRESENT) else ""
    return f"{path}{'&' if '?' in path else '?'}lang={lang}{tray}"


def take(browser: Browser, address: str, theme: Literal["light", "dark"], width: int, out: Path) -> None:
    """Write one picture of a whole page."""
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHTS[width]}, locale="zh-CN", color_scheme=theme, device_scale_factor=1
    )
    try:
        page.goto(address)
        settle(page)
        grow(page, width)
        grow(page, width)  # charts that became wider or narrower may have changed the height
        save(page.screenshot(), out)
    finally:
        page.close()


def main(words: Sequence[str]) -> int:
    """Take the pictures of the demo whose names hold all words."""
    executable = find_browser()
    if executable is None:
        print(NO_BROWSER, file=sys.stderr)
        return 4
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start_server(Path(folder) / "data", Path(folder) / "server.log")
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=list(FLAGS))
        try:
            every = itertools.product(places().items(), LANGUAGES, THEMES, HEIGHTS)
            pictures = [(OUT / f"{name}-{lang}-{theme}-{width}.png", path, lang, theme, width)
                        for (name, path), lang, theme, width in every]  # fmt: skip
            wanted = [picture for picture in pictures if all(word in picture[0].name for word in words)]
            for lang in dict.fromkeys(lang for _, path, lang, _, _ in wanted if path.startswith(PRESENT)):
                collect(browser, server, lang)
            for out, path, lang, theme, width in wanted:
                take(browser, f"{server.url}/{parameters(path, lang)}", theme, width, out)
                print(out.relative_to(ROOT))
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
