"""The user's workbook given back with every finding marked in its cell and listed on a first sheet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..i18n.catalogue import LANGUAGES, translate
from ..i18n.problem_words import problem_words
from ..model.problem import Problem
from .form import bilingual
from .identifiers import HEADER_SEARCH_ROWS
from .raw import RawSource, cell_text
from .read_folder import read_folder
from .template_style import FONT
from .zip_guard import check_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MAX_MARKED_CELLS = 5_000  # beyond it the list alone is complete: spreadsheets choke on comments
_AUTHOR = "SAA Dash"
_FILLS = {"error": "F5B7B1", "query": "FCE4A8"}
_WIDTHS = {"severity": 9, "sheet": 20, "cell": 10, "column": 26, "value": 18, "what": 46, "expected": 34, "remedy": 46}
_FILL_RANK = {"error": 0, "query": 1, "note": 2}


def list_sheet_name() -> str:
    """Return the name of the sheet that lists the problems."""
    zh, en = (translate(lang, "markup.sheet") for lang in LANGUAGES)
    return bilingual(zh, en)


def write_marked_copy(source: Path, problems: Sequence[Problem], out: Path, lang: str) -> None:
    """Write a copy of `source` to `out` (.xlsx) with the offending cells filled and commented.

    Parameters
    ----------
    source : the workbook, or the folder of CSV files; one that cannot be opened gives the list alone.
    lang : language of list and comments.
    """
    workbook = _copy(source)
    marked = _mark(workbook, problems, lang)
    _add_list(workbook, problems, marked, lang)
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        workbook.save(aside)
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)


def _copy(source: Path) -> Workbook:
    from openpyxl import Workbook, load_workbook

    if source.is_dir():
        return _from_folder(read_folder(source))
    if check_workbook(source) is not None:
        workbook = Workbook()
        workbook.remove(workbook.worksheets[0])
        return workbook
    workbook = load_workbook(source)
    _clear_earlier_marks(workbook)
    return workbook


def _from_folder(raw: RawSource) -> Workbook:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in raw.sheets:
        page = workbook.create_sheet(sheet.name)
        for row, cells in zip(sheet.cells.index, sheet.cells.to_numpy(dtype=object), strict=True):
            for number, text in enumerate(cells, start=1):
                if isinstance(text, str):
                    _write_text(page.cell(int(row), number), text)
        page.freeze_panes = "B2"
    return workbook


def _write_text(cell: Cell, text: str) -> None:
    cell.value = text
    cell.data_type = "s"  # "=…" typed by a user is text here, never a formula


def _clear_earlier_marks(workbook: Workbook) -> None:
    """Take away the list and the marks of an earlier copy that was mended and handed in again."""
    from openpyxl.styles import PatternFill

    if list_sheet_name() not in workbook.sheetnames:
        return
    workbook.remove(workbook[list_sheet_name()])
    for page in workbook.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == _AUTHOR:
                    cell.comment, cell.fill = None, PatternFill()


def _mark(workbook: Workbook, problems: Sequence[Problem], lang: str) -> list[Cell | None]:
    """Mark the cells; return for each problem the cell it lies in, None where it has none."""
    columns = {page.title: _columns(page) for page in workbook.worksheets}
    cells = [_cell_of(workbook, problem, columns) for problem in problems]
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem, cell in zip(problems, cells, strict=True):
        if cell is not None and problem.severity in _FILLS:
            by_cell.setdefault((cell.parent.title, cell.coordinate), []).append(problem)
    for (title, coordinate), found in list(by_cell.items())[:MAX_MARKED_CELLS]:
        _mark_cell(workbook[title][coordinate], found, lang)
    return cells


def _columns(page: Worksheet) -> dict[str, int]:
    """Return the column number of each text among the first rows, where the header stands."""
    found: dict[str, int] = {}
    for row in page.iter_rows(max_row=HEADER_SEARCH_ROWS):
        for cell in row:
            if cell.value is not None:
                found.setdefault(cell_text(cell.value), cell.column)
    return found


def _cell_of(workbook: Workbook, problem: Problem, columns: dict[str, dict[str, int]]) -> Cell | None:
    if problem.sheet not in columns:
        return None
    column = columns[problem.sheet].get(problem.column)
    if column is None and problem.row is None:
        return None
    return workbook[problem.sheet].cell(problem.row or 1, column or 1)


def _mark_cell(cell: Cell, problems: Sequence[Problem], lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    worst = min((problem.severity for problem in problems), key=_FILL_RANK.__getitem__)
    texts = [problem_words(problem, lang) for problem in problems]
    comments = [
        translate(lang, "markup.comment", what=words.message, expected=words.expected, remedy=words.remedy)
        for words in texts
    ]
    cell.fill = PatternFill("solid", start_color=_FILLS[worst])
    cell.comment = Comment("\n\n".join(comments), _AUTHOR, height=60 + 60 * len(texts), width=300)


def _add_list(workbook: Workbook, problems: Sequence[Problem], cells: Iterable[Cell | None], lang: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page = workbook.create_sheet(list_sheet_name(), 0)
    workbook.active = 0
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is page
    page.cell(1, 1, translate(lang, "markup.title")).font = Font(name=FONT, size=15, bold=True, color="1F3A5F")
    counts = {name: sum(problem.severity == name for problem in problems) for name in _FILL_RANK}
    summary = translate(lang, "markup.counts", errors=counts["error"], queries=counts["query"], notes=counts["note"])
    page.cell(2, 1, summary if problems else translate(lang, "markup.none"))
    for number, (name, width) in enumerate(_WIDTHS.items(), start=1):
        cell = page.cell(4, number, translate(lang, f"markup.head.{name}"))
        cell.font, cell.fill = Font(name=FONT, bold=True, color="FFFFFF"), PatternFill("solid", start_color="1F3A5F")
        page.column_dimensions[get_column_letter(number)].width = width
    for row, (problem, cell) in enumerate(zip(problems, cells, strict=True), start=5):
        _list_row(page, row, problem, cell, lang)
        for number in range(1, len(_WIDTHS) + 1):
            page.cell(row, number).alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A5"
    page.auto_filter.ref = f"A4:{get_column_letter(len(_WIDTHS))}{max(4, 4 + len(problems))}"


def _list_row(page: Worksheet, row: int, problem: Problem, target: Cell | None, lang: str) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import quote_sheetname
    from openpyxl.worksheet.hyperlink import Hyperlink

    text = problem_words(problem, lang)
    place = problem.sheet or problem.file
    coordinate = target.coordinate if target is not None else ""
    severity = translate(lang, f"severity_of_problem.{problem.severity}")
    values = (severity, place, coordinate, problem.column, problem.value, text.message, text.expected, text.remedy)
    for number, value in enumerate(values, start=1):
        _write_text(page.cell(row, number), value)
    if problem.severity in _FILLS:
        page.cell(row, 1).fill = PatternFill("solid", start_color=_FILLS[problem.severity])
    if target is not None:
        link = page.cell(row, 3)
        location = f"{quote_sheetname(target.parent.title)}!{coordinate}"
        link.hyperlink = Hyperlink(ref=link.coordinate, location=location)
        link.font = Font(name=FONT, color="1A5FB4", underline="single")
