"""Who has which role: from the login's claims and from the local table, read anew at every request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..access.identity import MAX_USER_ID
from ..access.logins import Login
from ..access.policy import Permission, check_permission
from ..model.errors import UsageError
from ..model.principal import Principal, Role
from ..store.roles import RoleRow, grant_role, read_role_rows, read_roles, revoke_role
from ..store.state import StateDb

ROLE = "role"  # action of the audit row


@dataclass(frozen=True)
class RoleChange:
    """A change of the local table.

    Parameters
    ----------
    user_id : as it stands in the audit trail. reason : why; mandatory.
    """

    user_id: str
    role: Role
    reason: str


def principal_of(login: Login, data_dir: Path) -> Principal:
    """Return the person of a login with the roles in force now: those of its claims and those of the local table.

    Raises
    ------
    EnvironmentProblem : the table cannot be read; nobody has a role then.
    """
    with StateDb(data_dir).reading() as con:
        granted = read_roles(con).get(login.user_id, frozenset())
    return Principal(login.user_id, login.claim_roles | granted)


def list_roles(principal: Principal, data_dir: Path) -> list[RoleRow]:
    """Return the local table, by user and role.

    Raises
    ------
    Refused : without the right to manage roles.
    """
    check_permission(principal, Permission.MANAGE_ROLES)
    with StateDb(data_dir).reading() as con:
        return read_role_rows(con)


def grant(principal: Principal, data_dir: Path, change: RoleChange) -> bool:
    """Give a user a role; False where the user had it already, and nothing is written then.

    Raises
    ------
    Refused : without the right to manage roles. UsageError : no user or no reason given.
    EnvironmentProblem : the change or its audit row cannot be written; there is neither then.
    """
    user = _checked(principal, change)
    state = StateDb(data_dir)
    with state.reading() as con:
        if change.role in read_roles(con).get(user, frozenset()):
            return False
    detail = {"what": "grant", "user": user, "role": str(change.role)}
    with state.audited(principal.user_id, ROLE, detail, change.reason.strip()) as con:
        grant_role(con, user, change.role, principal.user_id, state.now())
    return True


def revoke(principal: Principal, data_dir: Path, change: RoleChange) -> bool:
    """Take a role away; False where the user does not have it in the local table. Raises as `grant`."""
    user = _checked(principal, change)
    state = StateDb(data_dir)
    with state.reading() as con:
        if change.role not in read_roles(con).get(user, frozenset()):
            return False
    detail = {"what": "revoke", "user": user, "role": str(change.role)}
    with state.audited(principal.user_id, ROLE, detail, change.reason.strip()) as con:
        revoke_role(con, user, change.role)
    return True


def _checked(principal: Principal, change: RoleChange) -> str:
    check_permission(principal, Permission.MANAGE_ROLES)
    user = change.user_id.strip()
    if not user or len(user) > MAX_USER_ID or not user.isprintable():
        raise UsageError("error.role_user")
    if not change.reason.strip():
        raise UsageError("error.reason_missing")
    return user
