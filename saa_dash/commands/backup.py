"""`backup OUT`: cuts, sources, state and settings in one zip."""

from __future__ import annotations

from pathlib import Path

import click

from .support import current_call


@click.command("backup")
@click.argument("out", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True)
def command(out: Path, force: bool) -> None:
    from ..services.admin import backup

    call = current_call()
    made = backup(call.principal, call.data_dir, out, force=force)
    document = {"path": str(out), "created": made.created, "cuts": made.cuts, "files": made.files}
    call.show(document, [call.words("cli.backed_up", path=str(out), n=made.cuts)])
