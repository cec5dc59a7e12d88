"""How long the report for the monitoring board takes, from the command to the two files.

Run alone: python benchmarks/bench_pack.py. Prints seconds for the demo trial, in both languages; at most 15 are wanted
on a quiet machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from saa_dash.model.principal import local_principal  # noqa: E402
from saa_dash.services.imports import make_demo_cut  # noqa: E402

WANTED = 15.0


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        make_demo_cut(local_principal(), data)
        for lang in ("zh", "en"):
            out = Path(folder) / f"{lang}.pdf"
            began = time.perf_counter()
            command = [sys.executable, "-m", "saa_dash", "--data", str(data), "--lang", lang, "dsmb-pack", "latest"]
            subprocess.run([*command, str(out)], cwd=ROOT, check=True, capture_output=True)
            print(f"pack of the demo, {lang}   {time.perf_counter() - began:6.1f} s   (wanted ≤{WANTED:.0f})")


if __name__ == "__main__":
    main()
