"""`import PATH --cutoff YYYY-MM-DD [--label TEXT] [--mapping FILE.toml]`: publish a data cut."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from .check import reconciliation_rows
from .support import current_call, cut_document, problem_documents, problem_lines


@click.command("import")
@click.argument("source", metavar="PATH", type=click.Path(exists=True, path_type=Path))
@click.option("--cutoff", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--label", default="")
@click.option("--mapping", metavar="FILE.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(source: Path, cutoff: datetime, label: str, mapping: Path | None) -> None:
    from ..services.imports import import_source

    call = current_call()
    made = import_source(
        call.principal, call.data_dir, source, cutoff.date(), label, progress=call.progress, mapping=mapping
    )
    document = {
        "cut": cut_document(made.cut),
        "published": made.published,
        "reconciliation": reconciliation_rows(made.report.reconciliation),
        "problems": problem_documents(made.report.problems, call.lang),
    }
    for line in problem_lines(made.report.problems, call.lang):
        call.tell(line)
    key = "cli.published" if made.published else "cli.unchanged"
    call.tell(call.words(key, id=made.cut.cut_id, subjects=made.cut.subjects, rows=made.cut.rows))
    call.show(document, [made.cut.cut_id])
