"""Writes THIRD_PARTY_NOTICES.md from the metadata of the packages that requirements.lock installs."""

from __future__ import annotations

import re
import sys
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
OUT = ROOT / "THIRD_PARTY_NOTICES.md"

# installed on Windows only, so their metadata are not at hand elsewhere
ELSEWHERE = {"colorama": ("BSD-3-Clause", "https://github.com/tartley/colorama")}

HEAD = """# Third-party notices

SAA Dash installs these packages; each comes with its own licence text inside its distribution
(`<package>.dist-info/`). This list is written by `make notices`.

| package | version | licence | home |
|---|---|---|---|
"""


# files that come with the dashboard itself: name, version, licence, home
BUNDLED = (
    ("plotly.js-basic-dist-min (`saa_dash/ui/plot/assets`)", "4.1.1", "MIT", "https://github.com/plotly/plotly.js"),
)


def locked_versions(text: str) -> dict[str, str]:
    """Return name → version of a lock; of a package locked differently for several Pythons, the first."""
    versions: dict[str, str] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\]+)", text):
        versions.setdefault(name, version)
    return versions


def licence(info: Message) -> str:
    """Return the licence as an expression, from whichever of the three fields names it shortly."""
    expression = info.get("License-Expression")
    if expression:
        return expression
    classifiers = [c.split(" :: ")[-1] for c in info.get_all("Classifier", []) if c.startswith("License ::")]
    named = [c for c in classifiers if c != "OSI Approved"]
    if named:
        return ", ".join(named)
    text = (info.get("License") or "").strip().splitlines()
    return text[0][:80] if text else "see its distribution"


def home(info: Message) -> str:
    """Return the project's own address."""
    links = dict(link.split(", ", 1) for link in info.get_all("Project-URL", []) if ", " in link)
    lowered = {name.lower(): link for name, link in links.items()}
    for name in ("homepage", "home", "source", "source code", "repository", "github", "documentation"):
        if name in lowered:
            return lowered[name]
    return info.get("Home-page") or next(iter(links.values()), "")


def row(name: str, version: str) -> str:
    """Return one line of the table; a package of another system is named without its metadata."""
    try:
        info = metadata(name)
    except PackageNotFoundError:
        terms, address = ELSEWHERE.get(name, ("see its distribution", ""))
        return f"| {name} | {version} | {terms} | {address} |"
    return f"| {name} | {version} | {licence(info)} | {home(info)} |"  # type: ignore[arg-type]


def main() -> int:
    """Write the notices."""
    rows = [row(name, version) for name, version in sorted(locked_versions(LOCK.read_text("utf-8")).items())]
    rows += [f"| {' | '.join(part)} |" for part in BUNDLED]
    OUT.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
