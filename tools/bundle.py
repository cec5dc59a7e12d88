"""Writes the zip for a Windows PC without internet: the app, its wheels, start.bat and a first page to read."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from saa_dash import __version__  # noqa: E402

PYTHONS = ("3.11", "3.12")
UV_PLATFORM = "x86_64-pc-windows-msvc"
PIP_PLATFORM = "win_amd64"
# what a user needs: the product without its checks
LEFT_OUT = ("tests/", "benchmarks/", ".ci/", "docs/screenshots/", "Makefile", "requirements-dev", ".git")
# cmd and Notepad of older Windows want these line ends
CRLF = (".bat", ".txt")
ZIP_DATE = (2026, 1, 1, 0, 0, 0)


def run(*command: str) -> str:
    """Run a command in the project folder and return what it printed; its errors go to the screen."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def download(python: str, wheelhouse: Path) -> None:
    """Fill `wheelhouse` with the locked wheels for 64-bit Windows and one version of Python."""
    shutil.rmtree(wheelhouse, ignore_errors=True)
    wheelhouse.mkdir(parents=True)
    lock = wheelhouse.parent / f"windows-{python}.lock"
    # pip judges "sys_platform" by the machine it runs on, so the markers are resolved beforehand
    run(
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate"),
        *("--python-platform", UV_PLATFORM, "--python-version", python, "--only-binary", ":all:"),
        *("requirements.lock", "-o", str(lock)),
    )
    run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--require-hashes", "--only-binary", ":all:", "--find-links", "wheels"),
        *("--platform", PIP_PLATFORM, "--python-version", python, "-r", str(lock), "-d", str(wheelhouse)),
    )
    (wheelhouse / "python.txt").write_bytes(f"{python}\r\n".encode())


def app_files() -> list[str]:
    """Return the tracked files that belong into the bundle."""
    names = run("git", "ls-files", "-z").split("\0")
    return sorted(name for name in names if name and not name.startswith(LEFT_OUT))


def content(name: str) -> bytes:
    """Return a file's bytes with the line ends Windows expects."""
    raw = (ROOT / name).read_bytes()
    if not name.endswith(CRLF) or name.startswith("requirements"):
        return raw
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED) -> None:
    """Add one file with a fixed date, so that the same content gives the same zip."""
    archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, compress_type=compression)


def bundle(python: str) -> Path:
    """Write the zip for one version of Python and return where it is."""
    tag = f"py{python.replace('.', '')}"
    top = f"saa-dash-{__version__}-win64-{tag}"
    wheelhouse = ROOT / "build" / tag / "wheelhouse"
    download(python, wheelhouse)
    out = ROOT / "dist" / f"{top}.zip"
    out.parent.mkdir(exist_ok=True)
    aside = out.with_suffix(".part")
    with zipfile.ZipFile(aside, "w") as archive:
        first = content("tools/windows/README-first.txt").decode("utf-8").replace("@PYTHON@", python)
        add(archive, f"{top}/README-first.txt", first.encode("utf-8-sig"))
        for name in app_files():
            add(archive, f"{top}/{name}", content(name))
        for path in sorted(wheelhouse.iterdir()):
            add(archive, f"{top}/wheelhouse/{path.name}", path.read_bytes(), zipfile.ZIP_STORED)
    aside.replace(out)
    return out


def main() -> int:
    """Write one zip for each version of Python."""
    for python in PYTHONS:
        out = bundle(python)
        print(f"{out.relative_to(ROOT)}  {out.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
