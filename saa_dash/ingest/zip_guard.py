"""What a workbook may be before it is parsed: the zip directory is checked first, so that no bomb is unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from ..model.problem import Problem
from .codes import make_problem

MAX_FILE_BYTES = 50 * 1024**2
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 500 * 1024**2
MAX_RATIO = 150  # a sheet of ordinary data packs 5 to 30 times
RATIO_APPLIES_FROM_BYTES = 5 * 1024**2  # small entries may pack well without harm
MAX_SHEET_ROWS = 500_000
MAX_SHEET_CELLS = 30_000_000  # rows × columns of the used area: the parser allots memory for all of it

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
_SHEET_ENTRY = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]+)(\d+)"')


def check_workbook(path: Path) -> Problem | None:
    """Return why `path` must not be parsed as a workbook, None if it may."""
    if not path.is_file():
        return make_problem("file_missing", file=path.name)
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        return make_problem("file_too_large", file=path.name, size=size // 1024**2, limit=MAX_FILE_BYTES // 1024**2)
    with path.open("rb") as stream:
        head = stream.read(len(_OLE_MAGIC))
    if head == _OLE_MAGIC:
        encrypted = _ENCRYPTED_MARK in path.read_bytes()
        return make_problem("file_encrypted" if encrypted else "file_is_xls", file=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_directory(archive, path.name) or _check_entries(archive, path.name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return make_problem("file_damaged" if head[:2] == b"PK" else "file_not_workbook", file=path.name)


def _check_directory(archive: zipfile.ZipFile, name: str) -> Problem | None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        return make_problem("file_too_many_entries", file=name, n=len(entries), limit=MAX_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        return make_problem(
            "file_unpacks_too_large", file=name, size=unpacked // 1024**2, limit=MAX_UNPACKED_BYTES // 1024**2
        )
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size >= RATIO_APPLIES_FROM_BYTES and ratio > MAX_RATIO:
            return make_problem("file_ratio", file=name, ratio=round(ratio), limit=MAX_RATIO)
    if "xl/workbook.xml" not in archive.namelist():
        return make_problem("file_not_workbook", file=name)
    return None


def _check_entries(archive: zipfile.ZipFile, name: str) -> Problem | None:
    """Unpack each entry up to its declared size (a directory that lies fails its checksum) and measure the sheets."""
    for entry in archive.infolist():
        content = archive.read(entry)
        if _SHEET_ENTRY.fullmatch(entry.filename):
            rows, columns = _used_area(content)
            if rows > MAX_SHEET_ROWS or rows * columns > MAX_SHEET_CELLS:
                return make_problem("sheet_too_large", file=name, rows=rows, limit=MAX_SHEET_ROWS)
    return None


def _used_area(xml: bytes) -> tuple[int, int]:
    cells = set(_CELL.findall(xml))
    rows = max((int(row) for row in _ROW.findall(xml)), default=0)
    rows = max(rows, max((int(row) for _, row in cells), default=0))
    return rows, max((_column_number(letters) for letters in {letters for letters, _ in cells}), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
