"""The data dictionary: one row per exported variable, in both languages."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

FILE = "data_dictionary.csv"


@dataclass(frozen=True)
class DictionaryRow:
    """One variable.

    Parameters
    ----------
    codes_zh, codes_en : "CODE = word; …", "" without a list. derivation : how it was derived, or the column it is from.
    """

    dataset: str
    variable: str
    label_zh: str
    label_en: str
    type: str
    unit: str
    codes_zh: str
    codes_en: str
    derivation_zh: str
    derivation_en: str


def write_dictionary(rows: Sequence[DictionaryRow], path: Path) -> None:
    """Write the dictionary as CSV; the byte order mark lets spreadsheets show Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name.upper() for field in fields(DictionaryRow)])
        writer.writerows(astuple(row) for row in rows)
