"""`doctor`: is this machine fit, each check ok or with its remedy."""

from __future__ import annotations

import click

from ..i18n.catalogue import render
from ..model.errors import EnvironmentProblem
from .support import current_call


@click.command("doctor")
@click.pass_context
def command(ctx: click.Context) -> None:
    from ..services.doctor import examine

    call = current_call()
    checks = examine(call.data_dir)
    lines = []
    documents = []
    for check in checks:
        found = render(check.found, call.lang)
        remedy = render(check.remedy, call.lang) if check.remedy else ""
        documents.append({"check": check.name, "ok": check.ok, "found": found, "remedy": remedy})
        lines.append(f"{'✓' if check.ok else '✗'} {call.words(f'doctor.{check.name}.name')}: {found} {remedy}".rstrip())
    fit = all(check.ok for check in checks)
    call.show({"ok": fit, "checks": documents}, lines)
    if not fit:
        ctx.exit(EnvironmentProblem.exit_code)
