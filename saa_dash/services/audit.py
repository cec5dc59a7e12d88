"""The audit trail as seen by use-cases: a row for what is done, before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..access.policy import Permission, check_permission
from ..model.message import Message
from ..model.principal import Principal
from ..store.audit import AuditCheck, AuditRow
from ..store.catalogue import list_cuts
from ..store.state import StateDb

CUT = "cut"  # action of the row that every published cut has


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


def verify_audit(principal: Principal, data_dir: Path) -> AuditCheck:
    """Look for edits, deletions, reorderings and truncations, and for cuts that no row tells about."""
    check_permission(principal, Permission.VIEW_AUDIT)
    state = StateDb(data_dir)
    check = state.verify_audit()
    told = {row.details.get("id") for row in state.audit_rows() if row.action == CUT} if check.ok else set()
    missing = [info.cut_id for info in list_cuts(data_dir) if info.cut_id not in told] if check.ok else []
    return AuditCheck(check.rows, (*check.findings, *(Message("audit.finding.cut", {"id": i}) for i in missing)))
