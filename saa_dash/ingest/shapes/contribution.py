"""What one table gives to one sheet of the form, and what became of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from .source_table import SourceTable

# What makes a row of these sheets: cells of the same subject and sample come together from several tables and rows.
KEYS: Mapping[str, tuple[str, ...]] = {
    "SUBJ": ("SUBJID",),
    "LAB": ("SUBJID", "VISIT", "LBDTC", "LBTM"),
    "VS": ("SUBJID", "VSDTC", "VSTM"),
}
CELL = ("code", "text", "typed", "row", "column", "unit", "lo", "hi")


@dataclass(frozen=True)
class Contribution:
    """Cells of one table for one sheet.

    Parameters
    ----------
    keys : one row per row of the table and visit, columns of `KEYS` (none for other sheets).
    cells : index = that of `keys`; columns `CELL`: form column, text as the form reads it, text as typed, spreadsheet
        row, header, unit and normal limits as typed.
    """

    table: SourceTable
    sheet: str
    keys: pd.DataFrame
    cells: pd.DataFrame


@dataclass(frozen=True)
class Taken:
    """What became of the cells of one table.

    Parameters
    ----------
    carried : same shape as the table's body, True where the cell went into the form.
    unknown_tests : results by name of a test that nothing is said of.
    """

    table: SourceTable
    carried: pd.DataFrame
    unknown_tests: Mapping[str, int] = field(default_factory=dict)

    @property
    def values_in(self) -> int:
        """Return the number of filled cells, those of the exporting system included."""
        return int(self.table.body.notna().to_numpy().sum()) + sum(self.table.set_aside.values())

    @property
    def values_out(self) -> int:
        """Return the number of filled cells that went into the form."""
        return int((self.table.body.notna() & self.carried).to_numpy().sum())

    @property
    def rows_out(self) -> int:
        """Return the number of rows of which something went into the form."""
        return int(self.carried.any(axis=1).sum())

    @property
    def left_out(self) -> dict[str, int]:
        """Return the number of values left out by column."""
        lost = (self.table.body.notna() & ~self.carried).sum()
        return {str(name): int(n) for name, n in lost.items() if n} | dict(self.table.set_aside)
