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
    for note in (*table.notes, table.source):
        sheet.append([harmless(note)])
        sheet.cell(sheet.max_row, 1).font = Font(name=LATIN, size=9)
    for place, name in enumerate(columns):
        longest = max([halves(name), *(halves(row[place]) for row in rows)])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(_WIDEST, max(longest, _LEAST) + 3)
