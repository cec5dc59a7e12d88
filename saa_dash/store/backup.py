"""Backup and restore: one zip with everything that cannot be made again, every file under its SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..model.errors import EnvironmentProblem, UsageError
from .catalogue import list_cuts, verify_cut_file
from .clock import Clock, stamp, utc_now
from .files import environment, file_sha256, make_folder, write_through
from .layout import Layout
from .locks import publishing_lock
from .reader import close_all
from .state import StateDb

MANIFEST = "manifest.json"
FORMAT = 1
_STATE = "state.sqlite"
_HEAD, _RECODE = "audit.head", "recode.key"
# What a backup may hold; anything else in an archive is refused.
_MEMBER = re.compile(
    r"state\.sqlite|audit\.head|recode\.key|[\w-]+\.toml|criteria/[\w.-]+\.toml|sources/[0-9a-f]{64}"
    r"|cuts/\d{8}T\d{6}Z-[0-9a-f]{8}\.(json|duckdb)"
)
_PARTS = ("cuts", "sources", "criteria", _STATE, _STATE + "-wal", _STATE + "-shm", _HEAD, _RECODE)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Contents:
    """What a backup holds."""

    created: str
    cuts: int
    files: int


def write_backup(data_dir: Path, out: Path, *, force: bool = False, clock: Clock = utc_now) -> Contents:
    """Write cuts, sources, state and settings of a data directory to a zip.

    Parameters
    ----------
    out : refused where it exists, unless `force`.

    Raises
    ------
    UsageError : `out` exists. EnvironmentProblem : a cut file is damaged, or the disk refuses.
    """
    created = stamp(clock())
    cuts = list_cuts(data_dir)
    for info in cuts:
        verify_cut_file(data_dir, info)
    with tempfile.TemporaryDirectory() as scratch, publishing_lock(Layout(data_dir).cuts):
        copy = Path(scratch) / _STATE
        StateDb(data_dir).copy_to(copy)
        files = {**_members(data_dir), _STATE: copy}
        hashes = {name: file_sha256(path) for name, path in files.items()}
        manifest = {"format": FORMAT, "created": created, "files": hashes}

        def write(aside: Path) -> None:
            with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
                for name, path in files.items():
                    archive.write(path, name)
            os.chmod(aside, 0o600)

        write_through(out, write, force=force)
    return Contents(created, len(cuts), len(files))


def _members(data_dir: Path) -> dict[str, Path]:
    whole = {info.cut_id for info in list_cuts(data_dir)}
    found = [p for p in Layout(data_dir).cuts.glob("*") if p.stem in whole]
    for pattern in ("*.toml", "criteria/*.toml", "sources/*", _HEAD, _RECODE):
        found += sorted(data_dir.glob(pattern))
    named = {path.relative_to(data_dir).as_posix(): path for path in found if path.is_file()}
    return {name: path for name, path in named.items() if _MEMBER.fullmatch(name)}


def restore_backup(archive: Path, data_dir: Path, *, force: bool = False) -> Contents:
    """Put a backup into a data directory after every file of it was checked.

    Parameters
    ----------
    force : replace the cuts and the state that are there; otherwise they make it refuse.

    Raises
    ------
    UsageError : not a backup, a damaged one, or the directory is in use and `force` is False.
    EnvironmentProblem : the disk refuses; the directory is then as it was.
    """
    if not force and (list_cuts(data_dir) or Layout(data_dir).state.exists()):
        raise UsageError("error.restore_occupied", path=str(data_dir))
    make_folder(data_dir)
    aside = data_dir / f".tmp-restore-{uuid.uuid4().hex}"
    try:
        with environment(data_dir):
            aside.mkdir(mode=0o700)
            contents = _unpack(archive, aside)
            _check_parts(archive, aside, contents)
            close_all()
            _swap(data_dir, aside)
    finally:
        _remove(aside)
    return contents


def _broken(archive: Path) -> UsageError:
    return UsageError("error.backup_broken", name=archive.name)


def _unpack(archive: Path, folder: Path) -> Contents:
    try:
        with zipfile.ZipFile(archive) as zipped:
            manifest = json.loads(zipped.read(MANIFEST))
            hashes = {str(name): str(digest) for name, digest in manifest["files"].items()}
            if manifest["format"] != FORMAT or set(zipped.namelist()) != {MANIFEST, *hashes}:
                raise _broken(archive)
            for name, digest in hashes.items():
                if not _MEMBER.fullmatch(name) or _extract(zipped, name, folder) != digest:
                    raise _broken(archive)
    except (
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise _broken(archive) from error
    return Contents(str(manifest["created"]), sum(name.endswith(".duckdb") for name in hashes), len(hashes))


def _extract(zipped: zipfile.ZipFile, name: str, folder: Path) -> str:
    target = folder / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    with zipped.open(name) as source, target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    os.chmod(target, 0o400 if name.startswith("cuts/") else 0o600)
    return digest.hexdigest()


def _check_parts(archive: Path, folder: Path, contents: Contents) -> None:
    """Look inside: every cut as its sidecar says, the audit trail whole."""
    cuts = list_cuts(folder)
    try:
        for info in cuts:
            verify_cut_file(folder, info)
        whole = StateDb(folder).verify_audit().ok
    except EnvironmentProblem as error:
        raise _broken(archive) from error
    if len(cuts) != contents.cuts or not whole:
        raise _broken(archive)


def _swap(data_dir: Path, aside: Path) -> None:
    """Exchange the parts of a data directory for restored ones; if a rename fails, all go back."""
    old = data_dir / f".tmp-replaced-{uuid.uuid4().hex}"
    old.mkdir(mode=0o700)
    try:
        settings = {path.name for folder in (aside, data_dir) for path in folder.glob("*.toml")}
        with _undoing() as moves:
            for name in (*_PARTS, *sorted(settings)):
                for source, target in ((data_dir / name, old / name), (aside / name, data_dir / name)):
                    if source.exists():
                        source.rename(target)
                        moves.append((source, target))
    finally:
        _remove(old)


@contextmanager
def _undoing() -> Iterator[list[tuple[Path, Path]]]:
    moves: list[tuple[Path, Path]] = []
    try:
        yield moves
    except BaseException:
        for source, target in reversed(moves):
            target.rename(source)
        raise


def _remove(folder: Path) -> None:
    """Remove a folder; cut files are write-protected, which Windows takes for a reason to refuse."""
    if not folder.exists():
        return
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    shutil.rmtree(folder, ignore_errors=True)
