"""Writing files so that a reader finds the old one or the whole new one, and failures as sentences."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..model.errors import EnvironmentProblem, UsageError

TEMP_PREFIX = ".tmp-"
_CHUNK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def environment(path: Path) -> Iterator[None]:
    """Turn what the disk refuses while working on `path` into an `EnvironmentProblem`."""
    try:
        yield
    except OSError as error:
        raise _disk_problem(error.errno, error.strerror or str(error), path) from error
    except Exception as error:
        if not isinstance(error, sqlite3.OperationalError) and not _is_duckdb_io(error):
            raise
        raise _database_problem(str(error), path) from error


def _is_duckdb_io(error: Exception) -> bool:
    """Recognise DuckDB's error without importing DuckDB, which most commands do without."""
    return any(kind.__name__ == "IOException" and "duckdb" in kind.__module__ for kind in type(error).__mro__)


def _disk_problem(number: int | None, text: str, path: Path) -> EnvironmentProblem:
    if number in _FULL:
        return EnvironmentProblem("error.disk_full", path=str(path))
    if number in _DENIED:
        return EnvironmentProblem("error.not_writable", path=str(path))
    return EnvironmentProblem("error.disk", path=str(path), text=text)


def _database_problem(text: str, path: Path) -> EnvironmentProblem:
    lower = text.lower()
    if "no space left" in lower or "disk is full" in lower or "disk quota" in lower:
        return EnvironmentProblem("error.disk_full", path=str(path))
    if "locked" in lower or "busy" in lower:
        return EnvironmentProblem("error.busy", path=str(path))
    if "permission denied" in lower or "readonly" in lower or "read-only" in lower or "unable to open" in lower:
        return EnvironmentProblem("error.not_writable", path=str(path))
    return EnvironmentProblem("error.disk", path=str(path), text=text)


def make_folder(path: Path) -> Path:
    """Create a folder for its owner alone where it is missing, its missing parents likewise, and return it."""
    with environment(path):
        for folder in (*reversed(path.parents), path):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
    return path


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Force a file to the disk; on POSIX a folder too, so that a rename in it survives a power cut."""
    if path.is_dir():
        if os.name == "nt":  # Windows has no handle for a folder, and journals the rename itself
            return
        handle = os.open(path, os.O_RDONLY)
    else:
        handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def temp_beside(path: Path) -> Path:
    """Return a name of its own in the folder of `path`, hidden from listings by `TEMP_PREFIX`."""
    return path.with_name(f"{TEMP_PREFIX}{uuid.uuid4().hex}{path.suffix}")


def check_free(path: Path, *, force: bool) -> None:
    """Refuse to write over an existing file unless told to.

    Raises
    ------
    UsageError : `path` exists and `force` is False.
    """
    if path.exists() and not force:
        raise UsageError("error.output_exists", path=str(path))


def write_through(path: Path, write: Callable[[Path], object], *, force: bool = True) -> None:
    """Let `write` fill a file aside, force it to disk and rename it to `path`.

    Parameters
    ----------
    write : called with the path to fill; it keeps the suffix of `path`.
    force : False refuses where `path` exists.

    Raises
    ------
    UsageError : `path` exists and `force` is False. EnvironmentProblem : the disk refuses.
    """
    check_free(path, force=force)
    make_folder(path.parent)
    aside = temp_beside(path)
    with environment(path):
        try:
            write(aside)
            sync(aside)
            os.replace(aside, path)
            sync(path.parent)
        finally:
            aside.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes, *, force: bool = True) -> None:
    """Write `data` to `path` aside and rename; raises as `write_through`."""
    write_through(path, lambda aside: aside.write_bytes(data), force=force)
