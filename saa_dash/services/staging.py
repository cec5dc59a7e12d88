"""Uploads on their way to an import: kept in the data directory for a short while, then gone."""

from __future__ import annotations

import io
import shutil
import time
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..access.policy import Permission, check_permission
from ..model.errors import UsageError
from ..model.principal import Principal
from ..store.files import environment, make_folder
from ..store.layout import Layout, child

KEEP_SECONDS = 3600.0
MAX_BYTES = 200 * 1024**2  # transport files are mostly blanks: an archive of a few MB unpacks to that
MAX_FILES = 100
TABLES = (".csv", ".xpt", ".json", ".ndjson")  # files that make up a folder, alone or together
SUFFIXES = (".xlsx", *TABLES, ".zip")


def stage_upload(principal: Principal, data_dir: Path, name: str, data: bytes) -> Path:
    """Put uploaded bytes where an import can read them, in a folder of their own.

    Parameters
    ----------
    name : as the browser gave it; ``.xlsx``, one of `TABLES`, or ``.zip`` with such files of a folder.
    data : at most `MAX_BYTES`, unpacked as well.

    Returns
    -------
    The path to import: the workbook, or the folder of files.

    Raises
    ------
    Refused : without the right to import. UsageError : the name or the archive is not usable.
    """
    check_permission(principal, Permission.IMPORT)
    clean_staging(data_dir)
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError("error.upload_kind", name=name[:80])
    folder = _written(data_dir, _unpacked(name, data) if suffix == ".zip" else {name: data})
    return folder / name if suffix == ".xlsx" else folder


def stage_uploads(principal: Principal, data_dir: Path, uploads: Sequence[tuple[str, bytes]]) -> Path:
    """Put files that were uploaded together into one folder; a single one as `stage_upload` does.

    Parameters
    ----------
    uploads : name and bytes of each.

    Raises
    ------
    Refused : without the right to import. UsageError : a file that does not go with others, or is not usable.
    """
    check_permission(principal, Permission.IMPORT)
    if len(uploads) == 1:
        return stage_upload(principal, data_dir, *uploads[0])
    clean_staging(data_dir)
    names = [name.casefold() for name, _ in uploads]
    for name, _ in uploads:
        if Path(name).suffix.lower() not in TABLES:
            raise UsageError("error.upload_together", name=name[:80])
        if names.count(name.casefold()) > 1:
            raise UsageError("error.upload_twice", name=name[:80])
    if not 0 < len(uploads) <= MAX_FILES:
        raise UsageError("error.upload_archive", name="", files=MAX_FILES, limit=MAX_BYTES // 1024**2)
    return _written(data_dir, dict(uploads))


def _written(data_dir: Path, files: Mapping[str, bytes]) -> Path:
    """Return a new folder that holds these files."""
    if sum(map(len, files.values())) > MAX_BYTES:
        raise UsageError("error.upload_size", limit=MAX_BYTES // 1024**2)
    folder = new_folder(data_dir)
    for file_name, content in files.items():
        path = child(folder, file_name)
        with environment(path):
            path.write_bytes(content)
    return folder


def new_folder(data_dir: Path) -> Path:
    """Return a new folder for files on their way to an import."""
    return make_folder(Layout(data_dir).staging / uuid.uuid4().hex)


def _unpacked(name: str, data: bytes) -> dict[str, bytes]:
    """Return the files of an archive that are tables by their bare names, wherever in it they lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if e.filename.lower().endswith(TABLES) and not _hidden(e.filename)]
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
