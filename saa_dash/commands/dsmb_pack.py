"""`dsmb-pack CUT [--since CUT2] OUT.pdf`: the open report for the monitoring board, and OUT.xlsx with its listings."""

from __future__ import annotations

from pathlib import Path

import click

from .support import current_call


@click.command("dsmb-pack")
@click.argument("cut", metavar="CUT")
@click.argument("out", metavar="OUT.pdf", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--since", metavar="CUT2")
@click.option("--force", is_flag=True)
def command(cut: str, out: Path, since: str | None, force: bool) -> None:
    from ..services.pack import write_pack

    call = current_call()
    pack = write_pack(call.principal, call.data_dir, cut, out, since, call.lang, force=force, progress=call.progress)
    files = [str(out), str(out.with_suffix(".xlsx"))]
    document = {
        "files": files,
        "cut": pack.cut.cut_id,
        "since": pack.since.cut_id if pack.since else None,
        "synthetic": pack.cut.synthetic,
        "lang": pack.lang,
        "tables": pack.tables,
        "figures": pack.figures,
        "sheets": pack.sheets,
    }
    lines = [call.words("cli.synthetic")] if pack.cut.synthetic else []
    call.show(document, [*lines, *files])
