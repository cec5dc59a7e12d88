"""`deck CUT OUT.pptx [--template THEIRS.pptx]`: slides for a talk, their charts native and editable."""

from __future__ import annotations

from pathlib import Path

import click

from .support import current_call


@click.command("deck")
@click.argument("cut", metavar="CUT")
@click.argument("out", metavar="OUT.pptx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--template", metavar="THEIRS.pptx", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True)
def command(cut: str, out: Path, template: Path | None, force: bool) -> None:
    from ..services.deck import write_deck

    call = current_call()
    deck = write_deck(call.principal, call.data_dir, cut, out, call.lang, template, force=force, progress=call.progress)
    assert deck.cut is not None
    document = {
        "file": str(out),
        "cut": deck.cut.cut_id,
        "synthetic": deck.cut.synthetic,
        "lang": deck.lang,
        "template": None if template is None else str(template),
        "slides": deck.slides,
        "charts": deck.charts,
        "tables": deck.tables,
    }
    lines = [call.words("cli.synthetic")] if deck.cut.synthetic else []
    call.show(document, [*lines, str(out)])
