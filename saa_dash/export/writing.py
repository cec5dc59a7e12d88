"""Datasets into a folder: one file each, with manifest, readme and data dictionary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model.message import Message
from .csv_file import SUFFIX as CSV_SUFFIX
from .csv_file import write_csv
from .dataset import Dataset, Stamp
from .dataset_json import SUFFIX as JSON_SUFFIX
from .dataset_json import write_dataset_json
from .dictionary import FILE as DICTIONARY_FILE
from .dictionary import DictionaryRow, write_dictionary
from .parquet_file import SUFFIX as PARQUET_SUFFIX
from .parquet_file import write_parquet
from .xport_file import SUFFIX as XPORT_SUFFIX
from .xport_file import write_xport

Writer = Callable[[Dataset, Path, Stamp], tuple[Message, ...]]

WRITERS: Mapping[str, tuple[Writer, str]] = {
    "csv": (write_csv, CSV_SUFFIX),
    "parquet": (write_parquet, PARQUET_SUFFIX),
    "xpt": (write_xport, XPORT_SUFFIX),
    "dataset-json": (write_dataset_json, JSON_SUFFIX),
}
FORMATS = tuple(WRITERS)
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True)
class WrittenFile:
    """One file of an export: name, dataset ("" for others), rows, columns, SHA-256."""

    name: str
    dataset: str
    rows: int
    columns: int
    sha256: str


def write_datasets(
    datasets: Iterable[Dataset], folder: Path, fmt: str, stamp: Stamp
) -> tuple[tuple[WrittenFile, ...], tuple[Message, ...]]:
    """Write each dataset to the folder; return the files and what could not be held by the format.

    Parameters
    ----------
    folder : exists. fmt : one of `FORMATS`.
    """
    write, suffix = WRITERS[fmt]
    files: list[WrittenFile] = []
    notes: list[Message] = []
    for dataset in datasets:
        path = folder / f"{dataset.name}{suffix}"
        notes += write(dataset, path, stamp)
        files.append(WrittenFile(path.name, dataset.name, *dataset.frame.shape, _sha256(path)))
    return tuple(files), tuple(notes)


def write_companions(
    folder: Path,
    manifest: Mapping[str, object],
    readmes: Mapping[str, str],
    dictionary: Sequence[DictionaryRow],
) -> None:
    """Write manifest.json, the readmes (file name → text) and the data dictionary."""
    write_dictionary(dictionary, folder / DICTIONARY_FILE)
    for name, text in readmes.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
