"""What a mapping says: where each column of a foreign table goes, in which unit, and what its values mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..form import Column, load_form
from ..text import fold

# Targets that serve every sheet a table feeds.
SUBJECT, VISIT, DATE, TIME = "SUBJID", "VISIT", "DATE", "TIME"
GENERIC = (SUBJECT, VISIT, DATE, TIME)
# Targets of a table with one result per row.
TEST, RESULT, UNIT, LOW, HIGH, RANGE = "TEST", "RESULT", "UNIT", "LOW", "HIGH", "RANGE"
LONG = (TEST, RESULT, UNIT, LOW, HIGH, RANGE)
LEFT_OUT = ""
# A constant that says whose normal limits hold where the tables have none: the form's proposals.
LIMITS, USUAL = "LAB.LIMITS", "usual"
ORDERS = ("dmy", "mdy")  # of day, month and year where the year stands last
_SIGNATURE_DIGITS = 16


@dataclass(frozen=True)
class ColumnMap:
    """Where one column of a table goes.

    Parameters
    ----------
    source : header as the table has it, made unique.
    target : one of `GENERIC`, of `LONG`, ``SHEET.COLUMN`` of the form, or `LEFT_OUT`.
    unit : unit of the numbers; "" where it stands elsewhere or is the standard one.
    order : one of `ORDERS` for dates such as 05/03/2026, else "".
    decimal : "," where the numbers have a decimal comma, else "".
    visit : visit the values belong to, where a table has one column per visit.
    values : meaning of what is typed; an empty meaning leaves the value out.
    """

    source: str
    target: str = LEFT_OUT
    unit: str = ""
    order: str = ""
    decimal: str = ""
    visit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        """Return the sheet of a target of the form, "" for the other targets."""
        return self.target.partition(".")[0] if "." in self.target else ""

    @property
    def code(self) -> str:
        """Return the column of a target of the form, the target itself else."""
        return self.target.partition(".")[2] or self.target


@dataclass(frozen=True)
class TableMap:
    """How one table is read.

    Parameters
    ----------
    name : name of the table when it was mapped, for the reader.
    headers : all headers of the table, made unique; their folded forms identify it again.
    sheets : sheets the table feeds, the main one first; none where the table is left out.
    columns : one entry per column that is said something of.
    units : unit by target (``LAB.HGB``) of a table with one result per row and no unit column.
    constants : value of every row by target (``CSA.LBTPT``).
    """

    name: str
    headers: tuple[str, ...]
    sheets: tuple[str, ...]
    columns: tuple[ColumnMap, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """Return what a table of the same headers is recognised by, whatever its name."""
        return signature_of(self.headers)

    @property
    def is_long(self) -> bool:
        """Tell whether each row holds one result with the name of its test."""
        return any(column.target == TEST for column in self.columns)

    def column(self, target: str) -> ColumnMap | None:
        """Return the first column with this target, None where there is none."""
        return next((column for column in self.columns if column.target == target), None)


@dataclass(frozen=True)
class KnownMap:
    """A mapping that is at hand when a file is read.

    Parameters
    ----------
    saved : when it was remembered, "" for one given with the call.
    """

    table: TableMap
    saved: str = ""


def signature_of(headers: Iterable[str]) -> str:
    """Return the signature of a table's headers: their order does not matter."""
    text = "\n".join(sorted(fold(header) for header in headers))
    return hashlib.sha256(text.encode()).hexdigest()[:_SIGNATURE_DIGITS]


def form_column(target: str) -> Column | None:
    """Return the form column of a target ``SHEET.COLUMN``, None for any other target."""
    sheet, _, code = target.partition(".")
    form = load_form()
    if not code or sheet not in form.sheets:
        return None
    return next((column for column in form.sheets[sheet].all_columns if column.code == code), None)


def test_targets() -> tuple[str, ...]:
    """Return what the name of a test can stand for."""
    sheets = load_form().sheets
    measured = [f"{sheet}.{code}" for sheet in ("LAB", "VS") for code in sheets[sheet].tests]
    return (*measured, "CSA.C0", "CSA.C2")


test_targets.__test__ = False  # type: ignore[attr-defined]  # no test, whatever its name looks like
