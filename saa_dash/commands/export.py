"""`export CUT OUTDIR`: the analysis datasets of a cut as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..i18n.catalogue import render
from ..model.errors import UsageError
from .support import Call, current_call

_OPTIONS = ("criteria", "origin", "window_days", "independence")


@click.command("export")
@click.argument("cut", metavar="CUT")
@click.argument("out", metavar="OUTDIR", type=click.Path(path_type=Path))
@click.option("--format", "export_format", metavar="csv|parquet|xpt|dataset-json", required=True)
@click.option("--criteria", metavar="ID")
@click.option("--origin", metavar="atg_start|atg_end|first_infusion")
@click.option("--window-days", metavar="N")
@click.option("--independence", metavar="value_valid|28|strict")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True)
@click.option("--force", is_flag=True)
def command(cut: str, out: Path, export_format: str, settings: tuple[str, ...], force: bool, **named: Any) -> None:
    from ..services.export import export_cut

    call = current_call()
    given = [_pair(text) for text in settings]
    given += [(name, str(named[name])) for name in _OPTIONS if named[name] is not None]
    done = export_cut(call.principal, call.data_dir, cut, out, export_format, given, force=force)
    for note in done.notes:
        call.tell(render(note, call.lang))
    document = {
        "path": str(out),
        "cut": done.cut.cut_id,
        "format": export_format,
        "synthetic": done.cut.synthetic,
        "sensitivity": done.sensitivity,
        "differs_from_primary": list(done.changed),
        "settings_hash": done.settings_hash,
        "files": [{"name": f.name, "dataset": f.dataset, "rows": f.rows, "sha256": f.sha256} for f in done.files],
        "notes": [{"code": note.code, **note.params} for note in done.notes],
    }
    call.show(document, [*_marks(call, done), *(f"{out / file.name}\t{file.rows}" for file in done.files)])


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UsageError("error.setting_form", text=text)
    return key.strip(), value.strip()


def _marks(call: Call, done: Any) -> list[str]:
    marks = [call.words("cli.synthetic")] if done.cut.synthetic else []
    return [*marks, *([call.words("export.sensitivity", keys=", ".join(done.changed))] if done.sensitivity else [])]
