"""CSV: UTF-8, ISO 8601 dates, numbers with 17 significant digits, missing = empty."""

from __future__ import annotations

from pathlib import Path

from ..model.message import Message
from .dataset import Dataset, Stamp

SUFFIX = ".csv"
NUMBER, DATE = "%.17g", "%Y-%m-%d"


def write_csv(dataset: Dataset, path: Path, _stamp: Stamp) -> tuple[Message, ...]:
    """Write a dataset; the stamp has no place in a CSV and stands in the manifest.

    Source: CONTRACT, "Exported analysis datasets".
    """
    dataset.frame.to_csv(
        path, index=False, float_format=NUMBER, date_format=DATE, na_rep="", encoding="utf-8", lineterminator="\n"
    )
    return ()
