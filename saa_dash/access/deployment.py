"""How an installation is reached: by its one local user, or by people who log in. Read once, all mistakes at once."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from ..model.errors import DeploymentProblems
from ..model.principal import Role
from ..model.problem import Problem

MODE = "SAA_DASH_MODE"  # environment variable
CALLBACK = "/oauth2callback"  # where Streamlit takes the provider's answer
SECRETS = ".streamlit/secrets.toml"
# Nobody at the screen for so long, or logged in for so long: out. A team may shorten both, not lengthen them.
IDLE_MINUTES = 15.0
SESSION_HOURS = 8.0
MIN_SECRET = 32  # characters of the cookie's secret
_AUTH_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_OWN_KEYS = frozenset({"user_claim", "roles_claim", "roles", "idle_minutes", "session_hours"})


class Mode(StrEnum):
    """Who reaches the dashboard."""

    LOCAL = "local"  # whoever sits at this computer, with every right
    OIDC = "oidc"  # who logs in with the institution's account and has a role


@dataclass(frozen=True)
class LoginRules:
    """How a login becomes a person with roles.

    Parameters
    ----------
    origin : scheme and host under which the dashboard is opened, e.g. ``https://saa.example.org``.
    user_claim : claim that names the person for good. roles_claim : claim with groups, dots lead inwards; "" for none.
    claim_roles : role by a value of that claim. idle_seconds, total_seconds : how long a login lasts.
    """

    origin: str
    user_claim: str = "sub"
    roles_claim: str = ""
    claim_roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    idle_seconds: float = IDLE_MINUTES * 60
    total_seconds: float = SESSION_HOURS * 3600

    @property
    def https(self) -> bool:
        """Whether browsers come over TLS."""
        return self.origin.startswith("https://")


@dataclass(frozen=True)
class Deployment:
    """The mode, and in mode oidc the rules of logging in."""

    mode: Mode
    login: LoginRules | None = None


@dataclass(frozen=True)
class ServerOptions:
    """What the server was told.

    Parameters
    ----------
    address : it binds to; None means every address. base_path : folder of the URL. trusted_headers : headers that name
    the user. agent_api : interface for programs. has_authlib : whether the library for logging in is there.
    """

    address: str | None = "127.0.0.1"
    base_path: str = ""
    trusted_headers: bool = False
    agent_api: bool = False
    has_authlib: bool = True


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address without port is this machine's own."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def read_deployment(mode: str, secrets: Mapping[str, Any], options: ServerOptions) -> Deployment:
    """Return how the installation is reached.

    Parameters
    ----------
    mode : value of `MODE`; "" is local. secrets : content of `SECRETS`.

    Raises
    ------
    DeploymentProblems : every mistake, each with where and the remedy.
    """
    if mode not in ("", *Mode):
        raise DeploymentProblems([_problem("deploy_mode", MODE, mode, file="")])
    if mode != Mode.OIDC:
        _raise(_local_problems(secrets, options))
        return Deployment(Mode.LOCAL)
    auth, own = _section(secrets, "auth"), _section(secrets, "saa_dash")
    _raise([*_server_problems(options), *_auth_problems(auth), *_own_problems(own)])
    place = urlsplit(str(auth["redirect_uri"]))
    return Deployment(
        Mode.OIDC,
        LoginRules(
            origin=f"{place.scheme}://{place.netloc}",
            user_claim=str(own.get("user_claim", "sub")),
            roles_claim=str(own.get("roles_claim", "")),
            claim_roles=_claim_roles(_section(own, "roles")),
            idle_seconds=float(own.get("idle_minutes", IDLE_MINUTES)) * 60,
            total_seconds=float(own.get("session_hours", SESSION_HOURS)) * 3600,
        ),
    )


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise DeploymentProblems(problems)


def _problem(code: str, key: str, value: object = "", *, file: str = SECRETS, **params: object) -> Problem:
    return Problem("error", code, file=file, column=key, value=str(value), params=params)


def _section(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = mapping.get(name)
    return found if isinstance(found, Mapping) else {}


def _local_problems(secrets: Mapping[str, Any], options: ServerOptions) -> list[Problem]:
    found = []
    if not is_loopback(options.address or ""):
        found.append(_problem("deploy_address", "server.address", options.address or "0.0.0.0", file=""))
    if "auth" in secrets:  # a login was set up, and would silently not be asked for
        found.append(_problem("deploy_auth_unused", "[auth]"))
    return found


def _server_problems(options: ServerOptions) -> Iterator[Problem]:
    if not options.has_authlib:
        yield _problem("deploy_authlib", "Authlib", file="")
    if options.base_path.strip("/"):
        yield _problem("deploy_base_path", "server.baseUrlPath", options.base_path, file="")
    if options.trusted_headers:
        yield _problem("deploy_trusted_headers", "server.trustedUserHeaders", file="")
    if options.agent_api:
        yield _problem("deploy_agent_api", "server.enableAgentApi", file="")


def _auth_problems(auth: Mapping[str, Any]) -> Iterator[Problem]:
    for key in _AUTH_KEYS:
        value = auth.get(key)
        if not isinstance(value, str) or not value.strip():
            yield _problem("deploy_missing", f"auth.{key}")
        elif key == "redirect_uri" and not (_is_safe_url(value) and urlsplit(value).path == CALLBACK):
            yield _problem("deploy_redirect", f"auth.{key}", value)
        elif key == "server_metadata_url" and not _is_safe_url(value):
            yield _problem("deploy_https", f"auth.{key}", value)
        elif key == "cookie_secret" and len(value) < MIN_SECRET:
            yield _problem("deploy_secret", f"auth.{key}", least=MIN_SECRET)


def _is_safe_url(text: str) -> bool:
    """Over TLS, or on this machine."""
    place = urlsplit(text)
    return bool(place.hostname) and (
        place.scheme == "https" or (place.scheme == "http" and is_loopback(place.hostname or ""))
    )


def _own_problems(own: Mapping[str, Any]) -> Iterator[Problem]:
    for key in sorted(set(own) - _OWN_KEYS):
        yield _problem("deploy_unknown_key", f"saa_dash.{key}", known=", ".join(sorted(_OWN_KEYS)))
    for key in ("user_claim", "roles_claim"):
        if key in own and not (isinstance(own[key], str) and own[key].strip()):
            yield _problem("deploy_text", f"saa_dash.{key}", own[key])
    for key, most in (("idle_minutes", IDLE_MINUTES), ("session_hours", SESSION_HOURS)):
        value = own.get(key, most)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            yield _problem("deploy_limit", f"saa_dash.{key}", value, most=f"{most:g}")
    roles = own.get("roles", {})
    if not isinstance(roles, Mapping):
        yield _problem("deploy_roles", "saa_dash.roles", roles, roles=", ".join(Role))
        return
    if roles and "roles_claim" not in own:
        yield _problem("deploy_missing", "saa_dash.roles_claim")
    for name, values in roles.items():
        if name not in set(Role):
            yield _problem("deploy_role", f"saa_dash.roles.{name}", name, roles=", ".join(Role))
        elif not all(isinstance(value, str) and value for value in _listed(values)):
            yield _problem("deploy_roles", f"saa_dash.roles.{name}", values, roles=", ".join(Role))


def _listed(values: object) -> list[object]:
    return list(values) if isinstance(values, list | tuple) else [values]


def _claim_roles(section: Mapping[str, Any]) -> dict[str, frozenset[Role]]:
    found: dict[str, frozenset[Role]] = {}
    for name, values in section.items():
        for value in _listed(values):
            found[str(value)] = found.get(str(value), frozenset()) | {Role(name)}
    return found
