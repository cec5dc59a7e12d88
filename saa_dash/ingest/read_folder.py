"""Reading a folder of CSV files, one per sheet, whatever encoding and separator a spreadsheet saved them with."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from ..model.problem import Problem
from .codes import make_problem
from .raw import RawSheet, RawSource, digest, raw_sheet

MAX_CSV_BYTES = 200 * 1024**2
SEPARATORS = (",", ";", "\t")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS = ("utf-8", "gb18030")  # strict: GB18030 text is practically never valid UTF-8


def decode(content: bytes) -> str | None:
    """Return the text of a CSV file in UTF-8 (with or without BOM), UTF-16 with BOM or GB18030; None if it is none."""
    candidates = [name for bom, name in _BOMS if content.startswith(bom)] or list(_ENCODINGS)
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def separator_of(text: str) -> str:
    """Return the separator that splits the first line most often, quoted parts aside."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=unquoted.count)


def read_folder(path: Path) -> RawSource:
    """Read every ``*.csv`` of a folder; a file that cannot be read becomes a problem."""
    files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv" and not file.name.startswith("."))
    if not files:
        return RawSource((), {}, (make_problem("folder_empty", file=path.name),))
    return read_csv_files(files)


def read_csv_files(files: Sequence[Path]) -> RawSource:
    """Read CSV files as one source; a file that cannot be read becomes a problem."""
    read = [_read_csv(file) for file in files]
    sheets = tuple(item for item in read if isinstance(item, RawSheet))
    problems = tuple(item for item in read if isinstance(item, Problem))
    return RawSource(sheets, {file.name: digest(file) for file in files}, problems)


def _read_csv(path: Path) -> RawSheet | Problem:
    if path.stat().st_size > MAX_CSV_BYTES:
        limit = MAX_CSV_BYTES // 1024**2
        return make_problem("file_too_large", file=path.name, size=path.stat().st_size // 1024**2, limit=limit)
    text = decode(path.read_bytes())
    if text is None or "\0" in text:
        return make_problem("encoding_unknown", file=path.name)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)))
    except csv.Error:
        return make_problem("file_damaged", file=path.name)
    return raw_sheet(path.name, path.stem, rows)
