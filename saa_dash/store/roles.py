"""The local table of roles, read anew at every request: a revoked role ends there."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from ..model.principal import Role


def grant_role(con: sqlite3.Connection, user_id: str, role: Role, actor: str, at: str) -> None:
    """Give a user a role; granting it again changes nothing."""
    query = "INSERT INTO roles (user_id, role, granted_by, granted_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    con.execute(query, (user_id, str(role), actor, at))


def revoke_role(con: sqlite3.Connection, user_id: str, role: Role) -> bool:
    """Take a role away; False where the user did not have it."""
    return con.execute("DELETE FROM roles WHERE user_id = ? AND role = ?", (user_id, str(role))).rowcount == 1


def read_roles(con: sqlite3.Connection) -> dict[str, frozenset[Role]]:
    """Return every user's roles; a role this version does not know gives no right."""
    found: dict[str, set[Role]] = {}
    for user_id, role in con.execute("SELECT user_id, role FROM roles ORDER BY user_id").fetchall():
        if role in set(Role):
            found.setdefault(user_id, set()).add(Role(role))
    return {user_id: frozenset(roles) for user_id, roles in found.items()}


@dataclass(frozen=True)
class RoleRow:
    """One line of the table: who has which role, from whom and since when (UTC, ISO 8601)."""

    user_id: str
    role: Role
    granted_by: str
    granted_at: str


def read_role_rows(con: sqlite3.Connection) -> list[RoleRow]:
    """Return the table by user and role, roles that this version knows."""
    found = con.execute("SELECT user_id, role, granted_by, granted_at FROM roles ORDER BY user_id, role").fetchall()
    return [RoleRow(user, Role(role), by, at) for user, role, by, at in found if role in set(Role)]
