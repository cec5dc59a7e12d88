"""An installation that would be open to others does not start, however it is started; roles by command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.browser import ROOT, free_port
from support.command_line import Outcome

from saa_dash.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    """Run a command with ``--json``."""
    code = main(["--json", *arguments])
    out, err = capsys.readouterr()
    return Outcome(code, out, err)


def test_serve_refuses_an_address_that_nobodys_login_protects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAA_DASH_MODE", raising=False)
    done = run(capsys, "--data", str(tmp_path / "data"), "serve", "--address", "0.0.0.0")
    assert done.code == 4
    assert [problem["code"] for problem in done.document["problems"]] == ["deploy_address"]
    assert "SAA_DASH_MODE=oidc" in done.document["problems"][0]["remedy"]
    assert not (tmp_path / "data").exists()


@pytest.mark.torture
def test_streamlit_run_refuses_as_serve_does(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0"]
    call += ["--server.port", str(free_port()), "--server.headless", "true"]
    nowhere = {"SAA_DASH_SECRETS": str(tmp_path / "none.toml"), "SAA_DASH_DATA": str(tmp_path), "SAA_DASH_LANG": "en"}
    settings = {**os.environ, "SAA_DASH_MODE": "oidc", **nowhere}
    done = subprocess.run(call, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 4
    for key in ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"):
        assert f"auth.{key}: It is missing." in done.stderr
    assert "Traceback" not in done.stderr


def test_roles_are_granted_and_revoked_by_command_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def roles(*arguments: str) -> Outcome:
        return run(capsys, "--data", str(tmp_path), "--lang", "en", "roles", *arguments)

    granted = roles("grant", "li@example.org", "admin", "--reason", "first administrator")
    assert (granted.code, granted.document["changed"]) == (0, True)
    assert roles("grant", "li@example.org", "admin", "--reason", "again").document["changed"] is False
    listed = roles("list").document["roles"]
    assert [(row["user"], row["role"], row["granted_by"]) for row in listed] == [("li@example.org", "admin", "local")]
    assert roles("revoke", "li@example.org", "admin", "--reason", " ").code == 2
    assert roles("grant", "li@example.org", "king", "--reason", "x").code == 2
    assert roles("grant", "li@example.org", "admin").code == 2
    assert roles("revoke", "li@example.org", "admin", "--reason", "left").document["changed"] is True
    assert roles("list").document["roles"] == []
    shown = run(capsys, "--data", str(tmp_path), "audit", "show").document["rows"]
    assert [(row["detail"]["what"], row["reason"]) for row in shown] == [
        ("grant", "first administrator"), ("revoke", "left"),
    ]  # fmt: skip
