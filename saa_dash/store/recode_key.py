"""The secret behind the codes of presentations: made once per data directory, kept beside the data, part of backups."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ..model.errors import EnvironmentProblem
from .files import environment, make_folder, temp_beside
from .layout import Layout
from .locks import publishing_lock

KEY_BYTES = 32


def recode_key(data_dir: Path) -> bytes:
    """Return the key of a data directory, made at the first need.

    Raises
    ------
    EnvironmentProblem : it can be neither read nor written, or the file is damaged.
    """
    path = Layout(data_dir).recode_key
    held = _read(path)
    if held is not None:
        return held
    with publishing_lock(make_folder(path.parent)):
        held = _read(path)  # somebody else may have been first
        return held if held is not None else _make(path)


def _read(path: Path) -> bytes | None:
    with environment(path):
        try:
            held = path.read_bytes()
        except FileNotFoundError:
            return None
    if len(held) != KEY_BYTES:
        raise EnvironmentProblem("error.recode_key", path=str(path))
    return held


def _make(path: Path) -> bytes:
    key, aside = secrets.token_bytes(KEY_BYTES), temp_beside(path)
    with environment(path):
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, key)
                os.fsync(handle)
            finally:
                os.close(handle)
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    return key
