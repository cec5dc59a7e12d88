"""Backup and restore of a data directory."""

from __future__ import annotations

from pathlib import Path

from ..access.policy import Permission, check_permission
from ..model.principal import Principal
from ..store.backup import Contents, restore_backup, write_backup
from . import audit


def backup(principal: Principal, data_dir: Path, out: Path, *, force: bool = False) -> Contents:
    """Write cuts, sources, state and settings to a zip; the backup holds the row that tells of it.

    Raises
    ------
    Refused : without the right to. UsageError : `out` exists and `force` is False.
    EnvironmentProblem : a cut file is damaged, or the disk refuses.
    """
    check_permission(principal, Permission.BACKUP)
    audit.record(principal, data_dir, "backup", {"name": out.name})
    return write_backup(data_dir, out, force=force)


def restore(principal: Principal, data_dir: Path, archive: Path, *, force: bool = False) -> Contents:
    """Put a backup back; the restored audit trail goes on with a row that tells of it.

    Raises
    ------
    Refused : without the right to. UsageError : no whole backup, or the directory is in use and `force` is False.
    EnvironmentProblem : the disk refuses.
    """
    check_permission(principal, Permission.RESTORE)
    contents = restore_backup(archive, data_dir, force=force)
    audit.record(principal, data_dir, "restore", {"name": archive.name, "created": contents.created})
    return contents
