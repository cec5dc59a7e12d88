"""How long the files for a meeting take: the slides, and the report for the monitoring board.

Run alone: python benchmarks/bench_files.py. Prints seconds for the demo trial, in both languages, on a quiet machine.
The button of a running server is the deck in a process that has its libraries loaded: first with nothing remembered,
then with the results of the first. From the command line, starting Python and loading the libraries is part of it.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from saa_dash.model.principal import local_principal  # noqa: E402
from saa_dash.services.imports import make_demo_cut  # noqa: E402
from saa_dash.ui.warm import LIBRARIES  # noqa: E402

DECK, PACK = 5.0, 15.0  # wanted, seconds
LANGUAGES = ("zh", "en")


def tell(what: str, began: float, wanted: float) -> None:
    """Print how long something took since `began`."""
    print(f"{what:<44}{time.perf_counter() - began:6.1f} s   (wanted ≤{wanted:.0f})", flush=True)


def button(data: Path) -> None:
    """Measure what a click costs a server that is up."""
    from saa_dash.services.deck import make_deck

    for name in LIBRARIES:
        importlib.import_module(name)
    for lang in LANGUAGES:
        began = time.perf_counter()
        make_deck(local_principal(), data, "latest", lang)
        tell(f"slides, running server, {lang}{', first' if lang == LANGUAGES[0] else ''}", began, DECK)


def command(data: Path, name: str, wanted: float) -> None:
    """Measure a command from its start to its file."""
    for lang in LANGUAGES:
        out = data.parent / f"{name}_{lang}{'.pptx' if name == 'deck' else '.pdf'}"
        call = [sys.executable, "-m", "saa_dash", "--data", str(data), "--lang", lang, name, "latest", str(out)]
        began = time.perf_counter()
        subprocess.run(call, cwd=ROOT, check=True, capture_output=True)
        tell(f"{name}, command, {lang}", began, wanted)


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        make_demo_cut(local_principal(), data)
        subprocess.run([sys.executable, __file__, str(data)], check=True)
        command(data, "deck", DECK)
        command(data, "dsmb-pack", PACK)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        button(Path(sys.argv[1]))
    else:
        main()
