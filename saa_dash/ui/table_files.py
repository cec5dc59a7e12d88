"""A shown table as a file: CSV or XLSX, with its provenance, numbers as numbers, and no text that runs as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pandas as pd

from ..export.sheet_value import sheet_value
from ..model.cells import harmless
from ..model.provenance import Provenance
from .words import t

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60  # characters of a column


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose names and texts no spreadsheet takes for formulas."""
    return pd.DataFrame(
        {harmless(str(name)): _harmless_column(table.iloc[:, i]) for i, name in enumerate(table.columns)}
    )


def _harmless_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column
    return column.astype(object).map(lambda value: harmless(value) if isinstance(value, str) else value)


def provenance_rows(provenance: Provenance) -> list[str]:
    """Return where a table comes from, line by line."""
    lines = [
        *([t("synthetic.badge")] if provenance.synthetic else []),
        t("provenance.cut", cut=provenance.cut_id, date=provenance.cutoff),
        t("provenance.n", n=provenance.selected, total=provenance.total),
        t("provenance.filtered", filters=provenance.filters) if provenance.filters else t("provenance.unfiltered"),
        *([t("provenance.rule", rule=provenance.rule)] if provenance.rule else []),
        *([t("figure.sensitivity")] if not provenance.primary else []),
        t("provenance.hash", content=provenance.content_hash, settings=provenance.settings_hash),
    ]
    return [harmless(line) for line in lines]


def plain_csv(table: pd.DataFrame) -> bytes:
    """Return a table as UTF-8 CSV that Excel opens rightly."""
    body = harmless_table(table).to_csv(index=False, lineterminator="\r\n")
    return ("\ufeff" + body).encode("utf-8")


def table_csv(table: pd.DataFrame, about: Sequence[str]) -> bytes:
    """Return a table as CSV, `provenance_rows` as comment lines above the header."""
    head = "".join(f"# {line}\r\n" for line in about)
    return ("\ufeff" + head).encode("utf-8") + plain_csv(table)[3:]


def table_xlsx(table: pd.DataFrame, about: Sequence[str], names: tuple[str, str]) -> bytes:
    """Return a table as a workbook: the numbers on the first sheet, `provenance_rows` on the second.

    Parameters
    ----------
    names : of the sheets.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    shown, book = harmless_table(table), Workbook(write_only=True)
    sheet = book.create_sheet(names[0])
    sheet.freeze_panes = "A2"
    for number, name in enumerate(shown.columns, start=1):
        longest = shown.iloc[:, number - 1].astype(str).str.len().max() if len(shown) else 0
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max(len(name), int(longest)) + 4)
    head = [WriteOnlyCell(sheet, value=name) for name in shown.columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in shown.itertuples(index=False, name=None):
        sheet.append([sheet_value(value) for value in row])
    second = book.create_sheet(names[1])
    second.column_dimensions["A"].width = 100
    for line in about:
        second.append([line])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
