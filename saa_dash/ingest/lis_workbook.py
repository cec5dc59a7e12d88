"""Pasted laboratory results put into a CRF workbook: the team's own filled one, or a fresh one."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..model.errors import UsageError
from .form import LIMIT_ROWS, Column, bilingual_term, load_form
from .identifiers import HEADER_SEARCH_ROWS
from .lis_rows import merge_lab
from .raw import cell_text
from .read_workbook import read_workbook
from .recognise import FormSheet, recognise
from .template import COMMENT_SIZE, cell_maker, default_limits, header_text, shown_unit, write_template
from .units import lab_units
from .zip_guard import check_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_LAB = "LAB"
_NOTE_AUTHOR = "CRF"
# What openpyxl raises for a workbook that other programs still open.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Appended:
    """What went into the workbook.

    Parameters
    ----------
    rows : samplings appended. values : results in them. left_out : tests with values that cannot be converted to the
        unit of the sheet; those cells stayed empty.
    """

    rows: int
    values: int
    left_out: tuple[str, ...]


def samples(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a laboratory sheet without its unit and limit rows."""
    return rows[~rows["SUBJID"].isin(LIMIT_ROWS)]


def append_lab_rows(source: Path, rows: pd.DataFrame, out: Path, mappings: Mapping[str, str] | None = None) -> Appended:
    """Write a copy of a filled workbook with pasted results behind the rows of its laboratory sheet.

    Values are converted to the units the sheet states; unit and limits of a test are filled in only where they are
    empty. A column the sheet lacks is added behind its last one. Everything else stays as it was.

    Parameters
    ----------
    source : CRF workbook (.xlsx). out : replaced in one step; may be `source`.
    rows : as `lis_rows.lab_rows` gives them.
    mappings : names of sheets and columns the team has taught → their code.

    Raises
    ------
    UsageError : `source` cannot be read, has no laboratory sheet, or holds formulas, whose values a copy would lose.
    """
    lab, sheets = _recognised(source, mappings or {})
    workbook = _open(source, sheets)
    page = workbook[lab.name]
    merged, left_out = _merged(lab, rows)
    new = samples(merged)
    columns = _columns(page, lab, [code for code in map(str, new) if new[code].notna().any()])
    _fill_limits(page, lab, columns, merged)
    last = int(max([lab.header_row, *lab.limit_rows.values(), *lab.data.index]))
    model = int(lab.data.index.max()) if len(lab.data) else None
    for number, (_, sample) in enumerate(new.iterrows(), start=last + 1):
        _write_row(page, number, sample, columns, model)
    _keep_note_sizes(workbook)
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        workbook.save(aside)
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)
    values = int(new[[code for code in new if code in lab.sheet.tests]].notna().to_numpy().sum())
    return Appended(len(new), values, left_out)


def write_lab_workbook(path: Path, rows: pd.DataFrame, lang_first: str = "zh") -> None:
    """Write a fresh CRF workbook that holds pasted results; tests that are not among them keep unit and usual limits.

    Parameters
    ----------
    rows : as `lis_rows.lab_rows` gives them.
    """
    limits = default_limits(load_form().sheets[_LAB]).set_index("SUBJID")
    pasted = rows[rows["SUBJID"].isin(LIMIT_ROWS)].set_index("SUBJID").reindex(list(LIMIT_ROWS))
    for code in (name for name in pasted if name in limits):
        given = pasted[code].dropna().to_dict()
        if given != {"UNIT": limits[code]["UNIT"]}:
            limits[code] = pasted[code]
    lab = pd.concat([limits.reset_index(), samples(rows)], ignore_index=True)
    write_template(path, lang_first, tables={_LAB: lab})


def _recognised(source: Path, mappings: Mapping[str, str]) -> tuple[FormSheet, tuple[str, ...]]:
    """Return the laboratory sheet and the names of all sheets that an import reads."""
    raw = read_workbook(source)
    if raw.problems:
        raise UsageError("error.lis_unreadable", name=source.name)
    found, _, _ = recognise(raw, load_form(), mappings)
    if _LAB not in found:
        raise UsageError("error.lis_no_sheet", name=source.name)
    return found[_LAB], tuple(sheet.name for sheet in found.values())


def _open(source: Path, sheets: tuple[str, ...]) -> Workbook:
    from openpyxl import load_workbook

    if check_workbook(source) is not None:
        raise UsageError("error.lis_unreadable", name=source.name)
    try:
        workbook = load_workbook(source)
    except _UNREADABLE as error:
        raise UsageError("error.lis_unreadable", name=source.name) from error
    for name in sheets:
        formula = next((cell for row in workbook[name].iter_rows() for cell in row if cell.data_type == "f"), None)
        if formula is not None:
            raise UsageError("error.lis_formula", name=source.name, sheet=name, cell=formula.coordinate)
    return workbook


def _merged(lab: FormSheet, rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return unit and limit rows and the new samplings in the units of the sheet, and the tests with values lost."""
    own = lab.limits.reindex(list(LIMIT_ROWS)).astype(object)
    for code in lab.sheet.tests:
        used = own[code].notna().any() or lab.data[code].notna().any() or "UNIT" not in lab.limit_rows
        if used and own[code][["UNIT"]].isna().all():
            own.at["UNIT", code] = lab_units()[code].standard  # as the import reads a column without a unit
    own["SUBJID"] = list(LIMIT_ROWS)
    merged = merge_lab(own, rows)
    before, after = samples(rows).notna().sum(), samples(merged).notna().sum()
    return merged, tuple(code for code in lab.sheet.tests if code in before and after[code] < before[code])


def _columns(page: Worksheet, lab: FormSheet, needed: list[str]) -> dict[str, int]:
    """Return the column number of each code; a needed column that the sheet lacks is added behind the last one."""
    header = page[lab.header_row]
    by_text: dict[str, int] = {}
    for cell in header:
        if cell.value is not None:
            by_text.setdefault(cell_text(cell.value), cell.column)
    columns = {code: by_text[text] for code, text in lab.headers.items()}
    last = max(by_text.values())
    for code in needed:
        if code not in columns:
            last += 1
            title = page.cell(lab.header_row, last, header_text(lab.sheet, lab.sheet.column(code), "zh"))
            title._style = copy(page.cell(lab.header_row, last - 1)._style)
            columns[code] = last
    return columns


def _fill_limits(page: Worksheet, lab: FormSheet, columns: Mapping[str, int], merged: pd.DataFrame) -> None:
    limits = merged[merged["SUBJID"].isin(LIMIT_ROWS)].set_index("SUBJID")
    for code in (name for name in lab.sheet.tests if name in limits and name in columns):
        for kind, value in limits[code].dropna().items():
            cell = page.cell(lab.limit_rows[str(kind)], columns[code]) if kind in lab.limit_rows else None
            if cell is not None and cell.value is None:
                text = str(value)
                _write(cell, shown_unit(text) if kind == "UNIT" else cell_maker(lab.sheet.column(code))(text))


def _write_row(page: Worksheet, row: int, sample: pd.Series, columns: Mapping[str, int], model: int | None) -> None:
    """Write a sampling; its cells look like those of the row `model`."""
    sheet = load_form().sheets[_LAB]
    for code, value in sample.dropna().items():
        column = sheet.column(str(code))
        cell = page.cell(row, columns[column.code])
        if model is not None:
            cell._style = copy(page.cell(model, cell.column)._style)
        _write(cell, _shown(column, value))
        if column.kind in ("id", "time"):
            cell.number_format = "@"


def _shown(column: Column, value: object) -> object:
    if column.list_name:
        return bilingual_term(column.list_name, value)
    return cell_maker(column)(value)


def _write(cell: Cell, value: object) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # "=…" in a paste is text, never a formula


def _keep_note_sizes(workbook: Workbook) -> None:
    """Give the notes of the form their size back, which openpyxl does not read."""
    for page in workbook.worksheets:
        for row in page.iter_rows(max_row=HEADER_SEARCH_ROWS):
            for cell in row:
                if cell.comment is not None and cell.comment.author == _NOTE_AUTHOR:
                    cell.comment.height, cell.comment.width = COMMENT_SIZE
