"""Publishing a cut: written aside, checked, hashed, then given its name; after that nobody writes it.

A cut exists once its sidecar stands under its final name, which is the last thing to happen. A crash before that
leaves hidden temporary files, swept by the next publisher, or a cut file without sidecar, which no listing shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from ..model.cut import CutInfo
from .canonical import content_hash
from .catalogue import cut_path, list_cuts, resolve_cut
from .clock import Clock, stamp, utc_now
from .cut_file import check_cut_file, write_cut_file
from .files import TEMP_PREFIX, environment, file_sha256, make_folder, sync, temp_beside, write_bytes
from .layout import Layout
from .locks import publishing_lock
from .new_cut import Identity, NewCut, companion_tables, describe, domain_tables
from .reader import open_cut
from .sidecar import SUFFIX, to_bytes
from .sources import keep_sources

__all__ = ["STEPS", "NewCut", "list_cuts", "publish_cut", "resolve_cut"]

# What `on_step` hears, in this order; after the last one the cut exists.
STEPS = ("hash", "sources", "write", "check", "record", "rename", "sidecar")

OnStep = Callable[[str], None]
Record = Callable[[CutInfo], None]


def publish_cut(
    data_dir: Path,
    new: NewCut,
    *,
    clock: Clock = utc_now,
    record: Record = lambda info: None,
    on_step: OnStep = lambda step: None,
) -> tuple[CutInfo, bool]:
    """Publish a cut unless the same data stand there already.

    "The same" means equal content hash, cut-off, study and synthetic flag: a later cut-off over unchanged rows is a
    cut of its own, for it makes further visits due.

    Parameters
    ----------
    record : called with the finished cut before anybody can see it; if it raises, there is no cut.
    on_step : hears each of `STEPS` as it begins.

    Returns
    -------
    (the cut, True) or (the cut that holds the same data, False).

    Raises
    ------
    EnvironmentProblem : disk full or not writable, or another process keeps publishing.
    """
    on_step("hash")
    domain = domain_tables(new)
    digest = content_hash(domain)
    on_step("sources")
    if new.origin is not None:
        keep_sources(data_dir, new.origin, new.sources)
    folder = make_folder(Layout(data_dir).cuts)
    with publishing_lock(folder):
        _sweep(folder)
        cuts = list_cuts(data_dir)
        wanted = (digest, new.cutoff, new.study, new.synthetic)
        same = [i for i in cuts if (i.content_hash, i.cutoff, i.study, i.synthetic) == wanted]
        if same:
            return same[0], False
        parent = next((i.cut_id for i in cuts if (i.study, i.synthetic) == (new.study, new.synthetic)), None)
        cut_id, created = _name(data_dir, clock(), digest, {info.created for info in cuts})
        info = describe(new, domain, Identity(cut_id, created, digest, parent))
        previous = open_cut(data_dir, parent).pcodes(retired=True) if parent else None
        tables = {**domain, **companion_tables(new, info, previous)}
        return _write(cut_path(data_dir, cut_id), info, tables, record, on_step), True


def _sweep(folder: Path) -> None:
    """Remove what a publisher that died has left; the lock says that no other one is at work."""
    for path in folder.glob(f"{TEMP_PREFIX}*"):
        path.unlink(missing_ok=True)


def _name(data_dir: Path, moment: datetime, digest: str, taken: set[str]) -> tuple[str, str]:
    """Return id and creation stamp; of two cuts within a second the later takes the next second, to keep the order."""
    created = stamp(moment)
    cut_id = f"{created.replace('-', '').replace(':', '')}-{digest[:8]}"
    if created in taken or cut_path(data_dir, cut_id).exists():
        return _name(data_dir, moment + timedelta(seconds=1), digest, taken)
    return cut_id, created


def _write(final: Path, info: CutInfo, tables: Mapping[str, pa.Table], record: Record, on_step: OnStep) -> CutInfo:
    aside = temp_beside(final)
    try:
        on_step("write")
        write_cut_file(aside, tables)
        on_step("check")
        check_cut_file(aside, tables)
        info = replace(info, file_hash=file_sha256(aside))
        on_step("record")
        record(info)
        on_step("rename")
        with environment(final):
            os.chmod(aside, 0o400)
            os.replace(aside, final)
            sync(final.parent)
        on_step("sidecar")
        write_bytes(final.with_suffix(SUFFIX), to_bytes(info))
    finally:
        aside.unlink(missing_ok=True)
        aside.with_name(aside.name + ".wal").unlink(missing_ok=True)
    return info
