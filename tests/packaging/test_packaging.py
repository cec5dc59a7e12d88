"""What users install is what was pinned, and what they start is complete."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

import saa_dash

ROOT = Path(__file__).resolve().parents[2]


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\#]+)", text))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_holds_the_pinned_versions(lock: str) -> None:
    locked = _pins(lock)
    assert {name: locked.get(name) for name in _pins("requirements.txt")} == _pins("requirements.txt")


def test_development_lock_extends_the_runtime_lock() -> None:
    runtime, development = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert {name: development.get(name) for name in runtime} == runtime
    assert {name: development.get(name) for name in _pins("requirements-dev.txt")} == _pins("requirements-dev.txt")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9._-]+==)", text)[1:]
    assert len(blocks) > 50
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_the_kept_wheel_is_the_locked_one() -> None:
    wheel = ROOT / "wheels" / "autograd_gamma-0.5.0-py3-none-any.whl"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert f"autograd-gamma==0.5.0 \\\n    --hash=sha256:{digest}" in (ROOT / "requirements.lock").read_text("utf-8")


def test_each_direct_dependency_has_its_reason_and_its_notice() -> None:
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text("utf-8")
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            pin, _, reason = line.partition("#")
            name, version = pin.strip().split("==")
            assert reason.strip(), f"{name} has no reason"
            assert f"| {name} | {version} |" in notices, f"{name}: run make notices"


def test_project_metadata_reads_requirements_and_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements.txt"]}
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "saa_dash.__version__"}
    assert project["project"]["scripts"] == {"saa-dash": "saa_dash.cli:main"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", saa_dash.__version__)


def test_start_bat_is_plain_ascii_with_windows_line_ends() -> None:
    raw = (ROOT / "start.bat").read_bytes()
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert "*.bat text eol=crlf" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()


def test_start_bat_names_only_files_that_exist() -> None:
    text = (ROOT / "start.bat").read_text("ascii")
    named = set(re.findall(r"tools\\windows\\[\w-]+\.\w+", text))
    assert len(named) == 7
    assert [name for name in named if not (ROOT / name.replace("\\", "/")).exists()] == []
    labels = set(re.findall(r"(?m)^:(\w+)", text))
    assert set(re.findall(r"goto (\w+)", text)) <= labels


def test_data_of_patients_stay_out_of_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "/data/*" in ignored
    assert "!/data/demo/" in ignored
