"""Reading a table of times and events: CSV with the columns time, event and, where there are groups, group."""

from __future__ import annotations

import csv
import io
import math

from ..model.problem import Problem

REQUIRED = ("time", "event")
OPTIONAL = "group"
MAX_CAUSE = 9  # an event code above this is a typing error, not a cause

_MISSING = ("", "NA")


class TimesTable:
    """The checked rows of one file, and every problem found in it.

    Parameters
    ----------
    file : name for the problems.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.columns: dict[str, list[float | int | str | None]] = {}

    def report(self, code: str, row: int | None = None, column: str = "", value: str = "", **params: object) -> None:
        """Keep one problem; `row` is the line in the file."""
        self.problems.append(
            Problem("error", f"estimate_{code}", file=self.file, row=row, column=column, value=value, params=params)
        )

    def add(self, row: int, cells: dict[str, str]) -> None:
        """Check and keep one row; a wrong cell is kept as None and reported."""
        for column in self.columns:
            value = _CHECKS[column](cells[column])
            if value is None:
                self.report(f"{column}_invalid", row, column, cells[column], max=MAX_CAUSE)
            self.columns[column].append(value)


def _time(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 and "_" not in text else None


def _event(text: str) -> int | None:
    value = _time(text)
    return int(value) if value is not None and value.is_integer() and value <= MAX_CAUSE else None


def _group(text: str) -> str | None:
    return None if text in _MISSING else text


_CHECKS = {"time": _time, "event": _event, OPTIONAL: _group}


def _read_header(header: list[str], table: TimesTable) -> None:
    for column in (*REQUIRED, OPTIONAL):
        times = header.count(column)
        if times > 1:
            table.report("column_twice", row=1, column=column)
        elif times == 0 and column in REQUIRED:
            table.report("column_missing", row=1, column=column)
    if not table.problems:
        table.columns = {column: [] for column in (*REQUIRED, OPTIONAL) if column in header}


def _read_rows(reader: csv._reader, header: list[str], table: TimesTable) -> None:  # type: ignore[name-defined]
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            table.report("cells", reader.line_num, found=len(cells), wanted=len(header))
            continue
        table.add(reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    if not table.columns["time"] and not table.problems:
        table.report("no_rows")


def read_times(data: bytes, file: str) -> TimesTable:
    """Return the columns ``time`` (0 or more), ``event`` (0…`MAX_CAUSE`) and, if there, ``group`` of a CSV file.

    Names are recognised in any case and order, other columns are left alone, blank lines are skipped.

    Parameters
    ----------
    data : the file's bytes, UTF-8. file : its name for the problems.
    """
    table = TimesTable(file)
    try:
        text = data.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""))
        header = [name.strip().lower() for name in next(reader, [])]
        _read_header(header, table)
        if not table.problems:
            _read_rows(reader, header, table)
    except (UnicodeDecodeError, csv.Error):
        table.report("not_csv")
    return table
