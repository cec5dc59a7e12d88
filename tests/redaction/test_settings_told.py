"""The audit trail tells when the study's settings have become others, before anything is shown under them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from saa_dash.model.errors import EnvironmentProblem
from saa_dash.model.principal import local_principal
from saa_dash.model.settings import StudySettings
from saa_dash.protocol.hashing import settings_hash
from saa_dash.services.context import Request, open_view
from saa_dash.store.state import StateDb


def told(data_dir: Path) -> list[tuple[str, dict[str, object]]]:
    return [(row.actor, row.details) for row in StateDb(data_dir).audit_rows() if row.action == "setting"]


def test_a_change_of_the_settings_is_told_once(marked_dir: Path, tmp_path: Path) -> None:
    data_dir = Path(shutil.copytree(marked_dir, tmp_path / "data"))
    me, ask = local_principal(), Request(data_dir, "latest")
    open_view(me, ask)
    assert told(data_dir) == []  # the defaults, as at the beginning
    study = data_dir / "study.toml"
    study.write_text('version = 2\nsigned_by = "Li"\nsigned_on = 2026-02-01\n[primary]\nwindow_days = 5\n', "utf-8")
    first = open_view(me, ask)
    open_view(me, ask)
    row = {
        "what": "study_settings", "from": settings_hash(StudySettings()), "to": first.settings_hash,
        "version": 2, "signed_by": "Li", "signed_on": "2026-02-01",
    }  # fmt: skip
    assert told(data_dir) == [("study.toml", row)]
    study.unlink()
    open_view(me, ask)
    assert [details["version"] for _, details in told(data_dir)] == [2, 1]


def test_settings_that_cannot_be_told_are_not_used(
    marked_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir = Path(shutil.copytree(marked_dir, tmp_path / "data"))
    (data_dir / "study.toml").write_text("[primary]\nwindow_days = 3\n", "utf-8")

    def full(*_: object, **__: object) -> None:
        raise EnvironmentProblem("error.disk_full", path="state.sqlite")

    monkeypatch.setattr(StateDb, "append_audit", full)
    for _ in range(2):
        with pytest.raises(EnvironmentProblem):
            open_view(local_principal(), Request(data_dir, "latest"))
