"""Uploads on their way to an import: kept in the data directory for a short while, then gone."""

from __future__ import annotations

import io
import shutil
import time
import uuid
import zipfile
from pathlib import Path, PurePosixPath

from ..access.policy import Permission, check_permission
from ..model.errors import UsageError
from ..model.principal import Principal
from ..store.files import environment, make_folder
from ..store.layout import Layout, child

KEEP_SECONDS = 3600.0
MAX_BYTES = 50 * 1024**2
MAX_FILES = 100
SUFFIXES = (".xlsx", ".csv", ".zip")


def stage_upload(principal: Principal, data_dir: Path, name: str, data: bytes) -> Path:
    """Put uploaded bytes where an import can read them, in a folder of their own.

    Parameters
    ----------
    name : as the browser gave it; ``.xlsx``, ``.csv`` (one sheet), or ``.zip`` with the CSV files of a folder.
    data : at most `MAX_BYTES`, unpacked as well.

    Returns
    -------
    The path to import: the workbook, or the folder of CSV files.

    Raises
    ------
    Refused : without the right to import. UsageError : the name or the archive is not usable.
    """
    check_permission(principal, Permission.IMPORT)
    clean_staging(data_dir)
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError("error.upload_kind", name=name[:80])
    files = _unpacked(name, data) if suffix == ".zip" else {name: data}
    if sum(map(len, files.values())) > MAX_BYTES:
        raise UsageError("error.upload_size", limit=MAX_BYTES // 1024**2)
    folder = new_folder(data_dir)
    for file_name, content in files.items():
        path = child(folder, file_name)
        with environment(path):
            path.write_bytes(content)
    return folder / name if suffix == ".xlsx" else folder


def new_folder(data_dir: Path) -> Path:
    """Return a new folder for files on their way to an import."""
    return make_folder(Layout(data_dir).staging / uuid.uuid4().hex)


def _unpacked(name: str, data: bytes) -> dict[str, bytes]:
    """Return the CSV files of an archive by their bare names, wherever in it they lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if e.filename.lower().endswith(".csv") and not _hidden(e.filename)]
            if not entries or len(entries) > MAX_FILES or sum(e.file_size for e in entries) > MAX_BYTES:
                raise UsageError("error.upload_archive", name=name[:80], files=MAX_FILES, limit=MAX_BYTES // 1024**2)
            files = {PurePosixPath(e.filename.replace("\\", "/")).name: archive.read(e) for e in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise UsageError("error.upload_broken", name=name[:80]) from error
    if len(files) < len(entries):
        raise UsageError("error.upload_archive", name=name[:80], files=MAX_FILES, limit=MAX_BYTES // 1024**2)
    return files


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def discard_upload(data_dir: Path, path: Path) -> None:
    """Remove a staged upload at once; anything that is not one is left alone."""
    staging = Layout(data_dir).staging.resolve()
    inside = path.resolve()
    if staging in inside.parents:
        shutil.rmtree(staging / inside.relative_to(staging).parts[0], ignore_errors=True)


def clean_staging(data_dir: Path, keep_seconds: float = KEEP_SECONDS) -> None:
    """Remove uploads older than `keep_seconds`."""
    staging = Layout(data_dir).staging
    if not staging.is_dir():
        return
    for folder in staging.iterdir():
        with environment(folder):
            if time.time() - folder.stat().st_mtime > keep_seconds:
                shutil.rmtree(folder, ignore_errors=True)
