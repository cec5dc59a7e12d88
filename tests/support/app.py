"""The app in a test: started from its shell script, as the server starts it.

A page started alone shows nothing, raises nothing, and passes every test that looks for no exception.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "saa_dash" / "ui" / "main.py"
PAGES = (
    "overview",
    "dsmb",
    "patients",
    "cohort",
    "response",
    "survival",
    "adverse_events",
    "laboratory",
    "vital_signs",
    "organs",
    "exposure",
    "present",
    "methods",
    "data",
    "review",
)
PATIENCE = 60

Open = Callable[..., AppTest]

# Every AppTest reads the metadata of all installed packages in search of components: half of the time it takes.
scan_once = cache(manifest_scanner.scan_component_manifests)


def opener(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a page of the installation in `folder`."""
    monkeypatch.setenv("SAA_DASH_DATA", str(folder))
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", scan_once)

    def run(page: str = "overview", lang: str = "zh", **params: str) -> AppTest:
        """Start from the shell, as the server does, then go to the page."""
        app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
        app.query_params.update({"lang": lang, **params})
        app.run()
        if page != "overview":
            app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
        return app

    return run
