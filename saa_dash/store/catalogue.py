"""Which cuts there are, and which one is meant."""

from __future__ import annotations

from pathlib import Path

from ..model.cut import CutInfo
from ..model.errors import EnvironmentProblem, UsageError
from .files import environment, file_sha256
from .layout import Layout
from .sidecar import SUFFIX, read_sidecar

FILE_SUFFIX = ".duckdb"
LATEST = "latest"


def list_cuts(data_dir: Path) -> list[CutInfo]:
    """Return the cuts of a data directory, newest first; one without its file, or with a broken sidecar, is not shown.

    Raises
    ------
    EnvironmentProblem : the directory cannot be read.
    """
    folder = Layout(data_dir).cuts
    if not folder.is_dir():
        return []
    with environment(folder):
        sidecars = sorted(p for p in folder.glob(f"*{SUFFIX}") if not p.name.startswith("."))
        found = (read_sidecar(path) for path in sidecars)
        cuts = [info for info in found if info is not None and cut_path(data_dir, info.cut_id).is_file()]
    return sorted(cuts, key=lambda info: (info.created, info.cut_id), reverse=True)


def cut_path(data_dir: Path, cut_id: str) -> Path:
    """Return where the file of a cut lies."""
    return Layout(data_dir).cuts / f"{cut_id}{FILE_SUFFIX}"


def resolve_cut(data_dir: Path, ref: str) -> CutInfo:
    """Return the cut that `ref` means.

    Parameters
    ----------
    ref : an id, a unique prefix of one, or ``latest`` (the newest of all).

    Raises
    ------
    UserError : there is no cut at all, none of that name, or more than one.
    """
    cuts = list_cuts(data_dir)
    if not cuts:
        raise UsageError("error.no_cuts", path=str(data_dir))
    if ref == LATEST:
        return cuts[0]
    exact = [info for info in cuts if info.cut_id == ref]
    matches = exact or [info for info in cuts if ref and info.cut_id.startswith(ref)]
    if not matches:
        raise UsageError("error.cut_unknown", ref=ref)
    if len(matches) > 1:
        raise UsageError("error.cut_ambiguous", ref=ref, ids=", ".join(info.cut_id for info in matches))
    return matches[0]


def verify_cut_file(data_dir: Path, info: CutInfo) -> None:
    """Compare the bytes of a cut file with the SHA-256 in its sidecar.

    Raises
    ------
    EnvironmentProblem : the file is missing or was changed.
    """
    path = cut_path(data_dir, info.cut_id)
    if not path.is_file() or file_sha256(path) != info.file_hash:
        raise EnvironmentProblem("error.cut_damaged", id=info.cut_id)


def broken_cuts(data_dir: Path) -> list[str]:
    """Return the names of sidecars and cut files that make no whole cut (left by a crash, or damaged)."""
    folder = Layout(data_dir).cuts
    if not folder.is_dir():
        return []
    whole = {info.cut_id for info in list_cuts(data_dir)}
    files = (p for p in folder.iterdir() if p.suffix in (SUFFIX, FILE_SUFFIX) and not p.name.startswith("."))
    return sorted(p.name for p in files if p.stem not in whole)
