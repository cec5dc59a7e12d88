"""Is this machine fit: each check is ok, or comes with its remedy."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import UserError
from ..model.message import Message
from ..store.catalogue import broken_cuts, list_cuts, verify_cut_file
from .location import PROJECT_ROOT

MIN_PYTHON = (3, 11)
MIN_FREE_BYTES = 500 * 1024**2
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s#;]+)")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "brave")
_BROWSER_PATHS = (
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
    "{PROGRAMFILES}/Microsoft/Edge/Application/msedge.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_FONT_FOLDERS = (
    "{WINDIR}/Fonts",
    "{LOCALAPPDATA}/Microsoft/Windows/Fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "{HOME}/.fonts",
    "{HOME}/.local/share/fonts",
)
_CJK_FONT = re.compile(
    r"(msyh|simsun|simhei|pingfang|stheiti|hiragino sans gb|songti|notosans(mono)?(cjk|sc)|notoserif(cjk|sc)"
    r"|sourcehansans|sourcehanserif|wqy|droidsansfallback)[^/]*\.(ttc|ttf|otf)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Check:
    """One finding: what was looked at, whether it is as it should be, the sentence, and the remedy where it is not."""

    name: str
    ok: bool
    found: Message
    remedy: Message | None


def _check(name: str, ok: bool, **params: object) -> Check:
    found = Message(f"doctor.{name}.{'ok' if ok else 'bad'}", params)
    return Check(name, ok, found, None if ok else Message(f"doctor.{name}.remedy", params))


def examine(data_dir: Path) -> list[Check]:
    """Return every check of this machine and of a data directory; nothing is left behind."""
    return [_python(), _packages(), _browser(), _font(), _disk(data_dir), _writable(data_dir), _cuts(data_dir)]


def _python() -> Check:
    found, wanted = (".".join(map(str, version)) for version in (sys.version_info[:3], MIN_PYTHON))
    return _check("python", sys.version_info >= MIN_PYTHON, found=found, wanted=wanted)


def _packages() -> Check:
    """Compare what is installed with the pins, from requirements.txt or from the package's own metadata."""
    wrong = [f"{name} {_installed(name) or '–'} ≠ {pin}" for name, pin in _pins() if _installed(name) != pin]
    return _check("packages", not wrong, wrong=", ".join(wrong))


def _pins() -> list[tuple[str, str]]:
    file = PROJECT_ROOT / "requirements.txt"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else _required()
    return [(m[1], m[2]) for m in map(_PIN.match, lines) if m]


def _required() -> list[str]:
    try:
        return [line for line in importlib.metadata.requires("saa-dash") or [] if "extra ==" not in line]
    except importlib.metadata.PackageNotFoundError:
        return []


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _expanded(patterns: tuple[str, ...]) -> Iterator[Path]:
    known = {**os.environ, "HOME": str(Path.home())}
    for pattern in patterns:
        names = re.findall(r"\{(.+?)\}", pattern)
        if all(name in known for name in names):
            for name in names:
                pattern = pattern.replace(f"{{{name}}}", known[name])
            yield Path(pattern)


def find_browser() -> str | None:
    """Return a browser that can draw figures without a screen, None where there is none."""
    chosen = os.environ.get("BROWSER_PATH", "")
    if chosen and Path(chosen).is_file():
        return chosen
    on_path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    return on_path or next((str(path) for path in _expanded(_BROWSER_PATHS) if path.is_file()), None)


def _browser() -> Check:
    found = find_browser()
    return _check("browser", found is not None, path=found or "")


def find_cjk_font() -> Path | None:
    """Return a font file with Chinese glyphs, None where none is known."""
    for folder in _expanded(_FONT_FOLDERS):
        for root, _, names in os.walk(folder):
            match = next((name for name in sorted(names) if _CJK_FONT.search(name.replace(" ", ""))), None)
            if match:
                return Path(root) / match
    return None


def _font() -> Check:
    found = find_cjk_font()
    return _check("font", found is not None, path=found.name if found else "")


def _nearest(folder: Path) -> Path:
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _disk(data_dir: Path) -> Check:
    free = shutil.disk_usage(_nearest(data_dir)).free
    return _check("disk", free >= MIN_FREE_BYTES, free=free // 1024**2, wanted=MIN_FREE_BYTES // 1024**2)


def _writable(data_dir: Path) -> Check:
    """Write where the data go, and see that others cannot read there."""
    folder = _nearest(data_dir)
    try:
        with tempfile.TemporaryFile(dir=folder):
            writable = True
    except OSError:
        writable = False
    private = os.name == "nt" or not data_dir.exists() or not data_dir.stat().st_mode & 0o007
    return _check("permissions", writable and private, path=str(folder))


def _cuts(data_dir: Path) -> Check:
    """Compare every cut file with its hash."""
    bad = broken_cuts(data_dir)
    cuts = list_cuts(data_dir)
    for info in cuts:
        try:
            verify_cut_file(data_dir, info)
        except UserError:
            bad.append(info.cut_id)
    return _check("cuts", not bad, n=len(cuts), names=", ".join(bad))
