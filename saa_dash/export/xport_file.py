"""SAS transport version 5: names of 8, labels of 40 characters, texts of 200 bytes; dates as SAS dates (DATE9.).

What the format cannot hold: texts longer than 200 bytes are cut at the end of a character, and that is said with the
variable and the number of rows (remedy: any of the other formats). Chinese is written as UTF-8. Integers are numbers.
The time stamp in the file is that of the cut, so that the same cut gives the same bytes.

Source: SAS TS-140; dataset and variable limits of the FDA Study Data Technical Conformance Guide.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from ..model.message import Message
from .dataset import Dataset, Stamp

SUFFIX = ".xpt"
MAX_NAME, MAX_LABEL, MAX_TEXT_BYTES = 8, 40, 200

_SAS_EPOCH = np.datetime64("1960-01-01", "D")
_HEADER_BYTES = 80 * 8  # library and member headers; the observations begin behind them
_TIME = re.compile(rb"\d{2}[A-Z]{3}\d{2}:\d{2}:\d{2}:\d{2}")


def _cut(text: str) -> str:
    """Return the text without the characters that do not fit into 200 bytes."""
    return text.encode()[:MAX_TEXT_BYTES].decode(errors="ignore")


def _texts(dataset: Dataset, name: str) -> tuple[np.ndarray, tuple[Message, ...]]:
    values = dataset.frame[name].fillna("").to_numpy(object)
    longest = dataset.frame[name].str.len().max()  # in characters; none has more than 4 bytes
    if not longest * 4 > MAX_TEXT_BYTES:
        return values, ()
    shortened = np.array([_cut(value) for value in values], dtype=object)
    changed = int((shortened != values).sum())
    if not changed:
        return values, ()
    params = {"dataset": dataset.name, "variable": name, "n": changed, "limit": MAX_TEXT_BYTES}
    return shortened, (Message("export.text_cut", params),)


def _dates(column: pd.Series) -> np.ndarray:
    days = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), np.nan, (days - _SAS_EPOCH).astype("float64"))


def _marked_label(dataset: Dataset, stamp: Stamp) -> str:
    """Return the label of the dataset with its marks; the marks are what must stay."""
    marks = " ".join(stamp.marks)
    return f"{marks} {dataset.label}".strip()[:MAX_LABEL].rstrip()


def _set_time(path: Path, created: str) -> None:
    """Put the time of the cut into the headers in place of the clock's."""
    stamp = datetime.fromisoformat(created).strftime("%d%b%y:%H:%M:%S").upper().encode()
    content = path.read_bytes()
    head = _TIME.sub(stamp, content[:_HEADER_BYTES])
    path.write_bytes(head + content[_HEADER_BYTES:])


def write_xport(dataset: Dataset, path: Path, stamp: Stamp) -> tuple[Message, ...]:
    """Write a dataset and return what was cut.

    Raises
    ------
    ValueError : a name or label is too long (a defect: tests compare).
    """
    import pyreadstat

    notes: list[Message] = []
    columns: dict[str, object] = {}
    for spec, label in zip(dataset.variables, dataset.labels, strict=True):
        if len(spec.name) > MAX_NAME or len(label) > MAX_LABEL:
            raise ValueError(f"{dataset.name}.{spec.name}: name or label too long for SAS transport 5")
        column = dataset.frame[spec.name]
        if spec.type == "text":
            columns[spec.name], cut = _texts(dataset, spec.name)
            notes += cut
        elif spec.type == "date":
            columns[spec.name] = _dates(column)
        else:
            columns[spec.name] = column.to_numpy("float64", na_value=np.nan)
    formats = {spec.name: "DATE9." for spec in dataset.variables if spec.type == "date"}
    pyreadstat.write_xport(
        pd.DataFrame(columns),
        path,
        file_label=_marked_label(dataset, stamp),
        column_labels=list(dataset.labels),
        table_name=dataset.name,
        file_format_version=5,
        variable_format=formats,
    )
    _set_time(path, stamp.created)
    return tuple(notes)
