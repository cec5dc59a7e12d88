"""Where the installation keeps its data."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """Return the data folder: $SAA_DASH_DATA, else ``data/local`` beside the app (git ignores it)."""
    configured = os.environ.get("SAA_DASH_DATA")
    return Path(configured) if configured else PROJECT_ROOT / "data" / "local"
