"""Incoming cells before anything is known of them: text by sheet, with the row numbers the spreadsheet shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pandas as pd

from ..model.problem import Problem

_SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class RawSheet:
    """One sheet or CSV file as typed.

    Parameters
    ----------
    file, name : file and sheet as the user named them (a CSV's sheet is its file name without ending).
    cells : text cells, columns 0…n−1, index = row as the spreadsheet shows it (1-based); empty cells are missing.
    """

    file: str
    name: str
    cells: pd.DataFrame


@dataclass(frozen=True)
class RawSource:
    """All sheets of a workbook or folder; `digests` holds the SHA-256 of each file by name."""

    sheets: tuple[RawSheet, ...]
    digests: dict[str, str]
    problems: tuple[Problem, ...] = ()


def cell_text(value: object) -> str:
    """Return a cell as text: dates ISO 8601, whole numbers without a point, 15 digits as spreadsheets keep them."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        midnight = value.time() == time.min
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() % _SECONDS_PER_DAY) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return "" if value is None else str(value).strip()


def raw_sheet(file: str, name: str, rows: Iterable[Sequence[object]]) -> RawSheet:
    """Return a `RawSheet` of the rows of a sheet from its first row on; wholly empty rows are dropped."""
    columns = list(zip_longest(*rows))
    texts = [
        [(value.strip() if type(value) is str else cell_text(value)) or None for value in column] for column in columns
    ]
    height = len(columns[0]) if columns else 0
    filled = np.zeros(height, dtype=bool)
    series = {}
    for position, column in enumerate(texts):
        series[position] = pd.array(column, dtype="str")
        filled |= ~series[position].isna()
    cells = pd.DataFrame(series, columns=range(len(columns)), index=np.arange(1, height + 1))
    return RawSheet(file, name, cells if filled.all() else cells[filled])


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
