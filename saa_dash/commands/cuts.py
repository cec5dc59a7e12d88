"""`cuts`: the data cuts, newest first."""

from __future__ import annotations

import click

from ..model.cut import CutInfo
from .support import current_call, cut_document

_COLUMNS = ("id", "label", "cutoff", "imported", "study", "synthetic", "subjects", "rows", "content_hash", "parent")


@click.command("cuts")
def command() -> None:
    from ..services.cuts import list_cuts

    call = current_call()
    cuts = list_cuts(call.principal, call.data_dir)
    if not cuts:
        call.tell(call.words("cli.no_cuts"))
    call.show({"cuts": [cut_document(info) for info in cuts]}, ["\t".join(_COLUMNS), *map(_line, cuts)])


def _line(info: CutInfo) -> str:
    document = cut_document(info)
    cells = [{True: "Y", False: "N", None: ""}.get(value, value) for value in (document[c] for c in _COLUMNS)]
    return "\t".join(" ".join(str(cell).split()) for cell in cells)
