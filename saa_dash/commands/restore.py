"""`restore IN`: put a backup back, after every file of it was checked."""

from __future__ import annotations

from pathlib import Path

import click

from .support import current_call


@click.command("restore")
@click.argument("archive", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True)
def command(archive: Path, force: bool) -> None:
    from ..services.admin import restore

    call = current_call()
    made = restore(call.principal, call.data_dir, archive, force=force)
    document = {"path": str(archive), "created": made.created, "cuts": made.cuts, "files": made.files}
    call.show(document, [call.words("cli.restored", path=str(archive), n=made.cuts)])
