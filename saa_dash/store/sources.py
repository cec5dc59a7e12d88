"""The bytes a cut was made from, kept under their SHA-256."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..model.cut import SourceFile
from ..model.errors import UserError
from .files import environment, file_sha256, make_folder, write_through
from .layout import Layout


def keep_sources(data_dir: Path, origin: Path, sources: Iterable[SourceFile]) -> None:
    """Copy source files into the data directory; a file kept already is not written again.

    Parameters
    ----------
    origin : the file imported, or the folder that holds the files.
    sources : what was read, with the SHA-256 of the bytes read.

    Raises
    ------
    UserError : a file is no longer what was read. EnvironmentProblem : the disk refuses.
    """
    folder = make_folder(Layout(data_dir).sources)
    for source in sources:
        kept = folder / source.sha256
        if kept.exists():
            continue
        path = origin / source.name if origin.is_dir() else origin
        with environment(kept):
            _copy(path, kept, source)


def _copy(path: Path, kept: Path, source: SourceFile) -> None:
    def write(aside: Path) -> None:
        shutil.copyfile(path, aside)
        if file_sha256(aside) != source.sha256:
            raise UserError("error.source_changed", name=source.name)
        os.chmod(aside, 0o600)

    write_through(kept, write)
