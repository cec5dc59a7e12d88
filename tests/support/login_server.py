"""The dashboard in mode oidc, with a provider beside it and people of every role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.browser import Server, free_port, start_server
from support.oidc import CLIENT, SECRET, Provider, running_provider

from saa_dash.model.principal import Role

COOKIE_SECRET = "a-cookie-secret-of-the-tests-long-enough"
GROUPS = {role: f"saa-{role}" for role in Role}
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


def secrets_text(origin: str, provider_url: str, more: str = "") -> str:
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

[saa_dash]
roles_claim = "groups"
{more}
[saa_dash.roles]
{roles}
"""


@contextmanager
def running_hospital(folder: Path, *, more: str = "") -> Iterator[Hospital]:
    """Run both; one person of each role, named by it, and one without any."""
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
