"""Drop-downs, limits of typing and their error texts in the CRF workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..i18n.catalogue import translate
from .form import Column, Form, Sheet, bilingual, bilingual_term
from .units import lab_units

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

LISTS_SHEET = "LISTS"
MAX_ID_LENGTH = 20
_UNBOUNDED = 1_000_000


def both(key: str, **params: object) -> str:
    """Return a sentence in both languages, Chinese first."""
    return bilingual(translate("zh", key, **params), translate("en", key, **params))


def add_lists(workbook: Workbook, form: Form) -> None:
    """Write the code lists and the units of each test to a hidden, protected sheet, each with a named range."""
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    sheet = workbook.create_sheet(LISTS_SHEET)
    lists = {f"list_{name}": [bilingual_term(name, code) for code in codes] for name, codes in form.lists.items()}
    lists |= {f"units_{test.code}": [unit_shown(unit) for unit in test.factors] for test in lab_units().values()}
    for number, (name, words) in enumerate(lists.items(), start=1):
        for row, text in enumerate([name, *words], start=1):
            sheet.cell(row, number, text)
        letter = get_column_letter(number)
        area = f"{quote_sheetname(LISTS_SHEET)}!${letter}$2:${letter}${len(words) + 1}"
        workbook.defined_names[name] = DefinedName(name, attr_text=area)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True


def unit_shown(unit: str) -> str:
    """Return a unit as a cell shows it."""
    return translate("zh", f"term.unit.{unit}")


def _validation(kind: str, error: str, **options: object) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type=kind, allow_blank=True, showErrorMessage=True, **options)
    rule.errorTitle = both("crf.template.error_title")
    rule.error = error
    return rule


def _number_rule(column: Column) -> DataValidation:
    low = -_UNBOUNDED if column.minimum is None else column.minimum
    high = _UNBOUNDED if column.maximum is None else column.maximum
    kind, key = ("whole", "error_whole") if column.kind == "int" else ("decimal", "error_number")
    error = both(f"crf.template.{key}", minimum=low, maximum=high)
    return _validation(kind, error, operator="between", formula1=f"{low:g}", formula2=f"{high:g}")


def _rule(column: Column, cell: str) -> DataValidation | None:
    """Return the validation of a column whose first data cell is `cell`; None for free text."""
    if column.list_name:
        rule = _validation("list", both("crf.template.error_list"), formula1=f"list_{column.list_name}")
        rule.showErrorMessage = column.kind != "terms"  # proposals only: own words are permitted
        return rule
    if column.censored:
        formula = f'OR(ISNUMBER({cell}),LEFT({cell},1)="<",LEFT({cell},1)=">")'
        return _validation("custom", both("crf.template.error_result"), formula1=formula)
    if column.kind in ("int", "num"):
        return _number_rule(column)
    if column.kind == "date":
        error = both("crf.template.error_date")
        return _validation("date", error, operator="between", formula1="DATE(1930,1,1)", formula2="DATE(2099,12,31)")
    if column.kind == "pdate":
        formula = f"OR(ISNUMBER({cell}),AND(LEN({cell})>=4,LEN({cell})<=10))"
        return _validation("custom", both("crf.template.error_pdate"), formula1=formula)
    if column.kind == "time":
        formula = f"OR(ISNUMBER({cell}),LEN({cell})=4,LEN({cell})=5)"
        return _validation("custom", both("crf.template.error_time"), formula1=formula)
    if column.kind == "id":
        error = both("crf.template.error_id")
        return _validation("textLength", error, operator="between", formula1="1", formula2=str(MAX_ID_LENGTH))
    return None


def add_validations(sheet: Worksheet, form_sheet: Sheet, first_row: int, last_row: int) -> None:
    """Add the validation of every column for the rows `first_row` to `last_row`, and of the unit row."""
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(form_sheet.all_columns, start=1):
        letter = get_column_letter(number)
        rule = _rule(column, f"{letter}{first_row}")
        if rule is not None:
            rule.add(f"{letter}{first_row}:{letter}{last_row}")
            sheet.add_data_validation(rule)
        if form_sheet.has_limit_rows and column.is_test:
            unit = _validation("list", both("crf.template.error_list"), formula1=f"units_{column.code}")
            unit.add(f"{letter}2")
            sheet.add_data_validation(unit)
