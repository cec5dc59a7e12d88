"""Backup and restore: everything comes back, nothing half, nothing over other data."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from support.cut_maker import make_cut
from support.tables import make_tables

from saa_dash.model.errors import EnvironmentProblem, UsageError
from saa_dash.store.backup import restore_backup, write_backup
from saa_dash.store.cuts import list_cuts
from saa_dash.store.reader import close_all, open_cut
from saa_dash.store.state import StateDb


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data_dir = tmp_path / "data"
    make_cut(data_dir)
    make_cut(data_dir, tables=make_tables(AE=[]))
    StateDb(data_dir).append_audit("local", "cut", {"id": "x"})
    (data_dir / "sources").mkdir()
    (data_dir / "sources" / ("a" * 64)).write_bytes(b"source")
    (data_dir / "study.toml").write_text("version = 1\n")
    (data_dir / "criteria").mkdir()
    (data_dir / "criteria" / "own.toml").write_text("x = 1\n")
    return data_dir


def test_everything_comes_back(data: Path, tmp_path: Path) -> None:
    archive, target = tmp_path / "b.zip", tmp_path / "elsewhere"
    made = write_backup(data, archive)
    assert (made.cuts, made.files) == (2, 9)
    assert restore_backup(archive, target) == made
    assert list_cuts(target) == list_cuts(data)
    assert len(open_cut(target, "latest").table("DM")) == 3
    assert StateDb(target).verify_audit().ok
    assert [row.details for row in StateDb(target).audit_rows()] == [{"id": "x"}]
    assert (target / "study.toml").read_text() == "version = 1\n"
    assert (target / "criteria" / "own.toml").read_text() == "x = 1\n"
    assert (target / "sources" / ("a" * 64)).read_bytes() == b"source"
    assert not list(target.glob(".tmp-*"))
    assert make_cut(target).cut_id == list_cuts(data)[1].cut_id  # publishing goes on where it was


def test_data_that_are_there_are_kept_unless_forced(data: Path, tmp_path: Path) -> None:
    archive, target = tmp_path / "b.zip", tmp_path / "other"
    write_backup(data, archive)
    other = make_cut(target, tables=make_tables(LB=[]))
    (target / "old.toml").write_text("x = 1")
    open_cut(target, other.cut_id).table("DM")
    with pytest.raises(UsageError) as error:
        restore_backup(archive, target)
    assert error.value.message.code == "error.restore_occupied"
    assert list_cuts(target) == [other]
    restore_backup(archive, target, force=True)
    assert list_cuts(target) == list_cuts(data)
    assert not (target / "old.toml").exists()


def test_an_existing_archive_needs_force(data: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(UsageError):
        write_backup(data, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "mine"
    write_backup(data, tmp_path / "b.zip", force=True)


def repacked(archive: Path, out: Path, change: dict[str, bytes | None], *, fix_manifest: bool = False) -> Path:
    """Copy a backup with some members replaced, added, or (None) left out."""
    import hashlib

    with zipfile.ZipFile(archive) as old:
        members = {**{name: old.read(name) for name in old.namelist()}, **change}
    kept = {name: content for name, content in members.items() if content is not None}
    if fix_manifest:
        manifest = json.loads(kept.pop("manifest.json"))
        manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in kept.items()}
        kept["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in kept.items():
            new.writestr(name, content)
    return out


def test_what_is_no_whole_backup_is_refused(data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    write_backup(data, archive)
    cut = list_cuts(data)[0].cut_id
    broken = {
        "changed": ({"study.toml": b"version = 2"}, False),
        "missing": ({"audit.head": None}, False),
        "added": ({"sources/" + "b" * 64: b"x"}, False),
        "outside": ({"../evil.toml": b"x"}, True),
        "foreign": ({"cuts/run.exe": b"x"}, True),
        "cut": ({f"cuts/{cut}.duckdb": b"x"}, True),
        "head": ({"audit.head": b'{"rows": 7, "hash": "0"}'}, True),
        "no_manifest": ({"manifest.json": b"{}"}, False),
    }
    for name, (change, fix) in broken.items():
        target = tmp_path / name
        with pytest.raises(UsageError) as error:
            restore_backup(repacked(archive, tmp_path / f"{name}.zip", dict(change), fix_manifest=fix), target)
        assert error.value.message.code == "error.backup_broken", name
        assert list(target.iterdir()) == [], name
    assert not (tmp_path / "evil.toml").exists()
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(UsageError):
        restore_backup(tmp_path / "text.zip", tmp_path / "t")


def test_a_damaged_cut_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    close_all()
    path = data / "cuts" / f"{list_cuts(data)[0].cut_id}.duckdb"
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    with pytest.raises(EnvironmentProblem) as error:
        write_backup(data, tmp_path / "b.zip")
    assert error.value.message.code == "error.cut_damaged"
    assert not (tmp_path / "b.zip").exists()


def test_a_restore_that_fails_midway_puts_everything_back(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, target = tmp_path / "b.zip", tmp_path / "other"
    write_backup(data, archive)
    other = make_cut(target, tables=make_tables(LB=[]))
    StateDb(target).append_audit("a", "b", {})
    rename = Path.rename

    def fail(self: Path, to: Path) -> Path:
        if self.name == "state.sqlite" and ".tmp-restore" in self.parent.name:
            raise OSError(28, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(EnvironmentProblem):
        restore_backup(archive, target, force=True)
    assert list_cuts(target) == [other]
    assert StateDb(target).verify_audit().rows == 1
