"""Hashes of what governs a result, equal on every machine for the same content."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path

from ..model.settings import StudySettings


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot hash {type(value).__name__}")


def content_hash(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of nested plain values and dates, whatever the order of the keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return sha256(text.encode()).hexdigest()


def toml_hash(path: Path) -> str:
    """Return the SHA-256 of a TOML file's values: comments, order and line ends do not change it."""
    return content_hash(tomllib.loads(path.read_bytes().decode("utf-8-sig")))


def settings_hash(settings: StudySettings) -> str:
    """Return the SHA-256 of all settings in force, signature and version included."""
    return content_hash(asdict(settings))
