"""`estimate km|cif|quantiles IN.csv --out OUT.csv`: survival estimates of any table of times and events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .support import current_call

if TYPE_CHECKING:
    from ..analysis.limits import ConfType
    from ..services.estimates import Kind


@click.command("estimate")
@click.argument("kind", type=click.Choice(["km", "cif", "quantiles"]))
@click.argument("source", metavar="IN.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--conf-type", type=click.Choice(["log-log", "log", "plain"]))
@click.option("--out", metavar="OUT.csv", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True)
def command(kind: Kind, source: Path, conf_type: ConfType | None, out: Path, force: bool) -> None:
    from ..services.estimates import write_estimates

    call = current_call()
    rows = write_estimates(call.principal, kind, source, out, conf_type, force=force)
    call.show({"path": str(out), "rows": rows}, [str(out)])
