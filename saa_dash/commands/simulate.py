"""`simulate --patients N --seed S OUT`: a synthetic cohort in the form of the CRF."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from .support import current_call


@click.command("simulate")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--patients", type=int, required=True)
@click.option("--seed", type=click.IntRange(min=0), required=True)
@click.option("--format", "fmt", type=click.Choice(["xlsx", "csv"]), default="xlsx")
@click.option("--force", is_flag=True)
def command(out: Path, patients: int, seed: int, fmt: Literal["xlsx", "csv"], force: bool) -> None:
    from ..services.samples import write_simulation

    call = current_call()
    write_simulation(call.principal, out, patients, seed, fmt, force=force)
    document = {"path": str(out), "patients": patients, "seed": seed, "format": fmt, "synthetic": True}
    call.show(document, [f"{out} · {call.words('cli.synthetic')}"])
