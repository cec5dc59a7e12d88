"""`audit verify|show`: is the audit trail whole, and what does it say."""

from __future__ import annotations

import click

from ..i18n.catalogue import render
from ..model.errors import UserError
from .support import current_call


@click.group("audit")
def command() -> None:
    pass


@command.command("verify")
@click.pass_context
def verify(ctx: click.Context) -> None:
    from ..services.audit import verify_audit

    call = current_call()
    check = verify_audit(call.principal, call.data_dir)
    findings = [render(finding, call.lang) for finding in check.findings]
    lines = findings or [call.words("cli.audit_whole", n=check.rows)]
    call.show({"ok": check.ok, "rows": check.rows, "findings": findings}, lines)
    if not check.ok:
        ctx.exit(UserError.exit_code)


@command.command("show")
@click.option("--last", metavar="N", type=click.IntRange(min=1))
def show(last: int | None) -> None:
    from ..services.audit import audit_rows

    call = current_call()
    rows = audit_rows(call.principal, call.data_dir, last)
    documents = [
        {"seq": r.seq, "at": r.at, "actor": r.actor, "action": r.action, "detail": r.details, "reason": r.reason}
        for r in rows
    ]
    lines = ["\t".join((str(r.seq), r.at, r.actor, r.action, r.detail, r.reason)) for r in rows]
    call.show({"rows": documents}, lines)
