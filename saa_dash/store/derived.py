"""Derived datasets kept as Parquet under ``DIR/cache/<content hash>/<settings hash>-<code version>/``.

Both hashes are shortened to 16 digits: Windows allows 260 characters for a path. The cache may be deleted at any time,
and where the disk refuses it nothing is kept: the frame is still returned.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ..model.cut import CutInfo
from ..model.errors import EnvironmentProblem
from .code_version import code_version
from .files import write_through
from .layout import Layout, child

_DIGITS = 16


def derived_path(data_dir: Path, cut: CutInfo, settings_hash: str, name: str) -> Path:
    """Return where a derived dataset is kept; its cut-off is part of the name, for the rows do not tell it."""
    folder = child(Layout(data_dir).cache, cut.content_hash[:_DIGITS])
    folder = child(folder, f"{settings_hash[:_DIGITS]}-{code_version()}")
    return child(folder, f"{name}.{cut.cutoff.isoformat()}.parquet")


def derived_frame(
    data_dir: Path, cut: CutInfo, settings_hash: str, name: str, compute: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return a derived dataset, from the cache or computed and then kept.

    Parameters
    ----------
    settings_hash : hash of the settings in force. name : of the dataset, e.g. ``ADRS``.
    compute : makes the frame; row labels are not kept.
    """
    path = derived_path(data_dir, cut, settings_hash, name)
    kept = _read(path)
    if kept is not None:
        return kept
    frame = compute().reset_index(drop=True)
    with suppress(EnvironmentProblem):
        write_through(path, frame.to_parquet)
        _drop_other_code(path.parent)
    return frame


def derived_part(
    data_dir: Path, cut: CutInfo, settings_hash: str, name: str, compute: Callable[[], pd.DataFrame], **where: str
) -> pd.DataFrame:
    """Return the rows of a derived dataset whose columns hold given texts; see `derived_frame`.

    Parameters
    ----------
    where : text by column; only these rows are read where the dataset is kept already.
    """
    kept = _read(derived_path(data_dir, cut, settings_hash, name), [(key, "==", value) for key, value in where.items()])
    if kept is not None:
        return kept
    frame = derived_frame(data_dir, cut, settings_hash, name, compute)
    for key, value in where.items():
        frame = frame[frame[key] == value]
    return frame.reset_index(drop=True)


def _read(path: Path, filters: list[tuple[str, str, str]] | None = None) -> pd.DataFrame | None:
    if not path.is_file():
        return None
    try:
        return pd.read_parquet(path, filters=filters)
    except (OSError, ValueError, pa.ArrowException):
        return None  # damaged: computed again and written over


def _drop_other_code(folder: Path) -> None:
    """Remove what other versions of the code have left for the same cut."""
    for other in folder.parent.iterdir():
        if not other.name.endswith(f"-{code_version()}"):
            shutil.rmtree(other, ignore_errors=True)
