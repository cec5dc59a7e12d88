"""Files that must not be parsed, and what folders may look like."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.crf_sheets import STUDY

from saa_dash.ingest import zip_guard
from saa_dash.ingest.pipeline import read_incoming
from saa_dash.ingest.read_folder import decode, separator_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def codes(path: Path) -> list[str]:
    incoming = read_incoming(path, study=STUDY, cutoff=None)
    assert all(frame.empty for frame in incoming.tables.values())
    return [problem.code for problem in incoming.problems]


def packed(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert codes(path) == ["file_missing"]
    path.write_bytes(b"SUBJID,SEX\n")
    assert codes(path) == ["file_not_workbook"]
    path.write_bytes(OLE + b"Workbook")
    assert codes(path) == ["file_is_xls"]
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    assert codes(path) == ["file_encrypted"]
    assert codes(packed(path, {"word/document.xml": b"<w/>"})) == ["file_not_workbook"]


def test_damaged_workbooks(workbook: Path, tmp_path: Path) -> None:
    path, content = tmp_path / "x.xlsx", workbook.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert codes(path) == ["file_damaged"]
    path.write_bytes(content[:2000] + bytes(len(content) - 4000) + content[-2000:])
    assert codes(path) == ["file_damaged"]
    assert codes(packed(path, {"xl/workbook.xml": b"<workbook"})) == ["file_damaged"]


def test_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("a bomb was unpacked"))
    size = zip_guard.RATIO_APPLIES_FROM_BYTES
    bomb = packed(tmp_path / "x.xlsx", {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * size})
    assert codes(bomb) == ["file_ratio"]


def test_limits_of_the_zip_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "x.xlsx", {"xl/workbook.xml": b"x" * 100, "a": b"", "b": b""})
    monkeypatch.setattr(zip_guard, "MAX_ENTRIES", 2)
    assert codes(path) == ["file_too_many_entries"]
    monkeypatch.setattr(zip_guard, "MAX_ENTRIES", 3)
    monkeypatch.setattr(zip_guard, "MAX_UNPACKED_BYTES", 99)
    assert codes(path) == ["file_unpacks_too_large"]
    monkeypatch.setattr(zip_guard, "MAX_FILE_BYTES", 50)
    assert codes(path) == ["file_too_large"]


@pytest.mark.parametrize("cell", ["XFD1048576", "A900000"])
def test_far_away_cells_are_refused(tmp_path: Path, cell: str) -> None:
    sheet = (
        f'<worksheet><sheetData><row r="1"><c r="A1"/></row><row><c s="1" r="{cell}"/></row></sheetData></worksheet>'
    )
    entries = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet.encode()}
    assert codes(packed(tmp_path / "x.xlsx", entries)) == ["sheet_too_large"]


def test_folders(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["folder_empty"]
    (tmp_path / "SUBJ.csv").write_bytes(b"SUBJID\n\xff\xff\xff")
    found = read_incoming(tmp_path, study=STUDY, cutoff=None).problems
    assert [(problem.code, problem.file) for problem in found] == [("encoding_unknown", "SUBJ.csv")]


@given(st.text(st.characters(codec="gb18030", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_text_in_gb18030_and_utf8_is_read(text: str) -> None:
    line = "受试者编号,中性粒细胞\n" + text
    assert decode(line.encode("utf-8")) == decode(line.encode("utf-8-sig")) == line
    assert decode(line.encode("gb18030")) == line


@pytest.mark.parametrize(
    ("text", "separator"), [("a,b;c,d", ","), ("a;b;c", ";"), ("\na\tb\tc,d", "\t"), ('"a,b";c', ";")]
)
def test_separator(text: str, separator: str) -> None:
    assert separator_of(text) == separator
