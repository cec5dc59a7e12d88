"""Which code made a derived result: a result of other code must never be shown again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from .. import __version__

_PACKAGE = Path(__file__).resolve().parents[1]
# What decides about a derived value: rules in code, rules in data, the form of the tables.
_DECIDING = ("analysis", "model", "protocol", "services")
_SUFFIXES = frozenset({".py", ".toml"})


@cache
def code_version() -> str:
    """Return the release and a digest of the deciding files, e.g. ``0.1.0-3fa9c1d2``."""
    digest = hashlib.sha256()
    for room in _DECIDING:
        for path in sorted(p for p in (_PACKAGE / room).rglob("*") if p.suffix in _SUFFIXES):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{__version__}-{digest.hexdigest()[:8]}"
