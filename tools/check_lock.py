"""Checks that the lock installs from wheels alone on every supported system and Python, without installing anything."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PLATFORMS = {
    "Windows x86_64": "x86_64-pc-windows-msvc",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x86_64": "x86_64-apple-darwin",
    "Linux x86_64": "x86_64-manylinux_2_28",
}
PYTHONS = ("3.11", "3.12", "3.13")


def resolve(platform: str, python: str) -> str:
    """Return "" where every locked package has a wheel, else what uv says; hashes are checked when installing."""
    with tempfile.TemporaryDirectory() as target:
        command = [
            *(sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--quiet"),
            *("--require-hashes", "--only-binary", ":all:"),
            *("--python-platform", platform, "--python-version", python),
            *("--target", target, "-r", str(LOCK)),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()


def main() -> int:
    """Print one line per system and Python; return 1 where one of them lacks a wheel."""
    failed = False
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            trouble = resolve(platform, python)
            failed |= bool(trouble)
            print(f"{name:16} Python {python}: {trouble or 'wheels only'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
