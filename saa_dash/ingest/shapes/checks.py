"""What must be right before a mapping can be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...model.problem import Problem
from ..form import load_form
from ..units import canonical_unit, lab_units
from .fit import order_of
from .mapping import DATE, GENERIC, LEFT_OUT, LIMITS, LONG, RESULT, SUBJECT, TEST, ColumnMap, TableMap, form_column
from .source_table import SourceTable


def check_mapping(table: SourceTable, mapping: TableMap) -> list[Problem]:
    """Return what is wrong with the mapping of a table; nothing for a table that is left out."""
    if not mapping.sheets:
        return []
    used = [column for column in mapping.columns if column.target != LEFT_OUT]
    return [
        *_targets(table, mapping, used),
        *_twice(table, used),
        *_needed(table, mapping, used),
        *_orders(table, used),
        *_units(table, used),
    ]


def _problem(table: SourceTable, code: str, column: str = "", **params: str) -> Problem:
    return table.problem(code, table.header_row, column, "", **params)


def _targets(table: SourceTable, mapping: TableMap, used: Iterable[ColumnMap]) -> list[Problem]:
    known = set(load_form().sheets)
    problems = [_problem(table, "mapping_target", target=sheet) for sheet in mapping.sheets if sheet not in known]
    constants = (target for target in mapping.constants if target != LIMITS and form_column(target) is None)
    problems += [_problem(table, "mapping_target", target=target) for target in constants]
    for column in used:
        if column.source not in table.body:
            problems.append(_problem(table, "mapping_column_absent", column.source))
        elif column.target not in (*GENERIC, *LONG) and form_column(column.target) is None:
            problems.append(_problem(table, "mapping_target", column.source, target=column.target))
    return problems


def _twice(table: SourceTable, used: Iterable[ColumnMap]) -> list[Problem]:
    columns = list(used)
    counts = Counter((column.target, column.visit) for column in columns)
    problems = []
    for (target, visit), n in counts.items():
        if n > 1:
            names = [column.source for column in columns if (column.target, column.visit) == (target, visit)]
            problems.append(_problem(table, "mapping_twice", names[1], target=target, columns=" · ".join(names)))
    return problems


def _needed(table: SourceTable, mapping: TableMap, used: Iterable[ColumnMap]) -> list[Problem]:
    targets = {column.target for column in used}
    problems = []
    if SUBJECT not in targets:
        problems.append(_problem(table, "mapping_no_subject", columns=" · ".join(table.headers[:12])))
    if (TEST in targets) != (RESULT in targets):
        problems.append(_problem(table, "mapping_no_result"))
    return problems


def _orders(table: SourceTable, used: Iterable[ColumnMap]) -> list[Problem]:
    """Find dates such as 05/03/2026 of which nobody has said whether the day or the month stands first."""
    problems = []
    for column in used:
        kind = getattr(form_column(column.target), "kind", "")
        if (column.target == DATE or kind in ("date", "pdate")) and column.source in table.body and not column.order:
            _, there = order_of(table.body[column.source])
            if there:
                problems.append(_problem(table, "mapping_date_order", column.source))
    return problems


def _units(table: SourceTable, used: Iterable[ColumnMap]) -> list[Problem]:
    problems = []
    for column in used:
        test = lab_units().get("CSA" if column.target == "CSA.LBORRES" else column.code)
        if column.unit and test is not None and canonical_unit(test, column.unit) is None:
            known = " / ".join(test.factors)
            problems.append(_problem(table, "unit_unknown", column.source, known=known))
    return problems
