"""`roles list|grant|revoke`: the local table of roles, also where nobody can log in yet."""

from __future__ import annotations

import click

from ..model.principal import Role
from .support import Call, current_call

_ROLE = click.Choice([str(role) for role in Role])


@click.group("roles")
def command() -> None:
    pass


@command.command("list")
def list_() -> None:
    from ..services.identity import list_roles

    call = current_call()
    rows = list_roles(call.principal, call.data_dir)
    documents = [
        {"user": row.user_id, "role": str(row.role), "granted_by": row.granted_by, "granted_at": row.granted_at}
        for row in rows
    ]
    lines = ["\t".join((row.user_id, row.role, row.granted_by, row.granted_at)) for row in rows]
    call.show({"roles": documents}, lines or [call.words("cli.no_roles")])


@command.command("grant")
@click.argument("user")
@click.argument("role", type=_ROLE)
@click.option("--reason", required=True)
def grant(user: str, role: str, reason: str) -> None:
    from ..services.identity import RoleChange
    from ..services.identity import grant as give

    call = current_call()
    changed = give(call.principal, call.data_dir, RoleChange(user, Role(role), reason))
    _tell(call, user, role, changed, "cli.role_granted")


@command.command("revoke")
@click.argument("user")
@click.argument("role", type=_ROLE)
@click.option("--reason", required=True)
def revoke(user: str, role: str, reason: str) -> None:
    from ..services.identity import RoleChange
    from ..services.identity import revoke as take

    call = current_call()
    changed = take(call.principal, call.data_dir, RoleChange(user, Role(role), reason))
    _tell(call, user, role, changed, "cli.role_revoked")


def _tell(call: Call, user: str, role: str, changed: bool, done: str) -> None:
    words = call.words(done if changed else "cli.role_unchanged", user=user, role=role)
    call.show({"ok": True, "changed": changed}, [words])
