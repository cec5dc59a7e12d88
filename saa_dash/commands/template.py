"""`template OUT.xlsx`: the empty CRF workbook."""

from __future__ import annotations

from pathlib import Path

import click

from .support import current_call


@click.command("template")
@click.argument("out", metavar="OUT.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True)
def command(out: Path, force: bool) -> None:
    from ..services.samples import write_empty_form

    call = current_call()
    write_empty_form(call.principal, out, call.lang, force=force)
    call.show({"path": str(out)}, [str(out)])
