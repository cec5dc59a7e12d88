"""Tables as a workbook of the same bytes each time: fixed stamps inside, no text that runs as a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from ..export.sheet_value import sheet_value
from ..model.cells import harmless
from .cells import halves
from .document import Table

STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold
_WIDEST = 60  # letters of a column
_NAME = 31  # letters of a sheet's name that Excel takes
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_workbook(tables: Sequence[Table], about: Sequence[str], title: str, first: str) -> bytes:
    """Return tables as sheets, all of their rows, behind a sheet that says what they are.

    Parameters
    ----------
    tables : with `sheet` names. about : lines of the first sheet. title : property of the file. first : its name.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title, book.properties.creator = title, "saa-dash"
    made = datetime(*STAMP[:3])
    book.properties.created = book.properties.modified = made
    sheet = book.active
    sheet.title = sheet_name(first, [])
    sheet.column_dimensions["A"].width = 120
    for line in about:
        sheet.append([harmless(line)])
    for table in tables:
        _sheet(book, table)
    out = BytesIO()
    book.save(out)
    return settled(out.getvalue(), made)


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """Return a name that Excel takes and no other sheet has."""
    name = _FORBIDDEN.sub(" ", wanted).strip()[:_NAME]
    number = 2
    while name.casefold() in {other.casefold() for other in taken}:
        name = f"{name[: _NAME - 3]} {number}"
        number += 1
    return name


def _sheet(book: object, table: Table) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(sheet_name(table.sheet, book.sheetnames))  # type: ignore[attr-defined]
    frame, quiet = table.frame if table.whole is None else table.whole, Font(color="5B6470", size=9)
    sheet.append([harmless(table.title)])
    sheet["A1"].font = Font(bold=True, size=12)
    for line in (table.source, *table.notes):
        sheet.append([harmless(line)])
        sheet.cell(sheet.max_row, 1).font = quiet
    if not len(frame.columns):
        return
    sheet.append([harmless(str(name)) for name in frame.columns])
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = f"B{head + 1}"
    columns = [[sheet_value(value) for value in frame.iloc[:, place].tolist()] for place in range(len(frame.columns))]
    for row in zip(*columns, strict=True):
        sheet.append(row)
    if len(frame):
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{head + len(frame)}"
    for place, (name, column) in enumerate(zip(frame.columns, columns, strict=True), start=1):
        longest = max((halves(str(value)) for value in column if value is not None), default=0)
        width = min(_WIDEST, max(min(halves(str(name)), 18), longest) + 3)
        sheet.column_dimensions[get_column_letter(place)].width = width


def settled(book: bytes, made: datetime) -> bytes:
    """Return a workbook with the stamps of its parts and of its last change set."""
    said = f">{made:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode()
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as held, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in held.namelist():
            data = held.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb">[^<]*</dcterms:modified>", said, data)
            part = zipfile.ZipInfo(name, STAMP)
            part.create_system = 3  # the same on every system
            kept.writestr(part, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
