"""Names that stay inside, writing aside, and the disk's refusals in words."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import duckdb
import pytest

from saa_dash.model.errors import EnvironmentProblem, UsageError
from saa_dash.store.files import environment, write_bytes, write_through
from saa_dash.store.layout import child

BAD_NAMES = [
    "", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "C:x", ".hidden", "nul", "CON.xlsx", "com1.csv", "a\0b",
    "x.", "x ", "a\nb", "a" * 300, "-rf",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_lead_out_or_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as error:
        child(tmp_path, name)
    assert error.value.message.code == "error.unsafe_name"


@pytest.mark.parametrize(
    "name", ["LAB.csv", "病例报告表 2026-07.xlsx", "CRF（终版）.xlsx", "a (1).xlsx", "x" * 64, "v1+2.zip"]
)
def test_ordinary_names(tmp_path: Path, name: str) -> None:
    assert child(tmp_path, name) == tmp_path / name


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out" / "a.txt"
    write_bytes(path, b"old")

    def fail(aside: Path) -> None:
        aside.write_bytes(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_through(path, fail)
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_bytes(path, b"old", force=False)
    with pytest.raises(UsageError) as error:
        write_bytes(path, b"new", force=False)
    assert (error.value.message.code, error.value.exit_code) == ("error.output_exists", 2)
    write_bytes(path, b"new", force=True)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (OSError(errno.ENOSPC, "x"), "error.disk_full"),
        (OSError(errno.EDQUOT, "x"), "error.disk_full"),
        (PermissionError(errno.EACCES, "x"), "error.not_writable"),
        (OSError(errno.EROFS, "x"), "error.not_writable"),
        (OSError(errno.EIO, "x"), "error.disk"),
        (duckdb.IOException("IO Error: No space left on device"), "error.disk_full"),
        (duckdb.IOException("IO Error: Permission denied"), "error.not_writable"),
        (duckdb.IOException("IO Error: Could not set lock: conflicting lock"), "error.disk"),
        (sqlite3.OperationalError("database or disk is full"), "error.disk_full"),
        (sqlite3.OperationalError("database is locked"), "error.busy"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "error.not_writable"),
    ],
)
def test_refusals_of_the_disk(raised: Exception, code: str) -> None:
    with pytest.raises(EnvironmentProblem) as error, environment(Path("x")):
        raise raised
    assert error.value.message.code == code


def test_a_defect_stays_a_defect() -> None:
    with pytest.raises(ZeroDivisionError), environment(Path("x")):
        raise ZeroDivisionError
