"""`diff CUT --since CUT2 --out OUT.csv`: what changed between two cuts."""

from __future__ import annotations

from pathlib import Path

import click

from .support import current_call


@click.command("diff")
@click.argument("cut", metavar="CUT")
@click.option("--since", metavar="CUT2", required=True)
@click.option("--out", metavar="OUT.csv", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True)
def command(cut: str, since: str, out: Path, force: bool) -> None:
    from ..services.differences import export_differences

    call = current_call()
    found = export_differences(call.principal, call.data_dir, cut, since, out, force=force)
    document = {
        "path": str(out),
        "cut": found.cut.cut_id,
        "since": found.since.cut_id,
        "rows": len(found.rows),
        "kinds": found.counts,
    }
    lines = [call.words("cli.synthetic")] if found.cut.synthetic else []
    lines += [f"{call.words(f'diff.kind.{kind}')}\t{n}" for kind, n in found.counts.items()]
    call.show(document, [*lines, str(out)])
