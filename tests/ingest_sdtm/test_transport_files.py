"""Broken transport files: every one is named with file, variable and row, and none raises."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from support.transport import FIRST_VARIABLE, NAMESTR, RECORD, demographics, transport_bytes

from saa_dash.ingest.sdtm.dataset import SdtmDataset
from saa_dash.ingest.sdtm.previous import FileState, compare_files
from saa_dash.ingest.sdtm.read_xpt import read_xpt

WIDE = demographics([f"{n:03d}" for n in range(7)], AETERM=["a long text of an observation " * 3] * 7)
NARROW = {"USUBJID": ["a", "b ", "", "c"], "N": [1.0, 2.0, 3.0, float("nan")]}


def _read(folder: Path, content: bytes) -> SdtmDataset:
    path = folder / "dm.xpt"
    path.write_bytes(content)
    return read_xpt(path, content, "digest")


def _codes(dataset: SdtmDataset) -> list[str]:
    return [problem.code for problem in dataset.problems]


def test_a_good_file_reads_like_pyreadstat(tmp_path: Path) -> None:
    content = transport_bytes(tmp_path, "dm", WIDE)
    dataset = _read(tmp_path, content)
    raw = pyreadstat.read_xport(str(tmp_path / "dm.xpt"))[0]
    assert _codes(dataset) == []
    assert dataset.name == "DM"
    assert dataset.expected_rows == len(raw) == 7
    assert dataset.frame.index.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert dataset.frame["USUBJID"].tolist() == raw["USUBJID"].tolist()
    assert dataset.frame["AGE"].tolist() == [35.0, 36.0, 37.0, 38.0, 39.0, 40.0, 41.0]
    assert dataset.variables["AGE"].numeric
    assert not dataset.variables["SEX"].numeric


@pytest.mark.parametrize("columns", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_truncation_is_caught(tmp_path: Path, columns: dict[str, list[object]]) -> None:
    """At any byte: by header and size, or, where an observation ends there, by the file of the previous cut."""
    whole = transport_bytes(tmp_path, "dm", columns)
    full = _read(tmp_path, whole)
    before = FileState("dm.xpt", "before", len(full.frame), whole)
    silent = []
    for size in range(len(whole)):
        if size % RECORD == 0:  # any other size must be refused before the observations are looked at
            (tmp_path / "dm.xpt").write_bytes(whole[:size])
        cut = read_xpt(tmp_path / "dm.xpt", whole[:size], "cut")
        if not cut.readable:
            problem = cut.problems[0]
            assert problem.file == "dm.xpt"
            assert problem.code in ("sdtm_truncated", "sdtm_not_transport")
            continue
        silent.append(size)
        found = compare_files([FileState("dm.xpt", "cut", len(cut.frame), whole[:size])], [before])
        if len(cut.frame) < len(full.frame):
            assert [(p.severity, p.code) for p in found] == [("error", "sdtm_shorter_than_previous")]
            assert (found[0].file, found[0].row) == ("dm.xpt", len(cut.frame) + 1)
        else:
            pytest.fail(f"all rows after a cut at byte {size}")
    assert all(size % RECORD == 0 for size in silent)


def test_a_cut_within_an_observation_names_variable_and_row(tmp_path: Path) -> None:
    whole = transport_bytes(tmp_path, "dm", WIDE)
    start = whole.index(b"HEADER RECORD*******OBS") + RECORD
    dataset = _read(tmp_path, whole[: start + 4 * RECORD])
    problem = dataset.problems[0]
    length = sum(max(len(str(v)) for v in values) if name != "AGE" else 8 for name, values in WIDE.items())
    assert (problem.code, problem.sheet, problem.row) == ("sdtm_truncated", "DM", 4 * RECORD // length + 1)
    assert problem.column in WIDE


def test_bit_flips_in_the_headers_never_raise(tmp_path: Path) -> None:
    whole = transport_bytes(tmp_path, "dm", demographics())
    start = whole.index(b"HEADER RECORD*******OBS") + RECORD
    choose = random.Random(7)
    for _ in range(60):
        broken = bytearray(whole)
        broken[choose.randrange(start)] ^= 1 << choose.randrange(8)
        dataset = _read(tmp_path, bytes(broken))
        if dataset.readable:  # a flip in a label, a date or a name: the rows are all there
            assert len(dataset.frame) == 3
        else:
            assert all(problem.file == "dm.xpt" for problem in dataset.problems)


def _patched(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def _second_variable(content: bytes, offset: int, new: bytes) -> bytes:
    return _patched(content, FIRST_VARIABLE + NAMESTR + offset, new)


BROKEN = [
    ("empty", lambda c: b"", "sdtm_not_transport", ""),
    ("text", lambda c: b"STUDYID,USUBJID\nS1,1\n", "sdtm_not_transport", ""),
    ("library", lambda c: c.replace(b"LIBRARY HEADER", b"LIBRARX HEADER"), "sdtm_not_transport", ""),
    ("version 8", lambda c: c.replace(b"LIBRARY HEADER", b"LIBV8   HEADER"), "sdtm_version_8", ""),
    ("cport", lambda c: b"**COMPRESSED** **COMPRESSED**" + c, "sdtm_compressed", ""),
    ("namestr length", lambda c: _patched(c, 3 * RECORD + 74, b"0999"), "sdtm_header", ""),
    ("namestr letters", lambda c: _patched(c, 3 * RECORD + 74, b"01x0"), "sdtm_header", ""),
    ("more variables", lambda c: _patched(c, 7 * RECORD + 54, b"0099"), "sdtm_truncated", ""),
    ("fewer variables", lambda c: _patched(c, 7 * RECORD + 54, b"0002"), "sdtm_header", ""),
    ("type", lambda c: _second_variable(c, 0, b"\x00\x07"), "sdtm_variable_type_unknown", "DOMAIN"),
    ("length", lambda c: _second_variable(c, 4, b"\x00\x09"), "sdtm_header", "USUBJID"),
    ("name twice", lambda c: _second_variable(c, 8, b"STUDYID "), "sdtm_variable_duplicate", "STUDYID"),
    ("no name", lambda c: _second_variable(c, 8, b"        "), "sdtm_header", ""),
    ("two datasets", lambda c: c + c[3 * RECORD :], "sdtm_several_members", ""),
    ("not padded", lambda c: c + b"x", "sdtm_truncated", None),
    ("blanks for rows", lambda c: c + b" " * RECORD * 5, "sdtm_truncated", None),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "column"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_files_are_named(tmp_path: Path, change: object, code: str, column: str | None) -> None:
    dataset = _read(tmp_path, change(transport_bytes(tmp_path, "dm", demographics())))  # type: ignore[operator]
    assert not dataset.readable
    assert _codes(dataset) == [code]
    problem = dataset.problems[0]
    assert (problem.file, problem.severity) == ("dm.xpt", "error")
    assert column is None or problem.column == column


def test_a_file_of_version_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dm.xpt"
    pyreadstat.write_xport(pd.DataFrame(demographics()), str(path), table_name="DM", file_format_version=8)
    assert _codes(read_xpt(path, path.read_bytes(), "")) == ["sdtm_version_8"]


def test_a_file_without_rows_reads(tmp_path: Path) -> None:
    empty = {name: pd.Series(values[:0], dtype="str") for name, values in demographics().items()}
    dataset = _read(tmp_path, transport_bytes(tmp_path, "dm", empty))
    assert (dataset.readable, len(dataset.frame), dataset.expected_rows) == (True, 0, 0)
    assert list(dataset.frame) == list(demographics())


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "GB18030"), ("latin-1", "WINDOWS-1252")])
def test_texts_in_other_encodings_are_read_and_said(tmp_path: Path, encoding: str, name: str) -> None:
    text = "头痛，发热" if encoding == "gb18030" else "caf\xe9 \xfc\xff"
    raw = text.encode(encoding)
    columns = demographics(AETERM=["@" * len(raw)] * 3)
    dataset = _read(tmp_path, transport_bytes(tmp_path, "dm", columns).replace(b"@" * len(raw), raw))
    assert dataset.frame["AETERM"].tolist() == [text] * 3
    assert [(p.severity, p.code, p.value) for p in dataset.problems] == [("query", "sdtm_encoding", name)]


def test_numbers_of_all_kinds(tmp_path: Path) -> None:
    values = [0.0, -1.5, 1e-30, 123456789.125, float("nan")]
    dataset = _read(tmp_path, transport_bytes(tmp_path, "dm", {"USUBJID": list("abcde"), "N": values}))
    assert dataset.frame["N"].fillna(-9).tolist() == [0.0, -1.5, pytest.approx(1e-30), 123456789.125, -9.0]
