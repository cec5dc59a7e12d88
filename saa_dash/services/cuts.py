"""Which cuts there are, for whoever may see anything of them."""

from __future__ import annotations

from pathlib import Path

from ..access.policy import Permission, check_permission
from ..model.cut import CutInfo
from ..model.principal import Principal
from ..store import catalogue


def list_cuts(principal: Principal, data_dir: Path) -> list[CutInfo]:
    """Return the cuts, newest first.

    Raises
    ------
    Refused : without the right to see aggregates.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    return catalogue.list_cuts(data_dir)


def resolve_cut(principal: Principal, data_dir: Path, ref: str) -> CutInfo:
    """Return the cut that an id, a unique prefix or ``latest`` means; raises as the store does, and Refused."""
    check_permission(principal, Permission.VIEW_AGGREGATES)
    return catalogue.resolve_cut(data_dir, ref)
