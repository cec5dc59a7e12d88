"""The workbook inside a chart: what it draws, in columns with names, the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

import numpy as np

from ...model.cells import harmless

_MADE = datetime(1980, 1, 1)
_LETTERS = 26
_WIDEST = 40  # letters of a column

Cell = float | str | None


@dataclass
class Book:
    """Columns by sheet, in order.

    Parameters
    ----------
    sheets : names of the sheets: numbers, words.
    """

    sheets: tuple[str, str]
    columns: dict[str, list[tuple[str, list[Cell]]]] = field(default_factory=dict)

    def add(self, header: str, values: Sequence[Cell] | np.ndarray, *, words: bool = False) -> tuple[str, str]:
        """Add a column; return the references of its header and of its values."""
        sheet = self.sheets[int(words)]
        held = self.columns.setdefault(sheet, [])
        cells: list[Cell] = [None if item is None or item != item else item for item in list(values)]
        held.append((header, cells))
        letter = _letters(len(held) - 1)
        quoted = "'" + sheet.replace("'", "''") + "'"
        return f"{quoted}!${letter}$1", f"{quoted}!${letter}$2:${letter}${max(len(cells), 1) + 1}"

    def to_bytes(self) -> bytes:
        """Return the workbook."""
        from xlsxwriter import Workbook

        out = BytesIO()
        book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": _MADE, "author": "", "title": ""})
        bold = book.add_format({"bold": True})
        for name in self.sheets:
            columns = self.columns.get(name)
            if not columns:
                continue
            sheet = book.add_worksheet(name)
            for at, (header, cells) in enumerate(columns):
                sheet.write_string(0, at, harmless(header), bold)
                sheet.set_column(at, at, min(_WIDEST, max(10, len(header) * 1.6)))
                for row, cell in enumerate(cells, start=1):
                    if isinstance(cell, str):
                        sheet.write_string(row, at, harmless(cell))
                    elif cell is not None:
                        sheet.write_number(row, at, float(cell))
        book.close()
        return out.getvalue()


def _letters(place: int) -> str:
    out = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, _LETTERS)
        out = chr(ord("A") + rest) + out
    return out
