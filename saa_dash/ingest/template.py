"""The CRF workbook that the study team fills in, empty or filled with given data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..i18n.catalogue import translate
from .form import (
    INFO_SHEET,
    LIMIT_ROWS,
    Column,
    Form,
    Sheet,
    bilingual,
    bilingual_term,
    column_label,
    column_note,
    load_form,
    sheet_title,
)
from .template_rules import add_lists, add_validations, both, unit_shown
from .template_style import FONT, REQUIRED_COLOUR, style_header, style_limit_rows
from .units import lab_units

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ENTRY_ROWS = 3000  # rows below the data that carry validation
_GUIDE = ("order", "required", "dates", "numbers", "units", "empty", "lists", "privacy", "structure", "next")
COMMENT_SIZE = (130, 260)  # points: height, width


def sheet_name(code: str, lang_first: str) -> str:
    """Return the name of a sheet's tab: title and code, short enough for a spreadsheet."""
    return f"{sheet_title('zh', code)} {code}" if lang_first == "zh" else f"{code} {sheet_title('zh', code)}"


def header_text(sheet: Sheet, column: Column, lang_first: str) -> str:
    """Return a header ``中文 English [unit] *``; units of a sheet with a unit row stand there, not in the header."""
    words = [column_label(lang, sheet, column.code) for lang in _order(lang_first)]
    text = bilingual(*words)
    if column.unit and not sheet.has_limit_rows:
        text += f" [{translate('en', f'term.unit.{column.unit}')}]"
    return f"{text} *" if column.required else text


def _order(lang_first: str) -> tuple[str, str]:
    return ("zh", "en") if lang_first == "zh" else ("en", "zh")


def _iso_date(value: str) -> object:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value  # partial, or with a time: stays text


def _number(value: str) -> object:
    try:
        return float(value)
    except ValueError:
        return value  # "<0.1"


def cell_maker(column: Column) -> Callable[[Any], object]:
    """Return what turns a code, ISO date or number as text into what a cell of a column shows."""
    if column.list_name:
        codes = load_form().lists[column.list_name]
        words = {code: bilingual_term(column.list_name, code) for code in codes}
        return lambda value: words.get(str(value), value)
    if column.kind == "date":
        return lambda value: _iso_date(value) if isinstance(value, str) else value
    if column.kind in ("int", "num"):
        return lambda value: _number(value) if isinstance(value, str) else value
    return lambda value: value


def _cells(column: Column, values: pd.Series) -> list[object]:
    make = cell_maker(column)
    return [None if missing else make(value) for value, missing in zip(values, values.isna(), strict=True)]


def default_limits(sheet: Sheet) -> pd.DataFrame:
    """Return the rows UNIT, LLN_M … with standard units and usual limits."""
    tests = {code: lab_units()[code] for code in sheet.tests}
    limits = {code: [test.standard, *(test.limits.get(row) for row in LIMIT_ROWS[1:])] for code, test in tests.items()}
    return pd.DataFrame({"SUBJID": list(LIMIT_ROWS), **limits}, dtype=object)


def _limit_rows(sheet: Sheet, frame: pd.DataFrame) -> list[list[object]]:
    """Return the rows UNIT, LLN_M … of `frame`, the usual ones where it has none, as cells show them."""
    given = frame[frame["SUBJID"].isin(LIMIT_ROWS)] if "SUBJID" in frame else frame
    limits = given if len(given) else default_limits(sheet)
    limits = limits.set_index("SUBJID").reindex(index=list(LIMIT_ROWS), columns=list(sheet.codes[1:]))
    rows: list[list[object]] = []
    for kind in LIMIT_ROWS:
        show = shown_unit if kind == "UNIT" else _number
        row = (limits.loc[kind], limits.loc[kind].isna())
        cells = [None if missing else show(str(value)) for value, missing in zip(*row, strict=True)]
        rows.append([bilingual_term("limit_row", kind), *cells])
    return rows


def shown_unit(unit: str) -> str:
    """Return a unit as a cell shows it; one the form does not know as it is."""
    known = {code for test in lab_units().values() for code in test.factors}
    return unit_shown(unit) if unit in known else unit


def _add_sheet(workbook: Workbook, sheet: Sheet, frame: pd.DataFrame, lang_first: str) -> None:
    from openpyxl.comments import Comment

    page = workbook.create_sheet(sheet_name(sheet.code, lang_first))
    page.append([header_text(sheet, column, lang_first) for column in sheet.all_columns])
    limits = 0
    if sheet.has_limit_rows:
        for limit_row in _limit_rows(sheet, frame):
            page.append(limit_row)
        limits = len(LIMIT_ROWS)
        frame = frame[~frame["SUBJID"].isin(LIMIT_ROWS)] if "SUBJID" in frame else frame
    frame = frame.reindex(columns=list(sheet.codes))
    for row in zip(*(_cells(column, frame[column.code]) for column in sheet.all_columns), strict=True):
        page.append(row)
    style_header(page, sheet)
    style_limit_rows(page, sheet, limits)
    for number, column in enumerate(sheet.all_columns, start=1):
        note = "\n".join(column_note(lang, sheet, column.code) for lang in _order(lang_first))
        page.cell(1, number).comment = Comment(note, "CRF", *COMMENT_SIZE)
    add_validations(page, sheet, limits + 2, limits + 1 + len(frame) + ENTRY_ROWS)
    page.freeze_panes = page.cell(limits + 2, 2)
    page.sheet_properties.tabColor = "2F7D6B"


def _add_guide(page: Worksheet, form: Form, lang_first: str, synthetic: bool) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    first, second = _order(lang_first)
    page.title = bilingual(translate("zh", "crf.INFO.title"), translate("en", "crf.INFO.title"))
    page.sheet_view.showGridLines = False
    for letter, width in (("A", 3), ("B", 26), ("C", 96)):
        page.column_dimensions[letter].width = width
    page["B1"] = both("crf.template.study_title")
    page["B1"].font = Font(name=FONT, size=16, bold=True, color="1F3A5F")
    page["B2"] = both("crf.template.guide_title")
    page["B2"].font = Font(name=FONT, size=11, color="5D6D7E")
    if synthetic:
        page["B3"] = translate("zh", "crf.template.synthetic")
        page["B3"].font = Font(name=FONT, size=14, bold=True, color="FFFFFF")
        page["B3"].fill = page["C3"].fill = PatternFill("solid", start_color=REQUIRED_COLOUR)
    entries = [(f"crf.guide.{key}.title", f"crf.guide.{key}.text") for key in _GUIDE]
    entries += [(f"crf.{code}.title", f"crf.{code}.note") for code in form.sheets]
    for row, (title, text) in enumerate(entries, start=5):
        page.cell(row, 2, f"{translate(first, title)}\n{translate(second, title)}")
        page.cell(row, 3, f"{translate(first, text)}\n{translate(second, text)}")
        page.cell(row, 2).font = Font(name=FONT, bold=True, color="1F3A5F")
        page.row_dimensions[row].height = 48
        for number in (2, 3):
            page.cell(row, number).alignment = Alignment(wrap_text=True, vertical="center")
            if row % 2:
                page.cell(row, number).fill = PatternFill("solid", start_color="F3F7FA")
    page.freeze_panes = "A5"


def _add_info(workbook: Workbook, form: Form, study: str | None, synthetic: bool) -> None:
    from openpyxl.styles import Font

    page = workbook.create_sheet(INFO_SHEET)
    rows = {"study": study, "form_version": form.version, "synthetic": "Y" if synthetic else "N"}
    page.append(["key", "value"])
    for key, value in rows.items():
        page.append([key, value, both(f"crf.template.info_{key}")])
    for letter, width in (("A", 18), ("B", 24), ("C", 60)):
        page.column_dimensions[letter].width = width
    for cell in page["C"]:
        cell.font = Font(name=FONT, color="5D6D7E")


def build_workbook(
    lang_first: str, tables: Mapping[str, pd.DataFrame], *, synthetic: bool, study: str | None
) -> Workbook:
    """Return the workbook: instructions, one sheet per form sheet, INFO and the hidden lists."""
    from openpyxl import Workbook

    form = load_form()
    workbook = Workbook()
    guide = workbook.active
    assert guide is not None
    _add_guide(guide, form, lang_first, synthetic)
    for sheet in form.sheets.values():
        _add_sheet(workbook, sheet, tables.get(sheet.code, pd.DataFrame()), lang_first)
    _add_info(workbook, form, study, synthetic)
    add_lists(workbook, form)
    if synthetic:
        for page in workbook.worksheets:
            page.oddHeader.center.text = translate("zh", "crf.template.synthetic")
    return workbook


def write_template(
    path: Path,
    lang_first: str = "zh",
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    synthetic: bool = False,
    study: str | None = None,
) -> None:
    """Write the CRF workbook, replacing `path` in one step.

    Parameters
    ----------
    lang_first : ``zh`` or ``en``, the language that stands first in headers and instructions.
    tables : by sheet code, frames whose columns are the form's column codes and whose values are codes, ISO dates,
        numbers or text such as ``<0.1``; LAB may hold the rows UNIT, LLN_M … (their code in SUBJID).
    synthetic : marks the workbook as simulated data.
    study : identifier that goes to the INFO sheet.
    """
    workbook = build_workbook(lang_first, tables or {}, synthetic=synthetic, study=study)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        workbook.save(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
