"""The audit trail as seen by use-cases: a row for what is done, before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..access.policy import Permission, check_permission
from ..model.message import Message
from ..model.principal import Principal
from ..store.audit import AuditCheck, AuditFilter, AuditRow, find_rows, read_head, read_names
from ..store.catalogue import list_cuts
from ..store.state import StateDb

CUT = "cut"  # action of the row that every published cut has
SHOWN_ROWS = 2000  # of the trail on the page; filters reach all of it


@dataclass(frozen=True)
class AuditPage:
    """A look at the trail.

    Parameters
    ----------
    rows : those that match, newest first, at most `limit`. total : rows of the whole trail.
    actors, actions : all that occur, to choose from.
    """

    rows: list[AuditRow]
    total: int
    actors: list[str]
    actions: list[str]


def record(principal: Principal, data_dir: Path, action: str, detail: Mapping[str, object], reason: str = "") -> None:
    """Write an audit row; call it before the action, which must not happen if this raises.

    Parameters
    ----------
    action : code, e.g. ``export``. detail : what exactly. reason : where one is owed.

    Raises
    ------
    EnvironmentProblem : the row cannot be written.
    """
    StateDb(data_dir).append_audit(principal.user_id, action, detail, reason)


def audit_rows(principal: Principal, data_dir: Path, last: int | None = None) -> list[AuditRow]:
    """Return the audit trail in order; `last` keeps only so many rows from the end."""
    check_permission(principal, Permission.VIEW_AUDIT)
    return StateDb(data_dir).audit_rows(last)


def audit_page(principal: Principal, data_dir: Path, wanted: AuditFilter, limit: int = SHOWN_ROWS) -> AuditPage:
    """Return the rows that match, newest first.

    Raises
    ------
    Refused : without the right to see the trail.
    """
    check_permission(principal, Permission.VIEW_AUDIT)
    with StateDb(data_dir).reading() as con:
        actors, actions = read_names(con)
        return AuditPage(find_rows(con, wanted, limit), read_head(con).rows, actors, actions)


def verify_audit(principal: Principal, data_dir: Path) -> AuditCheck:
    """Look for edits, deletions, reorderings and truncations, and for cuts that no row tells about."""
    check_permission(principal, Permission.VIEW_AUDIT)
    state = StateDb(data_dir)
    check = state.verify_audit()
    told = {row.details.get("id") for row in state.audit_rows() if row.action == CUT} if check.ok else set()
    missing = [info.cut_id for info in list_cuts(data_dir) if info.cut_id not in told] if check.ok else []
    return AuditCheck(check.rows, (*check.findings, *(Message("audit.finding.cut", {"id": i}) for i in missing)))
