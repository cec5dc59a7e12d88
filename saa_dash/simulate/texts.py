"""The free text of the simulated form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_texts() -> Mapping[str, Any]:
    """Return texts.toml: ``ae``, ``cm`` and the other groups."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
