"""Reading an .xlsx workbook into text cells."""

from __future__ import annotations

from pathlib import Path

from .codes import make_problem
from .raw import RawSheet, RawSource, digest, raw_sheet
from .template_rules import LISTS_SHEET
from .zip_guard import check_workbook


def read_workbook(path: Path) -> RawSource:
    """Read every sheet of a workbook; a file that must not or cannot be parsed becomes a problem."""
    problem = check_workbook(path)
    if problem is not None:
        return RawSource((), {}, (problem,))
    from python_calamine import CalamineError, CalamineWorkbook

    digests = {path.name: digest(path)}
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = tuple(_read_sheet(workbook, path.name, name) for name in workbook.sheet_names)
    except (CalamineError, OSError, ValueError):
        return RawSource((), digests, (make_problem("file_damaged", file=path.name),))
    return RawSource(tuple(sheet for sheet in sheets if sheet.name != LISTS_SHEET), digests)


def _read_sheet(workbook, file: str, name: str) -> RawSheet:  # type: ignore[no-untyped-def]
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return raw_sheet(file, name, rows)
