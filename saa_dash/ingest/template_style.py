"""How the CRF workbook looks: header colours by group, widths, row heights."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from .form import Column, Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Microsoft YaHei"  # without a name spreadsheets fall back to a serif face
HEADER_HEIGHT = 50
_GROUPS = (
    ("key", re.compile(r"SUBJID|VISIT")),
    ("date", re.compile(r".*DTC|.*TM")),
    ("criterion", re.compile(r"(INCL|EXCL)\d\d")),
    ("causality", re.compile(r"AEREL.+")),
    ("action", re.compile(r"AEACN.+")),
    ("serious", re.compile(r"AESER|AESDTH|AESLIFE|AESHOSP|AESDISAB|AESCONG|AESMIE")),
)
_FILLS = {
    "key": "1F3A5F",
    "date": "2E6E8E",
    "value": "3D6B5C",
    "test": "2F7D6B",
    "criterion": "6B5B7B",
    "causality": "7A5C3E",
    "action": "8A6D3B",
    "serious": "8C3B3B",
}
_WIDTHS = {"id": 18, "date": 14, "pdate": 14, "time": 11, "int": 10, "num": 12, "yn": 13, "choice": 22, "terms": 22}
_TEXT_WIDTH = 26
REQUIRED_COLOUR = "C0392B"
LIMIT_FILL = "FFF6DD"
BLOCKED_FILL = "EEEEEE"


def group_of(column: Column) -> str:
    """Return the group a column's header is coloured by."""
    if column.is_test:
        return "test"
    return next((name for name, pattern in _GROUPS if pattern.fullmatch(column.code)), "value")


@cache
def _header_look(group: str, required: bool) -> dict[str, Any]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    edge = Side(style="thin", color="FFFFFF")
    bottom = Side(style="thick", color=REQUIRED_COLOUR) if required else edge
    return {
        "font": Font(name=FONT, size=10, bold=True, color="FFFFFF"),
        "fill": PatternFill("solid", start_color=_FILLS[group]),
        "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
        "border": Border(left=edge, right=edge, bottom=bottom),
    }


def style_header(sheet: Worksheet, form_sheet: Sheet) -> None:
    """Colour the header row by group, mark required columns, set widths and number formats."""
    from openpyxl.utils import get_column_letter

    sheet.row_dimensions[1].height = HEADER_HEIGHT
    for number, column in enumerate(form_sheet.all_columns, start=1):
        cell = sheet.cell(1, number)
        for name, look in _header_look(group_of(column), column.required).items():
            setattr(cell, name, look)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = _WIDTHS.get(column.kind, _TEXT_WIDTH)
        if column.kind == "date":
            dimension.number_format = "yyyy-mm-dd"
        elif column.kind in ("pdate", "time", "id"):
            dimension.number_format = "@"  # else the spreadsheet turns 2026-03 into the first of the month


def style_limit_rows(sheet: Worksheet, form_sheet: Sheet, rows: int) -> None:
    """Set the rows of units and normal limits apart from the data."""
    from openpyxl.styles import Font, PatternFill

    limit, blocked = (PatternFill("solid", start_color=colour) for colour in (LIMIT_FILL, BLOCKED_FILL))
    for row in sheet.iter_rows(min_row=2, max_row=1 + rows, max_col=len(form_sheet.codes)):
        for cell, column in zip(row, form_sheet.all_columns, strict=True):
            cell.fill = limit if column.is_test or column.code == "SUBJID" else blocked
        row[0].font = Font(name=FONT, bold=True, size=9)
