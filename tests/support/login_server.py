"""The dashboard in mode oidc, with a provider beside it and people of every role."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.browser import Server, free_port, start_server
from support.cut_maker import make_cut
from support.oidc import CLIENT, SECRET, Provider, running_provider

from saa_dash.model.principal import Role, local_principal
from saa_dash.services.audit import CUT, record

COOKIE_SECRET = "a-cookie-secret-of-the-tests-long-enough"
GROUPS = {role: f"saa-{role}" for role in Role}
NODE_PROVIDER = Path(__file__).parent / "oidc_provider"
STRANGER = "nobody"  # can log in, has no role


@dataclass
class Hospital:
    """A provider and a dashboard that trusts it."""

    server: Server
    provider: Provider

    @property
    def url(self) -> str:
        """Of the dashboard."""
        return self.server.url


def secrets_text(origin: str, provider_url: str, more: str = "", auth: str = "") -> str:
    """Return a secrets.toml.

    Parameters
    ----------
    origin : under which the dashboard is opened. more : lines of the section [saa_dash].
    """
    roles = "\n".join(f'{role} = ["{group}"]' for role, group in GROUPS.items())
    return f"""
[auth]
redirect_uri = "{origin}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider_url}/.well-known/openid-configuration"
{auth}

[saa_dash]
roles_claim = "groups"
{more}
[saa_dash.roles]
{roles}
"""


@contextmanager
def running_hospital(folder: Path, *, more: str = "", demo: bool = False) -> Iterator[Hospital]:
    """Run both; one person of each role, named by it, and one without any.

    Parameters
    ----------
    demo : with the demo's ten patients; else with three that are made at once.
    """
    if not demo:
        cut = make_cut(folder / "data")
        record(local_principal(), folder / "data", CUT, {"id": cut.cut_id})
    with running_provider() as provider:
        provider.people = {str(role): {"groups": [group]} for role, group in GROUPS.items()} | {STRANGER: {}}
        port = free_port()
        secrets = folder / "secrets.toml"
        secrets.write_text(secrets_text(f"http://127.0.0.1:{port}", provider.url, more), "utf-8")
        settings = {"SAA_DASH_MODE": "oidc", "SAA_DASH_SECRETS": str(secrets)}
        server = start_server(folder / "data", folder / "server.log", port=port, settings=settings)
        try:
            yield Hospital(server, provider)
        finally:
            server.stop()


@contextmanager
def running_node_provider(folder: Path, redirect_uri: str, people: Mapping[str, list[str]]) -> Iterator[str]:
    """Run the provider that others maintain (npm `oidc-provider`) and yield its address; without Node.js, skip.

    Parameters
    ----------
    folder : for its packages. people : groups by name; anybody may log in.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node.js: install it to test the login against a full provider")
    shutil.copytree(NODE_PROVIDER, folder)
    subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)
    port = free_port()
    call = [node, "provider.mjs", str(port), CLIENT, SECRET, redirect_uri, json.dumps(people)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(call, cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while b"ready" not in (folder / "log").read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text())
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
