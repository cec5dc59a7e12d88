"""`check PATH [--mapping FILE.toml]`: all problems of a workbook or CSV folder; nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .support import Call, current_call, problem_documents, problem_lines


@click.command("check")
@click.argument("source", metavar="PATH", type=click.Path(exists=True, path_type=Path))
@click.option("--mapping", metavar="FILE.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def command(ctx: click.Context, source: Path, mapping: Path | None) -> None:
    from ..model.errors import DataProblems
    from ..services.imports import IdentifiersFound, check_source

    call = current_call()
    report = check_source(call.principal, call.data_dir, source, progress=call.progress, mapping=mapping)
    counts = {s: sum(p.severity == s for p in report.problems) for s in ("error", "query", "note")}
    document: dict[str, Any] = {
        "ok": not report.has_errors and not report.has_identifiers,
        "study": report.study,
        "synthetic": report.synthetic,
        "subjects": report.subjects,
        "tables": dict(report.table_rows),
        "counts": counts,
        "reconciliation": reconciliation_rows(report.reconciliation),
        "problems": problem_documents(report.problems, call.lang),
    }
    call.show(document, [*problem_lines(report.problems, call.lang), _summary(call, counts)])
    if report.has_identifiers:
        ctx.exit(IdentifiersFound.exit_code)
    if report.has_errors:
        ctx.exit(DataProblems.exit_code)


def _summary(call: Call, counts: dict[str, int]) -> str:
    return call.words("cli.summary", errors=counts["error"], queries=counts["query"], notes=counts["note"])


def reconciliation_rows(frame: Any) -> list[dict[str, Any]]:
    """Return the rows of a reconciliation as plain values, missing ones as None."""
    missing = frame.isna()
    return [
        {str(k): (None if missing.at[i, k] else getattr(v, "item", lambda v=v: v)()) for k, v in row.items()}
        for i, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
