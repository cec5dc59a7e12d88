"""Tables for a paper as a workbook: one sheet a table, three rules, notes below; the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from ..i18n import translate
from ..model.cells import harmless
from .cells import halves, texts_of
from .document import Table
from .takeaway_docx import LATIN
from .workbook import STAMP, settled, sheet_name

_WIDEST = 60  # letters of a column
_LEAST = 8
_BODY = 10.0  # pt of letters in a table
_ROOMY, _LINE = 1.08, 1.3  # letters are not all alike wide; a line, of the size of its letters
_PORTRAIT = 95.0  # letters beside one another on an upright A4 page, of the size of a table's
_SIDE, _END = 0.6, 0.75  # inches of margin


def write_xlsx(tables: Sequence[Table], lang: str, title: str) -> bytes:
    """Return tables as a workbook; cells hold the words of the printed table.

    Parameters
    ----------
    title : property of the file.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title, book.properties.creator = title, "saa-dash"
    made = datetime(*STAMP[:3])
    book.properties.created = book.properties.modified = made
    book.remove(book.active)
    for number, table in enumerate(tables, start=1):
        sheet = book.create_sheet(sheet_name(f"{number} {table.sheet}", book.sheetnames))
        _fill(sheet, table, translate(lang, "takeaway.table_number", number=number, title=table.title))
    out = BytesIO()
    book.save(out)
    return settled(out.getvalue(), made)


def _fill(sheet: Any, table: Table, title: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    columns, rows = [str(name) for name in table.frame.columns], texts_of(table.frame)
    heavy, thin = Side("medium"), Side("thin")
    sheet.sheet_view.showGridLines = False
    sheet.append([harmless(title)])
    sheet["A1"].font = Font(name=LATIN, bold=True, size=11)
    for number, texts in enumerate([columns, *rows]):
        sheet.append([harmless(text.replace("\u2003", "")) for text in texts])
        top = heavy if not number else None
        bottom = heavy if number == len(rows) else thin if not number else None
        for place, cell in enumerate(sheet[sheet.max_row]):
            strong = not number or (number - 1 in table.heads and not place)
            cell.font, cell.border = Font(name=LATIN, size=10, bold=strong), Border(top=top, bottom=bottom)
            cell.alignment = Alignment(
                horizontal="center" if place else "left", vertical="top", wrap_text=True,
                indent=int(texts[place].startswith("\u2003")),
            )  # fmt: skip
    for place, name in enumerate(columns):
        longest = max([halves(name), *(halves(row[place]) for row in rows)])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(_WIDEST, max(longest, _LEAST) + 3)
    wide = sum(held.width for held in sheet.column_dimensions.values())
    for note in (*table.notes, table.source):
        sheet.append([harmless(note)])
        sheet.cell(sheet.max_row, 1).font = Font(name=LATIN, size=9)
    for row in (1, *range(len(rows) + 3, sheet.max_row + 1)):
        _across(sheet, row, len(columns), wide)
    _set_up_print(sheet, max(len(columns), 1), wide)


def _across(sheet: Any, row: int, columns: int, wide: float) -> None:
    """Let words run over all columns, in as many lines as they need: what leaves a sheet is not printed."""
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, 1)
    if columns > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    lines = -(-round(halves(str(cell.value or "")) * cell.font.sz / _BODY * _ROOMY) // max(round(wide), 1))
    sheet.row_dimensions[row].height = max(lines, 1) * cell.font.sz * _LINE


def _set_up_print(sheet: Any, columns: int, wide: float) -> None:
    """Set a sheet up for A4: as broad as the table and no broader, title and head of the table on every page."""
    from openpyxl.utils import get_column_letter

    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape" if wide > _PORTRAIT else "portrait", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:2"
    sheet.print_area = f"A1:{get_column_letter(columns)}{sheet.max_row}"
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = _SIDE
    margins.top = margins.bottom = _END
    margins.header = margins.footer = _END / 2
    sheet.oddFooter.center.text = "&P / &N"
